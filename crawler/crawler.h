// SPDX-License-Identifier: Apache-2.0
// Crawler: leases due work, asks the hubs, and publishes what was seen. It judges nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "common/metrics.h"
#include "common/stopper.h"
#include "indexer/client/index.h"
#include "modelwatch/v1/config.pb.h"

namespace modelwatch::crawler {

// How far the listings are, of all hubs since the start.
struct CrawlProgress {
  uint64_t pages = 0;
  uint64_t releases = 0;     // rows that were listed
  bool is_sweeping = false;  // a whole hub is being listed
};

struct CrawlerOptions {
  std::string data_dir;            // the spool lives in DATA/spool
  std::string worker = "crawler";  // name under which work is leased
  std::string version = "0.1.0";   // in the user agent: modelwatch/<version> (+contact)
  // Reads licences and use policies at the addresses that releases name, and what the hub keeps
  // outside git, on any host but this machine and its networks. For a hub on this machine only what
  // it keeps on this machine: a replay must not reach out.
  bool read_documents = true;
  std::string token;  // credential, sent to the hub's own origin alone; empty = anonymous
  bool allow_private_addresses = false;  // for a hub on loopback or in a private network
  std::string ca_file;                   // PEM to trust instead of the system's certificates
  uint64_t seed = 0;                     // of the jitter; 0 = from the clock
  uint64_t max_spool_bytes = uint64_t{1} << 30;
  // Told now and then, on the thread of Run; may be null. Must return at once.
  std::function<void(const CrawlProgress&)> on_progress;
  // Of work. What a killed crawler held is handed out again after this long.
  absl::Duration lease = absl::Seconds(60);
};

// One I/O thread (the caller's) and one publisher thread, which lives as long as Run or RunOnce.
// Call one of them, once. Not thread-safe.
class Crawler {
 public:
  // `config` is copied; `index`, `clock` and `metrics` must outlive this.
  Crawler(const v1::Config& config, indexer::Index& index, const common::Clock& clock,
          common::Metrics& metrics, CrawlerOptions options);
  ~Crawler();
  Crawler(const Crawler&) = delete;
  Crawler& operator=(const Crawler&) = delete;

  // Crawls until `stopper` stops. A hub or an index that is away is waited for. INVALID_ARGUMENT:
  // the configuration names an unknown hub or a bad endpoint. FAILED_PRECONDITION: the spool cannot
  // be opened.
  [[nodiscard]] absl::Status Run(const common::Stopper& stopper);

  // Crawls what is due: each listing that is due at the start a single time, and the visits that
  // are due. Returns when all of it is in the index. UNAVAILABLE: the index was not reached, or a
  // listing could not be finished; what was seen of it is stored.
  [[nodiscard]] absl::Status RunOnce(const common::Stopper& stopper);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace modelwatch::crawler
