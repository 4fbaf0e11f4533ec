// SPDX-License-Identifier: Apache-2.0
// Where the sources of a release disagree about its terms.
#pragma once

#include <string>

#include "modelwatch/v1/assessment.pb.h"

namespace modelwatch::evaluator {

// What one source says.
struct SourceTerms {
  v1::FindingSource source;
  std::string licence;  // as it names it
  const v1::Terms& terms;
};

// Adds a conflict for each direction in which one source is certainly tighter than the other in
// some scenario; none where the intervals overlap.
void CompareSources(const SourceTerms& left, const SourceTerms& right, v1::Assessment& assessment);

// Only where `shows` is the tighter one.
void AddWhereTighter(const SourceTerms& claims, const SourceTerms& shows,
                     v1::Assessment& assessment);

}  // namespace modelwatch::evaluator
