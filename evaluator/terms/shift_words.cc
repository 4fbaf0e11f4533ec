// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/shift_words.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "evaluator/terms/shift_lexicon.h"

namespace modelwatch::evaluator {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Roles and phrases by their first word, read once from the lexicon.
struct Phrase {
  std::vector<std::string_view> words;
  std::string_view stands_for;
};

std::vector<std::string_view> SplitAtBlanks(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

class Lexicon {
 public:
  static const Lexicon& Get() {
    static const auto* lexicon = new Lexicon();
    return *lexicon;
  }

  [[nodiscard]] WordRole RoleOf(std::string_view word) const {
    const auto at = roles_.find(word);
    return at == roles_.end() ? WordRole::kPlain : at->second;
  }
  [[nodiscard]] const std::vector<Phrase>* PhrasesFrom(std::string_view word) const {
    const auto at = phrases_.find(word);
    return at == phrases_.end() ? nullptr : &at->second;
  }
  [[nodiscard]] std::string_view EqualOf(std::string_view word) const {
    const auto at = equals_.find(word);
    return at == equals_.end() ? word : at->second;
  }

 private:
  Lexicon() {
    for (const RoleWords& row : kRoleWords) {
      for (const std::string_view word : SplitAtBlanks(row.words))
        roles_.try_emplace(word, row.role);
    }
    for (const auto& [from, to] : kPhrases) {
      std::vector<std::string_view> words = SplitAtBlanks(from);
      const std::string_view first = words.front();
      phrases_[first].push_back({std::move(words), to});
    }
    for (auto& [first, list] : phrases_) {  // the longest first
      std::stable_sort(list.begin(), list.end(), [](const Phrase& a, const Phrase& b) {
        return a.words.size() > b.words.size();
      });
    }
    for (const auto& [from, to] : kEquals) equals_.try_emplace(from, to);
  }

  absl::flat_hash_map<std::string_view, WordRole> roles_;
  absl::flat_hash_map<std::string_view, std::vector<Phrase>> phrases_;
  absl::flat_hash_map<std::string_view, std::string_view> equals_;
};

// British and American: "behaviour", "organisation". Applied to both sides alike, so that a word
// that only looks like one ("otherwise") does no harm.
std::string Respelled(std::string word) {
  const auto ends = [&](std::string_view tail) {
    return word.size() > tail.size() + 3 &&
           word.compare(word.size() - tail.size(), tail.size(), tail) == 0;
  };
  for (const auto& [british, american] : kSpellings) {
    if (ends(british)) {
      word.replace(word.size() - british.size(), british.size(), american);
      return word;
    }
  }
  return word;
}

double MagnitudeOf(std::string_view word) {
  for (const auto& [name, value] : kMagnitudes) {
    if (word == name) return value;
  }
  return 0;
}

double SmallNumberOf(std::string_view word) {
  for (const auto& [name, value] : kNumberWords) {
    if (word == name) return value;
  }
  return 0;
}

bool IsOneOf(std::string_view word, std::string_view list) {
  const size_t at = list.find(std::string(" ") + std::string(word) + " ");
  return !word.empty() && at != std::string_view::npos;
}

// A number with its magnitude: "700 million", "seven hundred", "20m", "1000000".
struct ParsedNumber {
  double value = 0;
  size_t end = 0;  // behind its last token; equal to the begin when there is no number
};

ParsedNumber ParseDigits(std::span<const Token> tokens, size_t at) {
  const std::string& word = tokens[at].word;
  char* rest = nullptr;
  ParsedNumber parsed{std::strtod(word.c_str(), &rest), at + 1};
  const std::string_view suffix(rest);
  if (suffix == "k") parsed.value *= 1e3;
  if (suffix == "m" || suffix == "mm" || suffix == "mn") parsed.value *= 1e6;
  if (suffix == "b" || suffix == "bn") parsed.value *= 1e9;
  if (!suffix.empty() && MagnitudeOf(suffix) == 0 && !IsOneOf(suffix, " k m mm mn b bn day days "))
    parsed.end = at;
  return parsed;
}

ParsedNumber ParseNumber(std::span<const Token> tokens, size_t at) {
  ParsedNumber parsed{0, at};
  if (IsDigit(tokens[at].word[0])) {
    parsed = ParseDigits(tokens, at);
  } else {
    for (size_t i = at; i < tokens.size() && i < at + 8; ++i) {
      const bool is_hundred = tokens[i].word == "hundred" && parsed.value > 0;
      const double small = SmallNumberOf(tokens[i].word);
      if (small == 0 && !is_hundred) break;
      parsed.value = is_hundred ? parsed.value * 100 : parsed.value + small;
      parsed.end = i + 1;
    }
  }
  while (parsed.end > at && parsed.end < tokens.size()) {
    const double magnitude = MagnitudeOf(tokens[parsed.end].word);
    if (magnitude == 0) break;
    parsed.value *= magnitude;
    ++parsed.end;
  }
  return parsed;
}

// Only a number of something is a threshold; version, section and year are not.
bool IsThreshold(std::span<const Token> tokens, size_t at, const ParsedNumber& number) {
  constexpr std::string_view kMoney = " $ usd eur rmb cny dollars \xE2\x82\xAC \xC2\xA3 \xC2\xA5 ";
  constexpr std::string_view kUnits =
      " day days week weeks month months year years hour hours business calendar percent % users "
      "user"
      " monthly daily active employees people persons individuals seats devices copies instances"
      " customers requests parameters flops tokens gpus dollars usd eur euro euros rmb yuan "
      "consecutive"
      " \xE5\xA4\xA9 \xE6\x97\xA5 \xE6\x9C\x88 \xE5\xB9\xB4 \xE4\xB8\xAA \xE5\x90\x8D "
      "\xE5\x85\x83 ";
  if (number.value >= 1e5) return true;
  if (at > 0 && IsOneOf(tokens[at - 1].word, kMoney)) return true;
  for (size_t i = number.end; i < tokens.size() && i < number.end + 2; ++i) {
    if (IsOneOf(tokens[i].word, kUnits)) return true;
    if (!IsDigit(tokens[i].word[0])) break;
  }
  return false;
}

bool IsMonth(std::span<const Token> tokens, size_t at) {
  constexpr std::string_view kMonths =
      " january february march april may june july august september october november december jan "
      "feb"
      " mar apr jun jul aug sep sept oct nov dec ";
  if (!IsOneOf(tokens[at].word, kMonths)) return false;
  const auto is_number = [&](size_t i) { return i < tokens.size() && IsDigit(tokens[i].word[0]); };
  return is_number(at + 1) || (at > 0 && is_number(at - 1) && tokens[at].word != "may");
}

bool IsBlankWord(const Token& token) {
  if ((token.marks & (kLinkMark | kAddressMark)) != 0) return true;
  const std::string& word = token.word;
  if (word == "a" || word == "an" || word == "the" || word == "and/or") return true;
  if (word.size() == 1 && absl::ascii_isalpha(static_cast<unsigned char>(word[0]))) return true;
  if (word.size() > 1 && word.size() < 5 && word.find_first_not_of("ivx") == std::string::npos) {
    return true;  // (ii)
  }
  return false;
}

// A holder, a title, a blank: nothing but a word of force may stand out there.
bool IsFreeWord(const Token& token, WordRole role) {
  return (token.marks & (kSlotMark | kCopyrightMark | kTitleMark)) != 0 &&
         (!IsTellingRole(role) || role == WordRole::kTopic || role == WordRole::kPlace);
}

bool HasListSign(std::string_view between) {
  return between.find_first_of(",;/") != std::string_view::npos ||
         between.find("\xEF\xBC\x8C") != std::string_view::npos ||  // full-width comma
         between.find("\xE3\x80\x81") != std::string_view::npos;    // enumeration comma
}

class WordReader {
 public:
  WordReader(std::string_view text, std::span<const Token> tokens, size_t begin)
      : text_(text), tokens_(tokens), first_(begin) {}

  std::vector<ShiftWord> Run() {
    const Lexicon& lexicon = Lexicon::Get();
    for (size_t i = 0; i < tokens_.size();) i = Step(lexicon, i);
    return std::move(words_);
  }

 private:
  size_t Step(const Lexicon& lexicon, size_t i) {
    if (IsMonth(tokens_, i)) return i + 1;
    if (IsDigit(tokens_[i].word[0]) || SmallNumberOf(tokens_[i].word) > 0) {
      const ParsedNumber number = ParseNumber(tokens_, i);
      const bool is_link = (tokens_[i].marks & (kLinkMark | kAddressMark)) != 0;
      if (number.end > i && !is_link && IsThreshold(tokens_, i, number)) {
        AddNumber(i, number);
        return number.end;
      }
      if (IsDigit(tokens_[i].word[0])) return i + 1;
    }
    if (const size_t end = AddPhrase(lexicon, i); end > i) return end;
    const std::string_view equal = lexicon.EqualOf(tokens_[i].word);
    const WordRole role = lexicon.RoleOf(equal);
    if (!IsBlankWord(tokens_[i])) Add(i, i + 1, std::string(equal), role);
    return i + 1;
  }

  // Behind the phrase that stands at `i`, also where a word of it is doubled ("free of of charge");
  // `i` when none does.
  size_t EndOfPhrase(const Phrase& phrase, size_t i) const {
    if ((tokens_[i].marks & (kLinkMark | kAddressMark)) != 0) return i;
    size_t at = i;
    for (const std::string_view word : phrase.words) {
      if (at > i && at < tokens_.size() && tokens_[at].word != word &&
          tokens_[at].word == tokens_[at - 1].word) {
        ++at;
      }
      if (at >= tokens_.size() || tokens_[at].word != word) return i;
      ++at;
    }
    return at;
  }

  size_t AddPhrase(const Lexicon& lexicon, size_t i) {
    const std::vector<Phrase>* phrases = lexicon.PhrasesFrom(tokens_[i].word);
    if (phrases == nullptr) return i;
    for (const Phrase& phrase : *phrases) {
      const size_t end = EndOfPhrase(phrase, i);
      if (end == i) continue;
      if (!phrase.stands_for.empty()) {
        const WordRole role = lexicon.RoleOf(phrase.stands_for);
        if (!IsBlankWord(tokens_[i])) Add(i, end, std::string(phrase.stands_for), role);
      }
      return end;
    }
    return i;
  }

  // "thirty (30) days", "fifty percent (50%)" is one number.
  void AddNumber(size_t i, const ParsedNumber& number) {
    const auto is_same = [&](size_t back) {
      if (words_.size() < back) return false;
      const ShiftWord& word = words_[words_.size() - back];
      return word.role == WordRole::kNumber && word.value == number.value;
    };
    if (is_same(1) || (is_same(2) && words_.back().word == "percent")) return;
    Add(i, number.end, absl::StrFormat("#%.0f", number.value), WordRole::kNumber);
    words_.back().value = number.value;
  }

  void Add(size_t i, size_t end, std::string word, WordRole role) {
    ShiftWord made;
    made.word = Respelled(std::move(word));
    made.role = role;
    made.line = tokens_[i].line;
    made.token = first_ + i;
    made.token_end = first_ + end;
    const size_t before = words_.empty() ? 0 : tokens_[words_.back().token_end - first_ - 1].end;
    const std::string_view between = text_.substr(before, tokens_[i].begin - before);
    made.after_colon = !words_.empty() && between.find(':') != std::string_view::npos;
    made.after_comma = words_.empty() || made.after_colon || HasListSign(between);
    made.after_bracket = !words_.empty() && between.find(')') != std::string_view::npos;
    made.is_free = IsFreeWord(tokens_[i], role);
    made.is_capital = absl::ascii_isupper(static_cast<unsigned char>(text_[tokens_[i].begin]));
    const bool is_doubled = !words_.empty() && words_.back().word == made.word &&
                            role != WordRole::kNumber && !made.after_comma;
    if (!is_doubled) words_.push_back(std::move(made));
  }

  std::string_view text_;
  std::span<const Token> tokens_;
  size_t first_;
  std::vector<ShiftWord> words_;
};

}  // namespace

std::vector<ShiftWord> WordsOf(std::string_view text, std::span<const Token> tokens, size_t begin,
                               size_t end) {
  return WordReader(text, tokens.subspan(begin, end - begin), begin).Run();
}

bool IsForce(WordRole role) { return role >= WordRole::kMay && role <= WordRole::kNot; }

bool IsTellingRole(WordRole role) {
  switch (role) {
    case WordRole::kPlain:
    case WordRole::kStop:
    case WordRole::kUser:
    case WordRole::kLicensor:
    case WordRole::kStanding:
    case WordRole::kRule:
    case WordRole::kNarrow:
    case WordRole::kInclude:
      return false;
    default:
      return true;
  }
}

}  // namespace modelwatch::evaluator
