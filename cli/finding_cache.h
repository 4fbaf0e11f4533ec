// SPDX-License-Identifier: Apache-2.0
// The same content is identified once a run: projects hold hundreds of copies of one licence.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "common/mutex.h"
#include "modelwatch/v1/assessment.pb.h"

namespace modelwatch::cli {

// Thread-safe. Keeps the last findings, at most kMaxFindings.
class FindingCache {
 public:
  // The finding under `key` (a digest of the content); `make` is run when there is none yet, and
  // others that ask for the same key meanwhile wait for it. `make` must not ask the cache.
  [[nodiscard]] std::shared_ptr<const v1::Finding> Get(const std::string& key,
                                                       const std::function<v1::Finding()>& make) {
    const auto [entry, is_mine] = EntryFor(key);
    if (is_mine) {
      v1::Finding made = make();
      common::MutexLock lock(mutex_);
      entry->finding = std::move(made);
      entry->is_made = true;
      made_.NotifyAll();
    } else {
      common::MutexLock lock(mutex_);
      while (!entry->is_made) made_.Wait(mutex_);
    }
    return {entry, &entry->finding};
  }

 private:
  // Some 100 MB when every finding has a long residue.
  static constexpr size_t kMaxFindings = 20'000;

  // Both guarded by mutex_ until is_made, constant after it.
  struct Entry {
    v1::Finding finding;
    bool is_made = false;
  };

  // True: the entry is new, and the caller is who makes its finding.
  std::pair<std::shared_ptr<Entry>, bool> EntryFor(const std::string& key) {
    common::MutexLock lock(mutex_);
    if (entries_.size() >= kMaxFindings && !entries_.contains(key)) entries_.clear();
    std::shared_ptr<Entry>& entry = entries_[key];
    if (entry != nullptr) return {entry, false};
    entry = std::make_shared<Entry>();
    return {entry, true};
  }

  common::Mutex mutex_;
  common::CondVar made_;
  absl::flat_hash_map<std::string, std::shared_ptr<Entry>> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace modelwatch::cli
