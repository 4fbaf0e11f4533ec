// SPDX-License-Identifier: Apache-2.0
#include "evaluator/assess/card_sections.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "evaluator/license/front_matter.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kMaxCardBytes = size_t{1} << 20;
constexpr size_t kMaxLineBytes = 4096;
constexpr size_t kMaxSections = 8;

bool IsSpace(char c) { return absl::ascii_isspace(static_cast<unsigned char>(c)); }

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

// 1 to 6 for "# " to "###### "; 7 for "**bold**" alone on its line; 0 for no heading.
size_t RankOf(std::string_view line) {
  const size_t marks = std::min(line.find_first_not_of('#'), line.size());
  if (marks > 0 && marks <= 6 && marks < line.size() && line[marks] == ' ') return marks;
  const bool is_bold = line.size() > 4 && line.size() < 80 && line.substr(0, 2) == "**" &&
                       line.find("**", 2) >= line.size() - 3;
  return is_bold ? 7 : 0;
}

std::string HeadingWords(std::string_view line) {
  std::string words;
  for (const char c : line) {
    if (c != '#' && c != '*' && c != ':' && c != '_' && c != '`') words += c;
  }
  absl::AsciiStrToLower(&words);
  absl::StripAsciiWhitespace(&words);
  return words;
}

bool OpensItem(std::string_view line) {
  const bool is_bullet =
      line.size() > 2 && (line[0] == '-' || line[0] == '*' || line[0] == '+') && line[1] == ' ';
  const size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
  const bool is_number = digits > 0 && digits < 4 && digits + 1 < line.size() &&
                         (line[digits] == '.' || line[digits] == ')') && line[digits + 1] == ' ';
  return is_bullet || is_number;
}

bool SaysLicence(const std::string& heading) {
  for (const char* word : {"license", "licence", "licensing", "terms of use",
                           "terms and conditions", "usage terms", "agreement"}) {
    if (heading.find(word) != std::string::npos) return true;
  }
  return false;
}

struct Line {
  std::string_view text;  // trimmed, cut
  size_t begin;           // offset in the card
  size_t end;
  uint32_t number;
  size_t rank;   // of a heading, outside of code
  bool is_code;  // in a fence, or a fence itself
};

std::vector<Line> LinesOf(std::string_view card) {
  card = card.substr(0, kMaxCardBytes);
  const std::string_view body = SplitFrontMatter(card).body;
  size_t at = card.size() - body.size();
  auto number = static_cast<uint32_t>(
      1 + std::count(card.begin(), card.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  std::vector<Line> lines;
  bool is_code = false;
  for (; at < card.size(); ++number) {
    const size_t end = std::min(card.find('\n', at), card.size());
    const std::string_view text = Trimmed(card.substr(at, std::min(end - at, kMaxLineBytes)));
    const bool is_fence = text.substr(0, 3) == "```" || text.substr(0, 3) == "~~~";
    if (is_fence) is_code = !is_code;
    lines.push_back({text, at, at + std::min(end - at, kMaxLineBytes), number,
                     is_code || is_fence ? 0 : RankOf(text), is_code || is_fence});
    at = end + 1;
  }
  return lines;
}

}  // namespace

std::vector<CardParagraph> Paragraphs(std::string_view card) {
  std::vector<CardParagraph> paragraphs;
  std::string heading;
  bool is_open = false;
  for (const Line& line : LinesOf(card)) {
    if (line.rank > 0 && line.rank < 7) heading = HeadingWords(line.text);
    const bool is_prose = !line.text.empty() && !line.is_code && line.text[0] != '|' &&
                          (line.rank == 0 || line.rank == 7);
    if (!is_prose) {
      is_open = false;
      continue;
    }
    if (is_open && !OpensItem(line.text)) {
      CardParagraph& last = paragraphs.back();
      const auto begin = static_cast<size_t>(last.text.data() - card.data());
      last.text = card.substr(begin, line.end - begin);
      continue;
    }
    paragraphs.push_back({card.substr(line.begin, line.end - line.begin), heading, line.number});
    is_open = true;
  }
  return paragraphs;
}

std::vector<CardSection> LicenceSections(std::string_view card) {
  std::vector<CardSection> sections;
  const std::vector<Line> lines = LinesOf(card);
  for (size_t i = 0; i < lines.size() && sections.size() < kMaxSections; ++i) {
    const size_t rank = lines[i].rank;
    if (rank == 0 || !SaysLicence(HeadingWords(lines[i].text))) continue;
    size_t next = i + 1;
    while (next < lines.size() && (lines[next].rank == 0 || lines[next].rank > rank)) ++next;
    const size_t begin = std::min(lines[i].end + 1, card.size());
    const size_t end =
        next < lines.size() ? lines[next].begin : std::min(card.size(), kMaxCardBytes);
    if (begin < end) sections.push_back({card.substr(begin, end - begin), lines[i].number});
    i = next - 1;
  }
  return sections;
}

}  // namespace modelwatch::evaluator
