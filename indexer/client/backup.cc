// SPDX-License-Identifier: Apache-2.0
#include "indexer/client/backup.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include "common/rpc/status_grpc.h"
#include "modelwatch/v1/backup.grpc.pb.h"

namespace modelwatch::indexer {
namespace {

constexpr absl::Duration kLongestBackup = absl::Hours(24);

}  // namespace

absl::StatusOr<v1::TakeBackupResponse> RequestBackup(const std::shared_ptr<grpc::Channel>& channel,
                                                     const v1::TakeBackupRequest& request) {
  grpc::ClientContext context;
  common::PrepareCall(context, kLongestBackup, "");
  v1::TakeBackupResponse response;
  const grpc::Status status =
      v1::Backups::NewStub(channel)->TakeBackup(&context, request, &response);
  if (!status.ok()) return common::FromGrpc(status, context);
  return response;
}

}  // namespace modelwatch::indexer
