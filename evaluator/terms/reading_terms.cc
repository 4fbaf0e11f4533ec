// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/reading_terms.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "evaluator/terms/lattice.h"
#include "evaluator/terms/outcome_rules.h"
#include "evaluator/terms/reading_rules.h"

namespace modelwatch::evaluator {
namespace {

// Dimensions whose rules ask for a range of another one, so that more of the one may be less for a
// scenario: commercial use that is banned, but to be had on request. All their mixes are tried; of
// every other dimension more is never less.
constexpr const char* kCrossed[] = {"purpose", "approval", "scale", "hosting"};

// Dimensions as numbers, so that a few hundred mixes cost microseconds.
struct Point {
  std::array<uint8_t, kReadDimensions.size()> of = {};
  uint64_t users = 0, revenue = 0;
  std::string effect;
  std::vector<std::string> regions;
};

Point PointOf(const v1::Dimensions& dimensions) {
  Point point;
  for (size_t i = 0; i < kReadDimensions.size(); ++i) {
    point.of[i] = static_cast<uint8_t>(DimensionValue(dimensions, kReadDimensions[i].name));
  }
  point.users = dimensions.scale_mau();
  point.revenue = dimensions.scale_revenue_usd();
  point.effect = dimensions.scale_effect();
  point.regions.assign(dimensions.regions().begin(), dimensions.regions().end());
  return point;
}

// A condition of a rule on one dimension, or on a threshold that does not depend on the mix.
struct LevelCondition {
  size_t dimension = 0;
  int64_t at_least = 0, at_most = 0;
};
struct LevelRule {
  std::vector<LevelCondition> when;
  std::vector<size_t> scenarios;
  uint8_t outcome = 0;
};

bool IsLevel(const std::string& name) {
  return std::any_of(kReadDimensions.begin(), kReadDimensions.end(),
                     [&](const DimensionRange& range) { return name == range.name; });
}

bool HoldsText(const v1::Condition& when, const Point& point, std::string_view licence) {
  const auto is_one = [&](std::string_view value) {
    return std::find(when.one_of().begin(), when.one_of().end(), value) != when.one_of().end();
  };
  if (when.dimension() == "licence") return is_one(licence);
  if (when.dimension() == "scale_effect") return is_one(point.effect);
  return std::any_of(point.regions.begin(), point.regions.end(), is_one);
}

// What does not depend on the mix: thresholds, regions, the licence. `scenario` is the user.
bool HoldsFixed(const v1::Condition& when, const Point& point, std::string_view licence,
                const v1::Scenario& scenario) {
  if (when.one_of_size() > 0) return HoldsText(when, point, licence);
  int64_t value = 0;
  if (when.dimension() == "over_users") {
    value = point.users > 0 && scenario.users() > point.users;
  } else if (when.dimension() == "over_revenue") {
    value = point.revenue > 0 && scenario.revenue_usd() > point.revenue;
  } else if (when.dimension() == "scale_mau") {
    value = static_cast<int64_t>(point.users);
  } else if (when.dimension() == "scale_revenue_usd") {
    value = static_cast<int64_t>(point.revenue);
  }
  return value >= when.at_least() && (!when.has_at_most() || value <= when.at_most());
}

// The rules as they stand for this point's thresholds and regions.
std::vector<LevelRule> RulesFor(const TermsTable& table, const Point& point,
                                std::string_view licence) {
  std::vector<LevelRule> rules;
  const auto& scenarios = table.scenarios().scenario();
  for (const v1::OutcomeRule& rule : table.rules().rule()) {
    if (std::find(rule.except_licence().begin(), rule.except_licence().end(), licence) !=
        rule.except_licence().end()) {
      continue;
    }
    LevelRule made;
    made.outcome = static_cast<uint8_t>(rule.outcome());
    for (const v1::Condition& when : rule.when()) {
      if (!IsLevel(when.dimension()) || when.one_of_size() > 0) continue;
      made.when.push_back({DimensionIndex(when.dimension()), when.at_least(),
                           when.has_at_most() ? when.at_most() : INT64_MAX});
    }
    for (int i = 0; i < scenarios.size(); ++i) {
      const auto& names = rule.scenario();
      if (std::find(names.begin(), names.end(), scenarios[i].id()) == names.end()) continue;
      const bool holds = std::all_of(rule.when().begin(), rule.when().end(), [&](const auto& when) {
        return (IsLevel(when.dimension()) && when.one_of_size() == 0) ||
               HoldsFixed(when, point, licence, scenarios[i]);
      });
      if (holds) made.scenarios.push_back(static_cast<size_t>(i));
    }
    if (!made.scenarios.empty()) rules.push_back(std::move(made));
  }
  return rules;
}

using Outcomes = std::vector<uint8_t>;

Outcomes OutcomesAt(const std::vector<LevelRule>& rules, const Point& point, size_t scenarios) {
  Outcomes outcomes(scenarios, 0);
  for (const LevelRule& rule : rules) {
    const bool holds =
        std::all_of(rule.when.begin(), rule.when.end(), [&](const LevelCondition& when) {
          const int64_t value = point.of[when.dimension];
          return value >= when.at_least && value <= when.at_most;
        });
    if (!holds) continue;
    for (const size_t i : rule.scenarios) outcomes[i] = std::max(outcomes[i], rule.outcome);
  }
  return outcomes;
}

// `rest` with every mix of the crossed dimensions between `least` and `most`.
std::vector<Point> Mixes(const Point& rest, const Point& least, const Point& most) {
  std::vector<Point> mixes = {rest};
  for (const char* name : kCrossed) {
    const size_t dimension = DimensionIndex(name);
    std::vector<Point> next;
    for (unsigned value = least.of[dimension];
         value <= std::max(least.of[dimension], most.of[dimension]); ++value) {
      for (const Point& mix : mixes) {
        next.push_back(mix);
        next.back().of[dimension] = static_cast<uint8_t>(value);
      }
    }
    mixes = std::move(next);
  }
  return mixes;
}

struct Range {
  const v1::Dimensions &least, &most;
  std::string_view licence;
};

// Low at the least that is said, high at the most; the reasons are those of the least.
v1::Terms Between(const TermsTable& table, const Range& range) {
  v1::Terms terms = table.TermsOf(range.least, range.licence);
  const size_t scenarios = static_cast<size_t>(terms.outcomes_size());
  const Point least = PointOf(range.least), most = PointOf(range.most);
  Outcomes low(scenarios, kProhibited), high(scenarios, kFree);
  const std::vector<LevelRule> of_least = RulesFor(table, least, range.licence);
  for (const Point& mix : Mixes(least, least, most)) {
    const Outcomes outcomes = OutcomesAt(of_least, mix, scenarios);
    for (size_t i = 0; i < scenarios; ++i) low[i] = std::min(low[i], outcomes[i]);
  }
  const std::vector<LevelRule> of_most = RulesFor(table, most, range.licence);
  for (const Point& mix : Mixes(most, least, most)) {
    const Outcomes outcomes = OutcomesAt(of_most, mix, scenarios);
    for (size_t i = 0; i < scenarios; ++i) high[i] = std::max(high[i], outcomes[i]);
  }
  for (size_t i = 0; i < scenarios; ++i) {
    v1::Interval& interval = *terms.mutable_outcomes(static_cast<int>(i))->mutable_interval();
    interval.set_low(low[i]);
    interval.set_high(std::max(low[i], high[i]));
  }
  return terms;
}

// A sentence that leaves the scenario open, by the dimensions that its rules ask for.
bool MayConcern(const TermsTable& table, const OpenSentence& open, const std::string& scenario) {
  if (open.dimensions.empty()) return true;
  for (const v1::OutcomeRule& rule : table.rules().rule()) {
    if (std::find(rule.scenario().begin(), rule.scenario().end(), scenario) ==
        rule.scenario().end()) {
      continue;
    }
    for (const v1::Condition& when : rule.when()) {
      if (when.at_least() == 0 && when.one_of_size() == 0) continue;
      if (std::find(open.dimensions.begin(), open.dimensions.end(), when.dimension()) !=
          open.dimensions.end()) {
        return true;
      }
    }
  }
  return false;
}

// Lines and words for what bounds the outcomes, then for what leaves them open.
void Cite(const TermsTable& table, const Reading& reading, v1::Terms& terms) {
  CiteHits(terms, reading.hits, v1::LICENCE_FILE_TEXT, "");
  constexpr int kMaxCited = 2;
  for (v1::Outcome& outcome : *terms.mutable_outcomes()) {
    if (outcome.interval().low() == outcome.interval().high()) continue;
    int cited = 0;
    for (const OpenSentence& open : reading.open) {
      if (cited == kMaxCited) break;
      if (!MayConcern(table, open, outcome.scenario())) continue;
      v1::Because& because = *outcome.add_because();
      because.set_clause("unread");
      because.set_line(open.line);
      because.set_text(open.text);
      ++cited;
    }
    if (cited > 0) continue;
    v1::Because& because = *outcome.add_because();
    because.set_clause("unread");
    because.set_text("no sentence that was understood permits it");
  }
}

// Research alone, or no purpose at all, may shut out whoever is no researcher.
void OpenForOutsiders(const v1::Dimensions& most, v1::Terms& terms) {
  if (most.purpose() < 2) return;
  for (v1::Outcome& outcome : *terms.mutable_outcomes()) {
    const bool is_outsider =
        outcome.scenario() == "personal_use" || outcome.scenario() == "eu_personal";
    if (is_outsider) outcome.mutable_interval()->set_high(kProhibited);
  }
}

}  // namespace

v1::Terms TermsOfReading(const TermsTable& table, const Reading& reading) {
  v1::Dimensions most = reading.most;
  if (!reading.permits_use) most.set_purpose(3);
  if (!reading.permits_sharing) most.set_redistribution(3);
  if (!reading.permits_change) most.set_derivatives(2);
  v1::Terms terms = Between(table, {reading.least, most, ""});
  if (!reading.is_read || !reading.permits_use) {
    for (v1::Outcome& outcome : *terms.mutable_outcomes()) {
      outcome.mutable_interval()->set_high(kProhibited);
    }
  }
  OpenForOutsiders(most, terms);
  Cite(table, reading, terms);
  return terms;
}

v1::Terms TermsOfAddition(const TermsTable& table, const v1::Dimensions& base,
                          std::string_view licence, const Reading& reading) {
  const v1::Dimensions least = JoinDimensions(base, reading.least);
  const v1::Dimensions most = JoinDimensions(base, reading.most);
  v1::Terms terms = Between(table, {least, most, licence});
  if (reading.most.purpose() >= 2) OpenForOutsiders(most, terms);
  Cite(table, reading, terms);
  return terms;
}

v1::Terms TermsBetween(const TermsTable& table, std::string_view licence, const Reading& reading) {
  v1::Terms terms = Between(table, {reading.least, reading.most, licence});
  if (reading.most.purpose() > reading.least.purpose()) OpenForOutsiders(reading.most, terms);
  Cite(table, reading, terms);
  return terms;
}

void OpenUpwards(std::string_view reason, v1::Terms& terms) {
  for (v1::Outcome& outcome : *terms.mutable_outcomes()) {
    if (outcome.interval().high() == kProhibited) continue;
    outcome.mutable_interval()->set_high(kProhibited);
    v1::Because& because = *outcome.add_because();
    because.set_clause("unread");
    because.set_text(std::string(reason));
  }
}

}  // namespace modelwatch::evaluator
