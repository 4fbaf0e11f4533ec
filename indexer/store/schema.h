// SPDX-License-Identifier: Apache-2.0
// Which shape the stored records have, and how an older shape becomes the present one.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "indexer/store/store.h"

namespace modelwatch::indexer {

// Raised by one with every change of a key or record that an older program would misread. New
// protobuf fields do not need it.
//   1  the first
//   2  the table "finding", which is empty at first, and meta "identifiers"
//   3  the table "derivative", filled from the newest versions
//   4  the table "past", which is empty at first
//   5  the tables "facet" and "conclusion", filled from the newest versions and assessments
inline constexpr uint32_t kSchemaVersion = 5;

// Turns a store of version `from` into one of `from` + 1. Adds to the batch; the new version number
// is written in the same commit, so that a migration that is cut off is simply run again. One that
// fills a table of millions writes most of it by itself, so that memory does not grow with the
// store: it must do no harm when it is run again over what it wrote.
struct Migration {
  uint32_t from = 0;
  std::function<absl::Status(Store& store, Batch& batch)> apply;
};

// The migrations of this program, ascending.
[[nodiscard]] const std::vector<Migration>& Migrations();

// The version written in the store; 0 for an empty one. DATA_LOSS: not a number.
[[nodiscard]] absl::StatusOr<uint32_t> ReadSchemaVersion(const View& store);

// Brings the store to `target`, one version at a time, a commit each. An empty store is only
// marked. FAILED_PRECONDITION: it was written by a newer program, or no migration leads on from its
// version.
[[nodiscard]] absl::Status BringToSchema(Store& store, uint32_t target,
                                         const std::vector<Migration>& migrations);

// For stores that may not be written: FAILED_PRECONDITION unless the version is `target`.
[[nodiscard]] absl::Status RequireSchema(const View& store, uint32_t target);

}  // namespace modelwatch::indexer
