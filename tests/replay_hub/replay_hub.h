// SPDX-License-Identifier: Apache-2.0
// ReplayHub: one request in, one answer out. The hub's protocol without its sockets.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/clock.h"
#include "replay_hub/control_door.h"
#include "replay_hub/counters.h"
#include "replay_hub/faults.h"
#include "replay_hub/hub_clock.h"
#include "replay_hub/quota_windows.h"
#include "replay_hub/route_context.h"
#include "replay_hub/webhook_emitter.h"
#include "replay_hub/world.h"

namespace modelwatch::replay_hub {

struct ReplayHubOptions {
  HubOptions hub;
  ClockMode clock;
  QuotaPlan quotas;
  std::vector<Fault> faults;
};

// Thread-safe. What a request goes through:
//
//   control door? -> quota -> fault instead? -> route -> spoil content -> ETag, gzip, Date,
//   RateLimit, the other common headers -> spoil wire
class ReplayHub {
 public:
  // `world` must be filled and, like `clock`, outlive this.
  ReplayHub(World& world, const common::Clock& clock, ReplayHubOptions options);
  ReplayHub(const ReplayHub&) = delete;
  ReplayHub& operator=(const ReplayHub&) = delete;

  [[nodiscard]] Response Handle(const Request& request);

  // Tells `emitter` (must outlive this) what happens from now on. `origin`: this hub's address.
  void SendWebhooksTo(WebhookEmitter& emitter, std::string origin);

  [[nodiscard]] Counters& counters() { return counters_; }
  [[nodiscard]] HubClock& clock() { return clock_; }
  [[nodiscard]] Faults& faults() { return faults_; }
  [[nodiscard]] const QuotaWindows& quotas() const { return quotas_; }
  [[nodiscard]] std::string StatusJson() { return door_.StatusJson(); }

 private:
  Response Answer(const RouteContext& context, Bucket bucket, const std::optional<Fault>& fault);
  void EmitWebhooks();

  // constant after construction
  World& world_;
  const ReplayHubOptions options_;
  // own synchronization
  HubClock clock_;
  QuotaWindows quotas_;
  Counters counters_;
  Faults faults_;
  ControlDoor door_;
  std::atomic<uint64_t> request_number_{0};
  // set before requests are served
  WebhookEmitter* webhooks_ = nullptr;
  std::string origin_;
};

}  // namespace modelwatch::replay_hub
