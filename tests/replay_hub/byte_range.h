// SPDX-License-Identifier: Apache-2.0
// The conditional headers of file requests: Range and If-None-Match (RFC 9110, 2022).
#pragma once

#include <string_view>

#include "replay_hub/http_message.h"

namespace modelwatch::replay_hub {

// Cuts the body of a 200 answer to a Range value: 206 with Content-Range for one satisfiable range,
// 416 for one that lies past the end; a malformed value or several ranges leave the answer whole.
void ApplyRange(std::string_view range, Response& response);

// Whether an If-None-Match value (a list, W/"..." or "...", or *) names `etag` (without quotes).
[[nodiscard]] bool MatchesEtag(std::string_view if_none_match, std::string_view etag);

}  // namespace modelwatch::replay_hub
