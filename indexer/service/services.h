// SPDX-License-Identifier: Apache-2.0
// The gRPC services over a store and its committer.
//
// Synchronous API: a call holds a thread while it waits for its commit or its disk read, and a
// follower one for as long as it follows. There are a handful of clients, each with batches, so the
// callback API's gain (measured: 441k against 308k observations/s, while RocksDB takes 30k) buys
// nothing here and would cost a state machine a stream.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/clock.h"
#include "common/metrics.h"
#include "indexer/ingest/committer.h"
#include "indexer/store/rocks_store.h"

namespace grpc {
class Service;
}

namespace modelwatch::indexer {

// What the services of one server stand on. Everything must outlive them.
struct ServiceParts {
  const Store* store = nullptr;
  Committer* committer = nullptr;  // null = read-only: writes fail FAILED_PRECONDITION
  common::Metrics* metrics = nullptr;
  const common::Clock* clock = nullptr;
  const RocksStore* backed_up = nullptr;  // null = this server takes no backups
  std::string token;                      // callers must bear it; empty = none asked
};

// Thread-safe. Made per server, because the token belongs to the address.
class Services {
 public:
  explicit Services(const ServiceParts& parts);
  ~Services();
  Services(const Services&) = delete;
  Services& operator=(const Services&) = delete;

  [[nodiscard]] std::vector<grpc::Service*> all() const;
  // Ends the streams, so that the server can stop at once.
  void EndStreams();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace modelwatch::indexer
