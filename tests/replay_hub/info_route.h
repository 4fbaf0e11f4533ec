// SPDX-License-Identifier: Apache-2.0
// GET /api/models/{id} and /api/models/{id}/revision/{rev}: a release's details.
#pragma once

#include <string>
#include <string_view>

#include "replay_hub/route_context.h"

namespace modelwatch::replay_hub {

// Parameters: blobs, securityStatus, expand and expand[]. Details of a gated release are public.
// `revision` "" means the default branch. At an older revision sha, lastModified and siblings are
// those of the commit; everything else is what the hub knows now.
[[nodiscard]] Response ModelInfo(const RouteContext& context, const std::string& name,
                                 std::string_view revision);

}  // namespace modelwatch::replay_hub
