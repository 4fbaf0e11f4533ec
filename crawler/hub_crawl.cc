// SPDX-License-Identifier: Apache-2.0
#include "crawler/hub_crawl.h"

#include <algorithm>
#include <utility>

#include "common/log.h"
#include "crawler/crawler.h"

namespace modelwatch::crawler {
namespace {

constexpr size_t kMaxVisits = 32;
// Each waits for one answer at a time, so these cannot fill the hub's allowance or our transfers.
constexpr size_t kMaxHistories = 8;
constexpr absl::Duration kMostIdle = absl::Seconds(5);

template <typename Number>
Number OrDefault(Number value, Number otherwise) {
  return value == 0 ? otherwise : value;
}

FetcherOptions FetchOptions(const HubCrawlOptions& options) {
  FetcherOptions fetch;
  fetch.max_in_flight = std::clamp<size_t>(OrDefault(options.crawl.max_in_flight(), 32u), 1, 64);
  fetch.max_tries = static_cast<int>(OrDefault(options.crawl.max_tries(), 5u));
  fetch.backoff = absl::Milliseconds(OrDefault<int64_t>(options.crawl.backoff_ms(), 1000));
  fetch.backoff_cap = std::max(fetch.backoff, absl::Seconds(60));
  fetch.timeout =
      absl::Milliseconds(OrDefault<int64_t>(options.crawl.transfer_timeout_ms(), 60000));
  fetch.token = options.token;
  fetch.seed = options.seed;
  return fetch;
}

void ShowBudget(const v1::ShareBudgetRequest& request, const v1::ShareBudgetResponse& response,
                const SharedParts& shared) {
  const common::Metrics::Labels labels = {{"hub", request.key().hub()},
                                          {"class", request.key().quota_class()}};
  shared.metrics.Set("modelwatch_crawl_quota", "Requests the hub allows a window; 0 = not told.",
                     static_cast<double>(response.quota()), labels);
  shared.metrics.Set("modelwatch_crawl_quota_left", "What is left of the window, all crawlers.",
                     static_cast<double>(response.left()), labels);
  shared.metrics.Set("modelwatch_crawl_blocked_seconds", "How long the hub wants to be left alone.",
                     static_cast<double>(response.blocked_ms()) / 1000.0, labels);
}

BudgetOptions BudgetOf(const HubCrawlOptions& options, const SharedParts& shared) {
  BudgetOptions budget;
  budget.hub = options.hub.name();  // its kinds spend from one allowance
  budget.account = AccountOf(options.token);
  budget.reserve_percent = static_cast<int>(OrDefault(options.hub.budget_reserve_percent(), 10u));
  budget.share = [shared](const v1::ShareBudgetRequest& request) {
    auto response = shared.index.ShareBudget(request);
    if (response.ok()) ShowBudget(request, *response, shared);
    return response;
  };
  return budget;
}

}  // namespace

HubCrawl::HubCrawl(std::unique_ptr<Hub> hub, SharedParts shared, HubCrawlOptions options)
    : options_(std::move(options)),
      hub_(std::move(hub)),
      shared_(shared),
      fetcher_(*hub_, shared.client, shared.clock, shared.metrics, BudgetOf(options_, shared),
               FetchOptions(options_)),
      storage_(shared.storage == nullptr ? nullptr
                                         : std::make_unique<StorageReader>(
                                               *shared.storage, IsThisMachine(hub_->endpoint()))),
      reader_(*hub_, fetcher_, shared.oids, shared.metrics,
              OrDefault(options_.crawl.max_body_bytes(), uint64_t{4} << 20), storage_.get()),
      headers_(storage_ == nullptr
                   ? nullptr
                   : std::make_unique<HeaderReader>(*hub_, fetcher_, *storage_, shared.metrics)),
      documents_(shared.outside == nullptr
                     ? nullptr
                     : std::make_unique<DocumentReader>(*hub_, fetcher_, *shared.outside,
                                                        shared.clock, shared.metrics, shared.pdfs)),
      context_{*hub_,
               fetcher_,
               reader_,
               documents_.get(),
               headers_.get(),
               shared.pdfs,
               shared.outbox,
               shared.mailbox,
               shared.index,
               shared.clock,
               shared.metrics,
               OrDefault(options_.hub.page_size(), 1000u),
               OrDefault(options_.crawl.max_page_bytes(), uint64_t{64} << 20),
               options_.lease,
               PastLimits{OrDefault(options_.hub.past_pages(), 4u),
                          OrDefault(options_.hub.past_versions(), 50u)}} {}

absl::Status HubCrawl::Declare(Listings listings) {
  v1::DeclareHubRequest request;
  request.set_hub(hub_->name());
  request.set_endpoint(common::Origin(hub_->endpoint()));
  request.set_label(options_.hub.label());
  request.set_keep_up_ms(OrDefault<int64_t>(options_.hub.keep_up_ms(), 120'000));
  request.set_sweep_ms(OrDefault<int64_t>(options_.hub.sweep_ms(), 21'600'000));
  for (const std::string& watched : options_.hub.watch()) {
    if (hub_->Lists(watched)) request.add_watched(watched);
  }
  request.set_watch_ms(OrDefault<int64_t>(options_.hub.watch_ms(), 300'000));
  request.set_visits_per_day(options_.hub.visits_per_day());
  request.set_histories_per_day(options_.hub.without_past() ? 0 : options_.hub.histories_per_day());
  // Where each listing is done once there is no second one to wait for.
  request.set_absent_twice(listings == Listings::kAgain && !options_.hub.visit_at_first_absence());
  request.set_canary(options_.hub.canary());
  request.set_canary_ms(options_.hub.canary_ms());
  request.set_once(listings == Listings::kOnce);
  listings_ = listings;
  return shared_.index.DeclareHub(request).status();
}

void HubCrawl::Forget(const v1::Observation& observation) {
  v1::PutItem item;
  *item.mutable_observation() = observation;
  reader_.Forget(item);
  if (documents_ != nullptr) documents_->Forget(observation);
}

void HubCrawl::Release() {
  for (const auto& walk : walks_) walk->Release();
  for (const auto& visit : visits_) visit->Release();
  for (const auto& history : histories_) history->Release();
  fetcher_.Release();
}

bool HubCrawl::IsThrough() const { return IsIdle() && lease_gave_none_; }

absl::Time HubCrawl::Step(Listings listings) {
  const absl::Time now = shared_.clock.Now();
  Reap();
  if (next_lease_ > now + kMostIdle) next_lease_ = now;  // the clock was set back
  if (now >= next_lease_ && visits_.size() < kMaxVisits / 2) Lease(now, listings);
  for (const auto& walk : walks_) walk->Step(now);
  for (const auto& history : histories_) history->Step(now);
  const absl::Time wake = fetcher_.Pump();
  return std::min(wake, next_lease_);
}

void HubCrawl::Lease(absl::Time now, Listings listings) {
  v1::LeaseWorkRequest request;
  request.set_worker(options_.worker);
  request.set_hub(hub_->name());
  request.set_max(static_cast<uint32_t>(kMaxVisits - visits_.size()));
  request.set_lease_ms(absl::ToInt64Milliseconds(options_.lease));
  request.set_visits_only(listings == Listings::kOnce && has_leased_);
  request.set_max_histories(static_cast<uint32_t>(kMaxHistories - histories_.size()));
  request.set_watched_past_only(listings == Listings::kOnce);
  const auto response = shared_.index.LeaseWork(request);
  if (!response.ok()) {
    if (lease_failures_++ == 0) {
      common::LogWarning("crawl.lease_failed",
                         {{"hub", hub_->name()},
                          {"reason", std::string(response.status().message())},
                          {"next", "asked again until the indexer is back"}});
    }
    if (absl::IsNotFound(response.status())) MeetNewIndex();
    next_lease_ = now + absl::Seconds(1);
    return;
  }
  lease_failures_ = 0;
  has_leased_ = true;
  lease_gave_none_ = response->work().empty();
  for (const v1::Work& work : response->work()) Begin(work);
  const absl::Time due = response->next_due_us() == 0 ? absl::InfiniteFuture()
                                                      : common::FromMicros(response->next_due_us());
  next_lease_ = response->work().empty() ? std::min(std::max(due, now), now + kMostIdle) : now;
}

// It does not know the hub: it is not the one that was there at the start.
void HubCrawl::MeetNewIndex() {
  if (!Declare(listings_).ok()) return;
  shared_.oids.ForgetAll();
  reader_.ForgetAll();
  if (documents_ != nullptr) documents_->ForgetAll();
  const absl::Status status = shared_.index.ListOids(
      [this](const std::string& oid, const std::string& digest) { shared_.oids.Add(oid, digest); });
  common::LogWarning("crawl.new_index", {{"hub", hub_->name()},
                                         {"known_contents", common::Str(shared_.oids.size())},
                                         {"status", std::string(status.message())}});
}

void HubCrawl::Begin(const v1::Work& work) {
  if (work.kind() == v1::VISIT) {
    visits_.push_back(std::make_unique<ReleaseVisit>(context_, work));
    visits_.back()->Start();
  } else if (work.kind() == v1::HISTORY) {
    histories_.push_back(std::make_unique<ReleaseHistory>(context_, work));
    histories_.back()->Start();
  } else {
    walks_.push_back(std::make_unique<ListingWalk>(context_, work));
  }
}

void HubCrawl::AddTo(CrawlProgress& progress) const {
  progress.pages += pages_;
  progress.releases += rows_;
  for (const auto& walk : walks_) {
    progress.pages += walk->pages_read();
    progress.releases += walk->rows_read();
    progress.is_sweeping = progress.is_sweeping || walk->kind() == v1::SWEEP;
  }
}

void HubCrawl::Reap() {
  // What ended may have made other work due: a sweep's absent releases, for one.
  bool may_be_more = std::erase_if(visits_, [](const auto& visit) { return visit->IsOver(); }) > 0;
  may_be_more |=
      std::erase_if(histories_, [](const auto& history) { return history->IsOver(); }) > 0;
  std::erase_if(walks_, [this, &may_be_more](const auto& walk) {
    if (!walk->IsOver()) return false;
    may_be_more = may_be_more || walk->kind() == v1::SWEEP;
    pages_ += walk->pages_read();
    rows_ += walk->rows_read();
    if (status_.ok()) status_ = walk->status();
    return true;
  });
  if (!may_be_more) return;
  next_lease_ = absl::InfinitePast();
  lease_gave_none_ = false;
}

}  // namespace modelwatch::crawler
