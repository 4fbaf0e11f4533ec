// SPDX-License-Identifier: Apache-2.0
// Compression of answers, as the hub does it: gzip when the client accepts it.
#pragma once

#include <string>
#include <string_view>

namespace modelwatch::replay_hub {

// Whether an Accept-Encoding value allows gzip ("gzip;q=0" does not).
[[nodiscard]] bool AcceptsGzip(std::string_view accept_encoding);

// Level 1: three times the speed of the default for a tenth more bytes, and pages go over loopback.
[[nodiscard]] std::string Gzip(std::string_view bytes);

}  // namespace modelwatch::replay_hub
