// SPDX-License-Identifier: Apache-2.0
#include "crawler/fetch/fetcher.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "common/atomic_file.h"
#include "common/log.h"

namespace modelwatch::crawler {
namespace {

template <typename Owned>
bool LaterDue(const Owned& a, const Owned& b) {
  return a->due > b->due;
}

bool WorthRetrying(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status);
}

}  // namespace

Fetcher::Fetcher(const Hub& hub, common::HttpClient& client, const common::Clock& clock,
                 common::Metrics& metrics, BudgetOptions budget, FetcherOptions options)
    : hub_(hub),
      client_(client),
      clock_(clock),
      metrics_(metrics),
      options_(std::move(options)),
      budget_(budget, options_.seed),
      backoff_(options_.backoff, options_.backoff_cap, 0.5, options_.seed + 1) {
  if (options_.budget_file.empty()) return;
  if (const auto saved = common::ReadWholeFile(options_.budget_file); saved.ok()) {
    budget_.Restore(*saved);
  }
}

void Fetcher::Fetch(FetchRequest request, Done done) {
  auto job = std::make_unique<Job>();
  job->quota = hub_.QuotaOf(request.target);
  job->request = std::move(request);
  job->done = std::move(done);
  ++pending_;
  Enqueue(std::move(job));
}

void Fetcher::Enqueue(Owned job) {
  auto& queue = queues_[static_cast<size_t>(job->quota)];
  if (job->request.is_urgent) {
    queue.push_front(std::move(job));
  } else {
    queue.push_back(std::move(job));
  }
}

absl::Time Fetcher::Pump() {
  const absl::Time now = clock_.Now();
  RequeueDue(now);
  absl::Time wake = waiting_.empty() ? absl::InfiniteFuture() : waiting_.front()->due;
  for (int i = 0; i < kQuotaClasses; ++i) {
    wake = std::min(wake, StartClass(static_cast<QuotaClass>(i), now));
  }
  return wake;
}

void Fetcher::RequeueDue(absl::Time now) {
  while (!waiting_.empty() && waiting_.front()->due <= now) {
    std::pop_heap(waiting_.begin(), waiting_.end(), LaterDue<Owned>);
    Owned job = std::move(waiting_.back());
    waiting_.pop_back();
    queues_[static_cast<size_t>(job->quota)].push_front(std::move(job));
  }
}

absl::Time Fetcher::StartClass(QuotaClass quota, absl::Time now) {
  auto& queue = queues_[static_cast<size_t>(quota)];
  while (!queue.empty()) {
    if (in_air_.size() >= options_.max_in_flight) return absl::InfiniteFuture();
    const absl::Time at = budget_.MaySendAt(quota, now);
    if (at > now) return at;
    Owned job = std::move(queue.front());
    queue.pop_front();
    Start(std::move(job));
  }
  return absl::InfiniteFuture();
}

common::HttpRequest Fetcher::Prepare(const Job& job) const {
  common::HttpRequest http;
  http.url = common::Origin(hub_.endpoint()) + job.request.target;
  http.max_body_bytes = job.request.max_body_bytes;
  http.timeout = options_.timeout;
  if (!options_.token.empty()) {
    http.headers.emplace_back("Authorization", "Bearer " + options_.token);
  }
  if (!job.request.known_oid.empty()) {
    http.headers.emplace_back("If-None-Match", absl::StrFormat("\"%s\"", job.request.known_oid));
  }
  if (job.quota == QuotaClass::kApi) http.headers.emplace_back("Accept", "application/json");
  if (job.request.is_head) http.method = "HEAD";
  return http;
}

void Fetcher::Start(Owned job) {
  ++job->tries;
  budget_.OnSend(job->quota);
  common::HttpRequest http = Prepare(*job);
  Job* const key = job.get();
  in_air_.emplace(key, std::move(job));
  client_.Start(std::move(http), [this, key](absl::StatusOr<common::HttpResponse> response) {
    Owned owned = std::move(in_air_.extract(key).mapped());
    OnDone(std::move(owned), std::move(response));
  });
}

void Fetcher::CountRequest(const Job& job, const std::string& code) {
  metrics_.Count("modelwatch_crawl_requests_total", "Requests sent to hubs.",
                 {{"hub", hub_.name()}, {"class", std::string(Word(job.quota))}, {"code", code}});
}

void Fetcher::OnDone(Owned job, absl::StatusOr<common::HttpResponse> response) {
  if (response.ok()) {
    OnAnswer(std::move(job), *std::move(response));
    return;
  }
  budget_.OnNoAnswer(job->quota);
  CountRequest(*job, absl::StatusCodeToString(response.status().code()));
  FetchResult result;
  result.reason = std::string(response.status().message());
  if (WorthRetrying(response.status())) {
    result.outcome = Outcome::kRetryable;
    Retry(std::move(job), std::move(result), absl::InfinitePast());
    return;
  }
  result.outcome = Outcome::kRefused;
  Finish(std::move(job), std::move(result));
}

void Fetcher::OnAnswer(Owned job, common::HttpResponse response) {
  const absl::Time now = clock_.Now();
  CountRequest(*job, std::to_string(response.status));
  budget_.OnAnswer(job->quota, response.headers, now);
  common::Url asked = hub_.endpoint();
  asked.target = job->request.target;
  Verdict verdict = hub_.Judge(
      asked, {response.status, response.headers, response.body, !options_.token.empty()});
  FetchResult result;
  result.outcome = verdict.outcome;
  result.reason = std::move(verdict.reason);
  result.location = std::move(verdict.location);
  result.response = std::move(response);
  if (result.outcome == Outcome::kOk && job->request.check) {
    const absl::Status checked = job->request.check(result.response);
    if (!checked.ok()) {
      result.outcome =
          absl::IsResourceExhausted(checked) ? Outcome::kRateLimited : Outcome::kRetryable;
      result.reason = std::string(checked.message());
    }
  }
  if (result.outcome == Outcome::kRateLimited) {
    const absl::Time until = budget_.OnLimited(job->quota, result.response.headers, now);
    common::LogWarning("crawl.rate_limited",
                       {{"hub", hub_.name()},
                        {"class", std::string(Word(job->quota))},
                        {"until", common::FormatMicros(common::ToMicros(until))},
                        {"reason", result.reason}});
    if (!options_.budget_file.empty()) {
      common::WriteFileAtomically(options_.budget_file, budget_.Save()).IgnoreError();
    }
    Retry(std::move(job), std::move(result), until);
    return;
  }
  if (result.outcome == Outcome::kRetryable) {
    Retry(std::move(job), std::move(result), absl::InfinitePast());
    return;
  }
  Finish(std::move(job), std::move(result));
}

void Fetcher::Retry(Owned job, FetchResult result, absl::Time not_before) {
  const int status = result.response.status;
  if (job->tries >= options_.max_tries || (status != 0 && status == job->request.final_status)) {
    Finish(std::move(job), std::move(result));
    return;
  }
  metrics_.Count("modelwatch_crawl_retries_total", "Requests tried again.",
                 {{"hub", hub_.name()}, {"outcome", std::string(Word(result.outcome))}});
  job->due = std::max(clock_.Now() + backoff_.After(job->tries), not_before);
  waiting_.push_back(std::move(job));
  std::push_heap(waiting_.begin(), waiting_.end(), LaterDue<Owned>);
}

void Fetcher::Finish(Owned job, FetchResult result) {
  --pending_;
  result.tries = job->tries;
  if (result.outcome != Outcome::kOk && result.outcome != Outcome::kNotModified) {
    result.reason = absl::StrFormat(
        "%s: %s%s", job->request.target.substr(0, job->request.target.find('?')), result.reason,
        job->tries > 1 ? absl::StrFormat(" (%d tries)", job->tries) : std::string());
  }
  job->done(std::move(result));
}

}  // namespace modelwatch::crawler
