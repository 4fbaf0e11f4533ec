// SPDX-License-Identifier: Apache-2.0
// Facets: what releases are found by, and which entries of table "facet" a release has.
//
// An entry is derived from the newest version and from the conclusion about the newest judged one,
// so that whoever knows these knows the entries, and `db check` can tell and make them again.
#pragma once

#include <set>
#include <string>

#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/observation.pb.h"
#include "modelwatch/v1/storage.pb.h"

namespace modelwatch::indexer {

// "open", "auto" or "manual" while the release is there, else "removed" or "disabled".
[[nodiscard]] std::string AccessOf(const v1::Access& access);

// "owner" of "owner/name", "datasets/owner/name" and "spaces/owner/name"; empty where there is
// none.
[[nodiscard]] std::string PublisherOf(const std::string& name);

// Keys by access, change and publisher; `version` is the sequence of the version `seen`. None
// without a hub.
[[nodiscard]] std::set<std::string> SeenFacets(const v1::Observation& seen, uint64_t version);

// Keys by licence and direction. None of a conclusion that was not drawn (version 0).
[[nodiscard]] std::set<std::string> ConclusionFacets(const v1::ReleaseKey& key,
                                                     const v1::StoredConclusion& conclusion);

// What the assessment comes to, after `former` (the conclusion before it, or an empty one): a shift
// that is none leaves the last one standing. REQUIRES: the assessment has its sequence.
[[nodiscard]] v1::StoredConclusion Conclude(const v1::Assessment& assessment,
                                            const v1::StoredConclusion& former);

}  // namespace modelwatch::indexer
