// SPDX-License-Identifier: Apache-2.0
// HubClock: what time it is at the replayed hub, and what moves it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "common/mutex.h"
#include "replay_hub/world.h"

namespace modelwatch::replay_hub {

struct ClockMode {
  enum class Kind {
    kManual,  // stands still; the control door moves it
    kPass,    // moves to the next moment each time a client starts a sweep, save the first
    kScaled,  // `factor` hub seconds a real second, from the world's start
    kReal,    // the machine's own time
  };
  Kind kind = Kind::kManual;
  double factor = 1;
  // kPass: each pass moves at least so far; several moments then happen in one pass.
  absl::Duration min_gap = absl::ZeroDuration();
  // kPass: once nothing is left to happen, each further pass moves so far. A client that waits out
  // a hold-down in hub time needs the hub's time to go on.
  absl::Duration idle_step = absl::Hours(24);
};

// "manual" | "pass" | "real" | "scaled:3600". INVALID_ARGUMENT otherwise.
[[nodiscard]] absl::StatusOr<ClockMode> ParseClockMode(std::string_view text);

// A sweep is the first page of `sort=createdAt&direction=1`. Never goes backwards. Thread-safe.
class HubClock {
 public:
  // `world` and `clock` must outlive this. The hub's time starts at world.start_us(), so the world
  // must be filled before.
  HubClock(World& world, const common::Clock& clock, ClockMode mode);
  HubClock(const HubClock&) = delete;
  HubClock& operator=(const HubClock&) = delete;

  // Hub time in microseconds. In the modes that run by themselves this is where due moments happen;
  // those that were refused by the world are counted in refused().
  int64_t Now();

  // A client starts a sweep: moves the hub's time in kPass.
  void OnSweepStart();

  // Moves to `hub_time_us` (no effect when that is past, or in kScaled and kReal).
  void AdvanceTo(int64_t hub_time_us);

  // What happened since the last call, in order.
  std::vector<World::Applied> TakeApplied();

  [[nodiscard]] int64_t refused() const;
  // Sweeps begun since the world's last moment was shown; 0 while something is still to happen.
  [[nodiscard]] int64_t sweeps_since_end() const;

 private:
  void MoveTo(int64_t hub_time_us) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  World& world_;
  const common::Clock& clock_;
  const ClockMode mode_;
  const int64_t start_us_;
  const absl::Time real_start_;
  mutable common::Mutex mutex_;
  int64_t now_us_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t sweeps_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t sweeps_since_end_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t refused_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<World::Applied> applied_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace modelwatch::replay_hub
