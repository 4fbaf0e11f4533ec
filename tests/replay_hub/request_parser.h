// SPDX-License-Identifier: Apache-2.0
// Bytes from a client -> Request. Pure; fuzzed in tests/fuzz/replay_request_fuzz.cc.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "replay_hub/http_message.h"

namespace modelwatch::replay_hub {

inline constexpr size_t kMaxHeadBytes = 64 * 1024;
inline constexpr size_t kMaxBodyBytes = 4 * 1024 * 1024;  // 2000 paths of a paths-info fit well

struct ParsedRequest {
  Request request;
  size_t consumed = 0;  // bytes of the buffer that the request took; the next one begins there
};

// The first request in `buffer`: nullopt while it is not complete, INVALID_ARGUMENT when it never
// can be (malformed, too large, or a body in chunks, which the hub's clients never send).
[[nodiscard]] absl::StatusOr<std::optional<ParsedRequest>> ParseRequest(std::string_view buffer);

}  // namespace modelwatch::replay_hub
