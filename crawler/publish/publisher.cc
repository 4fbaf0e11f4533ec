// SPDX-License-Identifier: Apache-2.0
#include "crawler/publish/publisher.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_format.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "indexer/client/remote_index.h"
#include "proto/release_id.h"

namespace modelwatch::crawler {
namespace {

constexpr size_t kFrameBytes = 8;  // tag and length of an item inside a batch
constexpr absl::Duration kIdleWait = absl::Seconds(1);
constexpr absl::Duration kPendingWait = absl::Milliseconds(50);
constexpr absl::Duration kRetryWait = absl::Milliseconds(100);

size_t SizeOf(const v1::PutItem& item) { return item.ByteSizeLong() + kFrameBytes; }

std::vector<v1::PutItem> PutItemsOf(const std::vector<OutgoingItem>& batch) {
  std::vector<v1::PutItem> items;
  items.reserve(batch.size());
  for (const OutgoingItem& one : batch) items.push_back(one.item);
  return items;
}

// The index cannot be reached or cannot write now; what is to be stored waits on disk.
bool IsAway(const absl::Status& status) { return !status.ok() && !absl::IsInvalidArgument(status); }

}  // namespace

Publisher::Publisher(indexer::Index& index, Spool& spool, const common::Clock& clock,
                     common::Metrics& metrics, PublisherOptions options)
    : index_(index),
      spool_(spool),
      clock_(clock),
      metrics_(metrics),
      options_(std::move(options)),
      backoff_(options_.away_backoff, std::max(options_.away_backoff, absl::Minutes(1)), 0.3,
               options_.seed) {}

void Publisher::Run(OutgoingQueue& queue, const common::Stopper& stopper) {
  while (true) {
    const bool is_pending = !spool_.empty() || !marks_.empty();
    std::vector<Outgoing> taken =
        queue.PopBatch(indexer::kMaxBatchItems, is_pending ? kPendingWait : kIdleWait);
    const bool is_over = taken.empty() && queue.closed();
    Take(std::move(taken), stopper);
    Flush(stopper);
    DrainWhenDue(stopper);
    ReportMarks();
    if (is_over && queue.size() == 0) break;
  }
  while (!marks_.empty()) {
    marks_.front().done(absl::UnavailableError("the publisher stopped before the index was back"));
    marks_.pop_front();
  }
}

void Publisher::Take(std::vector<Outgoing> taken, const common::Stopper& stopper) {
  for (Outgoing& one : taken) {
    if (auto* mark = std::get_if<OutgoingMark>(&one)) {
      Flush(stopper);
      marks_.push_back(std::move(*mark));
      ReportMarks();
      continue;
    }
    auto& item = std::get<OutgoingItem>(one);
    const size_t bytes = SizeOf(item.item);
    if (!batch_.empty() && batch_bytes_ + bytes > indexer::kMaxBatchBytes) Flush(stopper);
    batch_.push_back(std::move(item));
    batch_bytes_ += bytes;
    if (batch_.size() >= static_cast<size_t>(indexer::kMaxBatchItems)) Flush(stopper);
  }
}

void Publisher::Flush(const common::Stopper& stopper) {
  if (batch_.empty()) return;
  batch_bytes_ = 0;
  PublishOrSpool(std::exchange(batch_, {}), stopper);
}

void Publisher::PublishOrSpool(Items batch, const common::Stopper& stopper) {
  if (spool_.empty()) {
    const absl::Status status = Put(batch, stopper);
    if (status.ok()) return;
    NoteAway(status);
  }
  SpoolItems(std::move(batch), stopper);
}

// Returns when the items are durable, or, on a stop, when they cannot be: the cursor has not moved
// past them.
void Publisher::SpoolItems(Items batch, const common::Stopper& stopper) {
  bool is_told = false;
  while (true) {
    const absl::Status status = spool_.Append(PutItemsOf(batch));
    metrics_.Set("modelwatch_crawl_spool_bytes", "Bytes waiting on disk for the indexer.",
                 static_cast<double>(spool_.bytes()));
    if (status.ok()) return;
    metrics_.Count("modelwatch_crawl_spool_errors_total",
                   "Batches that wait because the spool is full or cannot be written.");
    if (!std::exchange(is_told, true)) {
      common::LogError("publish.spool_failed", {{"reason", std::string(status.message())}});
    }
    if (stopper.WaitFor(options_.away_backoff)) {
      for (const OutgoingItem& one : batch) spoiled_.insert(one.work_id);
      return;
    }
    DrainWhenDue(stopper);
    if (!spool_.empty() || clock_.Now() < next_try_) continue;
    // Nothing is before it any more, and it may be larger than the spool will ever hold.
    const absl::Status put = Put(batch, stopper);
    if (put.ok()) return;
    NoteAway(put);
  }
}

absl::Status Publisher::Drain(const common::Stopper& stopper) {
  while (!spool_.empty() && !stopper.stopped()) {
    Items batch;
    for (v1::PutItem& item : spool_.Front(indexer::kMaxBatchItems, indexer::kMaxBatchBytes / 2)) {
      batch.push_back({std::move(item), ""});
    }
    const size_t count = batch.size();
    if (count > 0) RETURN_IF_ERROR(Put(batch, stopper));
    spool_.Pop(count);
    metrics_.Set("modelwatch_crawl_spool_bytes", "Bytes waiting on disk for the indexer.",
                 static_cast<double>(spool_.bytes()));
    if (spool_.empty()) common::LogInfo("publish.drained", {});
  }
  return absl::OkStatus();
}

void Publisher::DrainWhenDue(const common::Stopper& stopper) {
  if (spool_.empty() || clock_.Now() < next_try_) return;
  const absl::Status status = Drain(stopper);
  if (!status.ok()) NoteAway(status);
}

void Publisher::NoteAway(const absl::Status& status) {
  if (failures_++ == 0) {
    common::LogWarning("publish.spooling", {{"reason", std::string(status.message())},
                                            {"next", "kept on disk until the indexer is back"}});
  }
  next_try_ = clock_.Now() + backoff_.After(failures_);
}

void Publisher::ReportMarks() {
  while (!marks_.empty() && spool_.empty() && clock_.Now() >= next_try_) {
    OutgoingMark mark = std::move(marks_.front());
    marks_.pop_front();
    // Progress that newer progress of the same work follows says nothing new.
    const bool is_stale = mark.report.outcome() == v1::PROGRESS && !marks_.empty() &&
                          marks_.front().report.id() == mark.report.id() &&
                          marks_.front().report.token() == mark.report.token();
    if (is_stale && !spoiled_.contains(mark.report.id())) {
      mark.done(v1::FinishWorkResponse());
      continue;
    }
    Report(std::move(mark));
  }
}

void Publisher::Report(OutgoingMark mark) {
  const std::string id = mark.report.id();
  const bool is_spoiled = spoiled_.contains(id);
  v1::FinishWorkRequest report = mark.report;
  if (is_spoiled && report.outcome() != v1::FAILED_WORK) {
    report.set_outcome(v1::FAILED_WORK);
    report.set_cursor(cursors_[id]);
  }
  auto response = index_.FinishWork(report);
  if (!response.ok() &&
      (absl::IsUnavailable(response.status()) || absl::IsDeadlineExceeded(response.status()))) {
    NoteAway(response.status());
    marks_.push_front(std::move(mark));
    return;
  }
  failures_ = 0;
  spoiled_.erase(id);
  if (report.outcome() == v1::PROGRESS) {
    cursors_[id] = report.cursor();
  } else {
    cursors_.erase(id);
  }
  mark.done(is_spoiled ? absl::AbortedError("an observation of this work was lost; it starts again")
                       : std::move(response));
}

// Publishes the batch. Not OK: the index is away, and `batch` is what is not certain to be in it.
absl::Status Publisher::Put(Items& batch, const common::Stopper& stopper) {
  for (int tries = 0; !batch.empty(); ++tries) {
    v1::PutBatchRequest request;
    for (const OutgoingItem& one : batch) *request.add_items() = one.item;
    v1::PutBatchResponse response;
    const absl::Status status = PutPatiently(request, response, stopper);
    metrics_.Count("modelwatch_publish_batches_total", "Batches sent to the indexer.",
                   {{"code", absl::StatusCodeToString(status.code())}});
    if (IsAway(status)) return status;
    if (!status.ok() && batch.size() > 1) {  // over a limit of the index: send it in halves
      Items half(
          std::make_move_iterator(batch.begin() + static_cast<std::ptrdiff_t>(batch.size() / 2)),
          std::make_move_iterator(batch.end()));
      batch.resize(batch.size() - half.size());
      const absl::Status first = Put(batch, stopper);
      if (!first.ok()) {
        std::move(half.begin(), half.end(), std::back_inserter(batch));
        return first;
      }
      batch = std::move(half);
      continue;
    }
    if (!status.ok()) {
      GiveUp(batch.front(), std::string(status.message()));
      break;
    }
    failures_ = 0;
    Items again = ReadAcks(batch, response);
    if (!again.empty() && tries >= options_.max_retries) {
      for (const OutgoingItem& one : again) GiveUp(one, "the indexer asks for its files' content");
      break;
    }
    batch = std::move(again);
    if (!batch.empty()) stopper.WaitFor(kRetryWait);
  }
  return absl::OkStatus();
}

absl::Status Publisher::PutPatiently(const v1::PutBatchRequest& request,
                                     v1::PutBatchResponse& response,
                                     const common::Stopper& stopper) {
  const absl::Time patient_until = clock_.Now() + options_.busy_patience;
  while (true) {
    auto answer = index_.PutBatch(request);
    if (answer.ok() && answer->acks_size() == request.items_size()) {
      response = *std::move(answer);
      return absl::OkStatus();
    }
    if (answer.ok()) return absl::InternalError("the indexer did not acknowledge every item");
    if (!absl::IsResourceExhausted(answer.status())) return answer.status();
    if (clock_.Now() >= patient_until) return answer.status();
    if (stopper.WaitFor(indexer::RetryDelay(answer.status()))) return answer.status();
  }
}

// Counts the acknowledged ones; returns those to send again.
Publisher::Items Publisher::ReadAcks(Items& batch, const v1::PutBatchResponse& response) {
  Items again;
  std::map<std::string, double> counts;
  for (size_t i = 0; i < batch.size(); ++i) {
    const v1::ItemAck& ack = response.acks(static_cast<int>(i));
    if (ack.status() == v1::RETRY) {
      counts["retry"] += 1;
      again.push_back(std::move(batch[i]));
      continue;
    }
    counts[ack.status() == v1::STORED ? "stored" : ack.reason().empty() ? "same" : "refused"] += 1;
    if (ack.status() == v1::SKIPPED && !ack.reason().empty()) {
      const v1::Observation& refused = batch[i].item.observation();
      common::LogWarning("publish.refused", {{"release", proto::FormatKey(refused.key())},
                                             {"name", refused.name()},
                                             {"reason", ack.reason()},
                                             {"next", "not stored; seen again at the next sweep"}});
    }
  }
  for (const auto& [status, count] : counts) {
    metrics_.Count("modelwatch_publish_observations_total", "Observations acknowledged.",
                   {{"status", status}}, count);
  }
  return again;
}

void Publisher::GiveUp(const OutgoingItem& lost, const std::string& reason) {
  const v1::Observation& observation = lost.item.observation();
  common::LogError("publish.lost", {{"release", proto::FormatKey(observation.key())},
                                    {"name", observation.name()},
                                    {"reason", reason},
                                    {"next", "its work is handed back and starts again"}});
  spoiled_.insert(lost.work_id);
  if (options_.on_missing_content) options_.on_missing_content(observation);
}

}  // namespace modelwatch::crawler
