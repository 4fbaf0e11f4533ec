// SPDX-License-Identifier: Apache-2.0
#include "indexer/indexer.h"

#include <pthread.h>
#include <sys/stat.h>

#include <filesystem>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/atomic_file.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "indexer/check.h"
#include "indexer/client/remote_index.h"
#include "indexer/data_dir.h"
#include "indexer/ingest/committer.h"
#include "indexer/service/services.h"
#include "indexer/store/records.h"
#include "indexer/store/rocks_store.h"
#include "indexer/store/schema.h"

namespace modelwatch::indexer {
namespace {

// Enough for calls under way to be answered; streams have been ended before.
constexpr absl::Duration kStopGrace = absl::Seconds(5);
constexpr absl::Duration kHealthDeadline = absl::Seconds(2);
// Owner and group may connect, like the files of the database.
constexpr mode_t kSocketMode = 0660;

// A server and the services it serves.
struct Front {
  std::unique_ptr<Services> services;
  std::unique_ptr<common::RpcServer> server;
};

absl::StatusOr<std::unique_ptr<RocksStore>> OpenStore(const IndexerOptions& options) {
  RocksOptions rocks;
  rocks.read_only = options.read_only;
  if (options.read_only) {
    RETURN_IF_ERROR(RequireDatabase(options.data_dir));
  } else {
    RETURN_IF_ERROR(MakeDataDir(options.data_dir));
  }
  ASSIGN_OR_RETURN(auto store, OpenRocksStore(DatabasePath(options.data_dir), rocks));
  RETURN_IF_ERROR(options.read_only ? RequireSchema(*store, kSchemaVersion)
                                    : BringToSchema(*store, kSchemaVersion, Migrations()));
  return store;
}

// The log must end where the state says: anything else means that acknowledged writes were lost.
absl::Status CheckLogEnd(const Store& store, const v1::StoredState& state) {
  uint64_t last = 0;
  RETURN_IF_ERROR(store.ScanBack(Table::kLog, "", "", [&](std::string_view key, std::string_view) {
    last = ParseSequenceKey(key).value_or(0);
    return false;
  }));
  if (last == state.newest_sequence()) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("open the database: its log ends at ", last,
                                          " but was committed to ", state.newest_sequence(),
                                          "; restore a backup"));
}

}  // namespace

// The pipeline, from outside in:
//
//   gRPC threads (local, listen, in-process)  -> Prepare -> BoundedQueue<Job>
//   committer thread                          -> Draft -> Store::Write -> answers, wakes followers
//   gRPC threads                              -> snapshots of the store -> answers
struct Indexer::Parts {
  IndexerOptions options;
  std::unique_ptr<RocksStore> store;
  std::unique_ptr<Committer> committer;  // null when read-only
  Front local;
  Front listening;  // empty unless options.listen
  const common::Clock* clock = nullptr;
  std::thread committer_thread;
  std::string address;
  // Shared with the clients that InProcess() made, which may outlive this.
  std::shared_ptr<CallGate> gate = std::make_shared<CallGate>();
  bool stopped = false;

  absl::Status StartCommitter(common::Metrics& metrics);
  absl::StatusOr<Front> StartFront(const std::string& address, const std::string& token,
                                   const common::ServerTls& tls, common::Metrics& metrics) const;
  absl::Status StartServers(common::Metrics& metrics);
  void Stop();
};

absl::Status Indexer::Parts::StartCommitter(common::Metrics& metrics) {
  ASSIGN_OR_RETURN(const v1::StoredState state, GetState(*store));
  RETURN_IF_ERROR(CheckLogEnd(*store, state));
  CommitterOptions wanted;
  wanted.queue = options.commit_queue;
  wanted.max_log_entries = options.max_log_entries;
  committer = std::make_unique<Committer>(*store, state, *clock, metrics, wanted);
  committer_thread = std::thread([this] { committer->Run(); });
  pthread_setname_np(committer_thread.native_handle(), "mw-committer");
  return absl::OkStatus();
}

absl::StatusOr<Front> Indexer::Parts::StartFront(const std::string& listen,
                                                 const std::string& token,
                                                 const common::ServerTls& tls,
                                                 common::Metrics& metrics) const {
  Front front;
  // A backup is written where the caller says, so only a socket that has an owner takes one.
  const RocksStore* const backed_up = absl::StartsWith(listen, "unix:") ? store.get() : nullptr;
  front.services = std::make_unique<Services>(
      ServiceParts{store.get(), committer.get(), &metrics, clock, backed_up, token});
  common::RpcServerOptions wanted;
  wanted.address = listen;
  wanted.tls = tls;
  wanted.max_message_bytes = kMaxMessageBytes;
  ASSIGN_OR_RETURN(front.server, common::RpcServer::Start(wanted, front.services->all()));
  return front;
}

absl::Status Indexer::Parts::StartServers(common::Metrics& metrics) {
  if (options.read_only) {
    ASSIGN_OR_RETURN(local, StartFront("", "", {}, metrics));
    return absl::OkStatus();
  }
  // The database's lock is ours, so a socket that is still there belongs to no one.
  std::error_code ignored;
  std::filesystem::remove(SocketPath(options.data_dir), ignored);
  const std::string wanted = LocalListenAddress(options.data_dir);
  ASSIGN_OR_RETURN(local, StartFront(wanted, "", {}, metrics));
  address = wanted;
  if (local.server->port() != 0) {
    address = absl::StrCat("127.0.0.1:", local.server->port());
  } else {
    chmod(SocketPath(options.data_dir).c_str(), kSocketMode);
  }
  if (!options.listen.empty()) {
    ASSIGN_OR_RETURN(listening, StartFront(options.listen, options.token, options.tls, metrics));
  }
  return common::WriteFileAtomically(AddressPath(options.data_dir), absl::StrCat(address, "\n"));
}

void Indexer::Parts::Stop() {
  if (std::exchange(stopped, true)) return;
  std::error_code ignored;
  if (!address.empty()) std::filesystem::remove(AddressPath(options.data_dir), ignored);
  gate->Close();
  for (const Front* front : {&listening, &local}) {
    if (front->services != nullptr) front->services->EndStreams();
  }
  if (committer != nullptr) committer->Close();
  if (committer_thread.joinable()) committer_thread.join();
  gate->WaitUntilIdle(kStopGrace);
  for (const Front* front : {&listening, &local}) {
    if (front->server != nullptr) front->server->Stop(kStopGrace);
  }
  if (!address.empty()) {
    std::filesystem::remove(SocketPath(options.data_dir), ignored);
    common::LogInfo("index.stopped", {{"data", options.data_dir}});
  }
}

Indexer::Indexer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Indexer::~Indexer() { Stop(); }

absl::StatusOr<std::unique_ptr<Indexer>> Indexer::Open(const IndexerOptions& options,
                                                       const common::Clock& clock,
                                                       common::Metrics& metrics) {
  auto parts = std::make_unique<Parts>();
  parts->options = options;
  parts->clock = &clock;
  ASSIGN_OR_RETURN(parts->store, OpenStore(options));
  std::unique_ptr<Indexer> indexer(new Indexer(std::move(parts)));
  if (!options.read_only) {
    RETURN_IF_ERROR(indexer->parts_->StartCommitter(metrics));
  }
  RETURN_IF_ERROR(indexer->parts_->StartServers(metrics));
  if (!options.read_only) {
    common::LogInfo(
        "index.serving",
        {{"data", options.data_dir}, {"address", indexer->address()}, {"listen", options.listen}});
  }
  return indexer;
}

std::unique_ptr<Index> Indexer::InProcess() {
  return IndexOver(parts_->local.server->InProcessChannel(), {}, parts_->gate);
}

const std::string& Indexer::address() const { return parts_->address; }

int Indexer::listen_port() const {
  return parts_->listening.server == nullptr ? 0 : parts_->listening.server->port();
}

void Indexer::Stop() { parts_->Stop(); }

absl::StatusOr<std::unique_ptr<Index>> ConnectLocal(const std::string& data_dir) {
  const absl::StatusOr<std::string> address = ReadAddress(data_dir);
  if (!address.ok()) {
    return absl::UnavailableError(
        absl::StrCat("no indexer serves ", data_dir, "; start one with modelwatch index or run"));
  }
  ASSIGN_OR_RETURN(auto channel, common::OpenChannel(*address, {}));
  const absl::Status health = common::CheckHealth(channel, kHealthDeadline);
  if (!health.ok()) {
    return absl::UnavailableError(absl::StrCat("the indexer at ", *address, " does not answer (",
                                               std::string(health.message()), ")"));
  }
  return IndexOver(std::move(channel));
}

absl::StatusOr<OpenedReader> OpenReader(const std::string& data_dir) {
  OpenedReader opened;
  if (auto running = ConnectLocal(data_dir); running.ok()) {
    opened.reader = *std::move(running);
    return opened;
  }
  // Counts what nobody will read: a reading command has no metrics of its own.
  static common::Metrics* const metrics = new common::Metrics();
  IndexerOptions options;
  options.data_dir = data_dir;
  options.read_only = true;
  ASSIGN_OR_RETURN(opened.local, Indexer::Open(options, common::SystemClock(), *metrics));
  opened.reader = opened.local->InProcess();
  return opened;
}

absl::StatusOr<StoreReport> CheckStore(const std::string& data_dir) {
  RETURN_IF_ERROR(RequireDatabase(data_dir));
  if (ConnectLocal(data_dir).ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat("check ", data_dir, ": an indexer is writing it; stop that first"));
  }
  RocksOptions options;
  options.read_only = true;
  ASSIGN_OR_RETURN(const auto store, OpenRocksStore(DatabasePath(data_dir), options));
  RETURN_IF_ERROR(RequireSchema(*store, kSchemaVersion));
  StoreReport report = CheckRecords(*store);
  if (const absl::Status files = store->VerifyFiles(); !files.ok()) {
    ++report.problem_count;
    report.problems.insert(report.problems.begin(), std::string(files.message()));
  }
  return report;
}

}  // namespace modelwatch::indexer
