// SPDX-License-Identifier: Apache-2.0
#include "crawler/fetch/fetcher.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "common/log.h"

namespace modelwatch::crawler {
namespace {

template <typename Owned>
bool LaterDue(const Owned& a, const Owned& b) {
  return a->due > b->due;
}

// Of an answer with a good status whose content is not.
const char* TroubleOfContent(const absl::Status& status) {
  if (absl::IsResourceExhausted(status)) return "rate_limited";
  if (absl::IsFailedPrecondition(status)) return "bad_link";
  return absl::IsDataLoss(status) ? "wrong_content" : "bad_body";
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
      budget_(std::move(budget)),
      backoff_(options_.backoff, options_.backoff_cap, 0.5, options_.seed + 1) {}

void Fetcher::Fetch(FetchRequest request, Done done) {
  auto job = std::make_unique<Job>();
  job->quota = hub_.QuotaOf(request.target);
  job->request = std::move(request);
  job->done = std::move(done);
  ++pending_;
  Enqueue(std::move(job));
}

std::deque<Fetcher::Owned>& Fetcher::QueueOf(const Job& job) {
  return queues_[static_cast<size_t>(job.quota)][static_cast<size_t>(job.request.priority)];
}

void Fetcher::Enqueue(Owned job) {
  auto& queue = QueueOf(*job);
  if (job->request.is_urgent) {
    queue.push_front(std::move(job));
  } else {
    queue.push_back(std::move(job));
  }
}

absl::Time Fetcher::Pump() {
  const absl::Time now = clock_.Now();
  NoticeClock(now);
  RequeueDue(now);
  absl::Time wake = waiting_.empty() ? absl::InfiniteFuture() : waiting_.front()->due;
  for (int i = 0; i < kQuotaClasses; ++i) {
    wake = std::min(wake, StartClass(static_cast<QuotaClass>(i), now));
  }
  return wake;
}

// A clock that was set back must not make anything wait for the time it showed before.
void Fetcher::NoticeClock(absl::Time now) {
  if (now + absl::Seconds(1) < last_pump_) {
    budget_.OnClockBack(now);
    for (const Owned& job : waiting_) job->due = std::min(job->due, now + options_.backoff_cap);
    std::make_heap(waiting_.begin(), waiting_.end(), LaterDue<Owned>);
  }
  last_pump_ = now;
}

void Fetcher::RequeueDue(absl::Time now) {
  while (!waiting_.empty() && waiting_.front()->due <= now) {
    std::pop_heap(waiting_.begin(), waiting_.end(), LaterDue<Owned>);
    Owned job = std::move(waiting_.back());
    waiting_.pop_back();
    QueueOf(*job).push_front(std::move(job));
  }
}

Waiting Fetcher::WaitingIn(QuotaClass quota) const {
  Waiting waiting;
  const auto& queues = queues_[static_cast<size_t>(quota)];
  std::transform(queues.begin(), queues.end(), waiting.begin(),
                 [](const auto& queue) { return static_cast<uint32_t>(queue.size()); });
  return waiting;
}

// The first of the highest priority; null when nothing waits.
Fetcher::Owned Fetcher::TakeNext(QuotaClass quota) {
  for (auto& queue : queues_[static_cast<size_t>(quota)]) {
    if (queue.empty()) continue;
    Owned job = std::move(queue.front());
    queue.pop_front();
    return job;
  }
  return nullptr;
}

absl::Time Fetcher::StartClass(QuotaClass quota, absl::Time now) {
  absl::Time wake = absl::InfiniteFuture();
  for (Waiting waiting = WaitingIn(quota); waiting != Waiting{}; waiting = WaitingIn(quota)) {
    if (in_air_.size() >= options_.max_in_flight) break;
    wake = budget_.MaySendAt(quota, waiting, now);
    if (wake > now) break;
    Start(TakeNext(quota));
    wake = absl::InfiniteFuture();
  }
  return std::min(wake, budget_.Settle(quota, WaitingIn(quota), now));
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

void Fetcher::CountTrouble(QuotaClass quota, const std::string& reason) {
  budget_.OnTrouble(quota, reason);
  metrics_.Count("modelwatch_crawl_trouble_total", "Answers that could not be used, by reason.",
                 {{"hub", hub_.name()}, {"reason", reason}});
}

void Fetcher::OnDone(Owned job, absl::StatusOr<common::HttpResponse> response) {
  if (response.ok()) {
    OnAnswer(std::move(job), *std::move(response));
    return;
  }
  budget_.OnNoAnswer(job->quota, clock_.Now());
  CountRequest(*job, absl::StatusCodeToString(response.status().code()));
  CountTrouble(job->quota, common::TroubleOf(response.status()));
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
  budget_.OnAnswer(job->quota, response.status, response.headers, now);
  common::Url asked = hub_.endpoint();
  asked.target = job->request.target;
  Verdict verdict = hub_.Judge(
      asked, {response.status, response.headers, response.body, !options_.token.empty()});
  FetchResult result;
  result.outcome = verdict.outcome;
  result.reason = std::move(verdict.reason);
  result.location = std::move(verdict.location);
  result.response = std::move(response);
  const bool is_trouble =
      result.outcome == Outcome::kRateLimited || result.outcome == Outcome::kRetryable ||
      result.outcome == Outcome::kBadCredential || result.outcome == Outcome::kRefused;
  if (is_trouble) CountTrouble(job->quota, absl::StrFormat("http_%d", result.response.status));
  if (result.response.body_is == common::HttpBody::kTooLarge) CountTrouble(job->quota, "too_large");
  if (result.outcome == Outcome::kOk && job->request.check) {
    const absl::Status checked = job->request.check(result.response);
    if (!checked.ok()) {
      CountTrouble(job->quota, TroubleOfContent(checked));
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
