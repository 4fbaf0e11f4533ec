// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/captured.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "evaluator/license/parameters.h"
#include "evaluator/license/utf8_cut.h"

namespace modelwatch::evaluator {
namespace {

constexpr int kMaxFields = 32;
constexpr size_t kMaxRead = 256;  // a file of notices repeats itself
constexpr size_t kMaxThresholdWords = 10;
constexpr size_t kMaxTerritoryWords = 40;

constexpr std::string_view kRelease = "release", kMonthly = "monthly", kAnnual = "annual",
                           kTerritory = "territory";

// What a blank is called in templates, by words of its own label; the first that fits.
struct BlankName {
  std::string_view word, name;
};
constexpr std::array<BlankName, 16> kBlankNames = {{{"yyyy", "date"},
                                                    {"year", "date"},
                                                    {"years", "date"},
                                                    {"date", "date"},
                                                    {"holder", "holder"},
                                                    {"holders", "holder"},
                                                    {"owner", "holder"},
                                                    {"author", "holder"},
                                                    {"organization", "holder"},
                                                    {"fullname", "holder"},
                                                    {"licensor", "licensor"},
                                                    {"version", "version"},
                                                    {"product", "product"},
                                                    {"program", "product"},
                                                    {"software", "product"},
                                                    {"territory", "territory"}}};

bool IsNumber(std::string_view word) {
  return !word.empty() && absl::ascii_isdigit(static_cast<unsigned char>(word.front()));
}

bool IsAt(const std::vector<Token>& tokens, size_t at,
          std::initializer_list<std::string_view> words) {
  if (at + words.size() > tokens.size()) return false;
  return std::equal(words.begin(), words.end(), tokens.begin() + static_cast<ptrdiff_t>(at),
                    [](std::string_view word, const Token& token) { return word == token.word; });
}

class Capture {
 public:
  Capture(std::string_view text, const std::vector<Token>& tokens) : text_(text), tokens_(tokens) {}

  std::vector<v1::CapturedField> Run() {
    for (const Parameter& parameter : FindParameters(text_, tokens_)) {
      Add(parameter.name, parameter.value, parameter.line);
    }
    for (size_t i = 0; i < tokens_.size(); ++i) {
      const bool starts_line = i == 0 || tokens_[i - 1].line != tokens_[i].line;
      if (starts_line && (tokens_[i].marks & kCopyrightMark) != 0) ReadCopyright(i);
      ReadPhrase(i);
    }
    return std::move(fields_);
  }

 private:
  // Most words begin none of them.
  void ReadPhrase(size_t i) {
    const std::string& word = tokens_[i].word;
    if (word == kRelease) {
      if (IsAt(tokens_, i, {kRelease, "date"})) ReadReleaseDate(i);
    } else if (word == kMonthly) {
      if (IsAt(tokens_, i, {kMonthly, "active", "users"})) ReadThreshold(i, i + 3);
    } else if (word == kAnnual) {
      if (IsAt(tokens_, i, {kAnnual, "revenue"})) ReadThreshold(i, i + 2);
    } else if (word == kTerritory) {
      if (IsAt(tokens_, i, {kTerritory, "means"})) ReadTerritory(i + 2);
      if (IsAt(tokens_, i, {kTerritory, "shall", "mean"})) ReadTerritory(i + 3);
    }
  }

  void Add(std::string_view name, std::string_view value, uint32_t line) {
    if (value.empty() || fields_.size() >= kMaxRead) return;
    v1::CapturedField& field = fields_.emplace_back();
    field.set_name(std::string(name));
    field.set_value(CutUtf8(value, kMaxCapturedBytes));
    field.set_line(line);
  }

  [[nodiscard]] std::string_view Between(size_t begin, size_t end) const {
    return text_.substr(tokens_[begin].begin, tokens_[end - 1].end - tokens_[begin].begin);
  }

  [[nodiscard]] size_t EndOfLine(size_t at) const {
    const uint32_t line = tokens_[at].line;
    while (at < tokens_.size() && tokens_[at].line == line) ++at;
    return at;
  }

  // "Copyright (c) 2019-2024 Example Works, Inc. All rights reserved."
  void ReadCopyright(size_t at) {
    const size_t end = EndOfLine(at);
    size_t first = at;
    while (first < end && tokens_[first].word != "copyright" && tokens_[first].word != "©") ++first;
    while (first < end && (tokens_[first].word == "copyright" || tokens_[first].word == "c" ||
                           tokens_[first].word == "©")) {
      ++first;
    }
    size_t name = first;
    while (name < end && IsNumber(tokens_[name].word)) ++name;
    if (name == first || name == end || IsBlank(first, end)) return;
    Add("date", Between(first, name), tokens_[first].line);
    if (tokens_[name].word == "by" && name + 1 < end) ++name;
    size_t last = name;
    while (last < end && (tokens_[last].marks & kLinkMark) == 0 &&
           text_[tokens_[last].begin - 1] != '<' &&
           !IsAt(tokens_, last, {"all", "rights", "reserved"})) {
      ++last;
    }
    if (last > name) Add("holder", Between(name, last), tokens_[name].line);
  }

  [[nodiscard]] bool IsBlank(size_t begin, size_t end) const {
    return std::any_of(tokens_.begin() + static_cast<ptrdiff_t>(begin),
                       tokens_.begin() + static_cast<ptrdiff_t>(end),
                       [](const Token& token) { return (token.marks & kSlotMark) != 0; });
  }

  // "Example 3.1 Version Release Date: July 23, 2024": only after a colon.
  void ReadReleaseDate(size_t at) {
    const size_t end = EndOfLine(at), value = at + 2;
    if (value >= end) return;
    const std::string_view gap =
        text_.substr(tokens_[at + 1].end, tokens_[value].begin - tokens_[at + 1].end);
    if (gap.find(':') == std::string_view::npos || end - value > 6) return;
    Add("date", Between(value, end), tokens_[value].line);
    size_t number = at;
    if (number > 0 && tokens_[number - 1].word == "version") --number;
    if (number > 0 && IsNumber(tokens_[number - 1].word)) {
      Add("version", Between(number - 1, number), tokens_[number - 1].line);
    }
  }

  // A number of people or money, no version number: of a scale, of a currency, or of four digits or
  // grouped.
  [[nodiscard]] bool IsAmount(size_t at) const {
    if (!IsNumber(tokens_[at].word)) return false;
    if (tokens_[at].begin > 0 && text_[tokens_[at].begin - 1] == '$') return true;
    const std::string_view next =
        at + 1 < tokens_.size() ? std::string_view(tokens_[at + 1].word) : std::string_view();
    const bool has_scale = next == "million" || next == "billion" || next == "thousand";
    return has_scale || tokens_[at].end - tokens_[at].begin >= 4 ||
           text_.substr(tokens_[at].end, 1) == ",";
  }

  // The number that comes before, up to the measure: "700 million monthly active users".
  void ReadThreshold(size_t at, size_t end) {
    for (size_t i = at; i > 0 && at - i < kMaxThresholdWords; --i) {
      if (!IsAmount(i - 1)) continue;
      size_t begin = i - 1;
      while (begin > 0 && IsNumber(tokens_[begin - 1].word) &&
             tokens_[begin].begin == tokens_[begin - 1].end + 1) {
        --begin;
      }
      size_t byte = tokens_[begin].begin;
      if (byte > 0 && text_[byte - 1] == '$') --byte;
      Add("threshold", OneLine(text_.substr(byte, tokens_[end - 1].end - byte)),
          tokens_[begin].line);
      return;
    }
  }

  // Up to the full stop.
  void ReadTerritory(size_t at) {
    if (at >= tokens_.size()) return;
    size_t end = at + 1;
    while (end < tokens_.size() && end - at < kMaxTerritoryWords &&
           text_.substr(tokens_[end - 1].end, tokens_[end].begin - tokens_[end - 1].end)
                   .find_first_of(".;") == std::string_view::npos) {
      ++end;
    }
    Add("territory", OneLine(Between(at, end)), tokens_[at].line);
  }

  static std::string OneLine(std::string_view text) {
    std::string line;
    for (const char c : text) {
      const bool is_space = absl::ascii_isspace(static_cast<unsigned char>(c));
      if (!is_space) line += c;
      if (is_space && !line.empty() && line.back() != ' ') line += ' ';
    }
    return line;
  }

  std::string_view text_;
  const std::vector<Token>& tokens_;
  std::vector<v1::CapturedField> fields_;
};

// "field" when its label says nothing, empty when the blank is several at once: a copyright line,
// which is read by its own form.
std::string_view NameOfBlank(const Corpus& corpus, std::span<const WordId> words) {
  std::string_view name;
  for (const WordId word : words) {
    for (const BlankName& blank : kBlankNames) {
      if (corpus.word(word) != blank.word) continue;
      if (!name.empty() && name != blank.name) return {};
      name = blank.name;
    }
  }
  return name.empty() ? "field" : name;
}

// Hunks whose missing words are a template blank: what stands there instead is its value.
void CaptureBlanks(const Corpus& corpus, std::string_view text, const std::vector<Token>& tokens,
                   const Detection& detection, v1::LicenceMatch& match) {
  const Pattern pattern = corpus.pattern(detection.pattern);
  for (const ResidueHunk& judged : detection.fit.residue) {
    const Hunk& hunk = judged.hunk;
    if (hunk.a_begin == hunk.a_end || hunk.b_begin == hunk.b_end) continue;
    const auto marks = pattern.marks.subspan(hunk.a_begin, hunk.a_end - hunk.a_begin);
    const bool is_blank = std::all_of(marks.begin(), marks.end(),
                                      [](uint8_t mark) { return (mark & kSlotMark) != 0; });
    if (!is_blank || match.captured_size() >= kMaxFields) continue;
    const std::string_view name =
        NameOfBlank(corpus, pattern.words.subspan(hunk.a_begin, hunk.a_end - hunk.a_begin));
    if (name.empty()) continue;
    v1::CapturedField& field = *match.add_captured();
    field.set_name(std::string(name));
    const size_t begin = tokens[hunk.b_begin].begin;
    field.set_value(
        CutUtf8(text.substr(begin, tokens[hunk.b_end - 1].end - begin), kMaxCapturedBytes));
    field.set_line(tokens[hunk.b_begin].line);
  }
}

bool IsText(const v1::LicenceMatch& match) {
  return match.status() == v1::EXACT || match.status() == v1::MODIFIED ||
         match.status() == v1::FAMILY;
}

// Copyright lines stand above a licence as often as in it.
v1::LicenceMatch* OwnerOf(v1::Finding& finding, uint32_t line) {
  v1::LicenceMatch* last = nullptr;
  for (v1::LicenceMatch& match : *finding.mutable_licences()) {
    if (!IsText(match)) continue;
    last = &match;
    if (line <= match.end_line()) return last;
  }
  return last;
}

// The licence's own text says it: it is nothing that a publisher put in.
bool IsOwn(const Corpus& corpus, const v1::LicenceMatch& match, const v1::CapturedField& field) {
  if (field.name() != "holder") return false;
  const auto licence = corpus.Find(match.licence());
  return licence && licence->text.find(field.value()) != std::string_view::npos;
}

bool HasField(const v1::LicenceMatch& match, const v1::CapturedField& field) {
  return std::any_of(match.captured().begin(), match.captured().end(), [&](const auto& other) {
    return other.name() == field.name() && other.value() == field.value();
  });
}

}  // namespace

std::vector<v1::CapturedField> FieldsIn(std::string_view text, const std::vector<Token>& tokens) {
  return Capture(text, tokens).Run();
}

void CaptureFields(const Corpus& corpus, std::string_view text, const std::vector<Token>& tokens,
                   const Found& found, v1::Finding& finding) {
  if (std::none_of(finding.licences().begin(), finding.licences().end(), IsText)) return;
  for (v1::LicenceMatch& match : *finding.mutable_licences()) {
    if (!IsText(match)) continue;
    for (const size_t i : found.texts) {
      const Detection& detection = found.all[i];
      if (tokens[detection.begin].line != match.start_line()) continue;
      CaptureBlanks(corpus, text, tokens, detection, match);
    }
  }
  for (const v1::CapturedField& field : FieldsIn(text, tokens)) {
    v1::LicenceMatch* match = OwnerOf(finding, field.line());
    if (match == nullptr) return;
    // The year of the licence's own copyright line goes with its holder.
    if (IsOwn(corpus, *match, field)) {
      auto& captured = *match->mutable_captured();
      captured.erase(
          std::remove_if(captured.begin(), captured.end(),
                         [&](const auto& other) { return other.line() == field.line(); }),
          captured.end());
      continue;
    }
    if (HasField(*match, field) || match->captured_size() >= kMaxFields) continue;
    *match->add_captured() = field;
  }
}

}  // namespace modelwatch::evaluator
