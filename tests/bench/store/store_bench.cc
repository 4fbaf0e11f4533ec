// SPDX-License-Identifier: Apache-2.0
// What the index costs beside RocksDB itself: the very records that the committer writes are
// written a second time by a bare loop, in turns, each batch synced.
//
//   store_bench [releases] [versions]      default 30000 releases, 2 versions each
//
// Prints Markdown: ingest (256 observations a batch, a 2 KB card each), reading one release and the
// history of one, opening, and what a release takes on disk. "of RocksDB" is the rate over that of
// the bare loop.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "common/clock.h"
#include "common/metrics.h"
#include "indexer/indexer.h"
#include "indexer/ingest/committer.h"
#include "indexer/store/keys.h"
#include "indexer/store/records.h"
#include "indexer/store/rocks_store.h"
#include "indexer/store/schema.h"
#include "testing/observations.h"
#include "testing/temp_dir.h"

namespace modelwatch::indexer {
namespace {

constexpr size_t kCardBytes = 2000;
constexpr size_t kReads = 20'000;
constexpr size_t kClients = 4;
constexpr size_t kRoundBatches = 32;

// Half of it does not compress, as cards are.
std::string CardOf(size_t release, size_t version) {
  std::mt19937_64 random(release * 31 + version);
  std::string text;
  while (text.size() < kCardBytes) {
    text += std::to_string(random());
    text += " permission is ";
  }
  text.resize(kCardBytes);
  return text;
}

std::string IdOf(size_t release) { return testing::OidOf(std::to_string(release)).substr(0, 24); }

v1::PutBatchRequest BatchFrom(size_t first, size_t releases, size_t version) {
  v1::PutBatchRequest batch;
  for (size_t i = first; i < std::min(first + kGroupObservations, releases); ++i) {
    v1::PutItem& item = *batch.add_items();
    const bool is_tighter = version % 2 == 1;
    *item.mutable_observation() = testing::ObservationOf(
        IdOf(i), static_cast<int64_t>(version) + 1, is_tighter ? "cc-by-nc-4.0" : "apache-2.0");
    testing::AddFile(item, "README.md", CardOf(i, version));
  }
  return batch;
}

// Keeps a copy of what is written.
class KeepingStore final : public Store {
 public:
  explicit KeepingStore(Store& store) : store_(store) {}

  absl::StatusOr<std::string> Get(Table table, std::string_view key) const override {
    return store_.Get(table, key);
  }
  absl::Status Scan(Table table, std::string_view begin, std::string_view end,
                    const Each& each) const override {
    return store_.Scan(table, begin, end, each);
  }
  absl::Status ScanBack(Table table, std::string_view begin, std::string_view end,
                        const Each& each) const override {
    return store_.ScanBack(table, begin, end, each);
  }
  absl::Status Write(const Batch& batch) override {
    kept_.push_back(batch);
    return store_.Write(batch);
  }
  absl::Status Recover() override { return store_.Recover(); }
  std::unique_ptr<View> Snapshot() const override { return store_.Snapshot(); }

  // REQUIRES: nothing is being written.
  [[nodiscard]] std::vector<Batch> Take() { return std::exchange(kept_, {}); }

 private:
  Store& store_;
  std::vector<Batch> kept_;
};

void Row(const char* what, double ours, double bare, const char* unit) {
  std::printf("| %s | %.0f %s | %.0f %s | %.2f |\n", what, ours, unit, bare, unit, ours / bare);
}

[[noreturn]] void Fail(const absl::Status& status) {
  std::fprintf(stderr, "store_bench: %s\n", status.ToString().c_str());
  std::exit(1);
}

std::unique_ptr<Store> OpenStore(const std::string& path) {
  auto store = OpenRocksStore(path, {});
  if (!store.ok()) Fail(store.status());
  return *std::move(store);
}

// Seconds for all batches, from `kClients` threads at once.
double PutAll(Committer& committer, const std::vector<v1::PutBatchRequest>& batches) {
  std::vector<std::thread> clients;
  const absl::Time start = absl::Now();
  for (size_t client = 0; client < kClients; ++client) {
    clients.emplace_back([&, client] {
      for (size_t i = client; i < batches.size(); i += kClients) {
        const auto put = committer.PutBatch(batches[i], absl::InfiniteFuture());
        if (!put.ok()) Fail(put.status());
      }
    });
  }
  for (std::thread& client : clients) client.join();
  return absl::ToDoubleSeconds(absl::Now() - start);
}

double WriteAll(Store& store, const std::vector<Batch>& batches) {
  const absl::Time start = absl::Now();
  for (const Batch& batch : batches) {
    if (const absl::Status written = store.Write(batch); !written.ok()) Fail(written);
  }
  return absl::ToDoubleSeconds(absl::Now() - start);
}

// In rounds, so that both meet the same machine and what is kept stays small.
void Ingest(const std::string& index_dir, const std::string& bare_dir, size_t releases,
            size_t versions) {
  const auto index = OpenStore(index_dir), bare = OpenStore(bare_dir);
  KeepingStore keeping(*index);
  if (const absl::Status made = BringToSchema(keeping, kSchemaVersion, Migrations()); !made.ok()) {
    Fail(made);
  }
  auto state = GetState(*index);
  if (!state.ok()) Fail(state.status());
  common::Metrics metrics;
  Committer committer(keeping, *state, common::SystemClock(), metrics, {});
  std::thread thread([&] { committer.Run(); });
  double ours = 0, bare_seconds = 0;
  for (size_t version = 0; version < versions; ++version) {
    for (size_t i = 0; i < releases; i += kRoundBatches * kGroupObservations) {
      const size_t end = std::min(releases, i + kRoundBatches * kGroupObservations);
      std::vector<v1::PutBatchRequest> batches;
      for (size_t j = i; j < end; j += kGroupObservations) {
        batches.push_back(BatchFrom(j, releases, version));
      }
      ours += PutAll(committer, batches);
      bare_seconds += WriteAll(*bare, keeping.Take());
    }
  }
  committer.Close();
  thread.join();
  const auto count = static_cast<double>(releases * versions);
  Row("ingest, synced, 256 a batch", count / ours, count / bare_seconds, "/s");
}

double RateOf(size_t releases, const std::function<absl::Status(size_t)>& read) {
  std::mt19937_64 random(7);
  const absl::Time start = absl::Now();
  for (size_t i = 0; i < kReads; ++i) {
    if (const absl::Status status = read(random() % releases); !status.ok()) Fail(status);
  }
  return static_cast<double>(kReads) / absl::ToDoubleSeconds(absl::Now() - start);
}

// The head, and the newest version that it names.
absl::Status ReadBare(const Store& store, size_t release) {
  const v1::ReleaseKey key = testing::KeyOf(IdOf(release));
  const auto head = GetHead(store, key);
  if (!head.ok()) return head.status();
  return store.Get(Table::kObservation, VersionKey(key, head->version())).status();
}

absl::Status ReadAllBare(const Store& store, size_t release) {
  const std::string begin = ReleaseKeyBytes(testing::KeyOf(IdOf(release)));
  return store.Scan(Table::kObservation, begin, PrefixEnd(begin),
                    [](std::string_view, std::string_view) { return true; });
}

uint64_t BytesOf(const std::string& dir) {
  uint64_t bytes = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(dir)) {
    if (file.is_regular_file()) bytes += file.file_size();
  }
  return bytes;
}

void Read(const std::string& data_dir, const std::string& bare_dir, size_t releases) {
  common::Metrics metrics;
  IndexerOptions options;
  options.data_dir = data_dir;
  absl::Time start = absl::Now();
  auto indexer = Indexer::Open(options, common::SystemClock(), metrics);
  const double open_ms = absl::ToDoubleMilliseconds(absl::Now() - start);
  if (!indexer.ok()) Fail(indexer.status());
  start = absl::Now();
  const auto bare = OpenStore(bare_dir);
  const double bare_open_ms = absl::ToDoubleMilliseconds(absl::Now() - start);
  const auto index = (*indexer)->InProcess();
  const double ours = RateOf(releases, [&](size_t i) {
    v1::GetReleaseRequest request;
    *request.mutable_key() = testing::KeyOf(IdOf(i));
    return index->GetRelease(request).status();
  });
  Row("one release", ours, RateOf(releases, [&](size_t i) { return ReadBare(*bare, i); }), "/s");
  const double history = RateOf(releases, [&](size_t i) {
    v1::GetHistoryRequest request;
    *request.mutable_key() = testing::KeyOf(IdOf(i));
    return index->GetHistory(request).status();
  });
  Row("one history", history, RateOf(releases, [&](size_t i) { return ReadAllBare(*bare, i); }),
      "/s");
  Row("open", open_ms, bare_open_ms, "ms");
  (*indexer)->Stop();
}

void Run(size_t releases, size_t versions) {
  const testing::TempDir dir;
  const std::string data_dir = dir.Sub("data"), bare_dir = dir.Sub("bare");
  std::filesystem::create_directories(data_dir);
  std::printf(
      "%zu releases, %zu versions each:\n\n| what | index | bare RocksDB | of RocksDB |\n"
      "|---|--:|--:|--:|\n",
      releases, versions);
  Ingest(data_dir + "/db", bare_dir, releases, versions);
  Read(data_dir, bare_dir, releases);
  const auto count = static_cast<double>(releases);
  Row("on disk, a release", static_cast<double>(BytesOf(data_dir)) / count,
      static_cast<double>(BytesOf(bare_dir)) / count, "bytes");
}

}  // namespace
}  // namespace modelwatch::indexer

int main(int argc, char** argv) {
  uint64_t releases = 30'000, versions = 2;
  if ((argc > 1 && !absl::SimpleAtoi(argv[1], &releases)) ||
      (argc > 2 && !absl::SimpleAtoi(argv[2], &versions)) || releases == 0 || versions == 0) {
    std::fprintf(stderr, "usage: store_bench [releases] [versions]\n");
    return 64;
  }
  modelwatch::indexer::Run(releases, versions);
  return 0;
}
