// SPDX-License-Identifier: Apache-2.0
// Which route answers a path, and which quota bucket it draws on.
#pragma once

#include <string_view>

#include "replay_hub/quota_windows.h"
#include "replay_hub/route_context.h"

namespace modelwatch::replay_hub {

// File addresses are `resolvers`, /api/ is `api`, the rest is `pages`.
[[nodiscard]] Bucket BucketOf(std::string_view path);

[[nodiscard]] Response Route(const RouteContext& context);

}  // namespace modelwatch::replay_hub
