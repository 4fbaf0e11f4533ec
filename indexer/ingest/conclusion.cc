// SPDX-License-Identifier: Apache-2.0
#include "indexer/ingest/conclusion.h"

#include <set>
#include <string>

#include "common/status_macros.h"
#include "indexer/store/facets.h"
#include "indexer/store/records.h"

namespace modelwatch::indexer {
namespace {

void Replace(Draft& draft, const std::set<std::string>& before, const std::set<std::string>& now) {
  for (const std::string& key : before) {
    if (now.count(key) == 0) draft.Delete(Table::kFacet, key);
  }
  for (const std::string& key : now) {
    if (before.count(key) == 0) draft.Put(Table::kFacet, key, "");
  }
}

}  // namespace

void StoreSeenFacets(Draft& draft, const v1::Observation& before, uint64_t former_version,
                     const v1::Observation& now, uint64_t version) {
  Replace(draft, SeenFacets(before, former_version), SeenFacets(now, version));
}

absl::Status StoreConclusion(Draft& draft, const v1::Assessment& assessment) {
  const std::string at = ReleaseKeyBytes(assessment.key());
  v1::StoredConclusion former;
  auto stored = GetRecord<v1::StoredConclusion>(draft, Table::kConclusion, at);
  if (stored.ok()) {
    former.Swap(&*stored);
  } else if (!absl::IsNotFound(stored.status())) {
    return stored.status();
  }
  if (assessment.version() < former.version()) return absl::OkStatus();
  const v1::StoredConclusion now = Conclude(assessment, former);
  Replace(draft, ConclusionFacets(assessment.key(), former),
          ConclusionFacets(assessment.key(), now));
  draft.Put(Table::kConclusion, at, now.SerializeAsString());
  return absl::OkStatus();
}

}  // namespace modelwatch::indexer
