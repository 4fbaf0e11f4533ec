// SPDX-License-Identifier: Apache-2.0
// Any bytes as an SPDX expression: what parses keeps its normal form.
#include <cstddef>
#include <cstdint>

#include "evaluator/license/expression.h"
#include "evaluator/license/spdx_tag.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace modelwatch::evaluator;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)FindSpdxTags(text, Tokenise(text));
  const auto parsed = ParseExpression(text);
  if (!parsed.ok()) return 0;
  const std::string normal = FormatExpression(*parsed);
  const auto again = ParseExpression(normal);
  if (normal.size() <= 4096 && (!again.ok() || FormatExpression(*again) != normal))
    __builtin_trap();
  return 0;
}
