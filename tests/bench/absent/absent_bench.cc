// SPDX-License-Identifier: Apache-2.0
// What the end of a sweep costs an index of millions: the comparison of what was seen with what is
// known, beside commits, and its memory.
//
//   build/release/tests/bench/absent_bench [RELEASES]     default 3,000,000; prints Markdown
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "indexer/frontier/frontier.h"
#include "indexer/store/records.h"
#include "indexer/store/rocks_store.h"
#include "testing/temp_dir.h"

namespace modelwatch::indexer {
namespace {

constexpr int64_t kPassStart = 1'000'000;
constexpr size_t kBatch = 10'000;

v1::ReleaseKey KeyAt(size_t n) {
  v1::ReleaseKey key;
  key.set_hub("huggingface");
  key.set_id(absl::StrFormat("%024x", n * 2654435761U));
  return key;
}

// One release in 200 was removed before, one in 1000 was missed now.
absl::Status Fill(Store& store, size_t releases) {
  for (size_t at = 0; at < releases;) {
    Batch batch;
    for (const size_t end = std::min(at + kBatch, releases); at < end; ++at) {
      v1::StoredHead head;
      head.set_name(absl::StrFormat("owner-%d/model-%d", at % 50'000, at));
      head.set_presence(at % 200 == 7 ? v1::REMOVED : v1::PRESENT);
      head.set_digest(std::string(32, 'd'));
      head.set_row_digest(std::string(32, 'r'));
      const std::string key = ReleaseKeyBytes(KeyAt(at));
      const bool is_old = at % 200 == 7 || at % 1000 == 3;
      batch.Put(Table::kLatest, key, head.SerializeAsString());
      batch.Put(Table::kSeen, key, SeenValue({is_old ? kPassStart - 1 : kPassStart, false, 0}));
    }
    const absl::Status written = store.Write(batch);
    if (!written.ok()) return written;
  }
  return absl::OkStatus();
}

double PeakMegabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

double ResidentMegabytes() {
  std::ifstream file("/proc/self/statm");
  double pages = 0;
  file >> pages >> pages;
  return pages * 4 / 1024;
}

int Run(size_t releases) {
  const testing::TempDir dir;
  auto store = OpenRocksStore(dir.Sub("db"), {});
  if (!store.ok() || !Fill(**store, releases).ok()) return 1;
  const double before = ResidentMegabytes();
  std::atomic<bool> is_over{false};
  std::vector<double> commits;
  std::thread committer([&] {
    for (size_t n = 0; !is_over; ++n) {
      Batch batch;
      batch.Put(Table::kSeen, ReleaseKeyBytes(KeyAt(n)), SeenValue({kPassStart, false, 0}));
      const absl::Time start = absl::Now();
      if (!(*store)->Write(batch).ok()) return;
      commits.push_back(absl::ToDoubleMilliseconds(absl::Now() - start));
      absl::SleepFor(absl::Milliseconds(2));
    }
  });
  const absl::Time start = absl::Now();
  const auto swept = CompareSeen(*(*store)->Snapshot(), "huggingface", kPassStart);
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  is_over = true;
  committer.join();
  if (!swept.ok() || commits.empty()) return 1;
  std::sort(commits.begin(), commits.end());
  absl::PrintF(
      "| releases | absent | seconds | MB before, peak | commits beside it: median, p99, most ms "
      "|\n");
  absl::PrintF("|---|---|---|---|---|\n");
  absl::PrintF("| %d | %d | %.2f | %.0f, %.0f | %.1f, %.1f, %.1f |\n", releases,
               swept->absent.size(), seconds, before, PeakMegabytes(), commits[commits.size() / 2],
               commits[commits.size() * 99 / 100], commits.back());
  return 0;
}

}  // namespace
}  // namespace modelwatch::indexer

int main(int argc, char** argv) {
  return modelwatch::indexer::Run(argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 3'000'000);
}
