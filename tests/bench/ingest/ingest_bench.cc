// SPDX-License-Identifier: Apache-2.0
// How many observations a second the index takes, through gRPC, with every commit synced.
//
//   ingest_bench [releases] [socket|inproc]     default 50000 releases, over the Unix socket
//
// Prints one line a figure: new versions with a 2 KB text each, the same observations again
// (unchanged), changed ones without a text, GetHeads, and Follow of the whole log.
#include <sys/resource.h>

#include <cstdio>
#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "common/digest.h"
#include "common/rpc/channel.h"
#include "indexer/client/remote_index.h"
#include "indexer/indexer.h"
#include "testing/observations.h"
#include "testing/temp_dir.h"

namespace modelwatch::indexer {
namespace {

constexpr int kClients = 4;
constexpr size_t kTextBytes = 2000;

// Half of it does not compress, as cards are.
std::string TextOf(size_t number) {
  std::mt19937_64 random(number);
  std::string text;
  while (text.size() < kTextBytes) {
    text += std::to_string(random());
    text += " permission is ";
  }
  text.resize(kTextBytes);
  return text;
}

v1::PutItem ItemOf(size_t number, int64_t second, const char* licence, bool with_text) {
  v1::PutItem item;
  *item.mutable_observation() = testing::ObservationOf(std::to_string(number), second, licence);
  testing::AddFile(item, "README.md", TextOf(number));
  if (!with_text) item.clear_blobs();
  return item;
}

std::vector<v1::PutBatchRequest> Batches(size_t releases, int64_t second, const char* licence,
                                         bool with_text) {
  std::vector<v1::PutBatchRequest> batches;
  for (size_t i = 0; i < releases; ++i) {
    if (i % kMaxBatchItems == 0) batches.emplace_back();
    *batches.back().add_items() = ItemOf(i, second, licence, with_text);
  }
  return batches;
}

void PutAll(Index& index, const std::vector<v1::PutBatchRequest>& batches, size_t first) {
  for (size_t i = first; i < batches.size(); i += kClients) {
    auto put = index.PutBatch(batches[i]);
    while (absl::IsResourceExhausted(put.status())) {
      absl::SleepFor(RetryDelay(put.status()));
      put = index.PutBatch(batches[i]);
    }
    if (!put.ok()) std::fprintf(stderr, "put: %s\n", put.status().ToString().c_str());
  }
}

double Measure(const char* what, size_t count, const std::function<void()>& run) {
  const absl::Time start = absl::Now();
  run();
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  std::printf("%-28s %9.0f /s  (%zu in %.2f s)\n", what, static_cast<double>(count) / seconds,
              count, seconds);
  return seconds;
}

void PutParallel(std::vector<std::unique_ptr<Index>>& clients,
                 const std::vector<v1::PutBatchRequest>& batches) {
  std::vector<std::thread> threads;
  for (size_t i = 0; i < clients.size(); ++i) {
    threads.emplace_back([&, i] { PutAll(*clients[i], batches, i); });
  }
  for (std::thread& thread : threads) thread.join();
}

void Run(size_t releases, bool in_process) {
  const testing::TempDir dir;
  common::Metrics metrics;
  IndexerOptions options;
  options.data_dir = dir.Sub("data");
  auto indexer = Indexer::Open(options, common::SystemClock(), metrics);
  if (!indexer.ok()) {
    std::fprintf(stderr, "%s\n", indexer.status().ToString().c_str());
    return;
  }
  std::vector<std::unique_ptr<Index>> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.push_back(in_process ? (*indexer)->InProcess() : *ConnectLocal(options.data_dir));
  }
  const auto put = [&](const char* what, int64_t second, const char* licence, bool with_text) {
    const auto batches = Batches(releases, second, licence, with_text);
    Measure(what, releases, [&] { PutParallel(clients, batches); });
  };
  put("new, 2 KB text", 1, "mit", true);
  put("unchanged", 2, "mit", false);
  put("changed, text known", 3, "apache-2.0", false);
  Measure("heads", releases, [&] {
    for (size_t i = 0; i < releases; i += kMaxHeads) {
      v1::GetHeadsRequest request;
      for (size_t j = i; j < std::min<size_t>(releases, i + kMaxHeads); ++j) {
        *request.add_keys() = testing::KeyOf(std::to_string(j));
      }
      if (!clients[0]->GetHeads(request).ok()) std::fprintf(stderr, "heads failed\n");
    }
  });
  Measure("followed", releases * 2, [&] {
    v1::FollowRequest request;
    request.set_until_now(true);
    const common::Stopper never;
    static_cast<void>(clients[0]->Follow(request, never, [](const auto&) { return true; }));
  });
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("%-28s %9ld MiB\n", "peak memory, with clients", usage.ru_maxrss / 1024);
}

}  // namespace
}  // namespace modelwatch::indexer

int main(int argc, char** argv) {
  modelwatch::common::DisableMutexDeadlockDetection();
  uint64_t releases = 50'000;
  if (argc > 1 && !absl::SimpleAtoi(argv[1], &releases)) {
    std::fprintf(stderr, "usage: ingest_bench [releases] [socket|inproc]\n");
    return 64;
  }
  modelwatch::indexer::Run(releases, argc > 2 && std::string(argv[2]) == "inproc");
  return 0;
}
