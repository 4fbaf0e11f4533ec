// SPDX-License-Identifier: Apache-2.0
// A spool segment after anything happened to its bytes.
#include <cstdlib>
#include <string_view>

#include "crawler/publish/spool.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto segment = modelwatch::crawler::ParseSpoolSegment(bytes);
  size_t inside = segment.torn_bytes;
  for (const std::string_view record : segment.records) {
    modelwatch::v1::PutItem item;
    static_cast<void>(item.ParseFromArray(record.data(), static_cast<int>(record.size())));
    inside += record.size();
  }
  if (inside > size) std::abort();
  return 0;
}
