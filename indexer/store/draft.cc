// SPDX-License-Identifier: Apache-2.0
#include "indexer/store/draft.h"

#include "common/status_macros.h"
#include "indexer/store/keys.h"

namespace modelwatch::indexer {

absl::StatusOr<std::string> Draft::Get(Table table, std::string_view key) const {
  const auto changed = changes_.find(std::pair<Table, std::string>(table, key));
  if (changed == changes_.end()) return store_.Get(table, key);
  if (!changed->second.has_value()) return absl::NotFoundError("not in the store");
  return *changed->second;
}

absl::StatusOr<bool> Draft::Has(Table table, std::string_view key) const {
  const absl::StatusOr<std::string> value = Get(table, key);
  if (absl::IsNotFound(value.status())) return false;
  if (!value.ok()) return value.status();
  return true;
}

void Draft::Put(Table table, std::string key, std::string value) {
  changes_.insert_or_assign({table, std::move(key)}, std::move(value));
}

void Draft::Delete(Table table, std::string key) {
  changes_.insert_or_assign({table, std::move(key)}, std::nullopt);
}

void Draft::DeleteRange(Table table, std::string begin, std::string end) {
  ranges_.DeleteRange(table, std::move(begin), std::move(end));
}

uint64_t Draft::NextSequence() {
  state_.set_newest_sequence(state_.newest_sequence() + 1);
  if (state_.oldest_sequence() == 0) state_.set_oldest_sequence(state_.newest_sequence());
  return state_.newest_sequence();
}

Batch Draft::TakeBatch() {
  Batch batch = std::move(ranges_);
  for (auto& [at, value] : changes_) {
    if (value.has_value()) {
      batch.Put(at.first, at.second, std::move(*value));
    } else {
      batch.Delete(at.first, at.second);
    }
  }
  batch.Put(Table::kMeta, std::string(kStateKey), state_.SerializeAsString());
  changes_.clear();
  return batch;
}

}  // namespace modelwatch::indexer
