// SPDX-License-Identifier: Apache-2.0
// The rules that turn dimensions into outcomes, ready to be applied.
#pragma once

#include <string_view>
#include <vector>

#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/judging.pb.h"

namespace modelwatch::evaluator {

// The rules by scenario, their conditions looked up once. Keeps references to both tables; any
// number of threads may ask. Unknown dimension names in a rule abort: the rules are embedded data,
// checked by a test.
class OutcomeRules {
 public:
  OutcomeRules(const v1::OutcomeRuleTable& rules, const v1::ScenarioTable& scenarios);

  // Every scenario's outcome, as a point: the worst of the rules that fire. `because` names them.
  [[nodiscard]] v1::Terms Apply(const v1::Dimensions& dimensions, std::string_view licence) const;

 private:
  struct Condition {
    const v1::Condition* when;
    const google::protobuf::FieldDescriptor* field;  // null: not a number of the dimensions
  };
  struct Rule {
    const v1::OutcomeRule* row;
    std::vector<Condition> when;
  };
  struct OfScenario {
    const v1::Scenario* scenario;
    std::vector<Rule> rules;
  };

  static bool Holds(const Condition& condition, const v1::Dimensions& dimensions,
                    std::string_view licence, const v1::Scenario& scenario);
  static bool Fires(const Rule& rule, const v1::Dimensions& dimensions, std::string_view licence,
                    const v1::Scenario& scenario);

  std::vector<OfScenario> scenarios_;
};

// The field of v1::Dimensions that data rows call by this name; aborts on an unknown one, as above.
[[nodiscard]] const google::protobuf::FieldDescriptor& DimensionField(std::string_view name);
// 0 for a field that is no number.
[[nodiscard]] int64_t DimensionValue(const v1::Dimensions& dimensions,
                                     const google::protobuf::FieldDescriptor& field);

// Reads or raises one dimension by its field name. Raising keeps the worse (greater) value; for the
// thresholds scale_mau and scale_revenue_usd the worse one is the smaller that is not 0.
void RaiseDimension(v1::Dimensions& dimensions, std::string_view name, int64_t value);
void ClearDimension(v1::Dimensions& dimensions, std::string_view name);
[[nodiscard]] int64_t DimensionValue(const v1::Dimensions& dimensions, std::string_view name);

// The worse of both in every dimension.
[[nodiscard]] v1::Dimensions JoinDimensions(const v1::Dimensions& left,
                                            const v1::Dimensions& right);

}  // namespace modelwatch::evaluator
