// SPDX-License-Identifier: Apache-2.0
#include "common/rpc/status_grpc.h"

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace modelwatch::common {

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), std::string(status.message()));
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  auto code = static_cast<absl::StatusCode>(status.error_code());
  if (code == absl::StatusCode::kUnknown) code = absl::StatusCode::kInternal;
  return absl::Status(code, status.error_message());
}

absl::Status FromGrpc(const grpc::Status& status, const grpc::ClientContext& context) {
  absl::Status out = FromGrpc(status);
  if (out.ok()) return out;
  for (const char* name : {kRetryDelayMs, kOldestSequence}) {
    const auto found = context.GetServerTrailingMetadata().find(name);
    if (found == context.GetServerTrailingMetadata().end()) continue;
    out.SetPayload(name, absl::Cord(std::string(found->second.data(), found->second.size())));
  }
  return out;
}

int64_t TrailerNumber(const absl::Status& status, const char* name, int64_t otherwise) {
  const auto payload = status.GetPayload(name);
  int64_t value = 0;
  if (!payload.has_value() || !absl::SimpleAtoi(std::string(*payload), &value)) return otherwise;
  return value;
}

void SetTrailerNumber(absl::Status& status, const char* name, int64_t value) {
  status.SetPayload(name, absl::Cord(absl::StrCat(value)));
}

}  // namespace modelwatch::common
