// SPDX-License-Identifier: Apache-2.0
// The same content is identified once a run: projects hold hundreds of copies of one licence.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

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
    const std::shared_ptr<Entry> entry = EntryFor(key);
    std::call_once(entry->once, [&] { entry->finding = make(); });
    return {entry, &entry->finding};
  }

 private:
  // Some 100 MB when every finding has a long residue.
  static constexpr size_t kMaxFindings = 20'000;

  struct Entry {
    std::once_flag once;
    v1::Finding finding;  // written once, before call_once returns
  };

  std::shared_ptr<Entry> EntryFor(const std::string& key) {
    common::MutexLock lock(mutex_);
    if (entries_.size() >= kMaxFindings && !entries_.contains(key)) entries_.clear();
    std::shared_ptr<Entry>& entry = entries_[key];
    if (entry == nullptr) entry = std::make_shared<Entry>();
    return entry;
  }

  common::Mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<Entry>> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace modelwatch::cli
