// SPDX-License-Identifier: Apache-2.0
// Indexer: the daemon that alone opens the database, and the doors to it.
//
// `modelwatch run` and `modelwatch index` open an Indexer; everyone else holds an Index or a Reader
// (indexer/client/index.h), which speak gRPC to it, also within one process.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/clock.h"
#include "common/metrics.h"
#include "common/rpc/server.h"
#include "indexer/client/index.h"

namespace modelwatch::indexer {

struct IndexerOptions {
  std::string data_dir;          // holds db/, indexer.address and indexer.sock; made when absent
  std::string listen;            // "HOST:PORT" for daemons elsewhere; empty = this machine only
  bool read_only = false;        // needs an existing database, takes no lock, refuses every write
  uint32_t commit_queue = 64;    // batches waiting; beyond it RESOURCE_EXHAUSTED
  uint64_t max_log_entries = 0;  // 0 = keep all; else the oldest log entries are compacted away
  common::ServerTls tls;         // of `listen`
  std::string token;             // that callers of `listen` must bear; empty = none
};

// Thread-safe. Owns the database, the committer thread and the gRPC servers. While it lives (and is
// not read-only) DATA/indexer.address names the Unix socket DATA/indexer.sock, or 127.0.0.1:PORT
// where that path is too long for a socket (107 bytes).
class Indexer {
 public:
  // FAILED_PRECONDITION: another process has the database open, or it was written by a newer
  // program. NOT_FOUND: read_only and there is no database. DATA_LOSS: the database is damaged.
  // UNAVAILABLE: the listen address cannot be bound. `clock` and `metrics` must outlive it.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<Indexer>> Open(const IndexerOptions& options,
                                                                     const common::Clock& clock,
                                                                     common::Metrics& metrics);
  // Stops first.
  ~Indexer();
  Indexer(const Indexer&) = delete;
  Indexer& operator=(const Indexer&) = delete;

  // An Index over an in-process channel. Its calls fail UNAVAILABLE after Stop(); it may outlive
  // the Indexer, but no call may be running while the Indexer is destroyed.
  [[nodiscard]] std::unique_ptr<Index> InProcess();

  // What DATA/indexer.address holds; empty when read-only.
  [[nodiscard]] const std::string& address() const;
  // The port of `listen`; 0 when there is none.
  [[nodiscard]] int listen_port() const;

  // Refuses new calls, commits what is queued, ends the streams, removes indexer.address. Repeating
  // it does nothing.
  void Stop();

 private:
  struct Parts;
  explicit Indexer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// A way to read, and what keeps it alive: `reader` goes before `local`.
struct OpenedReader {
  std::unique_ptr<Indexer> local;  // the database opened read-only; null when an indexer answered
  std::unique_ptr<Index> reader;   // refuses writes when `local` is set
};

// What reading commands use: asks the indexer that DATA/indexer.address names when it answers a
// health check within 2 s (a file left behind by a killed indexer does not), else opens the
// database read-only. NOT_FOUND: no such directory, or no database in it.
[[nodiscard]] absl::StatusOr<OpenedReader> OpenReader(const std::string& data_dir);

// The running indexer of a data directory, for commands that write. UNAVAILABLE: none answers.
[[nodiscard]] absl::StatusOr<std::unique_ptr<Index>> ConnectLocal(const std::string& data_dir);

// What `modelwatch db check` prints.
struct StoreReport {
  uint64_t newest_sequence = 0;
  uint64_t oldest_sequence = 0;  // of the log; earlier entries were compacted
  uint64_t releases = 0;
  uint64_t versions = 0;
  uint64_t assessments = 0;
  uint64_t alerts = 0;
  uint64_t blobs = 0;
  uint64_t blob_bytes = 0;     // of the contents, uncompressed
  uint64_t findings = 0;       // contents in the memo
  uint64_t finding_bytes = 0;  // of the memo, uncompressed
  uint64_t names = 0;
  uint64_t past_versions = 0;  // commits before the first sight that brought other files
  uint64_t work = 0;
  uint32_t schema_version = 0;
  // One line each, at most 100; `problem_count` counts all.
  std::vector<std::string> problems;
  uint64_t problem_count = 0;

  [[nodiscard]] bool clean() const { return problem_count == 0; }
};

// Reads every record: keys parse, sequences have no gap, heads are the newest versions, blobs are
// there and hash right, oids and names lead somewhere, due and work agree. Opens the database
// read-only, so no indexer may be writing it: FAILED_PRECONDITION when one answers. NOT_FOUND: no
// database. Problems are in the report, not in the status.
[[nodiscard]] absl::StatusOr<StoreReport> CheckStore(const std::string& data_dir);

}  // namespace modelwatch::indexer
