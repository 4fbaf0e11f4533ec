// SPDX-License-Identifier: Apache-2.0
// The control door: how a test looks into this hub and moves it. Paths under /_replay/, which no
// hub has; no quota, no faults, loopback clients alone.
//
//   GET  /_replay/status                what happened and what time it is (see README.md)
//   GET  /_replay/bodies                every oid whose body went out, with its count
//   POST /_replay/advance?to=next       ... to the next moment; to=end; to=2026-08-19T09:00:00Z
//   POST /_replay/fault?kind=...        switches a fault on (faults.h); ?clear=1 switches all off
#pragma once

#include "replay_hub/counters.h"
#include "replay_hub/faults.h"
#include "replay_hub/http_message.h"
#include "replay_hub/hub_clock.h"
#include "replay_hub/quota_windows.h"
#include "replay_hub/world.h"

namespace modelwatch::replay_hub {

// Borrows the hub's parts, all of which must outlive it. Thread-safe.
class ControlDoor {
 public:
  ControlDoor(World& world, HubClock& clock, const QuotaWindows& quotas, Counters& counters,
              Faults& faults)
      : world_(world), clock_(clock), quotas_(quotas), counters_(counters), faults_(faults) {}

  [[nodiscard]] static bool IsControl(const Request& request) {
    return request.path.compare(0, 9, "/_replay/") == 0;
  }
  [[nodiscard]] Response Handle(const Request& request);
  // The answer of GET /_replay/status.
  [[nodiscard]] std::string StatusJson();

 private:
  Response Advance(const Request& request);
  Response Spoil(const Request& request);

  World& world_;
  HubClock& clock_;
  const QuotaWindows& quotas_;
  Counters& counters_;
  Faults& faults_;
};

}  // namespace modelwatch::replay_hub
