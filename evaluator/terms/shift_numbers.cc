// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/shift_numbers.h"

#include <algorithm>
#include <string>
#include <vector>

namespace modelwatch::evaluator {
namespace {

std::vector<const ShiftWord*> NumbersIn(std::span<const ShiftWord> words) {
  std::vector<const ShiftWord*> numbers;
  for (const ShiftWord& word : words) {
    if (word.role == WordRole::kNumber) numbers.push_back(&word);
  }
  return numbers;
}

bool HasWord(std::span<const ShiftWord> words, std::string_view list) {
  return std::any_of(words.begin(), words.end(), [&](const ShiftWord& word) {
    return list.find(" " + word.word + " ") != std::string_view::npos;
  });
}

// A larger number takes more from the user: what is to be paid, how long a duty or a ban lasts, how
// much at least. Elsewhere a larger one gives more: a threshold, a notice period, a trial.
bool TakesMoreWhenLarger(std::span<const ShiftWord> clause, const ShiftWord& number) {
  const auto at = std::find_if(clause.begin(), clause.end(), [&](const ShiftWord& word) {
    return word.role == WordRole::kNumber && word.word == number.word;
  });
  const auto index = static_cast<size_t>(at - clause.begin());
  const size_t begin = index > 6 ? index - 6 : 0;
  const auto near = clause.subspan(begin, std::min(clause.size(), index + 6) - begin);
  // "revenues of at least $10,000,000": a threshold is a threshold from either side.
  if (HasWord(near, " revenue revenues income turnover sales users active employees funding "))
    return false;
  // A cure period, a notice period.
  if (HasWord(near, " notice notify comply cure remedy ")) return false;
  if (HasWord(near, " days day weeks week months month years year hours hour "))
    return HasWord(clause,
                   " survive confidential confidentiality retain records compete noncompete keep ");
  if (HasWord(near, " royalty royalties fee fees pay ")) return true;
  return HasWord(clause.subspan(begin, index - begin), " least minimum ");
}

}  // namespace

int DirectionOfNumbers(std::span<const ShiftWord> gone, std::span<const ShiftWord> come,
                       std::span<const ShiftWord> clause) {
  const auto before = NumbersIn(gone), after = NumbersIn(come);
  // A period that fell away: "30 days after notice" -> "immediately".
  if (before.empty() != after.empty()) {
    const auto& rest = before.empty() ? gone : come;
    if (HasWord(rest, " immediately immediate ")) return before.empty() ? 1 : -1;
  }
  if (before.empty() || before.size() != after.size()) return 0;
  int direction = 0;
  for (size_t i = 0; i < before.size(); ++i) {
    if (before[i]->value == after[i]->value) continue;
    const bool is_larger = after[i]->value > before[i]->value;
    direction = is_larger != TakesMoreWhenLarger(clause, *after[i]) ? 1 : -1;
  }
  return direction;
}

}  // namespace modelwatch::evaluator
