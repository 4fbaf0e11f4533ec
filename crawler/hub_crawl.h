// SPDX-License-Identifier: Apache-2.0
// HubCrawl: everything about one hub: its leases, its walks and visits, its budget.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "crawler/hub_context.h"
#include "crawler/listing_walk.h"
#include "crawler/release_history.h"
#include "crawler/release_visit.h"
#include "modelwatch/v1/config.pb.h"

namespace modelwatch::crawler {

struct CrawlProgress;

struct HubCrawlOptions {
  v1::HubConfig hub;
  v1::CrawlConfig crawl;
  std::string worker;
  std::string token;
  uint64_t seed = 1;
  // Renewed every third of it. What a killed crawler held is handed out again after this long.
  absl::Duration lease = absl::Seconds(60);
};

// Whether listings are gone through for ever, or each a single time.
enum class Listings { kAgain, kOnce };

// What all hubs' crawls share; the references outlive them.
struct SharedParts {
  common::HttpClient& client;
  common::HttpClient* outside;  // for documents outside the hub; null: none are read
  common::HttpClient* storage;  // for what the hub keeps outside git; null: none is read
  PdfReader* pdfs;              // null: PDFs stay unread
  OidTable& oids;
  Outbox& outbox;
  Mailbox& mailbox;
  indexer::Index& index;
  const common::Clock& clock;
  common::Metrics& metrics;
};

// I/O thread only.
class HubCrawl {
 public:
  HubCrawl(std::unique_ptr<Hub> hub, SharedParts shared, HubCrawlOptions options);
  HubCrawl(const HubCrawl&) = delete;
  HubCrawl& operator=(const HubCrawl&) = delete;

  // Tells the index about the hub, and whether it is kept. UNAVAILABLE: it is away.
  [[nodiscard]] absl::Status Declare(Listings listings);

  // Leases, walks, visits, sends. Returns when to call again if nothing else happens.
  absl::Time Step(Listings listings);

  // The index does not hold the content of this release's files after all: they are read again.
  void Forget(const v1::Observation& observation);

  // Gives the leases back, so that whoever comes next need not wait for them to expire.
  void Release();

  // Adds what was listed since the start.
  void AddTo(CrawlProgress& progress) const;

  // No work is under way.
  [[nodiscard]] bool IsIdle() const {
    return walks_.empty() && visits_.empty() && histories_.empty();
  }

  // Nothing is under way, and the last lease gave nothing.
  [[nodiscard]] bool IsThrough() const;
  // Of the listings that have ended: the first failure.
  [[nodiscard]] const absl::Status& status() const { return status_; }

 private:
  void MeetNewIndex();
  void Lease(absl::Time now, Listings listings);
  void Begin(const v1::Work& work);
  void Reap();

  const HubCrawlOptions options_;
  const std::unique_ptr<Hub> hub_;
  SharedParts shared_;
  Fetcher fetcher_;
  const std::unique_ptr<StorageReader> storage_;  // may be null
  ReleaseReader reader_;
  const std::unique_ptr<HeaderReader> headers_;      // may be null
  const std::unique_ptr<DocumentReader> documents_;  // may be null
  HubContext context_;

  std::vector<std::unique_ptr<ListingWalk>> walks_;
  std::vector<std::unique_ptr<ReleaseVisit>> visits_;
  std::vector<std::unique_ptr<ReleaseHistory>> histories_;
  absl::Time next_lease_ = absl::InfinitePast();
  Listings listings_ = Listings::kAgain;
  bool has_leased_ = false;  // at least once, so the listings that were due at the start are known
  bool lease_gave_none_ = false;
  int lease_failures_ = 0;
  uint64_t pages_ = 0;  // of walks that are over
  uint64_t rows_ = 0;
  absl::Status status_;
};

}  // namespace modelwatch::crawler
