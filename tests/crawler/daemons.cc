// SPDX-License-Identifier: Apache-2.0
// An index and crawlers as processes that a test may kill, without the rest of the program.
//
//   crawler_daemons index DATA             serves DATA; prints "index serves ADDRESS"
//   crawler_daemons crawl HUB_URL ADDRESS DATA [HISTORIES_PER_DAY SWEEP_MS]
#include <cstdio>
#include <string>
#include <string_view>

#include "absl/strings/str_format.h"
#include "common/clock.h"
#include "common/metrics.h"
#include "common/stopper.h"
#include "crawler/crawler.h"
#include "indexer/client/remote_index.h"
#include "indexer/indexer.h"

namespace modelwatch::crawler {
namespace {

constexpr int64_t kPauseMs = 100;

int Fail(const absl::Status& status) {
  absl::FPrintF(stderr, "%s\n", std::string(status.message()));
  return 1;
}

int ServeIndex(const std::string& data) {
  common::Metrics metrics;
  common::Stopper stopper;
  indexer::IndexerOptions options;
  options.data_dir = data;
  auto opened = indexer::Indexer::Open(options, common::SystemClock(), metrics);
  if (!opened.ok()) return Fail(opened.status());
  absl::PrintF("index serves %s\n", (*opened)->address());
  std::fflush(stdout);
  while (!stopper.stopped()) stopper.WaitFor(absl::Hours(1));
  return 0;
}

int Crawl(const std::string& hub, const std::string& address, const std::string& data,
          const std::string& histories_per_day, const std::string& sweep_ms) {
  auto index = indexer::Connect(address);
  if (!index.ok()) return Fail(index.status());
  v1::Config config;
  v1::HubConfig& watched = *config.add_hubs();
  watched.set_name("huggingface");
  watched.set_endpoint(hub);
  watched.set_keep_up_ms(kPauseMs);
  watched.set_sweep_ms(std::stol(sweep_ms));
  watched.set_histories_per_day(static_cast<uint32_t>(std::stoul(histories_per_day)));
  config.mutable_crawl()->set_backoff_ms(20);
  CrawlerOptions options;
  options.data_dir = data;
  options.allow_private_addresses = true;
  options.lease = absl::Seconds(2);  // tests wait for what a killed crawler held
  common::Metrics metrics;
  common::Stopper stopper;
  Crawler crawler(config, **index, common::SystemClock(), metrics, options);
  const absl::Status status = crawler.Run(stopper);
  return status.ok() ? 0 : Fail(status);
}

int Main(int argc, char** argv) {
  const std::string_view mode = argc > 1 ? argv[1] : "";
  if (mode == "index" && argc == 3) return ServeIndex(argv[2]);
  if (mode == "crawl" && argc == 5) {
    return Crawl(argv[2], argv[3], argv[4], "0", std::to_string(kPauseMs));
  }
  if (mode == "crawl" && argc == 7) return Crawl(argv[2], argv[3], argv[4], argv[5], argv[6]);
  return 64;
}

}  // namespace
}  // namespace modelwatch::crawler

int main(int argc, char** argv) { return modelwatch::crawler::Main(argc, argv); }
