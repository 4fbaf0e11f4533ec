// SPDX-License-Identifier: Apache-2.0
#include "indexer/backup.h"

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/atomic_file.h"
#include "common/rpc/channel.h"
#include "common/status_macros.h"
#include "indexer/check.h"
#include "indexer/client/backup.h"
#include "indexer/data_dir.h"
#include "indexer/service/backup.h"
#include "indexer/store/rocks_store.h"
#include "indexer/store/schema.h"

namespace modelwatch::indexer {
namespace {

namespace fs = std::filesystem;

absl::StatusOr<v1::TakeBackupResponse> AskIndexer(const std::string& data_dir,
                                                  const v1::TakeBackupRequest& request) {
  ASSIGN_OR_RETURN(const std::string address, ReadAddress(data_dir));
  ASSIGN_OR_RETURN(const auto channel, common::OpenChannel(address, {}));
  auto response = RequestBackup(channel, request);
  if (!absl::IsUnimplemented(response.status())) return response;
  return absl::FailedPreconditionError(absl::StrCat(
      "back up ", data_dir, ": its indexer takes no backups (no Unix socket); stop that first"));
}

absl::StatusOr<v1::TakeBackupResponse> OpenAndTake(const std::string& data_dir,
                                                   const v1::TakeBackupRequest& request) {
  ASSIGN_OR_RETURN(const auto store, OpenRocksStore(DatabasePath(data_dir), {}));
  return AnswerTakeBackup(*store, request, [] { return false; });
}

absl::Status RequireEmpty(const std::string& data_dir) {
  std::error_code error;
  if (!fs::exists(data_dir, error)) return absl::OkStatus();
  if (!fs::is_directory(data_dir, error)) {
    return absl::FailedPreconditionError(
        absl::StrCat("restore to ", data_dir, ": it is not a directory"));
  }
  if (fs::is_empty(data_dir, error) && !error) return absl::OkStatus();
  if (error) {
    return absl::UnavailableError(absl::StrCat("restore to ", data_dir, ": ", error.message()));
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "restore to ", data_dir, ": the directory is not empty; name another with --data"));
}

absl::StatusOr<Restored> RestoreAndCheck(const std::string& directory, uint32_t id,
                                         const std::string& path) {
  Restored restored;
  ASSIGN_OR_RETURN(restored.backup, RestoreBackup(directory, id, path));
  ASSIGN_OR_RETURN(const auto store, OpenRocksStore(path, {}));
  RETURN_IF_ERROR(BringToSchema(*store, kSchemaVersion, Migrations()));
  restored.report = CheckRecords(*store);
  return restored;
}

}  // namespace

absl::StatusOr<TakenBackup> BackUpStore(const std::string& data_dir, const std::string& directory,
                                        uint32_t keep) {
  RETURN_IF_ERROR(RequireDatabase(data_dir));
  v1::TakeBackupRequest request;
  std::error_code error;
  request.set_directory(fs::absolute(directory, error).lexically_normal());
  request.set_keep(keep);
  ASSIGN_OR_RETURN(const v1::TakeBackupResponse response, ConnectLocal(data_dir).ok()
                                                              ? AskIndexer(data_dir, request)
                                                              : OpenAndTake(data_dir, request));
  TakenBackup taken;
  taken.backup.id = response.id();
  taken.backup.newest_sequence = response.newest_sequence();
  taken.backup.bytes = response.bytes();
  taken.new_bytes = response.new_bytes();
  taken.deleted = response.deleted();
  return taken;
}

absl::StatusOr<Restored> RestoreStore(const std::string& directory, uint32_t id,
                                      const std::string& data_dir) {
  RETURN_IF_ERROR(RequireEmpty(data_dir));
  RETURN_IF_ERROR(ListBackups(directory).status());
  RETURN_IF_ERROR(MakeDataDir(data_dir));
  const std::string path = DatabasePath(data_dir);
  const std::string unfinished = path + ".restoring";
  std::error_code error;
  absl::StatusOr<Restored> restored = RestoreAndCheck(directory, id, unfinished);
  if (restored.ok()) fs::rename(unfinished, path, error);
  if (restored.ok() && !error) {
    RETURN_IF_ERROR(common::SyncDirectory(data_dir));
    return restored;
  }
  std::error_code ignored;
  fs::remove_all(unfinished, ignored);
  if (!restored.ok()) return restored.status();
  return absl::UnavailableError(absl::StrCat("restore to ", path, ": ", error.message()));
}

}  // namespace modelwatch::indexer
