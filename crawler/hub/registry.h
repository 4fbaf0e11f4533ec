// SPDX-License-Identifier: Apache-2.0
// The hubs that can be crawled, by the name of their protocol.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "crawler/hub/hub.h"
#include "modelwatch/v1/config.pb.h"

namespace modelwatch::crawler {

// The hub of this configuration; its endpoint defaults to the public one. INVALID_ARGUMENT: an
// unknown name (the message lists the known ones) or a bad endpoint.
[[nodiscard]] absl::StatusOr<std::unique_ptr<Hub>> NewHub(const v1::HubConfig& config);

}  // namespace modelwatch::crawler
