// SPDX-License-Identifier: Apache-2.0
// The files of a commit: tree, treesize and paths-info.
#pragma once

#include <string>
#include <string_view>

#include "replay_hub/route_context.h"

namespace modelwatch::replay_hub {

// GET /api/models/{id}/tree/{rev}[/{path}]?recursive&expand&limit&cursor. `path` "" is the root.
// 404 for a path that is a file or is not there.
[[nodiscard]] Response ModelTree(const RouteContext& context, const std::string& name,
                                 std::string_view revision, std::string_view path);

// GET /api/models/{id}/treesize/{rev}/{path} -> {"path","size"}.
[[nodiscard]] Response ModelTreeSize(const RouteContext& context, const std::string& name,
                                     std::string_view revision, std::string_view path);

// POST /api/models/{id}/paths-info/{rev}: `paths=a&paths=b` or {"paths":["a","b"]}, up to 2000.
// Paths that are not there are left out.
[[nodiscard]] Response ModelPathsInfo(const RouteContext& context, const std::string& name,
                                      std::string_view revision);

}  // namespace modelwatch::replay_hub
