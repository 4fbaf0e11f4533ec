// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/shift_units.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "evaluator/terms/shift_force.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kMaxHeadingWords = 9;
constexpr size_t kDefinesWithin = 14;

bool IsOneOf(std::string_view word, std::string_view list) {
  return list.find(std::string(" ") + std::string(word) + " ") != std::string_view::npos;
}

bool HasWord(std::span<const ShiftWord> words, std::string_view list) {
  return std::any_of(words.begin(), words.end(),
                     [&](const ShiftWord& word) { return IsOneOf(word.word, list); });
}

// A heading that says what stands under it.
Force ForceOfHeading(std::span<const ShiftWord> words) {
  if (HasWord(words,
              " prohibited restrictions restriction restricted forbidden unacceptable disallowed "
              "prohibitions "))
    return Force::kBan;
  if (HasWord(words, " requirements obligations conditions responsibilities "))
    return Force::kObligation;
  if (HasWord(words, " permissions permitted allowed ")) return Force::kGrant;
  return Force::kNone;
}

bool IsDefinition(std::span<const ShiftWord> words) {
  for (size_t i = 1; i < words.size() && i < kDefinesWithin; ++i) {
    const std::string& word = words[i].word;
    if (word == "means" || word == "mean" || word == "refers" || word == "\xE6\x8C\x87")
      return true;
    if (word == "defined" && i + 1 < words.size() && words[i + 1].word == "as") return true;
    if (IsForce(words[i].role) && words[i].role != WordRole::kMust &&
        words[i].role != WordRole::kWill)
      return false;
  }
  return false;
}

// "must retain the above copyright notice and the following disclaimer": a duty, no disclaimer.
bool KeepsNotice(std::span<const ShiftWord> words) {
  return HasWord(words, " retain reproduce contain keep preserve include ") &&
         HasWord(words, " notice notices copyright ");
}

UnitKind KindOf(std::span<const ShiftWord> words) {
  if (HasWord(words,
              " warranty warranties liable liability damages merchantability disclaim disclaims "
              "disclaimer ") &&
      !HasWord(words, " indemnify indemnification ") && !KeepsNotice(words)) {
    return UnitKind::kDisclaimer;
  }
  if (IsDefinition(words)) return UnitKind::kDefinition;
  if (HasWord(words, " governed courts court arbitration venue tribunal ") &&
      HasWord(words, " law laws jurisdiction dispute disputes courts arbitration ")) {
    return UnitKind::kFormality;
  }
  if (HasWord(words, " bound ") && HasWord(words, " agreeto agree agrees accept ")) {
    return UnitKind::kFormality;
  }
  return UnitKind::kClause;
}

// Marks "developers.example.com/feedback" and "jane@example.com" as addresses: what lies there is
// another text.
void MarkAddresses(std::string_view text, std::vector<Token>& tokens) {
  const auto joint = [&](size_t at) {
    return text.substr(tokens[at].end, tokens[at + 1].begin - tokens[at].end);
  };
  for (size_t i = 0; i + 1 < tokens.size(); ++i) {
    const bool is_host = joint(i) == "." &&
                         absl::ascii_islower(static_cast<unsigned char>(text[tokens[i + 1].begin]));
    if (!is_host && joint(i) != "@") continue;
    tokens[i].marks |= kAddressMark;
    do {
      tokens[++i].marks |= kAddressMark;
    } while (i + 1 < tokens.size() && !joint(i).empty() &&
             joint(i).find_first_of(" \t\r\n,;)(") == std::string_view::npos);
  }
}

class UnitReader {
 public:
  explicit UnitReader(std::string_view text) : text_(text) {}

  ClauseText Run() {
    out_.tokens = Tokenise(text_);
    MarkAddresses(text_, out_.tokens);
    out_.sentences = SplitSentences(text_);
    is_company_bound_ = IsCompanyBound();
    for (size_t i = 0; i < out_.sentences.size(); ++i) Add(i);
    return std::move(out_);
  }

 private:
  // The text between the end of token `before` and the begin of token `at`.
  std::string_view Between(size_t before_end, size_t at) const {
    const size_t from = before_end == 0 ? 0 : out_.tokens[before_end - 1].end;
    const size_t to = at < out_.tokens.size() ? out_.tokens[at].begin : text_.size();
    return text_.substr(from, std::max(from, to) - from);
  }

  // "Company acknowledges", "Company shall not": in this text it is the one who takes the licence.
  bool IsCompanyBound() const {
    for (size_t i = 0; i + 1 < out_.tokens.size(); ++i) {
      if (out_.tokens[i].word != "company") continue;
      const std::string& next = out_.tokens[i + 1].word;
      if (next == "grants" || next == "reserves") return false;
      if (IsOneOf(next, " acknowledges agrees represents undertakes ")) return true;
    }
    return false;
  }

  void Add(size_t index) {
    const Sentence& sentence = out_.sentences[index];
    if (sentence.end > out_.tokens.size()) return;
    std::vector<ShiftWord> words = WordsOf(text_, out_.tokens, sentence.begin, sentence.end);
    for (ShiftWord& word : words) {
      if (is_company_bound_ && word.word == "company") word.role = WordRole::kUser;
    }
    const std::string_view before = Between(sentence.begin, sentence.begin);
    const std::string_view after = Between(sentence.end, sentence.end);
    const bool is_heading = sentence.end - sentence.begin <= kMaxHeadingWords &&
                            after.substr(0, 2).find_first_of(".;,") == std::string_view::npos &&
                            after.find('\n') != std::string_view::npos &&
                            before.find_first_of("-*\xE2") == std::string_view::npos;
    NoteLead(before, words, sentence, is_heading);
    if (words.empty()) return;
    ClauseUnit unit;
    unit.sentence = index;
    unit.begin = out_.words.size();
    unit.kind = KindOf(words);
    if (unit.kind == UnitKind::kClause &&
        (is_heading ? !HasForce(words) && !LimitsUse(words) : IsTitled(words)))
      unit.kind = UnitKind::kHeading;
    unit.is_item = is_item_;
    unit.lead = is_item_ ? lead_ : Force::kNone;
    const std::vector<WordForce> forces = ForcesOf(words, unit.lead);
    const auto number = static_cast<uint32_t>(out_.units.size());
    unit.defined_by = number;
    if (GoesOnDefining(unit, words)) {
      unit.kind = UnitKind::kDefinition;
      unit.defined_by = definition_;
    }
    if (unit.kind == UnitKind::kDefinition && !unit.is_item) definition_ = unit.defined_by;
    CloseLead(sentence, words, forces, after);
    out_.unit_of.insert(out_.unit_of.end(), words.size(), number);
    std::move(words.begin(), words.end(), std::back_inserter(out_.words));
    out_.forces.insert(out_.forces.end(), forces.begin(), forces.end());
    unit.end = out_.words.size();
    out_.units.push_back(unit);
  }

  // An item of a definition's list; "This includes ..." right behind it.
  bool GoesOnDefining(const ClauseUnit& unit, const std::vector<ShiftWord>& words) const {
    if (definition_ == UINT32_MAX || unit.kind != UnitKind::kClause || HasForce(words))
      return false;
    if (unit.is_item) return leads_definition_;
    return words.size() > 2 && !out_.units.empty() && words[1].role == WordRole::kInclude &&
           (words[0].word == "this" || words[0].word == "it") &&
           out_.units.back().kind == UnitKind::kDefinition;
  }

  // "Grant of Rights." before its clause: a heading that ends in a stop.
  static bool IsTitled(const std::vector<ShiftWord>& words) {
    return words.size() <= 6 && std::all_of(words.begin(), words.end(), [](const ShiftWord& word) {
             const bool is_verb = word.word == "are" || word.word == "is";
             return (word.role == WordRole::kStop && !is_verb) || word.role == WordRole::kNarrow ||
                    (word.is_capital && word.role != WordRole::kNo &&
                     word.role != WordRole::kLimit && word.role != WordRole::kProhibit);
           });
  }

  // "Copyright 2024 Foo, non-commercial use only" on a line of its own is no heading.
  static bool LimitsUse(const std::vector<ShiftWord>& words) {
    const auto has = [&](WordRole role) {
      return std::any_of(words.begin(), words.end(),
                         [&](const ShiftWord& word) { return word.role == role; });
    };
    return has(WordRole::kLimit) && has(WordRole::kTopic);
  }

  static bool HasForce(const std::vector<ShiftWord>& words) {
    return std::any_of(words.begin(), words.end(),
                       [](const ShiftWord& word) { return IsForce(word.role); });
  }

  // Whether this sentence is an item of the open list, and what a heading opens.
  void NoteLead(std::string_view before, const std::vector<ShiftWord>& words,
                const Sentence& sentence, bool is_heading) {
    const bool is_marked = IsListMark(before, sentence);
    is_item_ = lead_open_ && (is_marked || goes_on_);
    if (is_heading) {
      const Force force = ForceOfHeading(words);
      lead_ = force;
      leads_definition_ = false;
      lead_open_ = force != Force::kNone;
      needs_mark_ = true;
      is_item_ = false;
      return;
    }
    if (lead_open_ && !is_item_ && !needs_mark_) lead_open_ = false;
  }

  // A bullet, "(a)", "2." in the text before the first word, at the beginning of a line.
  static bool IsListMark(std::string_view before, const Sentence&) {
    const size_t line = before.rfind('\n');
    if (line == std::string_view::npos) return false;
    const std::string_view mark = before.substr(line + 1);
    return mark.find_first_of("-*().0123456789") != std::string_view::npos ||
           mark.find("\xE2\x80\xA2") != std::string_view::npos;
  }

  // After a sentence: does a list go on, does one begin?
  void CloseLead(const Sentence& sentence, const std::vector<ShiftWord>& words,
                 const std::vector<WordForce>& forces, std::string_view after) {
    const size_t colon = ColonIn(sentence, after);
    if (colon != SIZE_MAX) {
      if (!is_item_ && !NamesExamples(words)) {
        lead_ = Force::kNone;
        leads_definition_ = definition_ == static_cast<uint32_t>(out_.units.size());
      }
      for (size_t i = 0; i < words.size(); ++i) {
        if (words[i].token >= colon) break;
        if (forces[i].force != Force::kNone) lead_ = forces[i].force;
      }
      lead_open_ = lead_ != Force::kNone || lead_open_ || leads_definition_;
      needs_mark_ = false;
      goes_on_ = true;
      return;
    }
    const bool ends_soft =
        after.substr(0, 1) == ";" || after.substr(0, 1) == "," ||
        (!words.empty() && (words.back().word == "or" || words.back().word == "and"));
    goes_on_ = lead_open_ && ends_soft;
  }

  // "..., such as:", "including:": what follows belongs to the open list.
  static bool NamesExamples(const std::vector<ShiftWord>& words) {
    if (words.size() < 2) return false;
    const std::string& last = words.back().word;
    return words.back().role == WordRole::kInclude ||
           (last == "as" && words[words.size() - 2].word == "such") ||
           (last == "following" && words[words.size() - 2].role == WordRole::kInclude);
  }

  // The token behind the last colon of the sentence that leads something in; SIZE_MAX when none.
  size_t ColonIn(const Sentence& sentence, std::string_view after) const {
    const std::string_view tail = after.substr(0, 4);
    if (tail.find(':') != std::string_view::npos ||
        tail.find("\xEF\xBC\x9A") != std::string_view::npos)
      return sentence.end;
    for (size_t i = sentence.end; i-- > sentence.begin + 1;) {
      const std::string_view between = Between(i, i);
      const size_t at = std::min(between.find(':'), between.find("\xEF\xBC\x9A"));
      if (at != std::string_view::npos && between.find("://") == std::string_view::npos) return i;
    }
    return SIZE_MAX;
  }

  std::string_view text_;
  ClauseText out_;
  bool is_company_bound_ = false;
  Force lead_ = Force::kNone;
  uint32_t definition_ = UINT32_MAX;  // the unit of the last definition
  bool leads_definition_ = false;     // the open list is its
  bool lead_open_ = false, needs_mark_ = false, goes_on_ = false, is_item_ = false;
};

}  // namespace

ClauseText ReadUnits(std::string_view text) { return UnitReader(text).Run(); }

}  // namespace modelwatch::evaluator
