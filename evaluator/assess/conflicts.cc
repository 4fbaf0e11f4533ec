// SPDX-License-Identifier: Apache-2.0
#include "evaluator/assess/conflicts.h"

#include "evaluator/terms/lattice.h"

namespace modelwatch::evaluator {

void AddWhereTighter(const SourceTerms& claims, const SourceTerms& shows,
                     v1::Assessment& assessment) {
  const v1::Shift shift = CompareTerms(claims.terms, shows.terms);
  if (shift.lost().empty()) return;
  v1::Conflict& conflict = *assessment.add_conflicts();
  conflict.set_claims(claims.source);
  conflict.set_claimed_licence(claims.licence);
  conflict.set_shows(shows.source);
  conflict.set_shown_licence(shows.licence);
  for (const v1::Move& move : shift.lost()) conflict.add_scenarios(move.scenario());
}

void CompareSources(const SourceTerms& left, const SourceTerms& right, v1::Assessment& assessment) {
  AddWhereTighter(left, right, assessment);
  AddWhereTighter(right, left, assessment);
}

}  // namespace modelwatch::evaluator
