// SPDX-License-Identifier: Apache-2.0
// GET /api/models, /api/datasets, /api/spaces: the listing, its projections, filters and pages.
#pragma once

#include <string_view>

#include "replay_hub/route_context.h"

namespace modelwatch::replay_hub {

// Parameters: search author filter (repeatable, all must hold) pipeline_tag gated sort direction
// limit (1 to 1000, default 1000) full config cardData expand and expand[] cursor; others are
// ignored, as the hub does. The Link of the next page echoes all of them.
[[nodiscard]] Response ListReleases(const RouteContext& context, std::string_view kind);

}  // namespace modelwatch::replay_hub
