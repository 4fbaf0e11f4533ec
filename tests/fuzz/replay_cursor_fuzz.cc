// SPDX-License-Identifier: Apache-2.0
// The replay hub's cursors: what is accepted is written back to a cursor of the same place.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "replay_hub/cursor.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace modelwatch::replay_hub;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const SortField sort : {SortField::kCreatedAt, SortField::kDownloads}) {
    const auto cursor = DecodeCursor(text, sort, true);
    const auto plain = DecodeCursor(Base64(text), sort, true);
    if (cursor.ok() && EncodeCursor(*cursor).empty()) std::abort();
    if (plain.ok() && EncodeCursor(*plain).empty()) std::abort();
  }
  return 0;
}
