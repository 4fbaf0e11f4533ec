// SPDX-License-Identifier: Apache-2.0
// The listing's cursor: base64 of the Mongo keyset condition that the hub hands out.
//
// Descending: {"$or":[{"downloads":2,"_id":{"$gt":"6390..."}},{"downloads":{"$lt":2}},
// {"downloads":null}]}; likes has no null arm; ascending turns $lt into $gt and has no null arm.
// Times stand as "2026-08-19T09:36:31.000Z". Form read from live cursors, 2026-09.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "replay_hub/world.h"

namespace modelwatch::replay_hub {

// "createdAt" for kCreatedAt: the query's word and the cursor's key.
[[nodiscard]] std::string_view SortWord(SortField field);

struct Cursor {
  SortField sort = SortField::kTrendingScore;
  bool ascending = false;
  Position position;
};

// Base64, not yet percent-encoded.
[[nodiscard]] std::string EncodeCursor(const Cursor& cursor);

// INVALID_ARGUMENT when it is not a cursor of that sort. Fuzzed in tests/fuzz.
[[nodiscard]] absl::StatusOr<Cursor> DecodeCursor(std::string_view text, SortField sort,
                                                  bool ascending);

// The row's place in the order, for the cursor of the page that follows it.
[[nodiscard]] Position PositionOf(const Release& release, SortField sort);

// Base64 with padding, of any bytes.
[[nodiscard]] std::string Base64(std::string_view bytes);

}  // namespace modelwatch::replay_hub
