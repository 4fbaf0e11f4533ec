// SPDX-License-Identifier: Apache-2.0
// The rules that turn dimensions into outcomes, ready to be applied.
#pragma once

#include <string_view>

#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/judging.pb.h"

namespace modelwatch::evaluator {

// Every scenario's outcome, as a point: the worst of the rules that fire. `because` names them.
// Unknown dimension names in a rule abort: the rules are embedded data, checked by a test.
[[nodiscard]] v1::Terms ApplyRules(const v1::OutcomeRuleTable& rules,
                                   const v1::ScenarioTable& scenarios,
                                   const v1::Dimensions& dimensions, std::string_view licence);

// Reads or raises one dimension by its field name. Raising keeps the worse (greater) value; for the
// thresholds scale_mau and scale_revenue_usd the worse one is the smaller that is not 0.
void RaiseDimension(v1::Dimensions& dimensions, std::string_view name, int64_t value);
[[nodiscard]] int64_t DimensionValue(const v1::Dimensions& dimensions, std::string_view name);

// The worse of both in every dimension.
[[nodiscard]] v1::Dimensions JoinDimensions(const v1::Dimensions& left,
                                            const v1::Dimensions& right);

}  // namespace modelwatch::evaluator
