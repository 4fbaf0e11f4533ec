// SPDX-License-Identifier: Apache-2.0
#include "indexer/store/backup.h"

#include <rocksdb/db.h>
#include <rocksdb/utilities/backup_engine.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"

namespace modelwatch::indexer {
namespace {

namespace fs = std::filesystem;

// RocksDB's folder of the list of backups: what tells a directory of ours from any other.
constexpr char kListFolder[] = "meta";

absl::Status Failed(const std::string& what, const rocksdb::Status& status) {
  std::string words = status.ToString();
  std::replace(words.begin(), words.end(), '\n', ' ');
  const std::string message = absl::StrCat(what, ": ", words);
  if (status.IsCorruption()) return absl::DataLossError(message);
  if (status.IsNotFound()) return absl::NotFoundError(message);
  return absl::UnavailableError(
      status.IsNoSpace() ? absl::StrCat(message, "; make space, then repeat it") : message);
}

bool IsInside(const fs::path& path, const fs::path& folder) {
  const auto [end, ignored] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end == folder.end();
}

absl::Status RequireOurs(const std::string& database, const std::string& directory) {
  const auto refuse = [&](const char* why) {
    return absl::FailedPreconditionError(absl::StrCat("back up to ", directory, ": ", why));
  };
  std::error_code error;
  const fs::path wanted = fs::weakly_canonical(directory, error);
  if (!fs::path(directory).is_absolute()) return refuse("name it from the root on");
  if (IsInside(wanted, fs::weakly_canonical(database, error))) {
    return refuse("it lies in the database itself");
  }
  if (!fs::exists(wanted, error)) return absl::OkStatus();
  if (!fs::is_directory(wanted, error)) return refuse("it is no directory");
  if (fs::is_empty(wanted, error) || fs::is_directory(wanted / kListFolder, error)) {
    return absl::OkStatus();
  }
  return refuse("it holds something else; name an empty directory, or one of backups");
}

absl::StatusOr<rocksdb::BackupInfo> Find(const rocksdb::BackupEngineReadOnly& engine,
                                         const std::string& directory, uint32_t number) {
  std::vector<rocksdb::BackupInfo> all;
  engine.GetBackupInfo(&all);
  for (auto backup = all.rbegin(); backup != all.rend(); ++backup) {
    if (number == 0 || backup->backup_id == number) return *backup;
  }
  if (number == 0) return absl::NotFoundError(absl::StrCat("there is no backup in ", directory));
  return absl::NotFoundError(
      absl::StrCat("there is no backup ", number, " in ", directory, "; it holds ", all.size()));
}

}  // namespace

absl::StatusOr<BackupNumber> AddBackup(rocksdb::DB& db, const std::string& directory) {
  RETURN_IF_ERROR(RequireOurs(db.GetName(), directory));
  const std::string what = absl::StrCat("back up to ", directory);
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return absl::UnavailableError(absl::StrCat(what, ": ", error.message()));
  rocksdb::BackupEngineOptions options(directory);
  options.sync = true;
  rocksdb::BackupEngine* opened = nullptr;
  rocksdb::Status status = rocksdb::BackupEngine::Open(options, rocksdb::Env::Default(), &opened);
  if (!status.ok()) return Failed(what, status);
  const std::unique_ptr<rocksdb::BackupEngine> engine(opened);
  rocksdb::CreateBackupOptions create;
  // The log is then empty or short, and the copy does not rest on a file that is still growing.
  create.flush_before_backup = true;
  rocksdb::BackupID number = 0;
  status = engine->CreateNewBackup(create, &db, &number);
  if (status.ok()) status = engine->VerifyBackup(number, /*verify_with_checksum=*/true);
  rocksdb::BackupInfo made;
  if (status.ok()) status = engine->GetBackupInfo(number, &made);
  if (!status.ok()) return Failed(what, status);
  return BackupNumber{number, made.size};
}

absl::StatusOr<BackupNumber> RestoreBackup(const std::string& directory, uint32_t number,
                                           const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(fs::path(directory) / kListFolder, error)) {
    return absl::NotFoundError(absl::StrCat("there is no backup in ", directory));
  }
  if (fs::exists(path, error)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "restore to ", path, ": a database stands there; move it away or use another --data"));
  }
  rocksdb::BackupEngineReadOnly* opened = nullptr;
  rocksdb::Status status = rocksdb::BackupEngineReadOnly::Open(
      rocksdb::BackupEngineOptions(directory), rocksdb::Env::Default(), &opened);
  if (!status.ok()) return Failed(absl::StrCat("read the backups in ", directory), status);
  const std::unique_ptr<rocksdb::BackupEngineReadOnly> engine(opened);
  ASSIGN_OR_RETURN(const rocksdb::BackupInfo found, Find(*engine, directory, number));
  const std::string what = absl::StrCat("restore backup ", found.backup_id, " of ", directory);
  status = engine->VerifyBackup(found.backup_id, /*verify_with_checksum=*/true);
  if (!status.ok()) return Failed(absl::StrCat(what, ": it is damaged"), status);
  // Under another name until it is whole: a restore that is cut off leaves no database.
  const std::string unfinished = path + ".restoring";
  fs::remove_all(unfinished, error);
  status = engine->RestoreDBFromBackup(found.backup_id, unfinished, unfinished);
  if (!status.ok()) return Failed(what, status);
  fs::rename(unfinished, path, error);
  if (error) return absl::UnavailableError(absl::StrCat(what, ": ", error.message()));
  return BackupNumber{found.backup_id, found.size};
}

}  // namespace modelwatch::indexer
