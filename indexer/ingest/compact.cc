// SPDX-License-Identifier: Apache-2.0
#include "indexer/ingest/compact.h"

#include <algorithm>

#include "common/status_macros.h"
#include "indexer/store/keys.h"

namespace modelwatch::indexer {
namespace {

// The first entry that some evaluator has not judged; past the end when there is no evaluator.
absl::StatusOr<uint64_t> FirstUnjudged(const Draft& draft) {
  uint64_t first = draft.state().newest_sequence() + 1;
  // How far the past was judged again, by each version that ever did: the log waits for none.
  const std::string reassessed = CursorKey("reassess-");
  absl::Status parsed;
  RETURN_IF_ERROR(draft.store().Scan(Table::kMeta, kCursorPrefix, PrefixEnd(kCursorPrefix),
                                     [&](std::string_view key, std::string_view value) {
                                       if (key.substr(0, reassessed.size()) == reassessed) {
                                         return true;
                                       }
                                       const absl::StatusOr<uint64_t> cursor =
                                           ParseSequenceKey(value);
                                       parsed = cursor.status();
                                       if (cursor.ok()) first = std::min(first, *cursor + 1);
                                       return parsed.ok();
                                     }));
  RETURN_IF_ERROR(parsed);
  return first;
}

}  // namespace

absl::Status CompactLog(Draft& draft, uint64_t max_entries) {
  v1::StoredState& state = draft.state();
  if (max_entries == 0 || state.oldest_sequence() == 0) return absl::OkStatus();
  const uint64_t entries = state.newest_sequence() - state.oldest_sequence() + 1;
  if (entries <= max_entries + max_entries / 10) return absl::OkStatus();
  ASSIGN_OR_RETURN(const uint64_t unjudged, FirstUnjudged(draft));
  const uint64_t oldest = std::min(state.newest_sequence() - max_entries + 1, unjudged);
  if (oldest <= state.oldest_sequence()) return absl::OkStatus();
  draft.DeleteRange(Table::kLog, SequenceKey(state.oldest_sequence()), SequenceKey(oldest));
  state.set_oldest_sequence(oldest);
  return absl::OkStatus();
}

}  // namespace modelwatch::indexer
