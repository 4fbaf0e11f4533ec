// SPDX-License-Identifier: Apache-2.0
// How a framework's verdict is put together. Pure.
#pragma once

#include <string>
#include <string_view>

#include "evaluator/openness/exhibit.h"
#include "evaluator/openness/licence_opinion.h"

namespace modelwatch::evaluator {

// Appends a criterion to `verdict` and returns it, to add reasons to.
v1::CriterionResult& AddCriterion(v1::FrameworkVerdict& verdict, std::string_view id,
                                  std::string_view title, v1::Answer answer, std::string text);

// A criterion that asks whether one of `parts` is shown: the strongest answer, with its reasons.
v1::CriterionResult& AddPartCriterion(v1::FrameworkVerdict& verdict, const Exhibit& exhibit,
                                      std::string_view id, std::string_view title,
                                      std::initializer_list<v1::Part> parts);

// The objections of `opinion` to `criterion` ("" for all) as reasons; their worst answer, or `none`
// when there are none.
v1::Answer CiteObjections(const LicenceOpinion& opinion, std::string_view criterion,
                          v1::CriterionResult& result, v1::Answer none);

// The weakest answer of the criteria that decide: an advisory one does not.
[[nodiscard]] v1::Answer WeakestOf(const v1::FrameworkVerdict& verdict);

// "LICENSE, EXACT" of the standing, for a sentence.
[[nodiscard]] std::string StandsUnder(const LicenceStanding& standing);

// REMOVED, DISABLED or private.
[[nodiscard]] bool IsOutOfReach(const v1::Access& access);

}  // namespace modelwatch::evaluator
