// SPDX-License-Identifier: Apache-2.0
// What one release is found by, worked out from its records.
#pragma once

#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "indexer/store/store.h"
#include "modelwatch/v1/observation.pb.h"
#include "modelwatch/v1/storage.pb.h"

namespace modelwatch::indexer {

struct FoundBy {
  v1::StoredConclusion conclusion;  // version 0 = none was drawn
  std::set<std::string> facets;     // keys of table "facet"
};

// Reads the newest version and every assessment. NOT_FOUND: no such release. DATA_LOSS.
[[nodiscard]] absl::StatusOr<FoundBy> FindFacets(const View& view, const v1::ReleaseKey& key);

}  // namespace modelwatch::indexer
