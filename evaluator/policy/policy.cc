// SPDX-License-Identifier: Apache-2.0
#include "evaluator/policy/policy.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "evaluator/policy/alert_words.h"
#include "evaluator/policy/event_alerts.h"
#include "evaluator/policy/rules.h"

namespace modelwatch::evaluator {

namespace {

// 12 h: releases are taken down and put back within a day while their publishers repair them.
constexpr int64_t kDefaultHoldDownMs = 12LL * 3600 * 1000;
// A week and three times: a repair takes two at most, a publisher who cannot decide takes more.
constexpr int64_t kDefaultFlappingWindowMs = 7LL * 24 * 3600 * 1000;
constexpr uint32_t kDefaultFlappingLosses = 3;

// The built-in rule for loosenings waits to be asked for; one of the user's own is asking.
void DropBuiltinLooser(v1::PolicyRuleTable& table) {
  const std::string_view source = "own: event table, E14";
  auto& rules = *table.mutable_rule();
  const auto is_it = [&](const v1::PolicyRule& rule) {
    return rule.id() == "looser" && rule.source() == source;
  };
  rules.erase(std::remove_if(rules.begin(), rules.end(), is_it), rules.end());
}

bool TouchesLost(const v1::PolicyRule& rule, const v1::Shift& shift) {
  return rule.lost().empty() ||
         std::any_of(shift.lost().begin(), shift.lost().end(), [&](const v1::Move& move) {
           return MatchesAny(rule.lost(), move.scenario());
         });
}

bool LosesOnly(const v1::PolicyRule& rule, const v1::Shift& shift) {
  return std::all_of(shift.lost().begin(), shift.lost().end(), [&](const v1::Move& move) {
    return MatchesAny(rule.lost_only(), move.scenario());
  });
}

bool TouchesClause(const v1::PolicyRule& rule, const v1::Shift& shift) {
  if (rule.clause().empty()) return true;
  for (const v1::Move& move : shift.lost()) {
    for (const v1::Because& because : move.because()) {
      for (const std::string& prefix : rule.clause()) {
        if (because.clause().compare(0, prefix.size(), prefix) == 0) return true;
      }
    }
  }
  return false;
}

// Null also when the rule that matches first mutes.
const v1::PolicyRule* RuleFor(const v1::PolicyRuleTable& rules, const v1::Shift& shift,
                              const v1::Assessment& now) {
  const std::string access = AccessWord(now.access());
  for (const v1::PolicyRule& rule : rules.rule()) {
    if (rule.cause().empty() && MatchesAny(rule.direction(), shift.direction()) &&
        MatchesAny(rule.kind(), shift.kind()) && MatchesAny(rule.access(), access) &&
        TouchesLost(rule, shift) && LosesOnly(rule, shift) && TouchesClause(rule, shift) &&
        IsForRelease(rules, rule, now.name())) {
      return rule.is_muted() ? nullptr : &rule;
    }
  }
  return nullptr;
}

v1::Alert MakeAlert(const v1::PolicyRuleTable& rules, const v1::PolicyRule& rule, const Side& then,
                    const Side& now, const v1::Shift& shift) {
  v1::Alert alert;
  *alert.mutable_key() = now.assessment->key();
  alert.set_name(now.assessment->name());
  alert.set_severity(rule.severity());
  alert.set_rule(rule.id());
  alert.set_event(rule.event());
  alert.set_title(AlertTitle(rules, now.assessment->name(), shift, then.assessment->access(),
                             now.assessment->access()));
  *alert.mutable_shift() = shift;
  *alert.mutable_before() = EvidenceOf(then);
  *alert.mutable_after() = EvidenceOf(now);
  CiteLoss(shift, *alert.mutable_after());
  alert.set_observed_at_us(now.assessment->observed_at_us());
  alert.set_assessment(now.assessment->sequence());
  return alert;
}

bool MayAlert(const v1::Assessment& then, const v1::Assessment& now) {
  return !now.is_reassessment() && !then.is_memory_only() && !now.is_memory_only();
}

}  // namespace

Policy::Policy(const v1::PolicyConfig& config) : Policy(config, BuiltinRules()) {}

Policy::Policy(const v1::PolicyConfig& config, v1::PolicyRuleTable rules)
    : config_(config), rules_(std::move(rules)) {
  if (config_.access_hold_down_ms() <= 0) config_.set_access_hold_down_ms(kDefaultHoldDownMs);
  if (config_.flapping_window_ms() <= 0) config_.set_flapping_window_ms(kDefaultFlappingWindowMs);
  if (config_.flapping_losses() == 0) config_.set_flapping_losses(kDefaultFlappingLosses);
  if (!config_.alert_on_looser()) DropBuiltinLooser(rules_);
}

Decision Policy::Decide(const Side& then, const Side& now, const Held* held,
                        const AccessPast& past) const {
  Decision decision;
  if (!now.assessment->has_shift() || now.assessment->is_reassessment()) return decision;
  const bool is_event_held = held != nullptr && held->pending->alert().has_cause();
  if (is_event_held) {
    decision.drop_held = IsOver(held->pending->alert().cause(), *now.assessment);
  } else if (held != nullptr) {
    SettleHeld(now, *held, decision);
  }
  DecideShift(then, now, is_event_held ? nullptr : held, past, decision);
  const bool is_shift_told = !decision.alerts.empty();
  // One alert waits at a time; a loss of access pushes an event out, which is told now.
  if (is_event_held && !decision.drop_held && decision.hold.has_value()) {
    decision.alerts.push_back(held->pending->alert());
  }
  for (EventAlert& told : EventAlerts(&then, now)) {
    if (is_shift_told && IsToldByShift(told.alert.cause())) continue;
    const bool may_wait = !decision.hold.has_value() && (held == nullptr || decision.drop_held);
    if (told.is_held && may_wait) {
      decision.hold = Wait(std::move(told.alert));
    } else {
      decision.alerts.push_back(std::move(told.alert));
    }
  }
  return decision;
}

std::vector<v1::Alert> Policy::DecideEvents(const Side& first) const {
  std::vector<v1::Alert> alerts;
  for (EventAlert& told : EventAlerts(nullptr, first)) alerts.push_back(std::move(told.alert));
  return alerts;
}

std::vector<Policy::EventAlert> Policy::EventAlerts(const Side* then, const Side& now) const {
  std::vector<EventAlert> alerts;
  const bool is_unverified =
      now.assessment->is_memory_only() || (then != nullptr && then->assessment->is_memory_only());
  if (now.assessment->is_reassessment() || is_unverified) return alerts;
  for (const v1::Event& event : now.assessment->events()) {
    if (!IsNews(event, then)) continue;
    const v1::PolicyRule* rule = EventRule(rules_, event, *now.assessment);
    if (rule != nullptr) {
      alerts.push_back({MakeEventAlert(*rule, event, then, now), rule->is_held()});
    }
  }
  return alerts;
}

void Policy::DecideShift(const Side& then, const Side& now, const Held* held,
                         const AccessPast& past, Decision& decision) const {
  const v1::Shift& shift = now.assessment->shift();
  const bool is_access = shift.kind() == v1::ACCESS;
  const bool is_told = shift.lost_size() > 0 || shift.direction() == v1::LOOSER;
  if (!is_told || !MayAlert(*then.assessment, *now.assessment)) return;
  // What waits already tells of the loss of access since the baseline.
  if (held != nullptr && is_access) return;
  const v1::PolicyRule* rule = RuleFor(rules_, shift, *now.assessment);
  if (rule == nullptr) return;
  v1::Alert alert = MakeAlert(rules_, *rule, then, now, shift);
  if (!rule->is_held()) {
    decision.alerts.push_back(std::move(alert));
    return;
  }
  if (past.losses >= config_.flapping_losses() && !past.is_told) {
    decision.alerts.push_back(AsFlapping(alert, past.losses));
  }
  decision.hold = Wait(std::move(alert));
}

// It may be back in an hour, so that no single loss outlasts the hold-down; together they are news.
v1::Alert Policy::AsFlapping(v1::Alert alert, uint32_t losses) const {
  alert.set_times(losses);
  const absl::Duration window = absl::Milliseconds(config_.flapping_window_ms());
  alert.set_title(absl::StrFormat("%s: comes and goes: access lost %d times within %d hours",
                                  alert.name(), losses, absl::ToInt64Hours(window)));
  return alert;
}

// Back as it was: dropped. Moved on: replaced, and waits anew from the baseline.
void Policy::SettleHeld(const Side& now, const Held& held, Decision& decision) const {
  const v1::Shift& since = held.since_baseline;
  const v1::Alert& waiting = held.pending->alert();
  if (since.lost_size() == 0) {
    decision.drop_held = true;
    return;
  }
  if (waiting.after().access() == AccessWord(now.assessment->access())) return;
  const v1::PolicyRule* rule = RuleFor(rules_, since, *now.assessment);
  if (rule == nullptr || !rule->is_held()) {
    decision.drop_held = true;
    return;
  }
  v1::Alert alert = waiting;
  alert.set_severity(rule->severity());
  alert.set_rule(rule->id());
  alert.set_event(rule->event());
  *alert.mutable_shift() = since;
  *alert.mutable_after() = EvidenceOf(now);
  CiteLoss(since, *alert.mutable_after());
  alert.set_name(now.assessment->name());
  alert.set_title(TitleAgain(waiting, since, *now.assessment));
  alert.set_observed_at_us(now.assessment->observed_at_us());
  alert.set_assessment(now.assessment->sequence());
  decision.hold = Wait(std::move(alert));
}

std::string Policy::TitleAgain(const v1::Alert& waiting, const v1::Shift& since,
                               const v1::Assessment& now) const {
  v1::Access before;
  before.set_presence(v1::PRESENT);
  before.set_gate(waiting.before().access() == "gated (auto)"     ? v1::AUTO
                  : waiting.before().access() == "gated (manual)" ? v1::MANUAL
                                                                  : v1::OPEN);
  return AlertTitle(rules_, now.name(), since, before, now.access());
}

v1::PendingAlert Policy::Wait(v1::Alert alert) const {
  v1::PendingAlert pending;
  pending.set_due_at_us(alert.observed_at_us() + config_.access_hold_down_ms() * 1000);
  *pending.mutable_alert() = std::move(alert);
  return pending;
}

bool Policy::IsDue(const v1::PendingAlert& held, int64_t hub_time_us) {
  return hub_time_us >= held.due_at_us();
}

}  // namespace modelwatch::evaluator
