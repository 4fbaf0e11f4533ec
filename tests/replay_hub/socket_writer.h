// SPDX-License-Identifier: Apache-2.0
// Response -> bytes on a socket, sound or spoilt as its WireFault says.
#pragma once

#include "replay_hub/http_message.h"

namespace modelwatch::replay_hub {

// Writes `response` to the stream socket `fd`; blocks. `head_only` for HEAD and 304: the length is
// told, the body is not sent. Returns whether the connection may serve another request.
bool WriteResponse(int fd, const Response& response, bool head_only, bool keep_alive);

}  // namespace modelwatch::replay_hub
