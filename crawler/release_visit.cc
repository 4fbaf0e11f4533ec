// SPDX-License-Identifier: Apache-2.0
#include "crawler/release_visit.h"

#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "common/log.h"
#include "proto/release_id.h"

namespace modelwatch::crawler {
namespace {

constexpr int kMaxHops = 5;
constexpr size_t kMaxReleaseBytes = size_t{16} << 20;

}  // namespace

ReleaseVisit::ReleaseVisit(HubContext& context, v1::Work work)
    : context_(context), work_(std::move(work)) {}

void ReleaseVisit::Start() {
  std::vector<v1::Head> heads = GetHeads(context_, {work_.key()});
  if (heads.empty()) {
    Fail("the index cannot be asked for the newest version");
    return;
  }
  head_ = std::move(heads.front());
  const std::string& name = head_.found() ? head_.observation().name() : work_.name();
  Ask(context_.hub.ReleaseTarget(name));
}

void ReleaseVisit::Ask(std::string target) {
  FetchRequest request;
  request.target = std::move(target);
  request.max_body_bytes = kMaxReleaseBytes;
  request.is_urgent = true;
  request.priority = priority();
  request.check = [this](common::HttpResponse& response) -> absl::Status {
    if (response.body_is != common::HttpBody::kWhole) {
      return absl::InvalidArgumentError("the answer is over 16 MiB");
    }
    auto row = context_.hub.ParseRelease(response.body, HubTime(response.headers, context_.clock));
    if (!row.ok()) return row.status();
    row_ = *std::move(row);
    return absl::OkStatus();
  };
  context_.fetcher.Fetch(std::move(request),
                         [this](FetchResult result) { OnAnswer(std::move(result)); });
}

void ReleaseVisit::OnAnswer(FetchResult result) {
  const int64_t now_us = HubTime(result.response.headers, context_.clock);
  switch (result.outcome) {
    case Outcome::kOk:
      OnRow(row_);
      return;
    case Outcome::kRenamed:
      OnRedirect(result);
      return;
    case Outcome::kMissingOrPrivate:
      PutGone(v1::REMOVED, now_us);
      return;
    case Outcome::kDisabled:
      PutGone(v1::DISABLED, now_us);
      return;
    case Outcome::kGated:
      PutGated(now_us);
      return;
    default:
      Fail(result.reason);
      return;
  }
}

void ReleaseVisit::OnRedirect(const FetchResult& result) {
  const std::string& target = result.location.target;
  if (++hops_ > kMaxHops || !context_.hub.IsReleaseTarget(target)) {
    Fail(result.reason + " (redirected too often, or to something that is no release)");
    return;
  }
  Ask(target);
}

void ReleaseVisit::OnRow(const Row& row) {
  if (row.observation.key().id() == work_.key().id()) {
    waiting_ = 1;
    ReadRow(row);
    return;
  }
  // Another release answers to the name: ours is gone.
  if (hops_ > 0) moved_to_ = row.observation.name();
  common::LogInfo("crawl.name_taken", {{"hub", context_.hub.name()},
                                       {"release", proto::FormatKey(work_.key())},
                                       {"name", head_.observation().name()},
                                       {"holder", row.observation.key().id()}});
  waiting_ = 2;
  ReadRow(row);
  PutGone(v1::REMOVED, row.observation.observed_at_us());
}

void ReleaseVisit::ReadRow(const Row& row) {
  const bool is_ours = row.observation.key().id() == work_.key().id();
  std::vector<v1::Head> heads;
  if (!is_ours) heads = GetHeads(context_, {row.observation.key()});
  const v1::Head* head = is_ours ? &head_ : heads.empty() ? nullptr : &heads.front();
  context_.outbox.Open(row.observation.key());
  ReadRelease(context_, row, head, priority(), Freshness::kAnew,
              [this](v1::PutItem item) { Put(std::move(item)); });
}

void ReleaseVisit::PutGone(v1::Presence presence, int64_t observed_at_us) {
  if (waiting_ == 0) waiting_ = 1;
  if (!head_.found()) {  // never seen: nothing is gone
    if (--waiting_ == 0) Report(v1::DONE);
    return;
  }
  v1::PutItem item;
  *item.mutable_observation() = head_.observation();
  item.mutable_observation()->set_observed_at_us(observed_at_us);
  item.mutable_observation()->mutable_access()->set_presence(presence);
  item.mutable_observation()->set_moved_to(moved_to_);
  context_.outbox.Open(work_.key());
  Put(std::move(item));
}

// Metadata of gated releases is public today. Should a hub gate it too, that is all we can say.
void ReleaseVisit::PutGated(int64_t observed_at_us) {
  waiting_ = 1;
  if (!head_.found()) {
    Fail("gated before it was ever seen");
    return;
  }
  v1::PutItem item;
  *item.mutable_observation() = head_.observation();
  v1::Observation& observation = *item.mutable_observation();
  observation.set_observed_at_us(observed_at_us);
  observation.mutable_access()->set_presence(v1::PRESENT);
  if (observation.access().gate() == v1::OPEN) observation.mutable_access()->set_gate(v1::AUTO);
  context_.outbox.Open(work_.key());
  Put(std::move(item));
}

void ReleaseVisit::Put(v1::PutItem item) {
  Publish(context_, std::move(item), work_.id());
  if (--waiting_ == 0) Report(v1::DONE);
}

void ReleaseVisit::Fail(const std::string& reason) {
  common::LogWarning("crawl.visit_failed",
                     {{"hub", context_.hub.name()},
                      {"release", work_.name().empty() ? work_.key().id() : work_.name()},
                      {"reason", reason},
                      {"next", absl::StrFormat("visited again in %s",
                                               absl::FormatDuration(RestAfter(work_.attempt())))}});
  Report(v1::FAILED_WORK);
}

void ReleaseVisit::Release() {
  if (is_closed_) return;
  OutgoingMark mark;
  mark.report.set_id(work_.id());
  mark.report.set_token(work_.token());
  mark.report.set_outcome(v1::PROGRESS);
  mark.report.set_lease_ms(1);
  mark.done = [](const absl::StatusOr<v1::FinishWorkResponse>&) {};
  context_.outbox.Mark(std::move(mark));
}

void ReleaseVisit::Report(v1::WorkOutcome outcome) {
  is_closed_ = true;
  OutgoingMark mark;
  mark.report.set_id(work_.id());
  mark.report.set_token(work_.token());
  mark.report.set_outcome(outcome);
  if (outcome == v1::FAILED_WORK) {
    mark.report.set_retry_after_ms(absl::ToInt64Milliseconds(RestAfter(work_.attempt())));
  }
  context_.metrics.Count(
      "modelwatch_crawl_visits_total", "Releases looked at again.",
      {{"hub", context_.hub.name()}, {"outcome", outcome == v1::DONE ? "done" : "failed"}});
  mark.done = [this](const absl::StatusOr<v1::FinishWorkResponse>&) {
    context_.mailbox.Post([this] { is_reported_ = true; });
  };
  context_.outbox.Mark(std::move(mark));
}

}  // namespace modelwatch::crawler
