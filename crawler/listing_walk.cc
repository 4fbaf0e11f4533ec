// SPDX-License-Identifier: Apache-2.0
#include "crawler/listing_walk.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "common/log.h"

namespace modelwatch::crawler {
namespace {

constexpr size_t kOpenPages = 4;
// Beyond this many requests or observations waiting, pages can wait too.
constexpr size_t kEnoughPending = 4000;
constexpr size_t kEnoughBacklog = 4000;
constexpr absl::Duration kOverlap = absl::Minutes(15);
// lastModified is a commit date and may lie in the future: such rows are read, but move no
// watermark.
constexpr absl::Duration kFuture = absl::Minutes(5);
constexpr absl::Duration kSettled = absl::Hours(24);

const char* KindWord(v1::WorkKind kind) { return kind == v1::SWEEP ? "sweep" : "keep_up"; }

}  // namespace

ListingWalk::ListingWalk(HubContext& context, v1::Work work)
    : context_(context),
      work_(std::move(work)),
      size_(context.page_size),
      started_us_(work_.kind() == v1::SWEEP ? work_.started_us() : 0),
      watermark_us_(work_.watermark_us()),
      last_report_(context.clock.Now()) {
  const Listing listing =
      work_.kind() == v1::SWEEP ? Listing::kByCreation : Listing::kByLastModified;
  const bool resumes = work_.kind() == v1::SWEEP && absl::StartsWith(work_.cursor(), "/");
  next_ = resumes ? work_.cursor() : context_.hub.ListingTarget(listing, size_);
  reported_ = resumes ? work_.cursor() : "";
}

bool ListingWalk::IsOver() const {
  const bool all_read = std::all_of(pages_.begin(), pages_.end(),
                                    [](const auto& page) { return page->waiting == 0; });
  return is_closed_ && reports_open_ == 0 && !is_fetching_ && all_read;
}

void ListingWalk::Step(absl::Time now) {
  if (is_closed_) return;
  const bool has_room = pages_.size() < kOpenPages && context_.fetcher.pending() < kEnoughPending &&
                        context_.outbox.backlog() < kEnoughBacklog;
  if (!is_fetching_ && !next_.empty() && has_room) FetchPage();
  const bool is_clock_back = now < last_report_;
  if (now - last_report_ > context_.lease / 3 || is_clock_back) Report(v1::PROGRESS, reported_);
}

void ListingWalk::FetchPage() {
  is_fetching_ = true;
  OpenPage& open = *pages_.emplace_back(std::make_unique<OpenPage>());
  auto answer = std::make_shared<Answer>();
  FetchRequest request;
  request.target = context_.hub.SmallerPage(next_, size_);
  request.max_body_bytes = context_.max_page_bytes;
  request.priority = priority();
  request.is_urgent = true;
  request.final_status = size_ > 100 ? 504 : 0;
  request.check = [this, answer](common::HttpResponse& response) -> absl::Status {
    if (response.body_is != common::HttpBody::kWhole) return absl::OkStatus();
    answer->hub_time_us = HubTime(response.headers, context_.clock);
    auto page = context_.hub.ParsePage(response.body, answer->hub_time_us);
    if (!page.ok()) return page.status();
    auto next = context_.hub.NextPage(response.headers);
    if (!next.ok()) return absl::FailedPreconditionError(next.status().message());
    answer->page = *std::move(page);
    answer->next = *std::move(next);
    return absl::OkStatus();
  };
  context_.fetcher.Fetch(std::move(request), [this, &open, answer](FetchResult result) {
    OnPage(open, std::move(result), std::move(*answer));
  });
}

void ListingWalk::OnPage(OpenPage& open, FetchResult result, Answer answer) {
  is_fetching_ = false;
  const bool is_whole = result.response.body_is == common::HttpBody::kWhole;
  if (result.outcome != Outcome::kOk || !is_whole) {
    OnPageFailed(open, result);
    return;
  }
  if (is_closed_) return;
  if (IsLoop(answer)) {
    Fail(absl::UnavailableError("the hub's next page is one that was read already"));
    return;
  }
  ++pages_read_;
  rows_read_ += answer.page.rows.size();
  NoteTimes(answer);
  LogPage(answer);
  open.next = IsLast(answer) ? "" : answer.next;
  next_ = open.next;
  size_ = std::min(context_.page_size, size_ * 2);
  ReadRows(open, answer.page);
}

// Sizes aside: the same cursor asked for with fewer rows is the same page.
bool ListingWalk::IsLoop(const Answer& answer) {
  asked_.insert(context_.hub.SmallerPage(next_, 1));
  if (answer.next.empty() || !asked_.contains(context_.hub.SmallerPage(answer.next, 1))) {
    return false;
  }
  context_.fetcher.CountTrouble(QuotaClass::kApi, "looping_cursor");
  return true;
}

void ListingWalk::OnPageFailed(OpenPage& open, const FetchResult& result) {
  const bool is_too_large = result.response.body_is == common::HttpBody::kTooLarge;
  const bool is_too_slow = result.response.status == 504;
  if ((is_too_large || is_too_slow) && size_ > 100 && !is_closed_) {
    pages_.pop_back();  // it is the newest: pages are fetched one after the other
    size_ = size_ > 500 ? 500 : 100;
    common::LogWarning("crawl.smaller_page", {{"hub", context_.hub.name()},
                                              {"reason", is_too_slow ? "HTTP 504" : "too large"},
                                              {"rows", common::Str(size_)}});
    return;
  }
  open.is_read = true;
  Fail(absl::UnavailableError(is_too_large ? "a page is over the byte limit" : result.reason));
}

void ListingWalk::NoteTimes(const Answer& answer) {
  if (started_us_ == 0) started_us_ = answer.hub_time_us;
  if (work_.kind() != v1::KEEP_UP) return;
  const int64_t newest = answer.hub_time_us + absl::ToInt64Microseconds(kFuture);
  for (const Row& row : answer.page.rows) {
    const int64_t modified = row.observation.last_modified_us();
    if (modified <= newest) watermark_us_ = std::max(watermark_us_, modified);
  }
}

bool ListingWalk::IsLast(const Answer& answer) {
  if (answer.next.empty()) return true;
  if (work_.kind() == v1::SWEEP) return false;
  // At first sight only the newest page: the sweep reads the rest.
  if (work_.watermark_us() == 0) return true;
  const int64_t until = work_.watermark_us() - absl::ToInt64Microseconds(kOverlap);
  return !answer.page.rows.empty() &&
         answer.page.rows.back().observation.last_modified_us() < until;
}

void ListingWalk::LogPage(const Answer& answer) const {
  const Page& page = answer.page;
  const std::string hub = context_.hub.name();
  context_.metrics.Count("modelwatch_crawl_pages_total", "Listing pages read.",
                         {{"hub", hub}, {"kind", KindWord(work_.kind())}});
  common::LogDebug("crawl.page", {{"hub", hub},
                                  {"kind", KindWord(work_.kind())},
                                  {"rows", common::Str(page.rows.size())},
                                  {"bad", common::Str(page.bad_rows.size())}});
  if (page.repaired > 0) {
    common::LogWarning("crawl.rows_repaired", {{"hub", hub},
                                               {"rows", common::Str(page.repaired)},
                                               {"reason", "invalid UTF-8 was replaced"}});
  }
  if (page.bad_rows.empty()) return;
  context_.metrics.Count("modelwatch_crawl_rows_total", "Listed rows, by what came of them.",
                         {{"hub", hub}, {"what", "bad"}},
                         static_cast<double>(page.bad_rows.size()));
  common::LogWarning("crawl.rows_skipped",
                     {{"hub", hub},
                      {"rows", common::Str(page.bad_rows.size())},
                      {"position", common::Str(page.bad_rows.front().position)},
                      {"reason", page.bad_rows.front().reason},
                      {"next", "the rest of the page is read"}});
}

void ListingWalk::ReadRows(OpenPage& open, const Page& page) {
  std::vector<v1::ReleaseKey> keys;
  keys.reserve(page.rows.size());
  for (const Row& row : page.rows) keys.push_back(row.observation.key());
  const std::vector<v1::Head> heads = GetHeads(context_, keys);
  open.waiting = page.rows.size();
  open.listed.rows = page.rows.size() + page.bad_rows.size();
  for (const v1::ReleaseKey& key : keys) context_.outbox.Open(key);
  for (size_t i = 0; i < page.rows.size(); ++i) {
    const v1::Head* head = heads.empty() ? nullptr : &heads[i];
    CountSettled(open, page.rows[i], head);
    ReadRelease(context_, page.rows[i], head, priority(), Freshness::kKnownWillDo,
                [this, &open, downloads = page.rows[i].downloads](v1::PutItem item) {
                  item.set_downloads(downloads);
                  Publish(context_, std::move(item), work_.id());
                  if (--open.waiting == 0 && open.is_read) Advance();
                });
  }
  context_.metrics.Count("modelwatch_crawl_rows_total", "Listed rows, by what came of them.",
                         {{"hub", context_.hub.name()}, {"what", "read"}},
                         static_cast<double>(page.rows.size()));
  open.is_read = true;
  Advance();
}

// Of a release that is old enough, every sweep since should have told the index.
void ListingWalk::CountSettled(OpenPage& open, const Row& row, const v1::Head* head) {
  const v1::Observation& seen = row.observation;
  const int64_t age_us = seen.observed_at_us() - seen.created_at_us();
  if (head == nullptr || age_us < absl::ToInt64Microseconds(kSettled)) return;
  ++open.listed.settled;
  open.listed.settled_known += head->found() ? 1 : 0;
}

void ListingWalk::Advance() {
  while (!pages_.empty() && pages_.front()->is_read && pages_.front()->waiting == 0) {
    const std::string next = pages_.front()->next;
    listed_.Add(pages_.front()->listed);
    pages_.pop_front();
    if (is_closed_) continue;
    if (!status_.ok()) {
      if (pages_.empty()) {
        is_closed_ = true;
        Report(v1::FAILED_WORK, reported_);
      }
      continue;
    }
    Report(next.empty() ? v1::DONE : v1::PROGRESS, next);
    if (next.empty()) is_closed_ = true;
  }
}

void ListingWalk::Fail(absl::Status status) {
  common::LogError("crawl.listing_failed",
                   {{"hub", context_.hub.name()},
                    {"kind", KindWord(work_.kind())},
                    {"reason", std::string(status.message())},
                    {"next", absl::StrFormat("resumed in %s",
                                             absl::FormatDuration(RestAfter(work_.attempt())))}});
  status_ = std::move(status);
  next_.clear();
  if (!pages_.empty()) pages_.back()->is_read = true;
  Advance();
}

OutgoingMark ListingWalk::NewMark(v1::WorkOutcome outcome, const std::string& cursor) const {
  OutgoingMark mark;
  mark.report.set_id(work_.id());
  mark.report.set_token(work_.token());
  mark.report.set_outcome(outcome);
  mark.report.set_hub_time_us(started_us_);
  mark.report.set_lease_ms(absl::ToInt64Milliseconds(context_.lease));
  mark.report.set_rows(listed_.rows);
  mark.report.set_settled(listed_.settled);
  mark.report.set_settled_known(listed_.settled_known);
  if (work_.kind() == v1::SWEEP) mark.report.set_cursor(cursor);
  if (outcome == v1::DONE) mark.report.set_watermark_us(watermark_us_);
  if (outcome == v1::FAILED_WORK) {
    mark.report.set_retry_after_ms(absl::ToInt64Milliseconds(RestAfter(work_.attempt())));
  }
  return mark;
}

void ListingWalk::Report(v1::WorkOutcome outcome, const std::string& cursor) {
  OutgoingMark mark = NewMark(outcome, cursor);
  mark.done = [this, outcome](absl::StatusOr<v1::FinishWorkResponse> response) {
    context_.mailbox.Post([this, outcome, response] { OnReported(outcome, response); });
  };
  reported_ = cursor;
  last_report_ = context_.clock.Now();
  ++reports_open_;
  context_.outbox.Mark(std::move(mark));
}

void ListingWalk::Release() {
  if (is_closed_) return;
  OutgoingMark mark = NewMark(v1::PROGRESS, reported_);
  mark.report.set_lease_ms(1);
  mark.done = [](const absl::StatusOr<v1::FinishWorkResponse>&) {};
  context_.outbox.Mark(std::move(mark));
}

void ListingWalk::OnReported(v1::WorkOutcome outcome,
                             const absl::StatusOr<v1::FinishWorkResponse>& response) {
  --reports_open_;
  const std::string hub = context_.hub.name();
  if (!response.ok()) {
    if (status_.ok()) status_ = response.status();
    if (std::exchange(is_closed_, true) && outcome != v1::DONE) return;
    common::LogWarning("crawl.lease_lost", {{"hub", hub},
                                            {"kind", KindWord(work_.kind())},
                                            {"reason", std::string(response.status().message())}});
    return;
  }
  if (outcome != v1::DONE) return;
  context_.metrics.Set("modelwatch_crawl_last_success_seconds",
                       "When a listing was last read to its end (Unix time).",
                       static_cast<double>(absl::ToUnixSeconds(context_.clock.Now())),
                       {{"hub", hub}, {"kind", KindWord(work_.kind())}});
  common::LogInfo("crawl.listing_done", {{"hub", hub},
                                         {"kind", KindWord(work_.kind())},
                                         {"pages", common::Str(pages_read_)},
                                         {"rows", common::Str(rows_read_)},
                                         {"absent", common::Str(response->absent())}});
}

}  // namespace modelwatch::crawler
