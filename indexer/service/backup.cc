// SPDX-License-Identifier: Apache-2.0
#include "indexer/service/backup.h"

#include "absl/strings/match.h"
#include "common/status_macros.h"
#include "indexer/store/records.h"

namespace modelwatch::indexer {

absl::StatusOr<v1::TakeBackupResponse> AnswerTakeBackup(const RocksStore& store,
                                                        const v1::TakeBackupRequest& request,
                                                        const GiveUp& give_up) {
  if (!absl::StartsWith(request.directory(), "/")) {
    return absl::InvalidArgumentError("back up: the directory must be an absolute path");
  }
  if (request.keep() == 0) return absl::InvalidArgumentError("back up: keep at least 1 backup");
  ASSIGN_OR_RETURN(const v1::StoredState state, GetState(store));
  const BackupPlan plan{request.directory(), request.keep(), state.newest_sequence()};
  ASSIGN_OR_RETURN(const TakenBackup taken, store.TakeBackup(plan, give_up));
  v1::TakeBackupResponse response;
  response.set_id(taken.backup.id);
  response.set_newest_sequence(taken.backup.newest_sequence);
  response.set_bytes(taken.backup.bytes);
  response.set_new_bytes(taken.new_bytes);
  response.set_deleted(taken.deleted);
  return response;
}

}  // namespace modelwatch::indexer
