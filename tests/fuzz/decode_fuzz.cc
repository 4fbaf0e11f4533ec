// SPDX-License-Identifier: Apache-2.0
// Any bytes as a file: decoding ends with well-formed, bounded text or with a reason, and a text
// that was decoded decodes to itself.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "evaluator/license/decode.h"
#include "evaluator/license/encoding.h"

namespace {

using namespace modelwatch::evaluator;

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Decoded decoded = Decode(bytes);
  const std::string_view text = decoded.text();
  if (decoded.kind != ContentKind::kText) {
    Require(!decoded.reason.empty() && text.empty());
    return 0;
  }
  Require(decoded.reason.empty() && !decoded.encoding.empty() && !text.empty());
  Require(text.size() <= kMaxDecodedBytes && IsUtf8(text));
  const Decoded again = Decode(text);
  Require(again.kind == ContentKind::kText && again.text() == text && again.storage.empty());
  return 0;
}
