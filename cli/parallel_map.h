// SPDX-License-Identifier: Apache-2.0
// ParallelMap: the same work on many items, on all cores, with the answers in the order of the
// items. The one place of this room where threads for judging are born
// (docs/decisions/0016-identify-worker-pool.md).
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "common/bounded_queue.h"
#include "common/mutex.h"

namespace modelwatch::cli {

struct ParallelMapOptions {
  size_t jobs = 1;  // 1: no thread is born, Put works and answers at once
  // At most so many items, and so much weight, are between Put and their answer. One item is always
  // let in, however heavy.
  size_t max_items = 256;
  size_t max_weight = 64 << 20;
};

//   Put --> BoundedQueue --> `jobs` workers --> answers, kept in order --> sink
//
// Used by one thread, which also runs `sink`: Put and Finish hand over what is ready. `work` runs
// on many threads at once. Every wait ends because `work` ends.
template <typename Item, typename Answer>
class ParallelMap {
 public:
  using Work = std::function<Answer(Item)>;
  using Sink = std::function<void(Answer)>;

  ParallelMap(const ParallelMapOptions& options, Work work, Sink sink)
      : options_(options),
        work_(std::move(work)),
        sink_(std::move(sink)),
        queue_(options.max_items + 1) {
    if (options_.jobs <= 1) return;
    for (size_t i = 0; i < options_.jobs; ++i) workers_.emplace_back([this] { RunWorker(); });
  }
  // Joins the workers; what was not answered is dropped.
  ~ParallelMap() {
    queue_.Close();
    for (std::thread& worker : workers_) worker.join();
  }
  ParallelMap(const ParallelMap&) = delete;
  ParallelMap& operator=(const ParallelMap&) = delete;

  // Waits until there is room. `weight` is what the item keeps in memory.
  void Put(Item item, size_t weight) {
    if (workers_.empty()) return sink_(work_(std::move(item)));
    while (!slots_.empty() &&
           (slots_.size() >= options_.max_items || weight_ + weight > options_.max_weight)) {
      HandOverFirst();
    }
    slots_.push_back(std::make_shared<Slot>(std::move(item), weight));
    weight_ += weight;
    (void)queue_.Push(slots_.back());
    while (!slots_.empty() && IsReady(*slots_.front())) HandOverFirst();
  }

  // Waits for everything that was put and hands it over.
  void Finish() {
    while (!slots_.empty()) HandOverFirst();
  }

 private:
  struct Slot {
    Slot(Item given, size_t its_weight) : item(std::move(given)), weight(its_weight) {}

    Item item;      // the worker's, until is_ready
    Answer answer;  // written by the worker before is_ready
    const size_t weight;
    bool is_ready = false;  // guarded by mutex_
  };

  void RunWorker() {
    while (std::optional<std::shared_ptr<Slot>> slot = queue_.Pop()) {
      Answer answer = work_(std::move((*slot)->item));
      common::MutexLock lock(mutex_);
      (*slot)->answer = std::move(answer);
      (*slot)->is_ready = true;
      ready_.NotifyOne();
    }
  }

  bool IsReady(const Slot& slot) {
    common::MutexLock lock(mutex_);
    return slot.is_ready;
  }

  void HandOverFirst() {
    const std::shared_ptr<Slot> slot = std::move(slots_.front());
    slots_.pop_front();
    {
      common::MutexLock lock(mutex_);
      while (!slot->is_ready) ready_.Wait(mutex_);
    }
    weight_ -= slot->weight;
    sink_(std::move(slot->answer));
  }

  // constant after construction
  const ParallelMapOptions options_;
  const Work work_;
  const Sink sink_;
  std::vector<std::thread> workers_;
  // of the thread that puts
  std::deque<std::shared_ptr<Slot>> slots_;
  size_t weight_ = 0;
  // own synchronization
  common::BoundedQueue<std::shared_ptr<Slot>> queue_;
  // guards every Slot::is_ready
  common::Mutex mutex_;
  common::CondVar ready_;
};

}  // namespace modelwatch::cli
