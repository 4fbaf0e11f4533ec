// SPDX-License-Identifier: Apache-2.0
// The index as it was at a moment of its record.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "modelwatch/v1/record.pb.h"

namespace grpc {
class Channel;
}

namespace modelwatch::indexer {

// Thread-safe. The comments of proto/modelwatch/v1/record.proto state what each call promises;
// UNAVAILABLE and DEADLINE_EXCEEDED mean that the index is away.
class Record {
 public:
  virtual ~Record() = default;

  [[nodiscard]] virtual absl::StatusOr<v1::GetReleaseAsOfResponse> GetReleaseAsOf(
      const v1::GetReleaseAsOfRequest& request) = 0;
  [[nodiscard]] virtual absl::StatusOr<v1::GetHistoryAsOfResponse> GetHistoryAsOf(
      const v1::GetHistoryAsOfRequest& request) = 0;
  [[nodiscard]] virtual absl::StatusOr<v1::ListAlertsAsOfResponse> ListAlertsAsOf(
      const v1::ListAlertsAsOfRequest& request) = 0;
};

[[nodiscard]] std::unique_ptr<Record> RecordOver(std::shared_ptr<grpc::Channel> channel);

}  // namespace modelwatch::indexer
