// SPDX-License-Identifier: Apache-2.0
// The replay hub's request parser: never crashes, never takes more than it was given.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "replay_hub/request_parser.h"
#include "replay_hub/url_text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace modelwatch::replay_hub;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto parsed = ParseRequest(bytes);
  if (!parsed.ok() || !parsed->has_value()) return 0;
  if ((*parsed)->consumed > size) std::abort();
  const Query query((*parsed)->request.query);
  (void)PathSegments((*parsed)->request.path);
  (void)query.IsTrue("full");
  return 0;
}
