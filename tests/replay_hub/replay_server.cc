// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/replay_server.h"

#include "absl/strings/str_format.h"
#include "common/status_macros.h"

namespace modelwatch::replay_hub {

absl::Status ReplayServer::Start(std::string_view address, int port) {
  ASSIGN_OR_RETURN(port_, server_.Start(address, port));
  url_ = absl::StrFormat("http://%s:%d", address, port_);
  return absl::OkStatus();
}

}  // namespace modelwatch::replay_hub
