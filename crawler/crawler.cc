// SPDX-License-Identifier: Apache-2.0
#include "crawler/crawler.h"

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "common/http/curl_client.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "crawler/hub/registry.h"
#include "crawler/hub_crawl.h"
#include "crawler/pdf_reader.h"
#include "crawler/publish/publisher.h"
#include "crawler/storage_reader.h"

namespace modelwatch::crawler {
namespace {

constexpr size_t kQueueItems = 2048;
constexpr absl::Duration kLongestPoll = absl::Milliseconds(200);
constexpr absl::Duration kIndexRetry = absl::Seconds(1);
// RunOnce gives an index that is away this long.
constexpr absl::Duration kOncePatience = absl::Seconds(30);

bool IsTransient(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsResourceExhausted(status);
}

std::string UserAgent(const CrawlerOptions& options, const v1::Config& config) {
  const std::string& contact = config.crawl().contact();
  return absl::StrFormat("modelwatch/%s%s", options.version,
                         contact.empty() ? std::string() : absl::StrFormat(" (+%s)", contact));
}

common::CurlClientOptions ClientOptions(const CrawlerOptions& options, const v1::Config& config) {
  common::CurlClientOptions client;
  client.user_agent = UserAgent(options, config);
  client.max_in_flight = 64;  // each hub's fetcher holds to its own limit
  client.ca_file = options.ca_file;
  client.allow_private_addresses = options.allow_private_addresses;
  return client;
}

}  // namespace

class Crawler::Impl {
 public:
  Impl(v1::Config config, indexer::Index& index, const common::Clock& clock,
       common::Metrics& metrics, CrawlerOptions options)
      : config_(std::move(config)),
        index_(index),
        clock_(clock),
        metrics_(metrics),
        options_(std::move(options)),
        seed_(options_.seed != 0 ? options_.seed
                                 : static_cast<uint64_t>(absl::ToUnixNanos(clock.Now()))) {}

  absl::Status Run(const common::Stopper& stopper, bool once);

 private:
  absl::Status Open();
  absl::Status OpenHub(const v1::HubConfig& hub_config);
  absl::Status Meet(const common::Stopper& stopper, bool once);
  absl::Status Greet(bool once);
  absl::Status Loop(const common::Stopper& stopper, bool once);
  void TellProgress() const;
  absl::Status Outcome() const;

  // constant after construction
  const v1::Config config_;
  indexer::Index& index_;
  const common::Clock& clock_;
  common::Metrics& metrics_;
  const CrawlerOptions options_;
  const uint64_t seed_;

  // own synchronization: shared by the two threads
  OutgoingQueue queue_{kQueueItems};
  std::unique_ptr<Mailbox> mailbox_;

  // the publisher thread's alone, while it lives
  std::unique_ptr<Spool> spool_;
  std::unique_ptr<Publisher> publisher_;

  // the I/O thread's alone
  std::unique_ptr<common::HttpClient> client_;
  std::unique_ptr<common::HttpClient> outside_;  // never speaks to a private address
  std::unique_ptr<PdfReader> pdfs_;
  OidTable oids_;
  Outbox outbox_{queue_};
  std::vector<std::unique_ptr<HubCrawl>> hubs_;
};

absl::Status Crawler::Impl::Open() {
  client_ = common::NewCurlClient(ClientOptions(options_, config_));
  common::CurlClientOptions outside = ClientOptions(options_, config_);
  outside.allow_private_addresses = false;
  outside_ = common::NewCurlClient(outside);
  mailbox_ = std::make_unique<Mailbox>(*client_);
  const std::string directory = options_.data_dir + "/spool";
  ASSIGN_OR_RETURN(spool_, Spool::Open(directory, options_.max_spool_bytes));
  PublisherOptions publishing;
  publishing.seed = seed_;
  publishing.on_missing_content = [this](const v1::Observation& observation) {
    mailbox_->Post([this, observation] {
      for (const auto& hub : hubs_) hub->Forget(observation);
    });
  };
  publisher_ = std::make_unique<Publisher>(index_, *spool_, clock_, metrics_, publishing);
  if (config_.hubs().empty()) {
    return absl::InvalidArgumentError("no hub is configured; name one, e.g. --hub huggingface");
  }
  pdfs_ = std::make_unique<PdfReader>(clock_);
  for (const v1::HubConfig& hub_config : config_.hubs()) RETURN_IF_ERROR(OpenHub(hub_config));
  return absl::OkStatus();
}

// Each kind of a hub is a hub of its own.
absl::Status Crawler::Impl::OpenHub(const v1::HubConfig& hub_config) {
  ASSIGN_OR_RETURN(std::vector<std::unique_ptr<Hub>> hubs, NewHubs(hub_config));
  HubCrawlOptions hub_options;
  hub_options.hub = hub_config;
  hub_options.crawl = config_.crawl();
  hub_options.worker = options_.worker;
  hub_options.token = options_.token;
  hub_options.seed = seed_;
  hub_options.lease = options_.lease;
  for (std::unique_ptr<Hub>& hub : hubs) {
    const bool is_here = IsThisMachine(hub->endpoint());
    const bool reads_documents = options_.read_documents && !is_here;
    common::HttpClient* storage = is_here ? client_.get() : outside_.get();
    hubs_.push_back(std::make_unique<HubCrawl>(
        std::move(hub),
        SharedParts{*client_, reads_documents ? outside_.get() : nullptr,
                    options_.read_documents ? storage : nullptr, pdfs_.get(), oids_, outbox_,
                    *mailbox_, index_, clock_, metrics_},
        hub_options));
  }
  return absl::OkStatus();
}

absl::Status Crawler::Impl::Greet(bool once) {
  const Listings listings = once ? Listings::kOnce : Listings::kAgain;
  for (const auto& hub : hubs_) RETURN_IF_ERROR(hub->Declare(listings));
  RETURN_IF_ERROR(index_.ListOids(
      [this](const std::string& oid, const std::string& digest) { oids_.Add(oid, digest); }));
  common::LogInfo("crawl.started", {{"hubs", common::Str(hubs_.size())},
                                    {"known_contents", common::Str(oids_.size())},
                                    {"spooled_bytes", common::Str(spool_->bytes())}});
  return absl::OkStatus();
}

// Waits for the index: without it there is no work to lease.
absl::Status Crawler::Impl::Meet(const common::Stopper& stopper, bool once) {
  const absl::Time give_up = clock_.Now() + kOncePatience;
  while (!stopper.stopped()) {
    const absl::Status status = Greet(once);
    if (status.ok() || !IsTransient(status)) return status;
    if (once && clock_.Now() >= give_up) {
      return absl::UnavailableError(
          absl::StrFormat("the indexer cannot be reached: %s", std::string(status.message())));
    }
    common::LogWarning("crawl.index_away", {{"reason", std::string(status.message())},
                                            {"next", "asked again until it is there"}});
    stopper.WaitFor(kIndexRetry);
  }
  return absl::OkStatus();
}

absl::Status Crawler::Impl::Loop(const common::Stopper& stopper, bool once) {
  const Listings listings = once ? Listings::kOnce : Listings::kAgain;
  while (!stopper.stopped()) {
    mailbox_->Run();
    outbox_.Flush();
    absl::Time wake = absl::InfiniteFuture();
    for (const auto& hub : hubs_) wake = std::min(wake, hub->Step(listings));
    TellProgress();
    const bool is_through =
        std::all_of(hubs_.begin(), hubs_.end(), [](const auto& hub) { return hub->IsThrough(); });
    if (once && is_through) return Outcome();
    outside_->Poll(absl::ZeroDuration());
    pdfs_->Step();
    const bool is_busy = outbox_.backlog() > 0 || outside_->in_flight() > 0 || pdfs_->active() > 0;
    const absl::Duration longest = is_busy ? absl::Milliseconds(5) : kLongestPoll;
    client_->Poll(std::clamp(wake - clock_.Now(), absl::ZeroDuration(), longest));
  }
  return absl::OkStatus();
}

void Crawler::Impl::TellProgress() const {
  if (!options_.on_progress) return;
  CrawlProgress progress;
  for (const auto& hub : hubs_) hub->AddTo(progress);
  options_.on_progress(progress);
}

absl::Status Crawler::Impl::Outcome() const {
  for (const auto& hub : hubs_) RETURN_IF_ERROR(hub->status());
  return absl::OkStatus();
}

// The pipeline, two threads:
//
//   this thread                                                      publisher thread
//   lease --> listing page --> rows --> heads? --> files --> outbox ==> queue ==> batch --> index
//     ^        (cursor chain)            |  unchanged --------^           |         `-> spool
//     |                                  `- curl, <= 64 in flight         |               |
//     `------------------------- mailbox <== reports (marks, in order) <--'<-- drained <--'
//
// Items and marks share one queue, so a mark is reported after everything that was put before it.
absl::Status Crawler::Impl::Run(const common::Stopper& stopper, bool once) {
  RETURN_IF_ERROR(Open());
  RETURN_IF_ERROR(Meet(stopper, once));
  if (stopper.stopped()) return absl::OkStatus();
  std::thread publishing([this, &stopper] { publisher_->Run(queue_, stopper); });
  absl::Status status = Loop(stopper, once);
  for (const auto& hub : hubs_) hub->Release();
  outbox_.Flush();
  queue_.Close();
  publishing.join();
  if (once && !spool_->empty() && status.ok()) {
    status = absl::UnavailableError(
        absl::StrFormat("%d bytes wait in %s/spool for the indexer; run again when it is back",
                        spool_->bytes(), options_.data_dir));
  }
  common::LogInfo("crawl.stopped", {{"spooled_bytes", common::Str(spool_->bytes())}});
  return status;
}

Crawler::Crawler(const v1::Config& config, indexer::Index& index, const common::Clock& clock,
                 common::Metrics& metrics, CrawlerOptions options)
    : impl_(std::make_unique<Impl>(config, index, clock, metrics, std::move(options))) {}

Crawler::~Crawler() = default;

absl::Status Crawler::Run(const common::Stopper& stopper) { return impl_->Run(stopper, false); }

absl::Status Crawler::RunOnce(const common::Stopper& stopper) { return impl_->Run(stopper, true); }

}  // namespace modelwatch::crawler
