// SPDX-License-Identifier: Apache-2.0
// Publisher: brings observations into the index, at least once, in order, whatever happens to it.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "common/backoff.h"
#include "common/bounded_queue.h"
#include "common/clock.h"
#include "common/metrics.h"
#include "common/stopper.h"
#include "crawler/publish/spool.h"
#include "indexer/client/index.h"

namespace modelwatch::crawler {

// An observation to publish, and the work (lease) that made it.
struct OutgoingItem {
  v1::PutItem item;
  std::string work_id;
};

// "Everything of this work before me is to be in the index before this report is made."
struct OutgoingMark {
  v1::FinishWorkRequest report;
  // Called once on the publisher's thread with the index's answer. ABORTED: the lease is lost, or
  // an item of the work was lost and the work was handed back.
  std::function<void(absl::StatusOr<v1::FinishWorkResponse>)> done;
};

using Outgoing = std::variant<OutgoingItem, OutgoingMark>;
using OutgoingQueue = common::BoundedQueue<Outgoing>;

struct PublisherOptions {
  absl::Duration away_backoff = absl::Seconds(1);  // doubled up to a minute while the index is away
  absl::Duration busy_patience = absl::Seconds(30);  // RESOURCE_EXHAUSTED this long: spool instead
  int max_retries = 3;                               // of an item that the index answers RETRY
  uint64_t seed = 1;
  // Called on the publisher's thread with files whose content the index turned out not to hold.
  std::function<void(const v1::Observation&)> on_missing_content;
};

// Order of what reaches the index = order of the queue. An item is durable, in the index or in the
// spool, before the next is taken; a mark is reported when the spool is empty again, so the
// frontier never is ahead of the index. While something is spooled, everything goes through the
// spool.
class Publisher {
 public:
  // All references must outlive this.
  Publisher(indexer::Index& index, Spool& spool, const common::Clock& clock,
            common::Metrics& metrics, PublisherOptions options);
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  // Works until the queue is closed and empty. What cannot be published then stays in the spool;
  // its marks are answered UNAVAILABLE. `stopper` only cuts waits short.
  void Run(OutgoingQueue& queue, const common::Stopper& stopper);

  // Publishes what an earlier run left in the spool. UNAVAILABLE: the index is away.
  [[nodiscard]] absl::Status Drain(const common::Stopper& stopper);

 private:
  using Items = std::vector<OutgoingItem>;

  void Take(std::vector<Outgoing> taken, const common::Stopper& stopper);
  void Flush(const common::Stopper& stopper);
  void PublishOrSpool(Items batch, const common::Stopper& stopper);
  void SpoolItems(Items batch, const common::Stopper& stopper);
  void DrainWhenDue(const common::Stopper& stopper);
  void ReportMarks();
  void Report(OutgoingMark mark);
  [[nodiscard]] absl::Status Put(Items& batch, const common::Stopper& stopper);
  [[nodiscard]] absl::Status PutPatiently(const v1::PutBatchRequest& request,
                                          v1::PutBatchResponse& response,
                                          const common::Stopper& stopper);
  [[nodiscard]] Items ReadAcks(Items& batch, const v1::PutBatchResponse& response);
  void GiveUp(const OutgoingItem& lost, const std::string& reason);
  void NoteAway(const absl::Status& status);

  indexer::Index& index_;
  Spool& spool_;
  const common::Clock& clock_;
  common::Metrics& metrics_;
  const PublisherOptions options_;

  common::Backoff backoff_;
  Items batch_;
  size_t batch_bytes_ = 0;
  std::deque<OutgoingMark> marks_;
  std::set<std::string> spoiled_;               // works of which an item was lost
  std::map<std::string, std::string> cursors_;  // the last one reported, by work
  int failures_ = 0;                            // in a row, of reaching the index
  absl::Time next_try_ = absl::InfinitePast();
};

}  // namespace modelwatch::crawler
