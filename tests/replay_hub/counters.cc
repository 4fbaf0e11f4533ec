// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/counters.h"

#include <algorithm>

namespace modelwatch::replay_hub {

void Counters::OnBody(std::string_view oid) {
  common::MutexLock lock(mutex_);
  ++sent_by_oid_[std::string(oid)];
}

void Counters::OnAnswer(int status) {
  common::MutexLock lock(mutex_);
  ++answers_[status];
}

void Counters::OnSweepFinished() {
  common::MutexLock lock(mutex_);
  ++sweeps_finished_;
}

void Counters::OnSweepStarted() {
  common::MutexLock lock(mutex_);
  ++sweeps_started_;
}

void Counters::OnLeakedCredential() {
  common::MutexLock lock(mutex_);
  ++leaked_credentials_;
}

void Counters::OnFault() {
  common::MutexLock lock(mutex_);
  ++faults_;
}

Counters::Bodies Counters::bodies() const {
  common::MutexLock lock(mutex_);
  Bodies bodies;
  bodies.distinct = static_cast<int64_t>(sent_by_oid_.size());
  for (const auto& [oid, count] : sent_by_oid_) {
    bodies.sent += count;
    bodies.max_per_oid = std::max(bodies.max_per_oid, count);
    if (count > 1) bodies.repeated.emplace_back(oid, count);
  }
  std::sort(bodies.repeated.begin(), bodies.repeated.end());
  return bodies;
}

std::map<std::string, int64_t> Counters::sent_by_oid() const {
  common::MutexLock lock(mutex_);
  return {sent_by_oid_.begin(), sent_by_oid_.end()};
}

std::map<int, int64_t> Counters::answers() const {
  common::MutexLock lock(mutex_);
  return answers_;
}

int64_t Counters::sweeps_started() const {
  common::MutexLock lock(mutex_);
  return sweeps_started_;
}

int64_t Counters::sweeps_finished() const {
  common::MutexLock lock(mutex_);
  return sweeps_finished_;
}

int64_t Counters::leaked_credentials() const {
  common::MutexLock lock(mutex_);
  return leaked_credentials_;
}

int64_t Counters::faults() const {
  common::MutexLock lock(mutex_);
  return faults_;
}

}  // namespace modelwatch::replay_hub
