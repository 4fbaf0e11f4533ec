// SPDX-License-Identifier: Apache-2.0
// Ingests for ever from three threads and says what was acknowledged, until it is killed.
//
//   ingest_until_killed DATA_DIR ROUND
//
// One line an acknowledged version: "<count> stored <id> <sequence>", written before the next
// batch.
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "indexer/indexer.h"
#include "testing/observations.h"

namespace modelwatch::indexer {
namespace {

constexpr int kThreads = 3;

// New releases and new versions of old ones, with and without texts, in batches of any size.
v1::PutBatchRequest NextBatch(int round, int thread, int number) {
  v1::PutBatchRequest request;
  for (int i = 0; i <= number % 7; ++i) {
    v1::PutItem& item = *request.add_items();
    const std::string id = absl::StrCat(thread, "-", (number * 7 + i) % 40);
    const int64_t second = int64_t{round} * 1'000'000 + number;
    *item.mutable_observation() =
        testing::ObservationOf(id, second, absl::StrCat(round, "-", number));
    if (i % 2 == 0) testing::AddFile(item, "LICENSE", absl::StrCat("text ", round, thread, number));
  }
  return request;
}

void PutForEver(Index& index, int round, int thread, std::atomic<int>& count) {
  for (int number = 0;; ++number) {
    const v1::PutBatchRequest request = NextBatch(round, thread, number);
    const auto response = index.PutBatch(request);
    if (!response.ok()) continue;
    std::string lines;
    for (int i = 0; i < response->acks_size(); ++i) {
      if (response->acks(i).status() != v1::STORED) continue;
      lines += absl::StrCat(++count, " stored ", request.items(i).observation().key().id(), " ",
                            response->acks(i).sequence(), "\n");
    }
    if (write(STDOUT_FILENO, lines.data(), lines.size()) < 0) return;
  }
}

int Run(const std::string& data_dir, int round) {
  common::Metrics metrics;
  IndexerOptions options;
  options.data_dir = data_dir;
  const auto indexer = Indexer::Open(options, common::SystemClock(), metrics);
  if (!indexer.ok()) {
    std::fprintf(stderr, "%s\n", indexer.status().ToString().c_str());
    return 1;
  }
  const auto index = (*indexer)->InProcess();
  std::atomic<int> count{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] { PutForEver(*index, round, thread, count); });
  }
  for (std::thread& thread : threads) thread.join();
  return 0;
}

}  // namespace
}  // namespace modelwatch::indexer

int main(int argc, char** argv) {
  if (argc != 3) return 64;
  return modelwatch::indexer::Run(argv[1], std::stoi(argv[2]));
}
