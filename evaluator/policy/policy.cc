// SPDX-License-Identifier: Apache-2.0
#include "evaluator/policy/policy.h"

#include <google/protobuf/text_format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "evaluator/policy/alert_words.h"

namespace modelwatch::evaluator {

extern const char kPolicyData[];

namespace {

// 12 h: releases are taken down and put back within a day while their publishers repair them.
constexpr int64_t kDefaultHoldDownMs = 12LL * 3600 * 1000;

v1::PolicyRuleTable Builtin() {
  v1::PolicyRuleTable rules;
  if (!google::protobuf::TextFormat::ParseFromString(kPolicyData, &rules)) {
    std::fprintf(stderr, "modelwatch: the embedded policy does not parse\n");
    std::abort();
  }
  return rules;
}

template <typename List, typename Value>
bool IsIn(const List& list, const Value& value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

bool TouchesLost(const v1::PolicyRule& rule, const v1::Shift& shift) {
  return rule.lost().empty() ||
         std::any_of(shift.lost().begin(), shift.lost().end(),
                     [&](const v1::Move& move) { return IsIn(rule.lost(), move.scenario()); });
}

bool LosesOnly(const v1::PolicyRule& rule, const v1::Shift& shift) {
  return std::all_of(shift.lost().begin(), shift.lost().end(),
                     [&](const v1::Move& move) { return IsIn(rule.lost_only(), move.scenario()); });
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

const v1::PolicyRule* RuleFor(const v1::PolicyRuleTable& rules, const v1::Shift& shift,
                              const v1::Access& now) {
  const std::string access = AccessWord(now);
  for (const v1::PolicyRule& rule : rules.rule()) {
    if (IsIn(rule.direction(), shift.direction()) && IsIn(rule.kind(), shift.kind()) &&
        IsIn(rule.access(), access) && TouchesLost(rule, shift) && LosesOnly(rule, shift) &&
        TouchesClause(rule, shift)) {
      return &rule;
    }
  }
  return nullptr;
}

// The finding that the terms rest on: the licence text, else what is declared.
const v1::Finding* RestsOn(const v1::Assessment& assessment) {
  const v1::Finding* declared = nullptr;
  for (const v1::Finding& finding : assessment.findings()) {
    if (!assessment.text_digest().empty() && finding.digest() == assessment.text_digest()) {
      return &finding;
    }
    if (declared == nullptr && !finding.declared().empty()) declared = &finding;
  }
  return declared;
}

v1::Evidence EvidenceOf(const Side& side) {
  v1::Evidence evidence;
  const v1::Assessment& assessment = *side.assessment;
  evidence.set_version(assessment.version());
  if (side.version != nullptr) evidence.set_revision(side.version->observation().revision());
  evidence.set_licence(assessment.licence().empty() ? assessment.expression()
                                                    : assessment.licence());
  evidence.set_access(AccessWord(assessment.access()));
  for (const v1::Finding& finding : assessment.findings()) {
    if (!finding.declared().empty()) {
      evidence.set_declared(finding.declared());
      break;
    }
  }
  if (const v1::Finding* finding = RestsOn(assessment)) {
    evidence.set_source(finding->source());
    evidence.set_path(finding->path());
    evidence.set_oid(finding->oid());
    evidence.set_digest(finding->digest());
    evidence.set_line(finding->start_line());
  }
  return evidence;
}

// The words that caused the first loss, when they stand in the text.
void CiteLoss(const v1::Shift& shift, v1::Evidence& evidence) {
  for (const v1::Move& move : shift.lost()) {
    for (const v1::Because& because : move.because()) {
      if (because.line() == 0 && !evidence.text().empty()) continue;
      evidence.set_text(because.text().substr(0, 512));
      if (because.line() == 0) continue;
      evidence.set_line(because.line());
      return;
    }
  }
}

v1::Alert MakeAlert(const v1::PolicyRuleTable& rules, const v1::PolicyRule& rule, const Side& then,
                    const Side& now, const v1::Shift& shift) {
  v1::Alert alert;
  *alert.mutable_key() = now.assessment->key();
  alert.set_name(now.assessment->name());
  alert.set_severity(rule.severity());
  alert.set_rule(rule.id());
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

Policy::Policy(const v1::PolicyConfig& config) : Policy(config, Builtin()) {}

Policy::Policy(const v1::PolicyConfig& config, v1::PolicyRuleTable rules)
    : config_(config), rules_(std::move(rules)) {
  if (config_.access_hold_down_ms() <= 0) config_.set_access_hold_down_ms(kDefaultHoldDownMs);
}

Decision Policy::Decide(const Side& then, const Side& now, const Held* held) const {
  Decision decision;
  const v1::Shift& shift = now.assessment->shift();
  const bool is_first = !now.assessment->has_shift();
  if (is_first || now.assessment->is_reassessment()) return decision;
  const bool is_access = shift.kind() == v1::ACCESS;
  const bool is_told =
      shift.lost_size() > 0 || (shift.direction() == v1::LOOSER && config_.alert_on_looser());
  if (held != nullptr) SettleHeld(now, *held, decision);
  if (!is_told || !MayAlert(*then.assessment, *now.assessment)) return decision;
  // What waits already tells of the loss of access since the baseline.
  if (held != nullptr && is_access) return decision;
  const v1::PolicyRule* rule = RuleFor(rules_, shift, now.assessment->access());
  if (rule == nullptr) return decision;
  v1::Alert alert = MakeAlert(rules_, *rule, then, now, shift);
  if (rule->is_held()) {
    decision.hold = Wait(std::move(alert));
  } else {
    decision.alerts.push_back(std::move(alert));
  }
  return decision;
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
  const v1::PolicyRule* rule = RuleFor(rules_, since, now.assessment->access());
  if (rule == nullptr || !rule->is_held()) {
    decision.drop_held = true;
    return;
  }
  v1::Alert alert = waiting;
  alert.set_severity(rule->severity());
  alert.set_rule(rule->id());
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
