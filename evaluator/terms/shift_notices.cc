// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/shift_notices.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "evaluator/license/residue.h"

namespace modelwatch::evaluator {
namespace {

bool IsOneOf(std::string_view word, std::string_view list) {
  return list.find(std::string(" ") + std::string(word) + " ") != std::string_view::npos;
}

bool HasWord(std::span<const ShiftWord> words, std::string_view list) {
  return std::any_of(words.begin(), words.end(),
                     [&](const ShiftWord& word) { return IsOneOf(word.word, list); });
}

// Opens a block about what others own.
bool OpensNotice(std::span<const ShiftWord> words) {
  if (words.size() > 40) return false;
  // "LICENSE FOR the parser", a heading.
  if (words.size() >= 3 && words.size() <= 8 && words[0].word == "license" &&
      words[1].word == "for") {
    return true;
  }
  if (HasWord(words, " third thirdparty ") && HasWord(words, " party parties ") &&
      HasWord(words,
              " notice notices software component components library libraries code portions "
              "includes "))
    return true;
  return HasWord(words, " derived includes contains portions incorporates following ") &&
         HasWord(words, " copyright ") && HasWord(words, " notice notices projects project code ");
}

bool SpeaksOfThisText(const ClauseText& text, const ClauseUnit& unit) {
  const auto words = text.words_of(unit);
  const bool is_special =
      HasWord(
          words,
          " noncommercial noncommercially research academic model models output outputs train "
          "training military "
          "licensor usepolicy hosted api saas asaservice revenue fee fees register monetize ") ||
      std::any_of(words.begin(), words.end(), [](const ShiftWord& word) {
        return word.role == WordRole::kPlace || word.role == WordRole::kNumber;
      });
  const bool is_commerce =
      HasWord(words, " commercial commercially ") && !HasWord(words, " distribution damages ");
  return is_special || is_commerce;
}

// Words that may not hide in a name or a blank.
bool IsWeighty(const ShiftWord& word) {
  return IsForce(word.role) || word.role == WordRole::kLimit || word.role == WordRole::kPlace ||
         word.role == WordRole::kNumber || word.role == WordRole::kExcept ||
         word.role == WordRole::kBonus;
}

bool IsNameLike(std::span<const ShiftWord> words) {
  return std::all_of(words.begin(), words.end(), [](const ShiftWord& word) {
    return word.role == WordRole::kStop || (word.is_capital && !IsTellingRole(word.role));
  });
}

}  // namespace

std::vector<bool> NoticeUnits(const ClauseText& text, const std::vector<uint32_t>& units) {
  std::vector<bool> is_notice(units.size(), false);
  bool is_open = false;
  for (size_t i = 0; i < units.size(); ++i) {
    if (i > 0 && units[i] > units[i - 1] + 3) is_open = false;
    const ClauseUnit& unit = text.units[units[i]];
    is_open = is_open || OpensNotice(text.words_of(unit));
    is_notice[i] = is_open && !SpeaksOfThisText(text, unit);
  }
  return is_notice;
}

bool IsTranslation(const ClauseText& text, const std::vector<uint32_t>& units,
                   const ClauseText& before) {
  const auto is_ideographic = [](const ClauseText& of, const ClauseUnit& unit) {
    const Token& token = of.tokens[of.words[unit.begin].token];
    return static_cast<unsigned char>(token.word[0]) >= 0xE3;
  };
  constexpr size_t kMinUnits = 8;
  const auto count = static_cast<size_t>(std::count_if(
      units.begin(), units.end(), [&](uint32_t u) { return is_ideographic(text, text.units[u]); }));
  const bool has_before =
      std::any_of(before.units.begin(), before.units.end(),
                  [&](const ClauseUnit& unit) { return is_ideographic(before, unit); });
  return !has_before && count >= kMinUnits && 2 * count >= before.units.size();
}

bool IsScopeNote(std::span<const ShiftWord> words) {
  const bool applies = HasWord(words, " apply applies extend extends cover covers ");
  const bool has_place = std::any_of(words.begin(), words.end(), [](const ShiftWord& word) {
    return word.role == WordRole::kPlace;
  });
  return applies && !has_place && !HasWord(words, " you your commercial noncommercial military ");
}

bool IsNeutralPlace(const ClauseText& a, const ClauseText& b, const WordChange& change) {
  const auto gone = std::span(a.words).subspan(change.a_begin, change.a_end - change.a_begin);
  const auto come = std::span(b.words).subspan(change.b_begin, change.b_end - change.b_begin);
  if (std::any_of(gone.begin(), gone.end(), IsWeighty) ||
      std::any_of(come.begin(), come.end(), IsWeighty))
    return false;
  if (IsNameLike(gone) && IsNameLike(come)) return true;
  const auto has_topic = [](std::span<const ShiftWord> words) {
    return std::any_of(words.begin(), words.end(), [](const ShiftWord& word) {
      return word.role == WordRole::kTopic && !word.is_capital && !word.is_free;
    });
  };
  if (has_topic(gone) != has_topic(come)) return false;
  // In tokens, as the judgement of a residue wants them.
  const auto range = [](const ClauseText& text, std::span<const ShiftWord> words, size_t at) {
    if (!words.empty()) return std::pair(words.front().token, words.back().token_end);
    const size_t token = at < text.words.size() ? text.words[at].token : text.tokens.size();
    return std::pair(token, token);
  };
  const auto [a_begin, a_end] = range(a, gone, change.a_begin);
  const auto [b_begin, b_end] = range(b, come, change.b_begin);
  const auto missing = std::span(a.tokens).subspan(a_begin, a_end - a_begin);
  const auto added = std::span(b.tokens).subspan(b_begin, b_end - b_begin);
  if (a_begin == a_end && b_begin == b_end) return true;
  return JudgeHunk(missing, b.tokens, {a_begin, a_end, b_begin, b_end}).is_neutral ||
         JudgeHunk(added, a.tokens, {b_begin, b_end, a_begin, a_end}).is_neutral;
}

}  // namespace modelwatch::evaluator
