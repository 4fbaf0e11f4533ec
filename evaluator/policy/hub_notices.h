// SPDX-License-Identifier: Apache-2.0
// Hub notices: what is told of a hub itself: that it fell silent, and that it is heard again.
#pragma once

#include <vector>

#include "modelwatch/v1/ingest.pb.h"
#include "modelwatch/v1/read.pb.h"

namespace modelwatch::evaluator {

// Whether HubNotices would say anything; needs no `health` in the status. Pure.
[[nodiscard]] bool HasHubNews(const v1::GetStatusResponse& status);

// What the status shows that no alert says yet: silence and its end, of hubs and of their canaries.
// Whether a hub is silent is decided by the index (indexer/frontier/health.h), which also sees to
// it that each is told once. With `health` in the status the trouble of the last hour is named.
// Pure.
[[nodiscard]] std::vector<v1::HubNotice> HubNotices(const v1::GetStatusResponse& status);

}  // namespace modelwatch::evaluator
