// SPDX-License-Identifier: Apache-2.0
// A loopback HTTP/1.1 server that gives every request the same answer, faster than any client asks.
#pragma once

#include <string>

namespace modelwatch::bench {

// Serves on an ephemeral port of 127.0.0.1, which it prints as "listening on
// http://127.0.0.1:PORT/", until the process ends. `body_bytes` of JSON an answer. Returns only
// when it cannot serve: why.
[[nodiscard]] std::string ServeAnswers(size_t body_bytes);

}  // namespace modelwatch::bench
