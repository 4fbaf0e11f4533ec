// SPDX-License-Identifier: Apache-2.0
#include "evaluator/openness/card_parts.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "evaluator/license/front_matter.h"
#include "evaluator/license/utf8_cut.h"
#include "evaluator/openness/part_cues.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kMaxCardBytes = size_t{1} << 20;
constexpr size_t kMaxLineBytes = 4096;
constexpr size_t kMaxSaidBytes = 200;
constexpr size_t kWordsOfASection = 8;

struct Heading {
  std::string words;  // lower case
  uint32_t line;
  size_t rank;
  size_t words_before;  // of the card, up to the heading
};

v1::Because CardCause(v1::FindingSource source, const char* clause, uint32_t line,
                      std::string_view said) {
  v1::Because because;
  because.set_clause(clause);
  because.set_source(source);
  because.set_path("README.md");
  because.set_line(line);
  because.set_text(CutUtf8(said, kMaxSaidBytes));
  return because;
}

std::string_view Trimmed(std::string_view text) {
  const auto is_space = [](char c) { return absl::ascii_isspace(static_cast<unsigned char>(c)); };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

size_t RankOf(std::string_view line) {
  const size_t marks = std::min(line.find_first_not_of('#'), line.size());
  return marks > 0 && marks <= 6 && marks < line.size() && line[marks] == ' ' ? marks : 0;
}

// "**Limitations:**" alone on its line is a heading too.
bool IsBoldLine(std::string_view line) {
  return line.size() > 6 && line.size() < 80 && line.substr(0, 2) == "**" &&
         (line.substr(line.size() - 2) == "**" || line.substr(line.size() - 3) == "**:");
}

std::string HeadingWords(std::string_view line) {
  std::string words;
  for (const char c : line) {
    if (c != '#' && c != '*' && c != ':' && c != '_' && c != '`') words += c;
  }
  absl::StripAsciiWhitespace(&words);
  return words;
}

size_t CountWords(std::string_view line) {
  if (line.find("more information needed") != std::string_view::npos) return 0;
  size_t words = 0;
  bool is_inside = false;
  for (const char c : line) {
    const bool is_space = absl::ascii_isspace(static_cast<unsigned char>(c));
    if (!is_space && !is_inside) ++words;
    is_inside = !is_space;
  }
  return words;
}

class CardReader {
 public:
  CardReader(std::string_view name, Exhibit& exhibit)
      : name_(absl::AsciiStrToLower(std::string(name))), exhibit_(exhibit) {}

  void ReadHeader(std::string_view header) {
    uint32_t line = 2;  // after the opening fence
    ForEachLine(header, [&](std::string_view text) {
      const std::string lower = absl::AsciiStrToLower(std::string(text));
      for (const v1::PartCue* cue : CuesIn(v1::FRONT_MATTER, lower)) {
        Show(exhibit_, cue->part(), cue->answer(),
             CardCause(v1::CARD_FRONT_MATTER, "front_matter", line, text));
      }
      ++line;
    });
  }

  void ReadBody(std::string_view body, uint32_t first_line) {
    uint32_t line = first_line;
    ForEachLine(body, [&](std::string_view text) { ReadLine(text, line++); });
    CloseAbove(0);
  }

 private:
  template <typename Take>
  static void ForEachLine(std::string_view text, const Take& take) {
    while (!text.empty()) {
      const size_t end = std::min(text.find('\n'), text.size());
      take(text.substr(0, std::min(end, kMaxLineBytes)));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }

  void ReadLine(std::string_view given, uint32_t line) {
    const std::string_view text = Trimmed(given);
    if (text.substr(0, 3) == "```" || text.substr(0, 3) == "~~~") is_code_ = !is_code_;
    const std::string lower = absl::AsciiStrToLower(std::string(text));
    const size_t rank = is_code_ ? 0 : IsBoldLine(lower) ? 7 : RankOf(lower);
    if (rank > 0) {
      CloseAbove(rank);
      open_.push_back({HeadingWords(lower), line, rank, words_});
    } else {
      words_ += CountWords(lower);
    }
    for (const v1::PartCue* cue : CuesIn(v1::LINE, lower)) {
      Show(exhibit_, cue->part(), cue->answer(), CardCause(v1::CARD_PROSE, "card", line, text));
    }
    if (IsLoadedByName(lower)) {
      Show(exhibit_, v1::FINAL_PARAMETERS, v1::YES, CardCause(v1::CARD_PROSE, "card", line, text));
    }
  }

  bool IsLoadedByName(const std::string& lower) const {
    const size_t at = name_.empty() ? std::string::npos : lower.find("\"" + name_ + "\"");
    const size_t single = name_.empty() ? std::string::npos : lower.find("'" + name_ + "'");
    return at != std::string::npos || single != std::string::npos;
  }

  // Headings of this rank or below end here.
  void CloseAbove(size_t rank) {
    while (!open_.empty() && open_.back().rank >= rank) {
      const Heading& heading = open_.back();
      if (words_ - heading.words_before >= kWordsOfASection) {
        for (const v1::PartCue* cue : CuesIn(v1::HEADING, heading.words)) {
          Show(exhibit_, cue->part(), cue->answer(),
               CardCause(v1::CARD_PROSE, "card.heading", heading.line, heading.words));
        }
      }
      open_.pop_back();
    }
  }

  std::string name_;
  Exhibit& exhibit_;
  std::vector<Heading> open_;
  size_t words_ = 0;
  bool is_code_ = false;
};

}  // namespace

void ShowCard(std::string_view card, std::string_view name, Exhibit& exhibit) {
  card = card.substr(0, kMaxCardBytes);
  const SplitText split = SplitFrontMatter(card);
  CardReader reader(name, exhibit);
  exhibit.has_card = true;
  if (CountWords(absl::AsciiStrToLower(std::string(split.body.substr(0, kMaxLineBytes)))) > 0) {
    v1::Because because = CardCause(v1::CARD_PROSE, "card", 1, "");
    Show(exhibit, v1::MODEL_CARD, v1::YES, std::move(because));
  }
  reader.ReadHeader(split.header);
  const std::string_view before = card.substr(0, card.size() - split.body.size());
  const auto first_line = 1 + std::count(before.begin(), before.end(), '\n');
  reader.ReadBody(split.body, static_cast<uint32_t>(first_line));
}

}  // namespace modelwatch::evaluator
