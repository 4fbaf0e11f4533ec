// SPDX-License-Identifier: Apache-2.0
#include "evaluator/openness/exhibit.h"

#include <utility>

namespace modelwatch::evaluator {
namespace {

int Strength(v1::Answer answer) {
  return answer == v1::YES ? 3 : answer == v1::MAYBE ? 2 : answer == v1::NO ? 1 : 0;
}

}  // namespace

void Show(Exhibit& exhibit, v1::Part part, v1::Answer answer, v1::Because because) {
  ShownPart& shown = exhibit.parts[static_cast<size_t>(part)];
  if (Strength(answer) < Strength(shown.answer)) return;
  if (Strength(answer) > Strength(shown.answer)) {
    shown.answer = answer;
    shown.because.clear();
  }
  if (shown.because.size() < kMaxShown) shown.because.push_back(std::move(because));
}

}  // namespace modelwatch::evaluator
