// SPDX-License-Identifier: Apache-2.0
// Mailbox: what other threads want done on the I/O thread.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "common/http/http_client.h"
#include "common/mutex.h"

namespace modelwatch::crawler {

// Post from any thread, Run on the I/O thread.
class Mailbox {
 public:
  // `client` is woken at every post; must outlive this.
  explicit Mailbox(common::HttpClient& client) : client_(client) {}
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  void Post(std::function<void()> task) {
    {
      common::MutexLock lock(mutex_);
      tasks_.push_back(std::move(task));
    }
    client_.Wake();
  }

  // Runs what was posted, in order.
  void Run() {
    std::vector<std::function<void()>> tasks;
    {
      common::MutexLock lock(mutex_);
      tasks.swap(tasks_);
    }
    for (const std::function<void()>& task : tasks) task();
  }

 private:
  common::HttpClient& client_;
  common::Mutex mutex_;
  std::vector<std::function<void()>> tasks_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace modelwatch::crawler
