// SPDX-License-Identifier: Apache-2.0
// Draft: one commit being put together.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "indexer/store/store.h"
#include "modelwatch/v1/storage.pb.h"

namespace modelwatch::indexer {

// Collects what a commit will do, and reads as if it were done: two observations of one release in
// one group must see each other. Used by the committer thread alone; `store` must outlive it.
class Draft {
 public:
  Draft(const Store& store, v1::StoredState state) : store_(store), state_(std::move(state)) {}
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  // As View::Get, with what was put and deleted here.
  [[nodiscard]] absl::StatusOr<std::string> Get(Table table, std::string_view key) const;
  // False also when deleted here.
  [[nodiscard]] absl::StatusOr<bool> Has(Table table, std::string_view key) const;

  void Put(Table table, std::string key, std::string value);
  void Delete(Table table, std::string key);
  // Only for tables whose keys are not read through this draft ("log").
  void DeleteRange(Table table, std::string begin, std::string end);

  // The next number of the log. Taken only by commits that succeed, so there are no gaps.
  [[nodiscard]] uint64_t NextSequence();
  // Counters and positions as they will be after the commit.
  [[nodiscard]] v1::StoredState& state() { return state_; }
  [[nodiscard]] const v1::StoredState& state() const { return state_; }
  // Scans see the store alone, without this draft.
  [[nodiscard]] const Store& store() const { return store_; }

  [[nodiscard]] bool empty() const { return changes_.empty() && ranges_.empty(); }
  // Everything, with the state, as one batch. The draft is spent.
  [[nodiscard]] Batch TakeBatch();

 private:
  const Store& store_;
  v1::StoredState state_;
  std::map<std::pair<Table, std::string>, std::optional<std::string>, std::less<>> changes_;
  Batch ranges_;
};

}  // namespace modelwatch::indexer
