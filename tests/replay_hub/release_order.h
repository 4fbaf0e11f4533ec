// SPDX-License-Identifier: Apache-2.0
// The hub's named orders, and where a release stands in them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "replay_hub/release.h"

namespace modelwatch::replay_hub {

enum class SortField { kTrendingScore, kCreatedAt, kLastModified, kDownloads, kLikes };
constexpr size_t kSortFields = 5;

// What an order goes by; times in whole seconds.
[[nodiscard]] int64_t SortValue(const Release& release, SortField field);

// A place in an order: strictly after the row with this value and id. The order is the value
// (descending, or ascending when asked), then `_id` ascending: what the hub's cursors say.
struct Position {
  int64_t value = 0;
  std::string id;
};

// Sorts as the order goes.
struct OrderKey {
  OrderKey(const Position& position, bool ascending)
      : value(ascending ? position.value : -position.value), id(position.id) {}
  int64_t value;  // negated for descending
  std::string id;
  bool operator<(const OrderKey& other) const {
    return value != other.value ? value < other.value : id < other.id;
  }
};

}  // namespace modelwatch::replay_hub
