// SPDX-License-Identifier: Apache-2.0
// Fetcher: asks one hub, within its budget, and tries again where that helps.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "common/backoff.h"
#include "common/clock.h"
#include "common/http/http_client.h"
#include "common/metrics.h"
#include "crawler/fetch/budget.h"
#include "crawler/hub/hub.h"

namespace modelwatch::crawler {

struct FetcherOptions {
  size_t max_in_flight = 32;
  int max_tries = 5;
  absl::Duration backoff = absl::Seconds(1);  // doubled each try, halved to doubled by jitter
  absl::Duration backoff_cap = absl::Seconds(60);
  absl::Duration timeout = absl::Seconds(60);
  std::string token = {};  // sent to the hub's own origin alone
  uint64_t seed = 1;
};

struct FetchRequest {
  std::string target;     // path and query at the hub's endpoint
  std::string known_oid;  // of the content we have: the hub may answer "not modified"
  size_t max_body_bytes = size_t{4} << 20;
  Priority priority = Priority::kChanged;  // who goes first within the hub's quota
  bool is_urgent = false;  // before others of its priority: listing pages keep all else busy
  bool is_head = false;    // only the header is wanted
  int final_status = 0;    // an answer of this status is not tried again; 0 = none
  // Looks at an answer that is kOk; an error makes it count as failed, to be tried again.
  // RESOURCE_EXHAUSTED: as a 429. FAILED_PRECONDITION: its Link leads nowhere. DATA_LOSS: it is not
  // the content that it says it is. May take the body.
  std::function<absl::Status(common::HttpResponse& response)> check;
};

struct FetchResult {
  Outcome outcome = Outcome::kRetryable;
  common::HttpResponse response;
  std::string reason;    // one line: what was asked, why it failed, how often it was tried
  common::Url location;  // kRenamed, kElsewhere
  int tries = 0;
};

// 408, 429, 5xx, timeouts and broken transfers are tried again after a growing, jittered wait, up
// to max_tries; then they are the result (kRetryable or kRateLimited). Everything else is a result
// at once. Redirects are results. One thread, the client's.
class Fetcher {
 public:
  using Done = std::function<void(FetchResult)>;

  // All references must outlive this, and the client may not be polled once this is gone.
  Fetcher(const Hub& hub, common::HttpClient& client, const common::Clock& clock,
          common::Metrics& metrics, BudgetOptions budget, FetcherOptions options);
  Fetcher(const Fetcher&) = delete;
  Fetcher& operator=(const Fetcher&) = delete;

  // `done` is called once, from Pump() or the client's Poll(); it may call Fetch().
  void Fetch(FetchRequest request, Done done);

  // Starts what may be started now. Returns when to call again if nothing else happens.
  absl::Time Pump();

  // Gives back what of the hub's quota is in hand. Nothing may be fetched afterwards.
  void Release() { budget_.GiveBack(clock_.Now()); }

  // Counts an answer that could not be used, here and in the index. The reasons are few: words of
  // the transfer, of the content, and HTTP statuses.
  void CountTrouble(QuotaClass quota, const std::string& reason);

  // Requests not done yet, and how many of them are on the wire.
  [[nodiscard]] size_t pending() const { return pending_; }
  [[nodiscard]] size_t in_flight() const { return in_air_.size(); }

 private:
  struct Job {
    FetchRequest request;
    Done done;
    QuotaClass quota = QuotaClass::kApi;
    int tries = 0;
    absl::Time due;
  };
  using Owned = std::unique_ptr<Job>;

  void Enqueue(Owned job);
  void RequeueDue(absl::Time now);
  void NoticeClock(absl::Time now);
  [[nodiscard]] Waiting WaitingIn(QuotaClass quota) const;
  [[nodiscard]] Owned TakeNext(QuotaClass quota);
  absl::Time StartClass(QuotaClass quota, absl::Time now);
  void Start(Owned job);
  [[nodiscard]] std::deque<Owned>& QueueOf(const Job& job);
  [[nodiscard]] common::HttpRequest Prepare(const Job& job) const;
  void OnDone(Owned job, absl::StatusOr<common::HttpResponse> response);
  void OnAnswer(Owned job, common::HttpResponse response);
  void Retry(Owned job, FetchResult result, absl::Time not_before);
  void Finish(Owned job, FetchResult result);
  void CountRequest(const Job& job, const std::string& code);

  // constant after construction
  const Hub& hub_;
  common::HttpClient& client_;
  const common::Clock& clock_;
  common::Metrics& metrics_;
  const FetcherOptions options_;

  Budget budget_;
  common::Backoff backoff_;
  std::array<std::array<std::deque<Owned>, kPriorities>, kQuotaClasses> queues_;
  std::vector<Owned> waiting_;  // for their next try, a heap by `due`
  std::unordered_map<Job*, Owned> in_air_;
  size_t pending_ = 0;
  absl::Time last_pump_ = absl::InfinitePast();
};

}  // namespace modelwatch::crawler
