// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/reading_rules.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "evaluator/terms/embedded.h"
#include "evaluator/terms/outcome_rules.h"
#include "modelwatch/v1/reading.pb.h"

namespace modelwatch::evaluator {
namespace {

void Bind(double& threshold, double value) {
  if (value > 0 && (threshold == 0 || value < threshold)) threshold = value;
}

std::vector<CompiledEffect> Compile(const google::protobuf::RepeatedPtrField<v1::Effect>& effects) {
  std::vector<CompiledEffect> compiled;
  for (const v1::Effect& effect : effects) {
    CompiledEffect made;
    made.dimension = DimensionIndex(effect.dimension());
    made.value = static_cast<uint8_t>(effect.value());
    made.least = effect.has_least() ? static_cast<uint8_t>(effect.least()) : made.value;
    made.most = effect.has_most() ? static_cast<uint8_t>(effect.most()) : made.value;
    compiled.push_back(made);
  }
  return compiled;
}

uint8_t RegionsOf(const std::string& region) {
  if (region.empty()) return 0;
  if (region == "EU") return kEuRegion;
  return region == "UK" ? kUkKrRegion : kAnyRegion;
}

CompiledRule Compile(const v1::ReadingRule& rule, Vocabulary& vocabulary) {
  CompiledRule made;
  made.id = rule.id();
  for (const std::string& pattern : rule.says()) made.says.emplace_back(pattern, vocabulary);
  for (const std::string& pattern : rule.unless()) made.unless.emplace_back(pattern, vocabulary);
  made.effects = Compile(rule.effect());
  made.regions = RegionsOf(rule.region());
  if (rule.threshold() == "users") made.threshold = Threshold::kUsers;
  if (rule.threshold() == "revenue") made.threshold = Threshold::kRevenue;
  for (const std::string& right : rule.grants()) {
    made.permits_use |= right == "use";
    made.permits_sharing |= right == "share";
    made.permits_change |= right == "change";
  }
  made.is_in_definitions = rule.is_in_definitions();
  made.is_passed_over = made.effects.empty() && rule.grants().empty();
  return made;
}

ReadingRules* Make() {
  auto* made = new ReadingRules();
  const auto table = ParseEmbedded<v1::ReadingTable>(kClausesData);
  Vocabulary& vocabulary = made->vocabulary;
  for (const v1::WordClass& each : table.word_class()) {
    for (const std::string& words : each.words()) vocabulary.Define(each.name(), words);
  }
  for (const v1::ReadingRule& rule : table.rule()) {
    made->rules.push_back(Compile(rule, vocabulary));
  }
  for (const v1::ReadingSubject& subject : table.subject()) {
    made->subjects.push_back({vocabulary.ElementClass("@" + subject.words()),
                              Compile(subject.effect()), RegionsOf(subject.region()),
                              subject.is_in_definitions()});
  }
  made->classes = {vocabulary.ElementClass("@force"),
                   vocabulary.ElementClass("@break"),
                   vocabulary.ElementClass("@defines"),
                   vocabulary.ElementClass("@binding"),
                   vocabulary.ElementClass("@modal"),
                   vocabulary.ElementClass("@guard"),
                   vocabulary.ElementClass("@english"),
                   vocabulary.ElementClass("@need"),
                   vocabulary.ElementClass("@shows"),
                   vocabulary.ElementClass("@yearly_month"),
                   vocabulary.ElementClass("@daily"),
                   vocabulary.ElementClass("@addressee"),
                   vocabulary.ElementClass("@ban"),
                   vocabulary.ElementClass("@only"),
                   vocabulary.ElementClass("copyright"),
                   vocabulary.ElementClass("@foreign"),
                   vocabulary.ElementClass("@commercial_subject")};
  return made;
}

}  // namespace

size_t DimensionIndex(std::string_view name) {
  for (size_t i = 0; i < kReadDimensions.size(); ++i) {
    if (name == kReadDimensions[i].name) return i;
  }
  std::fprintf(stderr, "modelwatch: clause data names no dimension '%s'\n",
               std::string(name).c_str());
  std::abort();
}

void Levels::Raise(size_t dimension, uint8_t level) {
  of[dimension] = std::max(of[dimension], level);
}

void Levels::RaiseAll() {
  for (size_t i = 0; i < of.size(); ++i) of[i] = kReadDimensions[i].worst;
  BindUsers(1);
  BindRevenue(1);
  regions = kAnyRegion;
}

void Levels::BindUsers(double threshold) { Bind(users, threshold); }
void Levels::BindRevenue(double threshold) { Bind(revenue, threshold); }

v1::Dimensions Levels::AsDimensions() const {
  v1::Dimensions dimensions;
  for (size_t i = 0; i < of.size(); ++i) {
    if (of[i] > 0) RaiseDimension(dimensions, kReadDimensions[i].name, of[i]);
  }
  if (users >= 1) dimensions.set_scale_mau(static_cast<uint64_t>(users));
  if (revenue >= 1) dimensions.set_scale_revenue_usd(static_cast<uint64_t>(revenue));
  if (dimensions.scale() > 0) {
    dimensions.set_scale_effect(dimensions.scale() == 1 ? "brand" : "licence");
  }
  if ((regions & kEuRegion) != 0) dimensions.add_regions("EU");
  if ((regions & kUkKrRegion) != 0) dimensions.add_regions("UK");
  return dimensions;
}

const ReadingRules& ReadingRules::Builtin() {
  static const ReadingRules* rules = Make();
  return *rules;
}

}  // namespace modelwatch::evaluator
