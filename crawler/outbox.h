// SPDX-License-Identifier: Apache-2.0
// Outbox: the I/O thread's end of the queue to the publisher. Never waits.
#pragma once

#include <deque>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "crawler/publish/publisher.h"

namespace modelwatch::crawler {

// Two walks may read the same release at once; the one that saw it earlier must not be published
// after the other, or it would look like a change back. So every reading is opened when its row is
// here and closed when it is put, and one that is older than what was put meanwhile is dropped.
// One thread.
class Outbox {
 public:
  // `queue` must outlive this.
  explicit Outbox(OutgoingQueue& queue) : queue_(queue) {}
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  // A reading of this release begins; ends with Put() or Close().
  void Open(const v1::ReleaseKey& key);
  void Close(const v1::ReleaseKey& key);

  // False, and `item` untouched, when it is older than what was put since its reading was opened.
  [[nodiscard]] bool Put(OutgoingItem& item);
  // Of the past, which is never stale: no reading is opened for it.
  void PutPast(OutgoingItem item);
  void Mark(OutgoingMark mark);

  // Moves on what the queue has room for.
  void Flush();
  [[nodiscard]] size_t backlog() const { return waiting_.size(); }

 private:
  struct Reading {
    int open = 0;
    int64_t newest_us = 0;  // hub time of what was put
  };

  OutgoingQueue& queue_;
  std::deque<Outgoing> waiting_;
  absl::flat_hash_map<std::string, Reading> readings_;  // by "hub:id"
};

}  // namespace modelwatch::crawler
