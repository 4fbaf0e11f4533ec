// SPDX-License-Identifier: Apache-2.0
#include "indexer/service/follow.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/rpc/status_grpc.h"
#include "common/status_macros.h"
#include "indexer/store/records.h"

namespace modelwatch::indexer {
namespace {

constexpr uint64_t kEntriesAtOnce = 256;

absl::Status Compacted(uint64_t asked, uint64_t oldest) {
  absl::Status status = absl::OutOfRangeError(
      absl::StrCat("follow from ", asked, ": the log before ", oldest, " was compacted"));
  common::SetTrailerNumber(status, common::kOldestSequence, static_cast<int64_t>(oldest));
  return status;
}

bool IsWanted(const v1::FollowRequest& request, v1::LogRecord::Kind kind) {
  if (!request.changes() && !request.assessments() && !request.alerts()) return true;
  switch (kind) {
    case v1::LogRecord::CHANGE:
      return request.changes();
    case v1::LogRecord::ASSESSMENT:
      return request.assessments();
    case v1::LogRecord::ALERT:
      return request.alerts();
    default:
      return true;
  }
}

class Follower {
 public:
  Follower(const Store& store, const v1::FollowRequest& request, const FollowPort& port)
      : store_(store), request_(request), port_(port), next_(request.from_sequence()) {}

  absl::Status Run() {
    uint64_t last = 0;  // where `until_now` ends
    for (bool first = true; !port_.ended(); first = false) {
      const std::unique_ptr<View> view = store_.Snapshot();
      ASSIGN_OR_RETURN(const v1::StoredState state, GetState(*view));
      if (first) last = state.newest_sequence();
      RETURN_IF_ERROR(Place(state));
      const uint64_t end = request_.until_now() ? last : state.newest_sequence();
      RETURN_IF_ERROR(SendUpTo(*view, std::min(end, next_ + kEntriesAtOnce - 1)));
      const bool all = next_ > state.newest_sequence();
      RETURN_IF_ERROR(SendMark(*view, all));
      if (request_.until_now() && next_ > last) return absl::OkStatus();
      if (gone_) return absl::OkStatus();
      if (all) port_.wait(next_ - 1, kMarkPause);
    }
    return absl::OkStatus();
  }

 private:
  // Sets `next_` to a sequence that is in the log or just behind it.
  absl::Status Place(const v1::StoredState& state) {
    const uint64_t oldest = std::max<uint64_t>(state.oldest_sequence(), 1);
    if (next_ == 0) next_ = oldest;
    if (next_ < oldest) return Compacted(next_, oldest);
    return absl::OkStatus();
  }

  absl::Status SendUpTo(const View& view, uint64_t last) {
    if (next_ > last) return absl::OkStatus();
    absl::Status status;
    RETURN_IF_ERROR(view.Scan(Table::kLog, SequenceKey(next_), SequenceKey(last + 1),
                              [&](std::string_view key, std::string_view value) {
                                status = SendEntry(view, key, value);
                                return status.ok() && !gone_;
                              }));
    RETURN_IF_ERROR(status);
    if (!gone_ && next_ <= last) {
      return absl::DataLossError(absl::StrCat("log entry ", next_, " is missing"));
    }
    return absl::OkStatus();
  }

  absl::Status SendEntry(const View& view, std::string_view key, std::string_view value) {
    ASSIGN_OR_RETURN(const uint64_t sequence, ParseSequenceKey(key));
    if (sequence != next_) {
      return absl::DataLossError(absl::StrCat("log entry ", next_, " is missing"));
    }
    ASSIGN_OR_RETURN(const auto record, ParseRecord<v1::LogRecord>(Table::kLog, key, value));
    if (IsWanted(request_, record.kind())) {
      v1::FollowResponse message;
      ASSIGN_OR_RETURN(*message.mutable_entry(), GetLogEntry(view, sequence, record));
      gone_ = !port_.send(message);
    }
    next_ = sequence + 1;
    return absl::OkStatus();
  }

  absl::Status SendMark(const View& view, bool all) {
    if (gone_) return absl::OkStatus();
    v1::FollowResponse message;
    v1::Progress& mark = *message.mutable_progress();
    mark.set_sequence(next_ - 1);
    absl::Status status;
    if (all) {
      RETURN_IF_ERROR(
          view.Scan(Table::kHub, "", "", [&](std::string_view at, std::string_view value) {
            const auto hub = ParseRecord<v1::StoredHub>(Table::kHub, at, value);
            status = hub.status();
            if (hub.ok()) (*mark.mutable_hub_time_us())[std::string(at)] = hub->hub_time_us();
            return status.ok();
          }));
    }
    RETURN_IF_ERROR(status);
    gone_ = !port_.send(message);
    return absl::OkStatus();
  }

  const Store& store_;
  const v1::FollowRequest& request_;
  const FollowPort& port_;
  uint64_t next_;
  bool gone_ = false;
};

}  // namespace

absl::Status FollowLog(const Store& store, const v1::FollowRequest& request,
                       const FollowPort& port) {
  return Follower(store, request, port).Run();
}

}  // namespace modelwatch::indexer
