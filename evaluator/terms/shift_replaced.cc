// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/shift_replaced.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "evaluator/terms/shift_effects.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kMaxCompared = 200;
// From here on two clauses say the same in other words.
constexpr double kSameContent = 0.8;
constexpr size_t kMinContent = 3;

bool IsOneOf(std::string_view word, std::string_view list) {
  return list.find(std::string(" ") + std::string(word) + " ") != std::string_view::npos;
}

// "modified" and "modify", "distribution" and "distribute".
bool AreAkin(std::string_view left, std::string_view right) {
  constexpr size_t kStem = 5;
  if (left == right) return true;
  return left.size() >= kStem && right.size() >= kStem &&
         left.substr(0, kStem) == right.substr(0, kStem);
}

bool IsContent(const ShiftWord& word) {
  return word.role != WordRole::kStop && word.role != WordRole::kUser && !IsForce(word.role) &&
         word.role != WordRole::kNarrow && word.role != WordRole::kNo && word.role != WordRole::kIf;
}

size_t SharedBy(const Ground& left, const Ground& right, bool (*counts)(const ShiftWord&)) {
  size_t shared = 0;
  for (const ShiftWord* word : left.words) {
    shared += counts(*word) &&
              std::any_of(right.words.begin(), right.words.end(),
                          [&](const ShiftWord* other) { return AreAkin(word->word, other->word); });
  }
  return shared;
}

size_t CountOf(const Ground& ground, bool (*counts)(const ShiftWord&)) {
  return static_cast<size_t>(std::count_if(ground.words.begin(), ground.words.end(),
                                           [&](const ShiftWord* word) { return counts(*word); }));
}

// Kept by a line in a file or on a page: whoever may no longer do the thing misses nothing.
bool IsLight(const Ground& duty) {
  const auto has = [&](std::string_view list) {
    return std::any_of(duty.words.begin(), duty.words.end(),
                       [&](const ShiftWord* word) { return IsOneOf(word->word, list); });
  };
  return has(" notice notices display name names prefix badge logo credit attribution copy mark "
             "builtwith poweredby cite citation state indicate acknowledge ") &&
         !has(" pay fee fees royalty royalties source request obtain ");
}

std::string WordsOf(const ClauseText& text, size_t unit) {
  std::string words;
  for (const ShiftWord& word : text.words_of(text.units[unit])) words += word.word + ' ';
  return words;
}

// Both stand behind, or before, the same clause.
bool IsSamePlace(const ClauseText& a, size_t ua, const ClauseText& b, size_t ub) {
  const bool follows = ua > 0 && ub > 0 && WordsOf(a, ua - 1) == WordsOf(b, ub - 1);
  const bool leads = ua + 1 < a.units.size() && ub + 1 < b.units.size() &&
                     WordsOf(a, ua + 1) == WordsOf(b, ub + 1);
  return follows || leads;
}

bool IsSameInOtherWords(const Ground& left, const Ground& right) {
  if (left.force != right.force) return false;
  const size_t longer = std::max(CountOf(left, IsContent), CountOf(right, IsContent));
  const size_t shared =
      std::min(SharedBy(left, right, IsContent), SharedBy(right, left, IsContent));
  return longer >= kMinContent &&
         static_cast<double>(shared) >= kSameContent * static_cast<double>(longer);
}

bool IsTopic(const ShiftWord& word) { return word.role == WordRole::kTopic; }

}  // namespace

bool IsSwallowedByBan(Force force) { return force == Force::kObligation || force == Force::kPlea; }

void DropReplaced(const ClauseText& a, const ClauseText& b, std::vector<Ground>& grounds) {
  if (grounds.size() > kMaxCompared) return;
  const auto is_same_place = [&](const Ground& left, const Ground& right) {
    return left.is_in_b ? IsSamePlace(a, right.unit, b, left.unit)
                        : IsSamePlace(a, left.unit, b, right.unit);
  };
  std::vector<Ground> kept;
  for (const Ground& ground : grounds) {
    const bool is_replaced = std::any_of(grounds.begin(), grounds.end(), [&](const Ground& other) {
      if (other.direction != -ground.direction || other.is_in_b == ground.is_in_b) return false;
      if (IsSameInOtherWords(ground, other)) return true;
      if (other.force != Force::kBan || !IsSwallowedByBan(ground.force)) return false;
      return SharedBy(ground, other, IsTopic) >= 2 ||
             (is_same_place(ground, other) &&
              (IsLight(ground) || SharedBy(ground, other, IsTopic) >= 1));
    });
    if (!is_replaced) kept.push_back(ground);
  }
  grounds = std::move(kept);
}

}  // namespace modelwatch::evaluator
