// SPDX-License-Identifier: Apache-2.0
#include "evaluator/policy/event_alerts.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_format.h"
#include "evaluator/policy/alert_words.h"
#include "evaluator/policy/rules.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kMaxCited = 512;  // bytes, alert.proto

bool CitesClause(const v1::PolicyRule& rule, const v1::Event& event) {
  return rule.clause().empty() ||
         std::any_of(event.because().begin(), event.because().end(), [&](const auto& because) {
           return std::any_of(rule.clause().begin(), rule.clause().end(), [&](const auto& prefix) {
             return because.clause().compare(0, prefix.size(), prefix) == 0;
           });
         });
}

bool TakesUse(const v1::PolicyRule& rule, const v1::Event& event) {
  if (rule.names_uses() && event.scenarios().empty()) return false;
  return rule.lost().empty() || std::any_of(event.scenarios().begin(), event.scenarios().end(),
                                            [&](const std::string& scenario) {
                                              return MatchesAny(rule.lost(), scenario);
                                            });
}

bool IsSameEvent(const v1::Event& left, const v1::Event& right) {
  return left.id() == right.id() && left.other().id() == right.other().id() &&
         left.other_name() == right.other_name();
}

// Against a predecessor, all that is certain of the past is that it was better.
void AddRegression(const v1::Event& event, const v1::Assessment& now, v1::Shift& shift) {
  for (const v1::Outcome& outcome : now.terms().outcomes()) {
    if (outcome.interval().low() == 0 || event.scenarios().empty() ||
        !MatchesAny(event.scenarios(), outcome.scenario())) {
      continue;
    }
    v1::Move& move = *shift.add_lost();
    move.set_scenario(outcome.scenario());
    move.mutable_from()->set_high(outcome.interval().low() - 1);
    *move.mutable_to() = outcome.interval();
    *move.mutable_because() = outcome.because();
  }
}

// What an event takes, as a shift: exports, feed and page show who lost what of any alert.
v1::Shift ShiftOf(const v1::Event& event, const Side* then, const v1::Assessment& now) {
  v1::Shift shift;
  shift.set_kind(now.has_shift() ? now.shift().kind() : v1::SHIFT_KIND_UNSPECIFIED);
  shift.set_to_version(now.version());
  shift.set_to_licence(now.licence().empty() ? now.expression() : now.licence());
  if (then != nullptr) {
    shift.set_from_version(then->assessment->version());
    shift.set_from_licence(now.shift().from_licence());
  }
  for (const v1::Move& move : now.shift().lost()) {
    const bool is_named =
        !event.scenarios().empty() && MatchesAny(event.scenarios(), move.scenario());
    if (is_named) *shift.add_lost() = move;
  }
  if (event.id() == "E12") AddRegression(event, now, shift);
  shift.set_direction(shift.lost().empty() ? v1::UNCLEAR : v1::TIGHTER);
  return shift;
}

}  // namespace

const v1::PolicyRule* EventRule(const v1::PolicyRuleTable& rules, const v1::Event& event,
                                const v1::Assessment& now) {
  const std::string access = AccessWord(now.access());
  for (const v1::PolicyRule& rule : rules.rule()) {
    if (!rule.cause().empty() && MatchesAny(rule.cause(), event.id()) &&
        MatchesAny(rule.access(), access) && TakesUse(rule, event) && CitesClause(rule, event) &&
        IsForRelease(rules, rule, now.name())) {
      return rule.is_muted() ? nullptr : &rule;
    }
  }
  return nullptr;
}

// E5, E11 and E12 happen at one version; the others last, and are news once.
bool IsNews(const v1::Event& event, const Side* then) {
  if (then == nullptr) return event.id() == "E12";
  if (event.id() == "E5" || event.id() == "E11" || event.id() == "E12") return true;
  const auto& before = then->assessment->events();
  return std::none_of(before.begin(), before.end(),
                      [&](const v1::Event& other) { return IsSameEvent(event, other); });
}

// What waits has come to an end: the licence is stated again, or the version lacks what lasted.
// What happened once, happened.
bool IsOver(const v1::Event& event, const v1::Assessment& now) {
  if (event.id() == "E8") return !now.licence().empty() || !now.expression().empty();
  if (event.id() != "E9" && event.id() != "E10" && event.id() != "E13") return false;
  return std::none_of(now.events().begin(), now.events().end(),
                      [&](const v1::Event& other) { return IsSameEvent(event, other); });
}

// A licence file, a use policy and a tag that change together are one change: told once, by what
// was lost.
bool IsToldByShift(const v1::Event& event) {
  return event.id() == "E5" || event.id() == "E8" || event.id() == "E9";
}

v1::Alert MakeEventAlert(const v1::PolicyRule& rule, const v1::Event& event, const Side* then,
                         const Side& now) {
  v1::Alert alert;
  *alert.mutable_key() = now.assessment->key();
  alert.set_name(now.assessment->name());
  alert.set_severity(rule.severity());
  alert.set_rule(rule.id());
  alert.set_event(rule.event());
  alert.set_title(absl::StrFormat("%s: %s", now.assessment->name(), event.text()));
  *alert.mutable_cause() = event;
  *alert.mutable_shift() = ShiftOf(event, then, *now.assessment);
  if (then != nullptr) *alert.mutable_before() = EvidenceOf(*then);
  *alert.mutable_after() = EvidenceOf(now);
  CiteLoss(alert.shift(), *alert.mutable_after());
  if (alert.after().text().empty() && event.because_size() > 0) {
    alert.mutable_after()->set_text(event.because(0).text().substr(0, kMaxCited));
    alert.mutable_after()->set_line(event.because(0).line());
  }
  alert.set_observed_at_us(now.assessment->observed_at_us());
  alert.set_assessment(now.assessment->sequence());
  return alert;
}

}  // namespace modelwatch::evaluator
