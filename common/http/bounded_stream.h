// SPDX-License-Identifier: Apache-2.0
// A connection that can be neither too long nor too slow.
//
// cpp-httplib 0.11 bounds each read, not the request: a visitor who sends a byte every four
// seconds, or a header without end, would hold a thread and memory for ever. Only http_server.cc
// includes this.
#pragma once

#include <memory>

#include "absl/time/time.h"

namespace httplib {
class Stream;
}  // namespace httplib

namespace modelwatch::common {

struct StreamBounds {
  size_t max_read_bytes = 0;  // of everything the visitor sends
  absl::Time read_deadline;
  absl::Duration write_timeout;  // from the first write to the last
};

// Past a bound every call of the stream fails. Does not own the socket. Not thread-safe; one
// connection, one thread.
[[nodiscard]] std::unique_ptr<httplib::Stream> MakeBoundedStream(int socket,
                                                                 const StreamBounds& bounds);

}  // namespace modelwatch::common
