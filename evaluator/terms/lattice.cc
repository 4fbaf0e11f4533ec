// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/lattice.h"

#include <algorithm>
#include <string>

namespace modelwatch::evaluator {
namespace {

// `better(a, b)`: a's outcome stands when it is chosen over b's.
enum class Choice { kWorst, kBest };

v1::Outcome Combine(const v1::Outcome& left, const v1::Outcome& right, Choice choice) {
  v1::Outcome out;
  out.set_scenario(left.scenario());
  const v1::Interval &l = left.interval(), &r = right.interval();
  const bool is_worst = choice == Choice::kWorst;
  out.mutable_interval()->set_low(is_worst ? std::max(l.low(), r.low())
                                           : std::min(l.low(), r.low()));
  out.mutable_interval()->set_high(is_worst ? std::max(l.high(), r.high())
                                            : std::min(l.high(), r.high()));
  const auto explains = [&](const v1::Interval& side) {
    return side.high() == out.interval().high() || side.low() == out.interval().low();
  };
  if (explains(l)) out.mutable_because()->MergeFrom(left.because());
  if (explains(r)) out.mutable_because()->MergeFrom(right.because());
  return out;
}

// As FindOutcome; terms of one table hold their scenarios in one order.
const v1::Outcome* FindNear(const v1::Terms& terms, int index, std::string_view scenario) {
  const bool is_there =
      index < terms.outcomes_size() && terms.outcomes(index).scenario() == scenario;
  return is_there ? &terms.outcomes(index) : FindOutcome(terms, scenario);
}

v1::Terms CombineAll(const v1::Terms& left, const v1::Terms& right, Choice choice) {
  v1::Terms out;
  for (int i = 0; i < left.outcomes_size(); ++i) {
    const v1::Outcome& outcome = left.outcomes(i);
    const v1::Outcome* other = FindNear(right, i, outcome.scenario());
    *out.add_outcomes() = other == nullptr ? outcome : Combine(outcome, *other, choice);
  }
  for (int i = 0; i < right.outcomes_size(); ++i) {
    const v1::Outcome& outcome = right.outcomes(i);
    if (FindNear(left, i, outcome.scenario()) == nullptr) *out.add_outcomes() = outcome;
  }
  return out;
}

v1::Move MakeMove(const v1::Outcome& from, const v1::Outcome& to, const v1::Outcome& tighter) {
  v1::Move move;
  move.set_scenario(from.scenario());
  *move.mutable_from() = from.interval();
  *move.mutable_to() = to.interval();
  *move.mutable_because() = tighter.because();
  return move;
}

}  // namespace

const v1::Outcome* FindOutcome(const v1::Terms& terms, std::string_view scenario) {
  for (const v1::Outcome& outcome : terms.outcomes()) {
    if (outcome.scenario() == scenario) return &outcome;
  }
  return nullptr;
}

v1::Terms Join(const v1::Terms& left, const v1::Terms& right) {
  return CombineAll(left, right, Choice::kWorst);
}

v1::Terms Meet(const v1::Terms& left, const v1::Terms& right) {
  return CombineAll(left, right, Choice::kBest);
}

v1::Shift CompareTerms(const v1::Terms& then, const v1::Terms& now) {
  v1::Shift shift;
  bool is_same = true;
  for (int i = 0; i < now.outcomes_size(); ++i) {
    const v1::Outcome& to = now.outcomes(i);
    const v1::Outcome* from = FindNear(then, i, to.scenario());
    if (from == nullptr) continue;
    const v1::Interval &f = from->interval(), &t = to.interval();
    is_same = is_same && f.low() == t.low() && f.high() == t.high();
    if (t.low() > f.high()) *shift.add_lost() = MakeMove(*from, to, to);
    if (t.high() < f.low()) *shift.add_gained() = MakeMove(*from, to, *from);
  }
  const bool lost = shift.lost_size() > 0, gained = shift.gained_size() > 0;
  shift.set_direction(lost && gained ? v1::MIXED
                      : lost         ? v1::TIGHTER
                      : gained       ? v1::LOOSER
                      : is_same      ? v1::SAME
                                     : v1::UNCLEAR);
  return shift;
}

}  // namespace modelwatch::evaluator
