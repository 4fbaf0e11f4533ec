// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/hub_clock.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "common/log.h"

namespace modelwatch::replay_hub {

absl::StatusOr<ClockMode> ParseClockMode(std::string_view text) {
  ClockMode mode;
  if (text == "manual") return mode;
  mode.kind = ClockMode::Kind::kPass;
  if (text == "pass") return mode;
  mode.kind = ClockMode::Kind::kReal;
  if (text == "real") return mode;
  mode.kind = ClockMode::Kind::kScaled;
  constexpr std::string_view kPrefix = "scaled:";
  if (text.substr(0, kPrefix.size()) == kPrefix &&
      absl::SimpleAtod(std::string(text.substr(kPrefix.size())), &mode.factor) && mode.factor > 0) {
    return mode;
  }
  return absl::InvalidArgumentError(absl::StrFormat(
      "clock \"%s\": not one of manual, pass, real, scaled:FACTOR (a number above 0)", text));
}

HubClock::HubClock(World& world, const common::Clock& clock, ClockMode mode)
    : world_(world),
      clock_(clock),
      mode_(mode),
      start_us_(world.start_us()),
      real_start_(clock.Now()) {
  common::MutexLock lock(mutex_);
  MoveTo(start_us_);
}

int64_t HubClock::Now() {
  common::MutexLock lock(mutex_);
  if (mode_.kind == ClockMode::Kind::kReal) {
    MoveTo(common::ToMicros(clock_.Now()));
  } else if (mode_.kind == ClockMode::Kind::kScaled) {
    const double real_us = absl::ToDoubleMicroseconds(clock_.Now() - real_start_);
    MoveTo(start_us_ + static_cast<int64_t>(real_us * mode_.factor));
  }
  return now_us_;
}

void HubClock::OnSweepStart() {
  common::MutexLock lock(mutex_);
  ++sweeps_;
  if (mode_.kind == ClockMode::Kind::kPass && sweeps_ > 1) {
    const std::optional<int64_t> next = world_.next_us();
    const int64_t gap = absl::ToInt64Microseconds(next ? mode_.min_gap : mode_.idle_step);
    MoveTo(std::max(next.value_or(now_us_), now_us_ + gap));
  }
  if (!world_.next_us()) ++sweeps_since_end_;
}

void HubClock::AdvanceTo(int64_t hub_time_us) {
  common::MutexLock lock(mutex_);
  if (mode_.kind == ClockMode::Kind::kManual || mode_.kind == ClockMode::Kind::kPass) {
    MoveTo(hub_time_us);
  }
}

void HubClock::MoveTo(int64_t hub_time_us) {
  if (hub_time_us < now_us_) return;
  now_us_ = hub_time_us;
  const std::optional<int64_t> next = world_.next_us();
  if (!next || *next > now_us_) return;
  World::Outcome outcome = world_.ApplyThrough(now_us_);
  std::move(outcome.applied.begin(), outcome.applied.end(), std::back_inserter(applied_));
  refused_ += static_cast<int64_t>(outcome.refused.size());
  for (const absl::Status& status : outcome.refused) {
    common::LogWarning("replay.moment_refused", {{"why", std::string(status.message())}});
  }
}

std::vector<World::Applied> HubClock::TakeApplied() {
  common::MutexLock lock(mutex_);
  return std::exchange(applied_, {});
}

int64_t HubClock::refused() const {
  common::MutexLock lock(mutex_);
  return refused_;
}

int64_t HubClock::sweeps_since_end() const {
  common::MutexLock lock(mutex_);
  return sweeps_since_end_;
}

}  // namespace modelwatch::replay_hub
