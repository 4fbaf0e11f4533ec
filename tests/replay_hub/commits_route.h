// SPDX-License-Identifier: Apache-2.0
// The history of a release: commits and refs.
#pragma once

#include <string>
#include <string_view>

#include "replay_hub/route_context.h"

namespace modelwatch::replay_hub {

// GET /api/models/{id}/commits/{rev}?p=0&limit=50&expand[]=formatted: newest first, X-Total-Count,
// Link numbered by page. Closed by a gate, unlike the details (captured 2026-10-02).
[[nodiscard]] Response ModelCommits(const RouteContext& context, const std::string& name,
                                    std::string_view revision);

// GET /api/models/{id}/refs?include_prs=1.
[[nodiscard]] Response ModelRefs(const RouteContext& context, const std::string& name);

}  // namespace modelwatch::replay_hub
