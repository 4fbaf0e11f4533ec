// SPDX-License-Identifier: Apache-2.0
// Texts: the contents that files of an observation name, sent along or stored before. All run on
// the committer thread; an error is the store's.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "indexer/ingest/prepare.h"
#include "indexer/store/draft.h"

namespace modelwatch::indexer {

// A FETCHED file with a known oid may be named without its digest: it is filled in, from what was
// sent or is stored.
[[nodiscard]] absl::Status FillDigests(const Draft& draft, PreparedItem& item);

// The path of a FETCHED file whose text is neither sent nor stored; "" when there is none. Files of
// `known` (the newest version; empty for none) need not be looked up.
[[nodiscard]] absl::StatusOr<std::string> MissingText(const Draft& draft, const PreparedItem& item,
                                                      const v1::Observation& known);

// Adds the item's texts that are new, and their oids. Takes their bytes.
[[nodiscard]] absl::Status StoreTexts(Draft& draft, PreparedItem& item);

}  // namespace modelwatch::indexer
