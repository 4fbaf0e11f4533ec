// SPDX-License-Identifier: Apache-2.0
#include "crawler/release_history.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "common/digest.h"
#include "common/log.h"
#include "proto/release_id.h"

namespace modelwatch::crawler {
namespace {

constexpr size_t kMaxPageBytes = size_t{8} << 20;  // 50 commits with the longest messages
constexpr size_t kMaxReleaseBytes = size_t{16} << 20;
// A commit that cannot be read so often is passed over, a list that cannot be had ends the reading.
constexpr uint32_t kMaxTries = 5;

bool AllRefused(const v1::Observation& observation) {
  return !observation.files().empty() &&
         std::all_of(observation.files().begin(), observation.files().end(),
                     [](const v1::File& file) { return file.outcome() == v1::REFUSED; });
}

bool HasFailed(const v1::Observation& observation) {
  return std::any_of(observation.files().begin(), observation.files().end(),
                     [](const v1::File& file) { return file.outcome() == v1::FAILED; });
}

std::string ContentOf(const v1::Observation& observation) {
  std::string content;
  for (const v1::File& file : observation.files()) {
    content += absl::StrFormat("%s\n%s\n%d\n", file.path(), file.oid(), file.outcome());
  }
  return content;
}

// What a hub says now of gate, tags and card data is not what it said then.
void LeaveOnlyThePast(v1::Observation& observation, const ListedCommit& commit) {
  const int64_t created_us = std::max<int64_t>(1, observation.created_at_us());
  observation.clear_declared();
  observation.clear_moved_to();
  observation.mutable_access()->Clear();
  observation.mutable_access()->set_presence(v1::PRESENT);
  observation.set_revision(commit.revision);
  observation.set_observed_at_us(commit.committed_at_us > 0 ? commit.committed_at_us : created_us);
  observation.set_last_modified_us(observation.observed_at_us());
}

}  // namespace

std::string PastPlace::ToCursor() const {
  return absl::StrFormat("%s/%d/%d/%d/%d", anchor, next, versions, tries, is_cut ? 1 : 0);
}

std::optional<PastPlace> PastPlace::FromCursor(std::string_view cursor) {
  const std::vector<std::string> parts = absl::StrSplit(std::string(cursor), '/');
  PastPlace place;
  uint32_t cut = 0;
  if (parts.size() != 5 || !common::IsGitOid(parts[0]) ||
      !absl::SimpleAtoi(parts[1], &place.next) || !absl::SimpleAtoi(parts[2], &place.versions) ||
      !absl::SimpleAtoi(parts[3], &place.tries) || !absl::SimpleAtoi(parts[4], &cut)) {
    return std::nullopt;
  }
  place.anchor = parts[0];
  place.is_cut = cut != 0;
  return place;
}

ReleaseHistory::ReleaseHistory(HubContext& context, v1::Work work)
    : context_(context), work_(std::move(work)), last_report_(context.clock.Now()) {}

void ReleaseHistory::Start() {
  const std::vector<v1::Head> heads = GetHeads(context_, {work_.key()});
  if (heads.empty() || !heads.front().found()) {
    Fail("the index cannot be asked for the newest version");
    return;
  }
  const v1::Observation& newest = heads.front().observation();
  name_ = newest.name();
  if (const auto place = PastPlace::FromCursor(work_.cursor()); place.has_value()) {
    place_ = *place;
  } else {
    place_.anchor = work_.revision().empty() ? newest.revision() : work_.revision();
  }
  if (place_.anchor.empty() || newest.access().presence() != v1::PRESENT) {
    End(v1::PAST_UNREADABLE);
    return;
  }
  FetchPage(place_.next / kCommitsPerPage);
}

void ReleaseHistory::Step(absl::Time now) {
  if (is_closed_) return;
  const bool is_clock_back = now < last_report_;
  if (now - last_report_ > context_.lease / 3 || is_clock_back) Report(v1::PROGRESS);
}

bool ReleaseHistory::IsAtLimit() const {
  return place_.versions >= context_.past.versions ||
         place_.next >= context_.past.pages * kCommitsPerPage;
}

// REQUIRES: a page is here.
void ReleaseHistory::Next() {
  if (IsAtLimit() && place_.next + 1 != page_->total) {
    const bool is_through = page_->total != 0 && place_.next >= page_->total;
    if (page_->total == 0 || is_through) {
      End(is_through && !place_.is_cut ? v1::PAST_WHOLE : v1::PAST_CUT);
      return;
    }
    place_.next = page_->total - 1;
    place_.is_cut = true;
  }
  const uint32_t number = place_.next / kCommitsPerPage;
  const uint32_t at = place_.next % kCommitsPerPage;
  if (number == page_->number && at < page_->commits.size()) {
    ReadCommit(page_->commits[at]);
  } else if (number != page_->number && page_->has_next) {
    FetchPage(number);
  } else {  // a page that is shorter than it was asked for is followed by commits that nobody can
            // name
    End(place_.is_cut || page_->has_next ? v1::PAST_CUT : v1::PAST_WHOLE);
  }
}

void ReleaseHistory::FetchPage(uint32_t number) {
  is_waiting_ = true;
  auto page = std::make_shared<CommitPage>();
  page->number = number;
  FetchRequest request;
  request.target = context_.hub.CommitsTarget(name_, place_.anchor, number);
  request.max_body_bytes = kMaxPageBytes;
  request.priority = Priority::kBackfill;
  request.check = [this, page](common::HttpResponse& response) -> absl::Status {
    if (response.body_is != common::HttpBody::kWhole) {
      return absl::InvalidArgumentError("the commit list is over 8 MiB");
    }
    auto commits = context_.hub.ParseCommits(response.body);
    if (!commits.ok()) return commits.status();
    auto next = context_.hub.NextPage(response.headers);
    if (!next.ok()) return absl::FailedPreconditionError(next.status().message());
    page->commits = *std::move(commits);
    page->total = context_.hub.CommitCount(response.headers);
    page->has_next = !next->empty();
    return absl::OkStatus();
  };
  context_.fetcher.Fetch(std::move(request), [this, page](FetchResult result) {
    is_waiting_ = false;
    if (!is_closed_) OnPage(result, std::move(*page));
  });
}

void ReleaseHistory::OnPage(const FetchResult& result, CommitPage page) {
  switch (result.outcome) {
    case Outcome::kOk:
      page_ = std::move(page);
      Next();
      return;
    case Outcome::kGated:
    case Outcome::kMissingOrPrivate:
    case Outcome::kEntryMissing:
    case Outcome::kRevisionMissing:
    case Outcome::kDisabled:
      End(v1::PAST_UNREADABLE);
      return;
    default:
      if (place_.tries + 1 >= kMaxTries) {
        End(v1::PAST_UNREADABLE);
      } else {
        Fail(result.reason);
      }
  }
}

void ReleaseHistory::ReadCommit(const ListedCommit& commit) {
  if (commit.revision.empty()) {
    PassOver();
    return;
  }
  is_waiting_ = true;
  auto row = std::make_shared<Row>();
  FetchRequest request;
  request.target = context_.hub.RevisionTarget(name_, commit.revision);
  request.max_body_bytes = kMaxReleaseBytes;
  request.priority = Priority::kBackfill;
  request.check = [this, row](common::HttpResponse& response) -> absl::Status {
    if (response.body_is != common::HttpBody::kWhole) {
      return absl::InvalidArgumentError("the answer is over 16 MiB");
    }
    auto read = context_.hub.ParseRelease(response.body, HubTime(response.headers, context_.clock));
    if (!read.ok()) return read.status();
    *row = *std::move(read);
    return absl::OkStatus();
  };
  context_.fetcher.Fetch(std::move(request), [this, row, commit](FetchResult result) {
    is_waiting_ = false;
    if (!is_closed_) OnRevision(result, std::move(*row), commit);
  });
}

void ReleaseHistory::OnRevision(const FetchResult& result, Row row, const ListedCommit& commit) {
  switch (result.outcome) {
    case Outcome::kOk:
      break;
    case Outcome::kRevisionMissing:
    case Outcome::kEntryMissing:
      PassOver();
      return;
    case Outcome::kGated:
    case Outcome::kMissingOrPrivate:
    case Outcome::kDisabled:
      End(v1::PAST_UNREADABLE);
      return;
    default:
      if (place_.tries + 1 >= kMaxTries) {
        PassOver();
      } else {
        Fail(result.reason);
      }
      return;
  }
  // Another release answers to the name, or the content was taken down.
  const bool is_ours = row.observation.key().id() == work_.key().id();
  if (!is_ours || row.observation.access().presence() != v1::PRESENT) {
    End(v1::PAST_UNREADABLE);
    return;
  }
  LeaveOnlyThePast(row.observation, commit);
  is_waiting_ = true;
  context_.reader.Read(row, nullptr, Priority::kBackfill, [this](v1::PutItem item) {
    is_waiting_ = false;
    if (is_closed_) {
      context_.reader.Forget(item);  // nobody else is told what was found
    } else {
      OnItem(std::move(item));
    }
  });
}

void ReleaseHistory::OnItem(v1::PutItem item) {
  const v1::Observation& seen = item.observation();
  if (AllRefused(seen)) {
    End(v1::PAST_UNREADABLE);
    return;
  }
  const bool has_failed = HasFailed(seen);
  const std::string content = ContentOf(seen);
  context_.reader.Attach(item);
  item.mutable_past()->set_index(place_.next);
  context_.outbox.PutPast({std::move(item), work_.id()});
  if (has_failed && place_.tries + 1 < kMaxTries) {
    Fail("a card or licence file could not be fetched");
    return;
  }
  if (std::exchange(last_content_, content) != content) ++place_.versions;
  ++place_.next;
  place_.tries = 0;
  context_.metrics.Count("modelwatch_crawl_past_commits_total", "Commits of the past looked at.",
                         {{"hub", context_.hub.name()}});
  Next();
}

void ReleaseHistory::PassOver() {
  ++place_.next;
  place_.tries = 0;
  place_.is_cut = true;
  Next();
}

// The place is stored with how often it was tried; the lease then ends.
void ReleaseHistory::Fail(const std::string& reason) {
  common::LogWarning(
      "crawl.history_failed",
      {{"hub", context_.hub.name()},
       {"release", name_.empty() ? proto::FormatKey(work_.key()) : name_},
       {"reason", reason},
       {"next", absl::StrFormat("resumed in %s", absl::FormatDuration(RestAfter(place_.tries)))}});
  ++place_.tries;
  if (!place_.anchor.empty()) Report(v1::PROGRESS);
  is_closed_ = true;
  Report(v1::FAILED_WORK);
}

void ReleaseHistory::End(v1::PastState past) {
  is_closed_ = true;
  context_.metrics.Count("modelwatch_crawl_histories_total", "Pasts of releases read.",
                         {{"hub", context_.hub.name()},
                          {"outcome", past == v1::PAST_WHOLE ? "whole"
                                      : past == v1::PAST_CUT ? "cut"
                                                             : "unreadable"}});
  Report(v1::DONE, past);
}

OutgoingMark ReleaseHistory::NewMark(v1::WorkOutcome outcome) const {
  OutgoingMark mark;
  mark.report.set_id(work_.id());
  mark.report.set_token(work_.token());
  mark.report.set_outcome(outcome);
  mark.report.set_lease_ms(absl::ToInt64Milliseconds(context_.lease));
  if (!place_.anchor.empty()) mark.report.set_cursor(place_.ToCursor());
  if (outcome == v1::FAILED_WORK) {
    mark.report.set_retry_after_ms(absl::ToInt64Milliseconds(RestAfter(place_.tries)));
  }
  return mark;
}

void ReleaseHistory::Report(v1::WorkOutcome outcome, v1::PastState past) {
  OutgoingMark mark = NewMark(outcome);
  mark.report.set_past(past);
  mark.done = [this](const absl::StatusOr<v1::FinishWorkResponse>& response) {
    context_.mailbox.Post([this, is_lost = !response.ok()] {
      --reports_open_;
      is_closed_ = is_closed_ || is_lost;
    });
  };
  last_report_ = context_.clock.Now();
  ++reports_open_;
  context_.outbox.Mark(std::move(mark));
}

void ReleaseHistory::Release() {
  if (is_closed_) return;
  OutgoingMark mark = NewMark(v1::PROGRESS);
  mark.report.set_lease_ms(1);
  mark.done = [](const absl::StatusOr<v1::FinishWorkResponse>&) {};
  context_.outbox.Mark(std::move(mark));
}

}  // namespace modelwatch::crawler
