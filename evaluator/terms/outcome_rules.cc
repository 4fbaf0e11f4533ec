// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/outcome_rules.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace modelwatch::evaluator {
namespace {

using google::protobuf::FieldDescriptor;

bool Names(const google::protobuf::RepeatedPtrField<std::string>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool HoldsForText(const v1::Condition& when, const v1::Dimensions& dimensions,
                  std::string_view licence) {
  if (when.dimension() == "licence") return Names(when.one_of(), licence);
  if (when.dimension() == "scale_effect") return Names(when.one_of(), dimensions.scale_effect());
  return std::any_of(dimensions.regions().begin(), dimensions.regions().end(),
                     [&](const std::string& region) { return Names(when.one_of(), region); });
}

bool IsNumber(const v1::Condition& when) {
  return when.one_of_size() == 0 && when.dimension() != "over_users" &&
         when.dimension() != "over_revenue";
}

}  // namespace

const FieldDescriptor& DimensionField(std::string_view name) {
  const FieldDescriptor* field = v1::Dimensions::descriptor()->FindFieldByName(std::string(name));
  if (field == nullptr) {
    std::fprintf(stderr, "modelwatch: judging data names no dimension '%s'\n",
                 std::string(name).c_str());
    std::abort();
  }
  return *field;
}

int64_t DimensionValue(const v1::Dimensions& dimensions, const FieldDescriptor& field) {
  const auto* reflection = v1::Dimensions::GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection->GetUInt32(dimensions, &field);
    case FieldDescriptor::CPPTYPE_UINT64:
      return static_cast<int64_t>(reflection->GetUInt64(dimensions, &field));
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection->GetInt32(dimensions, &field);
    default:
      return 0;
  }
}

int64_t DimensionValue(const v1::Dimensions& dimensions, std::string_view name) {
  return DimensionValue(dimensions, DimensionField(name));
}

void RaiseDimension(v1::Dimensions& dimensions, std::string_view name, int64_t value) {
  const FieldDescriptor& field = DimensionField(name);
  const auto* reflection = v1::Dimensions::GetReflection();
  const int64_t now = DimensionValue(dimensions, field);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_UINT32:
      reflection->SetUInt32(&dimensions, &field, static_cast<uint32_t>(std::max(now, value)));
      break;
    case FieldDescriptor::CPPTYPE_UINT64:  // thresholds: the smaller binds more
      if (value > 0 && (now == 0 || value < now)) {
        reflection->SetUInt64(&dimensions, &field, static_cast<uint64_t>(value));
      }
      break;
    case FieldDescriptor::CPPTYPE_INT32:  // patent: -1 excluded is the worse
      reflection->SetInt32(&dimensions, &field, static_cast<int32_t>(value));
      break;
    default:
      break;
  }
}

void ClearDimension(v1::Dimensions& dimensions, std::string_view name) {
  v1::Dimensions::GetReflection()->ClearField(&dimensions, &DimensionField(name));
}

v1::Dimensions JoinDimensions(const v1::Dimensions& left, const v1::Dimensions& right) {
  v1::Dimensions joined = left;
  for (int i = 0; i < v1::Dimensions::descriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *v1::Dimensions::descriptor()->field(i);
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) continue;
    if (field.name() == "patent") continue;
    RaiseDimension(joined, field.name(), DimensionValue(right, field.name()));
  }
  joined.set_patent(std::min(left.patent(), right.patent()));
  if (joined.scale_effect().empty()) joined.set_scale_effect(right.scale_effect());
  for (const std::string& region : right.regions()) {
    const auto& have = joined.regions();
    if (std::find(have.begin(), have.end(), region) == have.end()) joined.add_regions(region);
  }
  return joined;
}

OutcomeRules::OutcomeRules(const v1::OutcomeRuleTable& rules, const v1::ScenarioTable& scenarios) {
  for (const v1::Scenario& scenario : scenarios.scenario()) {
    OfScenario& one = scenarios_.emplace_back();
    one.scenario = &scenario;
    for (const v1::OutcomeRule& row : rules.rule()) {
      if (!Names(row.scenario(), scenario.id())) continue;
      Rule& rule = one.rules.emplace_back();
      rule.row = &row;
      for (const v1::Condition& when : row.when()) {
        rule.when.push_back({&when, IsNumber(when) ? &DimensionField(when.dimension()) : nullptr});
      }
    }
  }
}

bool OutcomeRules::Holds(const Condition& condition, const v1::Dimensions& dimensions,
                         std::string_view licence, const v1::Scenario& scenario) {
  const v1::Condition& when = *condition.when;
  if (when.one_of_size() > 0) return HoldsForText(when, dimensions, licence);
  int64_t value = 0;
  if (condition.field != nullptr) {
    value = DimensionValue(dimensions, *condition.field);
  } else if (when.dimension() == "over_users") {
    value = dimensions.scale_mau() > 0 && scenario.users() > dimensions.scale_mau();
  } else {
    value = dimensions.scale_revenue_usd() > 0 &&
            scenario.revenue_usd() > dimensions.scale_revenue_usd();
  }
  return value >= when.at_least() && (!when.has_at_most() || value <= when.at_most());
}

bool OutcomeRules::Fires(const Rule& rule, const v1::Dimensions& dimensions,
                         std::string_view licence, const v1::Scenario& scenario) {
  return !Names(rule.row->except_licence(), licence) &&
         std::all_of(rule.when.begin(), rule.when.end(), [&](const Condition& condition) {
           return Holds(condition, dimensions, licence, scenario);
         });
}

v1::Terms OutcomeRules::Apply(const v1::Dimensions& dimensions, std::string_view licence) const {
  v1::Terms terms;
  std::vector<const v1::OutcomeRule*> fired;
  for (const OfScenario& one : scenarios_) {
    fired.clear();
    uint32_t worst = 0;
    for (const Rule& rule : one.rules) {
      if (!Fires(rule, dimensions, licence, *one.scenario)) continue;
      fired.push_back(rule.row);
      worst = std::max(worst, rule.row->outcome());
    }
    v1::Outcome& outcome = *terms.add_outcomes();
    outcome.set_scenario(one.scenario->id());
    outcome.mutable_interval()->set_low(worst);
    outcome.mutable_interval()->set_high(worst);
    for (const v1::OutcomeRule* rule : fired) {
      if (rule->outcome() != worst) continue;
      v1::Because& because = *outcome.add_because();
      because.set_clause(rule->id());
      because.set_text(rule->reason());
      because.set_licence(std::string(licence));
    }
  }
  return terms;
}

}  // namespace modelwatch::evaluator
