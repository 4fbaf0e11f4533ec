// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/parameters.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "absl/strings/ascii.h"
#include "evaluator/license/utf8_cut.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kMaxParameters = 32;
constexpr size_t kMaxGrantLines = 60;

constexpr std::string_view kDate = "change-date", kLicence = "change-licence";

struct Label {
  std::string_view label, name;
};
constexpr std::array<Label, 6> kLabels = {{{"licensor:", "licensor"},
                                           {"licensed work:", "licensed-work"},
                                           {"additional use grant:", "use-grant"},
                                           {"change date:", kDate},
                                           {"change license:", kLicence},
                                           {"change licence:", kLicence}}};

// Whole lines that stand around the block; a line that begins so, up to the blank line.
constexpr std::array<std::string_view, 4> kAround = {
    "parameters", "notice", "terms", "\"business source license\" is a trademark of mariadb"};
constexpr size_t kMaxMoreBytes = 24;
constexpr std::string_view kContact =
    "for information about alternative licensing arrangements for";
constexpr size_t kMaxContactWords = 40;

struct Line {
  std::string_view text;      // without indent, comment signs and emphasis
  size_t begin = 0, end = 0;  // bytes
  uint32_t number = 0;
};

bool IsMargin(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '*' || c == '#' || c == '/' || c == ';' ||
         c == '>' || c == '-' || c == '_';
}

std::string_view Bare(std::string_view line) {
  size_t at = 0;
  while (at < line.size() && IsMargin(line[at])) ++at;
  return line.substr(at);
}

std::vector<Line> LinesOf(std::string_view text) {
  std::vector<Line> lines;
  uint32_t number = 1;
  for (size_t at = 0; at < text.size(); ++number) {
    const size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back({Bare(text.substr(at, end - at)), at, end, number});
    at = end + 1;
  }
  return lines;
}

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), text.begin(), [](char a, char b) {
           return a == absl::ascii_tolower(static_cast<unsigned char>(b));
         });
}

// "**Change Date:** 2029", too.
const Label* LabelOf(std::string_view line) {
  for (const Label& label : kLabels) {
    if (StartsWith(line, label.label)) return &label;
  }
  return nullptr;
}

size_t TokenAt(const std::vector<Token>& tokens, size_t byte) {
  const auto at = std::lower_bound(tokens.begin(), tokens.end(), byte,
                                   [](const Token& token, size_t b) { return token.begin < b; });
  return static_cast<size_t>(at - tokens.begin());
}

std::string ValueOf(const std::vector<Line>& lines, size_t first, size_t last, size_t label) {
  std::string value;
  for (size_t i = first; i < last; ++i) {
    std::string_view part = lines[i].text;
    if (i == first) part = Bare(part.substr(label));
    while (!part.empty() &&
           (absl::ascii_isspace(static_cast<unsigned char>(part.back())) || part.back() == '*')) {
      part.remove_suffix(1);
    }
    for (const char c : part) {
      const bool is_space = absl::ascii_isspace(static_cast<unsigned char>(c));
      if (!is_space) value += c;
      if (is_space && !value.empty() && value.back() != ' ') value += ' ';
    }
    if (!value.empty() && value.back() != ' ') value += ' ';
  }
  while (!value.empty() && value.back() == ' ') value.pop_back();
  return CutUtf8(value, kMaxCapturedBytes);
}

size_t EndOfValue(const std::vector<Line>& lines, size_t first, std::string_view name) {
  const size_t most = std::min(lines.size(), first + kMaxGrantLines);
  size_t blank = lines.size();
  for (size_t i = first + 1; i < most; ++i) {
    if (LabelOf(lines[i].text) != nullptr) return name == "use-grant" ? i : std::min(i, blank);
    if (lines[i].text.empty()) {
      // A label may stand alone above its value.
      const bool is_begun = i > first + 1 || lines[first].text.back() != ':';
      if (is_begun) blank = std::min(blank, i);
    }
  }
  return std::min(blank, most);
}

// Both dates and licences are labelled, else there are no parameters: most texts have neither.
bool HasLabels(std::string_view text) {
  bool has_date = false, has_licence = false;
  for (size_t at = 0; at < text.size() && !(has_date && has_licence);) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = Bare(text.substr(at, end - at));
    const Label* label = line.empty() || (line[0] | 0x20) != 'c' ? nullptr : LabelOf(line);
    has_date |= label != nullptr && label->name == kDate;
    has_licence |= label != nullptr && label->name == kLicence;
    at = end + 1;
  }
  return has_date && has_licence;
}

bool HasAnyOf(const std::vector<Token>& tokens, size_t begin, size_t end,
              std::initializer_list<std::string_view> words) {
  return std::any_of(tokens.begin() + static_cast<ptrdiff_t>(begin),
                     tokens.begin() + static_cast<ptrdiff_t>(end), [&](const Token& token) {
                       return std::find(words.begin(), words.end(), token.word) != words.end();
                     });
}

// A sentence that forbids, where no grant is limited by it.
bool IsPlainProhibition(const std::vector<Token>& tokens, size_t begin, size_t end) {
  if (HasAnyOf(tokens, begin, end, {"provided", "except", "unless", "if", "long"})) return false;
  if (HasAnyOf(tokens, begin, end, {"prohibited", "forbidden", "cannot", "must"})) return true;
  for (size_t i = begin; i + 1 < end; ++i) {
    const std::string& word = tokens[i].word;
    const bool is_modal = word == "may" || word == "shall" || word == "can" || word == "will";
    if (is_modal && tokens[i + 1].word == "not") return true;
    if (word == "not" && HasAnyOf(tokens, i + 1, i + 2, {"permitted", "allowed"})) return true;
  }
  return false;
}

// A grant only gives: what takes away in its place is a clause of its own.
bool TakesAway(std::string_view text, const std::vector<Token>& tokens, const Parameter& grant) {
  size_t begin = grant.begin;
  for (size_t i = grant.begin; i < grant.end; ++i) {
    const size_t next = i + 1 < grant.end ? tokens[i + 1].begin : tokens[i].end + 1;
    const std::string_view gap = text.substr(tokens[i].end, next - tokens[i].end);
    const bool is_end = i + 1 == grant.end || gap.find('.') != std::string_view::npos;
    if (!is_end) continue;
    if (IsPlainProhibition(tokens, begin, i + 1)) return true;
    begin = i + 1;
  }
  return false;
}

}  // namespace

bool HasParameters(std::string_view spdx) { return spdx == "BUSL-1.1"; }

std::vector<Parameter> FindParameters(std::string_view text, const std::vector<Token>& tokens) {
  std::vector<Parameter> parameters;
  text = text.substr(0, kMaxTextBytes);
  if (!HasLabels(text)) return parameters;
  bool has_date = false, has_licence = false;
  const std::vector<Line> lines = LinesOf(text);
  for (size_t i = 0; i < lines.size() && parameters.size() < kMaxParameters; ++i) {
    const Label* label = LabelOf(lines[i].text);
    if (label == nullptr) continue;
    const size_t end = EndOfValue(lines, i, label->name);
    Parameter& parameter = parameters.emplace_back();
    parameter.name = label->name;
    parameter.value = ValueOf(lines, i, end, label->label.size());
    parameter.line = lines[i].number;
    parameter.begin = TokenAt(tokens, lines[i].begin);
    parameter.end = end < lines.size() ? TokenAt(tokens, lines[end].begin) : tokens.size();
    has_date |= label->name == kDate;
    has_licence |= label->name == kLicence;
  }
  if (!has_date || !has_licence) parameters.clear();
  return parameters;
}

std::vector<TokenSpan> ParameterSpans(std::string_view text, const std::vector<Token>& tokens) {
  std::vector<TokenSpan> spans;
  for (const Parameter& parameter : FindParameters(text, tokens)) {
    if (TakesAway(text, tokens, parameter)) continue;
    spans.push_back({parameter.begin, parameter.end});
  }
  if (spans.empty()) return spans;
  const std::vector<Line> lines = LinesOf(text.substr(0, kMaxTextBytes));
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i].text;
    const bool is_contact = StartsWith(line, kContact);
    const bool is_around =
        std::any_of(kAround.begin(), kAround.end(), [&](std::string_view around) {
          const size_t more = around.size() > 10 ? kMaxMoreBytes : 2;
          return StartsWith(line, around) && line.size() <= around.size() + more;
        });
    if (!is_contact && !is_around) continue;
    size_t last = i + 1;
    while (is_contact && last < lines.size() && !lines[last].text.empty()) ++last;
    const TokenSpan span{TokenAt(tokens, lines[i].begin),
                         last < lines.size() ? TokenAt(tokens, lines[last].begin) : tokens.size()};
    if (span.end - span.begin <= kMaxContactWords) spans.push_back(span);
  }
  return spans;
}

}  // namespace modelwatch::evaluator
