// SPDX-License-Identifier: Apache-2.0
// Asks a running indexer for a backup.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/rpc/channel.h"
#include "modelwatch/v1/backup.pb.h"

namespace modelwatch::indexer {

// Waits until it is written and read back; a day at most. Errors as in backup.proto; UNIMPLEMENTED:
// this indexer takes no backups, because it has no Unix socket or is older.
[[nodiscard]] absl::StatusOr<v1::TakeBackupResponse> RequestBackup(
    const std::shared_ptr<grpc::Channel>& channel, const v1::TakeBackupRequest& request);

}  // namespace modelwatch::indexer
