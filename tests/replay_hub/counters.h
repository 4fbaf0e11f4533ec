// SPDX-License-Identifier: Apache-2.0
// Counters: what clients did to this hub, so that a test can hold them to their promises.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/mutex.h"
#include "replay_hub/http_message.h"

namespace modelwatch::replay_hub {

// Thread-safe.
class Counters {
 public:
  struct Bodies {
    int64_t distinct = 0;  // oids whose body went out at least once
    int64_t sent = 0;      // bodies that went out
    int64_t max_per_oid = 0;
    std::vector<std::pair<std::string, int64_t>> repeated;  // oids sent more than once, by oid
  };

  // A file's body is answered, whole or in part.
  void OnBody(std::string_view oid);
  void OnAnswer(int status);
  void OnSweepFinished();
  void OnSweepStarted();
  // A credential came to the file storage host: the client leaked it to another origin.
  void OnLeakedCredential();
  void OnFault();

  [[nodiscard]] Bodies bodies() const;
  [[nodiscard]] std::map<std::string, int64_t> sent_by_oid() const;
  [[nodiscard]] std::map<int, int64_t> answers() const;
  [[nodiscard]] int64_t sweeps_started() const;
  [[nodiscard]] int64_t sweeps_finished() const;
  [[nodiscard]] int64_t leaked_credentials() const;
  [[nodiscard]] int64_t faults() const;

 private:
  mutable common::Mutex mutex_;
  std::unordered_map<std::string, int64_t> sent_by_oid_ ABSL_GUARDED_BY(mutex_);
  std::map<int, int64_t> answers_ ABSL_GUARDED_BY(mutex_);
  int64_t sweeps_started_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t sweeps_finished_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t leaked_credentials_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t faults_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace modelwatch::replay_hub
