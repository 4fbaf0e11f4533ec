// SPDX-License-Identifier: Apache-2.0
// The hubs that can be crawled, by the name of their protocol.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "crawler/hub/hub.h"
#include "modelwatch/v1/config.pb.h"

namespace modelwatch::crawler {

// The hub of this configuration, once for each of its kinds (models when it names none); its
// endpoint defaults to the public one. INVALID_ARGUMENT: an unknown name or kind (the message lists
// the known ones) or a bad endpoint.
[[nodiscard]] absl::StatusOr<std::vector<std::unique_ptr<Hub>>> NewHubs(
    const v1::HubConfig& config);

}  // namespace modelwatch::crawler
