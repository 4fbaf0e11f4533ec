// SPDX-License-Identifier: Apache-2.0
#include "evaluator/feed/diff_view.h"

#include <limits>
#include <span>
#include <vector>

#include "absl/strings/str_format.h"
#include "evaluator/license/text_diff.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kShownAround = 3;        // equal lines left open at each side of a change
constexpr size_t kMinFolded = 8;          // a shorter equal part is not worth a click
constexpr size_t kMaxFoldedLines = 1000;  // a longer one is left out
constexpr size_t kMaxChangedLines = 8000;

std::string LineNumber(uint32_t line) { return line == 0 ? "" : std::to_string(line); }

// A line that is another one altogether is told by its colour and sign; marks would only tire.
bool IsWorthMarking(const DiffLine& line) {
  size_t changed = 0;
  size_t all = 0;
  for (const Piece& piece : line.pieces) {
    all += piece.text.size();
    if (piece.is_changed) changed += piece.text.size();
  }
  return changed * 10 <= all * 7;
}

void WriteLine(Markup& page, const DiffLine& line, const std::set<uint32_t>& causes) {
  const bool is_cause = line.new_line != 0 && causes.contains(line.new_line);
  const std::string_view kind = line.kind == LineKind::kAdded     ? "added"
                                : line.kind == LineKind::kRemoved ? "removed"
                                                                  : "same";
  const std::string_view sign = line.kind == LineKind::kAdded     ? "+"
                                : line.kind == LineKind::kRemoved ? "−"
                                                                  : "";
  const std::string id = line.new_line != 0 ? absl::StrFormat("new-%d", line.new_line)
                                            : absl::StrFormat("old-%d", line.old_line);
  page.Open("div",
            {{"class", absl::StrFormat("line %s%s", kind, is_cause ? " cause" : "")}, {"id", id}});
  page.Element("span", {{"class", "number"}}, LineNumber(line.old_line));
  page.Element("span", {{"class", "number"}}, LineNumber(line.new_line));
  page.Element("span", {{"class", "sign"}}, sign);
  page.Open("span", {{"class", "words"}});
  const bool is_marked = line.kind != LineKind::kSame && IsWorthMarking(line);
  for (const Piece& piece : line.pieces) {
    if (!is_marked || !piece.is_changed) {
      page.Text(piece.text);
    } else {
      page.Element(line.kind == LineKind::kAdded ? "ins" : "del", piece.text);
    }
  }
  page.Close().Close().Literal("\n");
}

void WriteFolded(Markup& page, std::span<const DiffLine> lines, const std::set<uint32_t>& causes) {
  const std::string summary = absl::StrFormat("%d unchanged lines", lines.size());
  if (lines.size() > kMaxFoldedLines) {
    page.Element("p", {{"class", "left-out"}},
                 summary + ", left out here; the full texts are linked above.");
    return;
  }
  page.Open("details").Element("summary", summary);
  for (const DiffLine& line : lines) WriteLine(page, line, causes);
  page.Close();
}

void WriteSame(Markup& page, std::span<const DiffLine> lines, bool is_first, bool is_last,
               const std::set<uint32_t>& causes) {
  const size_t head = is_first ? 0 : kShownAround;
  const size_t tail = is_last ? 0 : kShownAround;
  if (lines.size() < head + tail + kMinFolded) {
    for (const DiffLine& line : lines) WriteLine(page, line, causes);
    return;
  }
  for (const DiffLine& line : lines.first(head)) WriteLine(page, line, causes);
  WriteFolded(page, lines.subspan(head, lines.size() - head - tail), causes);
  for (const DiffLine& line : lines.last(tail)) WriteLine(page, line, causes);
}

}  // namespace

void WriteTextDiff(Markup& page, std::string_view old_text, std::string_view new_text,
                   const std::set<uint32_t>& causes) {
  if (old_text == new_text) {
    page.Element("p", "The text is the same on both sides.");
    return;
  }
  const std::vector<DiffLine> all =
      DiffTexts(old_text, new_text, std::numeric_limits<uint32_t>::max());
  const std::span<const DiffLine> lines(all);
  page.Open("div", {{"class", "diff"}});
  size_t changed = 0;
  for (size_t begin = 0; begin < lines.size() && changed < kMaxChangedLines;) {
    size_t end = begin;
    while (end < lines.size() && lines[end].kind == LineKind::kSame) ++end;
    if (end > begin) {
      WriteSame(page, lines.subspan(begin, end - begin), begin == 0, end == lines.size(), causes);
      begin = end;
      continue;
    }
    WriteLine(page, lines[begin++], causes);
    ++changed;
  }
  if (changed == kMaxChangedLines) {
    page.Element("p", {{"class", "left-out"}},
                 "More lines differ than can be shown; the full texts are linked above.");
  }
  page.Close();
}

}  // namespace modelwatch::evaluator
