// SPDX-License-Identifier: Apache-2.0
// File contents: resolve, resolve-cache, raw, and the storage host that LFS files redirect to.
#pragma once

#include <string>
#include <string_view>

#include "replay_hub/route_context.h"

namespace modelwatch::replay_hub {

inline constexpr std::string_view kStoragePrefix = "/xet-bridge-us/";

// GET|HEAD /{id}/resolve/{rev}/{path}: a git file redirects (307, relative) to resolve-cache; an
// LFS file (302) to the storage host, or is described when Accept asks for xet-fileinfo.
[[nodiscard]] Response Resolve(const RouteContext& context, const std::string& name,
                               std::string_view revision, std::string_view path);

// GET|HEAD /api/resolve-cache/models/{id}/{rev}/{path}, with or without the query that the redirect
// carries: the bytes, ETag = git blob id, 304 on If-None-Match (a list, weak or not), 206 and 416
// on Range. An LFS file redirects as above.
[[nodiscard]] Response ResolveCache(const RouteContext& context, const std::string& name,
                                    std::string_view revision, std::string_view path);

// GET|HEAD /{id}/raw/{rev}/{path}: what git holds, so the pointer text of an LFS file.
[[nodiscard]] Response Raw(const RouteContext& context, const std::string& name,
                           std::string_view revision, std::string_view path);

// GET|HEAD /xet-bridge-us/{release id}/{sha256}?...: the storage host, a separate origin (the other
// of localhost and 127.0.0.1). A credential that arrives here was leaked: it is counted and
// refused.
[[nodiscard]] Response Storage(const RouteContext& context);

}  // namespace modelwatch::replay_hub
