// SPDX-License-Identifier: Apache-2.0
// Which shifts are told, how loudly, and which wait first.
//
// An alert is raised only when somebody lost something beyond doubt: low(now) > high(then) in some
// scenario. First sight, a re-assessment, an edit without effect, an alias, a rename never raise
// one. Removal and gate changes wait out a hold-down in hub time, because releases flap.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evaluator/policy/evidence.h"
#include "modelwatch/v1/alert.pb.h"
#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/change.pb.h"
#include "modelwatch/v1/config.pb.h"
#include "modelwatch/v1/judging.pb.h"

namespace modelwatch::evaluator {

// The release's waiting alert, and how things stand against the version it started from
// (`pending->alert().shift().from_version()`).
struct Held {
  const v1::PendingAlert* pending = nullptr;  // required
  v1::Shift since_baseline;                   // ShiftBetween(baseline assessment, now)
};

// How often the release lost its access lately, in hub time; what is undone before the hold-down is
// over is told only when it does not end.
struct AccessPast {
  uint32_t losses = 0;   // within the flapping window up to now, with the present one
  bool is_told = false;  // within that window
};

struct Decision {
  std::vector<v1::Alert> alerts;         // raise now
  std::optional<v1::PendingAlert> hold;  // keep waiting; replaces what waited before
  bool drop_held = false;                // what waited is over: the release is back as it was
};

// Immutable; any number of threads may use it.
class Policy {
 public:
  // `config` fields of 0 mean the defaults of config.proto. Uses the embedded rules.
  explicit Policy(const v1::PolicyConfig& config);
  Policy(const v1::PolicyConfig& config, v1::PolicyRuleTable rules);

  // A new assessment with its shift against `then` (`now.assessment->shift()`). `held` is null when
  // nothing waits. A licence tightening is told at once, also while an alert waits; when the
  // release is back as it was before the waiting alert, that alert is dropped; when its access
  // moved on, the waiting alert is replaced. A release that loses its access again and again is
  // told to come and go, once within the window. Of the assessment's events those are told that are
  // news: a lasting one (a tag that contradicts the text) only when the version before did not have
  // it, and none that only repeats what the shift's own alert says.
  [[nodiscard]] Decision Decide(const Side& then, const Side& now, const Held* held,
                                const AccessPast& past = {}) const;

  // At first sight: of all events only a family's regression (E12) is news.
  [[nodiscard]] std::vector<v1::Alert> DecideEvents(const Side& first) const;

  // True when the waiting alert is to be raised: hub time has reached its due time.
  [[nodiscard]] static bool IsDue(const v1::PendingAlert& held, int64_t hub_time_us);

  [[nodiscard]] const v1::PolicyRuleTable& rules() const { return rules_; }
  // With every default filled in.
  [[nodiscard]] const v1::PolicyConfig& config() const { return config_; }

 private:
  struct EventAlert {
    v1::Alert alert;
    bool is_held = false;
  };
  // `then` null: first sight.
  [[nodiscard]] std::vector<EventAlert> EventAlerts(const Side* then, const Side& now) const;
  void DecideShift(const Side& then, const Side& now, const Held* held, const AccessPast& past,
                   Decision& decision) const;
  [[nodiscard]] v1::Alert AsFlapping(v1::Alert alert, uint32_t losses) const;
  void SettleHeld(const Side& now, const Held& held, Decision& decision) const;
  [[nodiscard]] std::string TitleAgain(const v1::Alert& waiting, const v1::Shift& since,
                                       const v1::Assessment& now) const;
  [[nodiscard]] v1::PendingAlert Wait(v1::Alert alert) const;

  v1::PolicyConfig config_;
  v1::PolicyRuleTable rules_;
};

}  // namespace modelwatch::evaluator
