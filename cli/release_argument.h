// SPDX-License-Identifier: Apache-2.0
// MODEL on the command line -> a request by name.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/status_macros.h"
#include "proto/release_id.h"

namespace modelwatch::cli {

// Fills hub and name of a GetReleaseRequest or GetHistoryRequest. INVALID_ARGUMENT: see
// proto::ParseReleaseName.
template <typename Request>
[[nodiscard]] absl::StatusOr<Request> RequestFor(const std::string& model) {
  ASSIGN_OR_RETURN(const proto::ReleaseName parsed, proto::ParseReleaseName(model));
  Request request;
  request.set_hub(parsed.hub);
  request.set_name(parsed.name);
  return request;
}

}  // namespace modelwatch::cli
