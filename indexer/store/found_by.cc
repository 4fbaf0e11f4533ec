// SPDX-License-Identifier: Apache-2.0
#include "indexer/store/found_by.h"

#include "common/status_macros.h"
#include "indexer/store/facets.h"
#include "indexer/store/records.h"

namespace modelwatch::indexer {
namespace {

// The newest assessment of the newest judged version, and the last shift on the way there.
absl::StatusOr<v1::StoredConclusion> ConclusionOf(const View& view, const v1::ReleaseKey& key) {
  v1::StoredConclusion conclusion;
  absl::Status status;
  const std::string begin = ReleaseKeyBytes(key);
  RETURN_IF_ERROR(view.Scan(Table::kAssessment, begin, PrefixEnd(begin),
                            [&](std::string_view at, std::string_view value) {
                              auto assessment =
                                  ParseRecord<v1::Assessment>(Table::kAssessment, at, value);
                              status = assessment.status();
                              if (status.ok()) conclusion = Conclude(*assessment, conclusion);
                              return status.ok();
                            }));
  RETURN_IF_ERROR(status);
  return conclusion;
}

}  // namespace

absl::StatusOr<FoundBy> FindFacets(const View& view, const v1::ReleaseKey& key) {
  ASSIGN_OR_RETURN(const v1::StoredHead head, GetHead(view, key));
  ASSIGN_OR_RETURN(const v1::StoredVersion newest, GetVersion(view, key, head.version()));
  FoundBy found;
  found.facets = SeenFacets(newest.observation(), head.version());
  ASSIGN_OR_RETURN(found.conclusion, ConclusionOf(view, key));
  found.facets.merge(ConclusionFacets(key, found.conclusion));
  return found;
}

}  // namespace modelwatch::indexer
