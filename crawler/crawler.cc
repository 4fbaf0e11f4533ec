// SPDX-License-Identifier: Apache-2.0
#include "crawler/crawler.h"

namespace modelwatch::crawler {

class Crawler::Impl {};

Crawler::Crawler(const v1::Config&, indexer::Index&, const common::Clock&, common::Metrics&,
                 CrawlerOptions) {}
Crawler::~Crawler() = default;

absl::Status Crawler::Run(const common::Stopper&) {
  return absl::UnimplementedError("the crawler is being built");
}
absl::Status Crawler::RunOnce(const common::Stopper&) {
  return absl::UnimplementedError("the crawler is being built");
}

}  // namespace modelwatch::crawler
