// SPDX-License-Identifier: Apache-2.0
// Any bytes as a licence text: the clause reader cites lines that exist.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "evaluator/terms/clauses.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto lines = static_cast<uint32_t>(std::count(text.begin(), text.end(), '\n') + 1);
  const auto reading = modelwatch::evaluator::ReadClauses(text);
  for (const auto& hit : reading.hits) {
    if (hit.line == 0 || hit.line > lines) __builtin_trap();
  }
  return 0;
}
