// SPDX-License-Identifier: Apache-2.0
// The header of a GGUF file, as its first bytes come from a stranger.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "crawler/documents/gguf.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view head(reinterpret_cast<const char*>(bytes), size);
  const auto licence = modelwatch::crawler::ReadGgufLicence(head);
  if (licence.ok() && licence->fields.licence.size() > 3 * size) __builtin_trap();
  return 0;
}
