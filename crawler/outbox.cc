// SPDX-License-Identifier: Apache-2.0
#include "crawler/outbox.h"

#include <utility>

#include "proto/release_id.h"

namespace modelwatch::crawler {

void Outbox::Open(const v1::ReleaseKey& key) { ++readings_[proto::FormatKey(key)].open; }

void Outbox::Close(const v1::ReleaseKey& key) {
  const auto found = readings_.find(proto::FormatKey(key));
  if (found != readings_.end() && --found->second.open <= 0) readings_.erase(found);
}

bool Outbox::Put(OutgoingItem& item) {
  const v1::ReleaseKey key = item.item.observation().key();
  const int64_t observed_us = item.item.observation().observed_at_us();
  Reading& reading = readings_[proto::FormatKey(key)];
  const bool is_stale = observed_us < reading.newest_us;
  if (!is_stale) {
    reading.newest_us = observed_us;
    waiting_.emplace_back(std::move(item));
  }
  Close(key);
  Flush();
  return !is_stale;
}

void Outbox::PutPast(OutgoingItem item) {
  waiting_.emplace_back(std::move(item));
  Flush();
}

void Outbox::Mark(OutgoingMark mark) {
  waiting_.emplace_back(std::move(mark));
  Flush();
}

void Outbox::Flush() {
  while (!waiting_.empty() && queue_.TryPush(waiting_.front())) waiting_.pop_front();
}

}  // namespace modelwatch::crawler
