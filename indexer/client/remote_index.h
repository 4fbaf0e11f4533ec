// SPDX-License-Identifier: Apache-2.0
// The index over gRPC: the same code for a socket and for an in-process channel.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/channel.h"
#include "indexer/client/call_gate.h"
#include "indexer/client/index.h"

namespace modelwatch::indexer {

struct ConnectOptions {
  common::ClientTls tls;
  std::string token;  // sent as "authorization: Bearer"; empty = none
  absl::Duration read_deadline = absl::Seconds(10);
  absl::Duration write_deadline = absl::Seconds(30);  // a commit may wait for a slow disk
};

// Connects lazily: an indexer that is away shows as UNAVAILABLE at the first call, and the same
// object works again once it is back. `target` is what DATA/indexer.address holds, or "HOST:PORT".
// INVALID_ARGUMENT: empty target. NOT_FOUND: a TLS file that cannot be read.
[[nodiscard]] absl::StatusOr<std::unique_ptr<Index>> Connect(const std::string& target,
                                                             const ConnectOptions& options = {});

// Over a channel that exists already. One from RpcServer::InProcessChannel() needs the gate that
// the server's owner closes; calls answer UNAVAILABLE once it is closed.
[[nodiscard]] std::unique_ptr<Index> IndexOver(std::shared_ptr<grpc::Channel> channel,
                                               const ConnectOptions& options = {},
                                               std::shared_ptr<CallGate> gate = nullptr);

// How long PutBatch asked to wait, of a RESOURCE_EXHAUSTED status; 100 ms when it did not say.
[[nodiscard]] absl::Duration RetryDelay(const absl::Status& status);
// The oldest sequence still kept, of an OUT_OF_RANGE status from Follow; 0 when it did not say.
[[nodiscard]] uint64_t OldestSequence(const absl::Status& status);

}  // namespace modelwatch::indexer
