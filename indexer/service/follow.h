// SPDX-License-Identifier: Apache-2.0
// Follow: the log from a point on, in order, with marks of how far it got. Free of gRPC.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "indexer/store/store.h"
#include "modelwatch/v1/read.pb.h"

namespace modelwatch::indexer {

// How long a follower that has everything hears nothing at most.
inline constexpr absl::Duration kMarkPause = absl::Seconds(1);

// Where a follower's messages go, and what it waits for.
struct FollowPort {
  // False when the follower is gone.
  std::function<bool(const v1::FollowResponse&)> send;
  // Waits up to `timeout` for an entry newer than `sequence`.
  std::function<void(uint64_t sequence, absl::Duration timeout)> wait;
  // True when the server stops or the follower cancelled.
  std::function<bool()> ended;
};

// Ends OK at the newest entry when `until_now`, else when the port ends. OUT_OF_RANGE, with payload
// "oldest-sequence": `from_sequence` was compacted, also when that happens on the way.
//
// A mark carries hub times only when everything committed at that moment was sent: a follower that
// acts on the time ("the hold-down is over") must have seen all that happened before it.
[[nodiscard]] absl::Status FollowLog(const Store& store, const v1::FollowRequest& request,
                                     const FollowPort& port);

}  // namespace modelwatch::indexer
