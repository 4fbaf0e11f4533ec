// SPDX-License-Identifier: Apache-2.0
// WebhookEmitter: tells a listener what changed in the world, in the hub's webhook form (version
// 3).
//
// Source: huggingface/hub-docs docs/hub/webhooks.md, read 2026-08-22. As at the hub there are no
// retries here, and no promise of order across restarts.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>

#include "absl/status/statusor.h"
#include "common/bounded_queue.h"
#include "replay_hub/world.h"

namespace modelwatch::replay_hub {

struct WebhookTarget {
  std::string host;  // an IPv4 literal
  int port = 0;
  std::string path;    // "/hook"
  std::string secret;  // sent as X-Webhook-Secret; "" = no header
};

// "http://127.0.0.1:8080/hook". INVALID_ARGUMENT for anything that is not plain http to an IPv4
// address with a port: a test hub calls nobody else.
[[nodiscard]] absl::StatusOr<WebhookTarget> ParseWebhookUrl(std::string_view url);

// The JSON body for one mutation; "" for those that the hub tells nobody (counts).
// `origin` is the hub's own address.
[[nodiscard]] std::string WebhookBody(const World::Applied& applied, std::string_view origin);

// Owns a thread that posts one body after the other. Thread-safe.
class WebhookEmitter {
 public:
  explicit WebhookEmitter(WebhookTarget target);
  ~WebhookEmitter();  // drops what is still queued
  WebhookEmitter(const WebhookEmitter&) = delete;
  WebhookEmitter& operator=(const WebhookEmitter&) = delete;

  // Queues a body; dropped (and counted as failed) when 1000 wait already, the hub's daily limit.
  void Offer(std::string body);

  [[nodiscard]] int64_t delivered() const { return delivered_; }
  [[nodiscard]] int64_t failed() const { return failed_; }

 private:
  void Run();

  const WebhookTarget target_;
  common::BoundedQueue<std::string> queue_;
  std::atomic<int64_t> delivered_{0};
  std::atomic<int64_t> failed_{0};
  std::thread thread_;
};

}  // namespace modelwatch::replay_hub
