// SPDX-License-Identifier: Apache-2.0
// The exhibit of a release: what an assessment concluded and what its files and card show, in the
// shape that the frameworks judge.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "evaluator/openness/exhibit.h"
#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/observation.pb.h"

namespace modelwatch::evaluator {

// What the licence of a part rests on.
struct StandingGround {
  std::string licence;  // id, or the base of an edited text; empty unless known
  std::string expression;
  v1::FindingStatus status = v1::NONE;
  const v1::Terms* terms = nullptr;
  const v1::Dimensions* dimensions = nullptr;  // null: not read
  std::string where;  // path of the text, or "declared"; empty when there is none
  bool is_stated = false;
};

[[nodiscard]] LicenceStanding StandingOf(const StandingGround& ground);

// `paths` are all files of the release, or null when only cards and licence-like files were seen.
// `card` is empty when it was not read. Riders, use policies and doubts are taken from the findings
// and conflicts of `assessment`, as assessor.h makes them.
[[nodiscard]] Exhibit ExhibitOf(const v1::Observation& seen, const v1::Assessment& assessment,
                                const std::vector<std::string>* paths, std::string_view card);

}  // namespace modelwatch::evaluator
