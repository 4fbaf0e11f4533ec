// SPDX-License-Identifier: Apache-2.0
// What libcurl takes by itself: the shortest loop around it that asks for one URL and throws the
// answers away. No limit, no check, no header kept: nothing that is made with libcurl is faster.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace modelwatch::bench {

struct BareCounts {
  int64_t requests = 0;
  int64_t failures = 0;
};

// `at_once` transfers at a time, for `length`.
[[nodiscard]] BareCounts LoadBare(const std::string& url, absl::Duration length, size_t at_once);

}  // namespace modelwatch::bench
