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

const FieldDescriptor& FieldOf(std::string_view name) {
  const FieldDescriptor* field = v1::Dimensions::descriptor()->FindFieldByName(std::string(name));
  if (field == nullptr) {
    std::fprintf(stderr, "modelwatch: judging data names no dimension '%s'\n",
                 std::string(name).c_str());
    std::abort();
  }
  return *field;
}

// What a condition is tested on.
struct Subject {
  const v1::Dimensions& dimensions;
  std::string_view licence;
  const v1::Scenario& scenario;
};

bool IsOneOf(const v1::Condition& when, std::string_view value) {
  return std::find(when.one_of().begin(), when.one_of().end(), value) != when.one_of().end();
}

bool HoldsForText(const v1::Condition& when, const Subject& subject) {
  if (when.dimension() == "licence") return IsOneOf(when, subject.licence);
  if (when.dimension() == "scale_effect") return IsOneOf(when, subject.dimensions.scale_effect());
  return std::any_of(subject.dimensions.regions().begin(), subject.dimensions.regions().end(),
                     [&](const std::string& region) { return IsOneOf(when, region); });
}

bool Holds(const v1::Condition& when, const Subject& subject) {
  if (when.one_of_size() > 0) return HoldsForText(when, subject);
  const v1::Dimensions& dimensions = subject.dimensions;
  int64_t value = 0;
  if (when.dimension() == "over_users") {
    value = dimensions.scale_mau() > 0 && subject.scenario.users() > dimensions.scale_mau();
  } else if (when.dimension() == "over_revenue") {
    value = dimensions.scale_revenue_usd() > 0 &&
            subject.scenario.revenue_usd() > dimensions.scale_revenue_usd();
  } else {
    value = DimensionValue(dimensions, when.dimension());
  }
  return value >= when.at_least() && (!when.has_at_most() || value <= when.at_most());
}

bool Fires(const v1::OutcomeRule& rule, const Subject& subject) {
  const auto names = [](const auto& list, std::string_view name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  return names(rule.scenario(), subject.scenario.id()) &&
         !names(rule.except_licence(), subject.licence) &&
         std::all_of(rule.when().begin(), rule.when().end(),
                     [&](const v1::Condition& when) { return Holds(when, subject); });
}

}  // namespace

int64_t DimensionValue(const v1::Dimensions& dimensions, std::string_view name) {
  const FieldDescriptor& field = FieldOf(name);
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

void RaiseDimension(v1::Dimensions& dimensions, std::string_view name, int64_t value) {
  const FieldDescriptor& field = FieldOf(name);
  const auto* reflection = v1::Dimensions::GetReflection();
  const int64_t now = DimensionValue(dimensions, name);
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

v1::Terms ApplyRules(const v1::OutcomeRuleTable& rules, const v1::ScenarioTable& scenarios,
                     const v1::Dimensions& dimensions, std::string_view licence) {
  v1::Terms terms;
  for (const v1::Scenario& scenario : scenarios.scenario()) {
    const Subject subject{dimensions, licence, scenario};
    std::vector<const v1::OutcomeRule*> fired;
    uint32_t worst = 0;
    for (const v1::OutcomeRule& rule : rules.rule()) {
      if (!Fires(rule, subject)) continue;
      fired.push_back(&rule);
      worst = std::max(worst, rule.outcome());
    }
    v1::Outcome& outcome = *terms.add_outcomes();
    outcome.set_scenario(scenario.id());
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
