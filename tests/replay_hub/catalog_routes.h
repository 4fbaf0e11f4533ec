// SPDX-License-Identifier: Apache-2.0
// The small routes: licence tags, quick search, who am I, and the HTML pages.
#pragma once

#include <string>

#include "replay_hub/route_context.h"

namespace modelwatch::replay_hub {

// GET /api/models-tags-by-type?type=license ->
// {"license":[{"id":"license:mit","label":"mit",...}]}.
[[nodiscard]] Response TagsByType(const RouteContext& context);

// GET /api/quicksearch?q=TEXT&type=model&limit=N -> {"models":[{"_id","id"}],"modelsCount":N}.
[[nodiscard]] Response QuickSearch(const RouteContext& context);

// GET /api/whoami-v2: 200 for a known token, else 401.
[[nodiscard]] Response WhoAmI(const RouteContext& context);

// An HTML page: of the hub when `name` is "", else of a release.
[[nodiscard]] Response HtmlPage(const RouteContext& context, const std::string& name);

}  // namespace modelwatch::replay_hub
