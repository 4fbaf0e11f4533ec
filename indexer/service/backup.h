// SPDX-License-Identifier: Apache-2.0
// Backups over gRPC: what a caller asks for, and the store's answer.
#pragma once

#include "absl/status/statusor.h"
#include "indexer/store/rocks_store.h"
#include "modelwatch/v1/backup.pb.h"

namespace modelwatch::indexer {

// INVALID_ARGUMENT: the directory is not absolute, or nothing would be kept. Else as TakeBackup.
[[nodiscard]] absl::StatusOr<v1::TakeBackupResponse> AnswerTakeBackup(
    const RocksStore& store, const v1::TakeBackupRequest& request, const GiveUp& give_up);

}  // namespace modelwatch::indexer
