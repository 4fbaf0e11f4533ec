// SPDX-License-Identifier: Apache-2.0
#include "indexer/store/backup.h"

#include <fcntl.h>
#include <rocksdb/env.h>
#include <rocksdb/utilities/backup_engine.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"

namespace modelwatch::indexer {
namespace {

namespace fs = std::filesystem;

// RocksDB's own folder for the lists of files, one a backup.
constexpr char kLists[] = "meta";
constexpr char kLock[] = "lock";

absl::Status BackupStatus(const rocksdb::Status& status, const std::string& what) {
  if (status.ok()) return absl::OkStatus();
  std::string words = status.ToString();
  std::replace(words.begin(), words.end(), '\n', ' ');
  if (status.IsNoSpace()) {
    return absl::UnavailableError(absl::StrCat(what, ": the disk is full (", words, ")"));
  }
  if (status.IsCorruption()) {
    return absl::DataLossError(absl::StrCat(what, ": it is damaged (", words, ")"));
  }
  return absl::UnavailableError(absl::StrCat(what, ": ", words));
}

// Keeps two processes from writing one directory; RocksDB does not. Freed by a kill too.
class DirectoryLock {
 public:
  explicit DirectoryLock(const std::string& path)
      : file_(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640)) {}
  ~DirectoryLock() {
    if (file_ >= 0) close(file_);
  }
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

  [[nodiscard]] absl::Status Take(const std::string& what) const {
    if (file_ < 0) return absl::UnavailableError(absl::StrCat(what, ": ", std::strerror(errno)));
    if (flock(file_, LOCK_EX | LOCK_NB) == 0) return absl::OkStatus();
    return absl::FailedPreconditionError(
        absl::StrCat(what, ": another backup is written there; wait for it"));
  }

 private:
  const int file_;
};

absl::Status RequireOurDirectory(const std::string& directory, const std::string& what) {
  std::error_code error;
  if (!fs::exists(directory, error)) {
    fs::create_directories(directory, error);
    if (!error) return absl::OkStatus();
    return absl::UnavailableError(absl::StrCat(what, ": ", error.message()));
  }
  if (!fs::is_directory(directory, error)) {
    return absl::FailedPreconditionError(absl::StrCat(what, ": it is not a directory"));
  }
  if (fs::is_directory(fs::path(directory) / kLists, error)) return absl::OkStatus();
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    if (entry.path().filename() == kLock) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        what, ": the directory is not empty and holds no backups; name another with --to"));
  }
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(what, ": ", error.message()));
}

uint64_t BytesIn(const std::string& directory) {
  uint64_t bytes = 0;
  std::error_code ignored;
  for (auto it = fs::recursive_directory_iterator(directory, ignored);
       it != fs::recursive_directory_iterator(); it.increment(ignored)) {
    if (it->is_regular_file(ignored)) bytes += it->file_size(ignored);
  }
  return bytes;
}

Backup Described(const rocksdb::BackupInfo& found) {
  Backup backup;
  backup.id = found.backup_id;
  backup.made_at = found.timestamp;
  backup.bytes = found.size;
  if (!absl::SimpleAtoi(found.app_metadata, &backup.newest_sequence)) backup.newest_sequence = 0;
  return backup;
}

std::vector<Backup> Described(const rocksdb::BackupEngineReadOnlyBase& engine) {
  std::vector<rocksdb::BackupInfo> found;
  engine.GetBackupInfo(&found);
  std::vector<Backup> backups;
  for (const rocksdb::BackupInfo& one : found) backups.push_back(Described(one));
  std::vector<rocksdb::BackupID> damaged;
  engine.GetCorruptedBackups(&damaged);
  for (const rocksdb::BackupID id : damaged) {
    Backup& backup = backups.emplace_back();
    backup.id = id;
    backup.damaged = true;
  }
  std::sort(backups.begin(), backups.end(),
            [](const Backup& a, const Backup& b) { return a.id < b.id; });
  return backups;
}

absl::StatusOr<std::unique_ptr<rocksdb::BackupEngineReadOnly>> OpenToRead(
    const std::string& directory) {
  std::error_code ignored;
  if (!fs::is_directory(fs::path(directory) / kLists, ignored)) {
    return absl::NotFoundError(absl::StrCat("there is no backup at ", directory));
  }
  rocksdb::BackupEngineReadOnly* engine = nullptr;
  RETURN_IF_ERROR(
      BackupStatus(rocksdb::BackupEngineReadOnly::Open(rocksdb::BackupEngineOptions(directory),
                                                       rocksdb::Env::Default(), &engine),
                   absl::StrCat("read the backups at ", directory)));
  return std::unique_ptr<rocksdb::BackupEngineReadOnly>(engine);
}

absl::StatusOr<Backup> Choose(const std::vector<Backup>& backups, uint32_t id,
                              const std::string& directory) {
  if (backups.empty())
    return absl::NotFoundError(absl::StrCat("there is no backup at ", directory));
  const auto chosen = id == 0
                          ? std::prev(backups.end())
                          : std::find_if(backups.begin(), backups.end(),
                                         [id](const Backup& backup) { return backup.id == id; });
  if (chosen == backups.end()) {
    return absl::NotFoundError(absl::StrCat("there is no backup ", id, " at ", directory,
                                            "; modelwatch db backups lists them"));
  }
  if (!chosen->damaged) return *chosen;
  return absl::DataLossError(absl::StrCat("backup ", chosen->id, " at ", directory,
                                          ": it is damaged; choose another with --backup"));
}

absl::Status RequireRoom(const std::string& path, uint64_t bytes) {
  std::error_code error;
  const auto space = fs::space(fs::path(path).parent_path(), error);
  if (error || space.available >= bytes) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("restore to ", path, ": the disk has ",
                                             space.available >> 20, " MiB left, the backup needs ",
                                             (bytes >> 20) + 1));
}

}  // namespace

absl::StatusOr<TakenBackup> TakeBackup(rocksdb::DB& db, const BackupPlan& plan,
                                       const GiveUp& give_up) {
  const std::string what = absl::StrCat("back up to ", plan.directory);
  RETURN_IF_ERROR(RequireOurDirectory(plan.directory, what));
  const DirectoryLock lock(fs::path(plan.directory) / kLock);
  RETURN_IF_ERROR(lock.Take(what));
  rocksdb::BackupEngine* opened = nullptr;
  RETURN_IF_ERROR(
      BackupStatus(rocksdb::BackupEngine::Open(rocksdb::BackupEngineOptions(plan.directory),
                                               rocksdb::Env::Default(), &opened),
                   what));
  const std::unique_ptr<rocksdb::BackupEngine> engine(opened);
  const uint64_t before = BytesIn(plan.directory);
  rocksdb::CreateBackupOptions options;
  options.flush_before_backup = true;  // tables are shared between backups, logs are not
  bool gave_up = false;
  options.progress_callback = [&] {
    if (gave_up || !give_up()) return;
    gave_up = true;
    engine->StopBackup();
  };
  rocksdb::BackupID id = 0;
  const rocksdb::Status made =
      engine->CreateNewBackupWithMetadata(options, &db, absl::StrCat(plan.newest_sequence), &id);
  if (gave_up) return absl::UnavailableError(absl::StrCat(what, ": the indexer stops"));
  RETURN_IF_ERROR(BackupStatus(made, what));
  RETURN_IF_ERROR(BackupStatus(engine->VerifyBackup(id, /*verify_with_checksum=*/true), what));
  rocksdb::BackupInfo described;
  RETURN_IF_ERROR(BackupStatus(engine->GetBackupInfo(id, &described), what));
  TakenBackup taken;
  taken.backup = Described(described);
  taken.new_bytes = BytesIn(plan.directory) - before;
  const size_t all = Described(*engine).size();
  const uint32_t keep = std::max<uint32_t>(plan.keep, 1);
  RETURN_IF_ERROR(BackupStatus(engine->PurgeOldBackups(keep), what));
  taken.deleted = static_cast<uint32_t>(all - std::min<size_t>(all, keep));
  return taken;
}

absl::StatusOr<std::vector<Backup>> ListBackups(const std::string& directory) {
  ASSIGN_OR_RETURN(const auto engine, OpenToRead(directory));
  std::vector<Backup> backups = Described(*engine);
  if (!backups.empty()) return backups;
  return absl::NotFoundError(absl::StrCat("there is no backup at ", directory));
}

absl::StatusOr<Backup> RestoreBackup(const std::string& directory, uint32_t id,
                                     const std::string& path) {
  ASSIGN_OR_RETURN(const auto engine, OpenToRead(directory));
  ASSIGN_OR_RETURN(const Backup backup, Choose(Described(*engine), id, directory));
  RETURN_IF_ERROR(BackupStatus(engine->VerifyBackup(backup.id, /*verify_with_checksum=*/true),
                               absl::StrCat("read backup ", backup.id, " at ", directory)));
  RETURN_IF_ERROR(RequireRoom(path, backup.bytes));
  RETURN_IF_ERROR(BackupStatus(engine->RestoreDBFromBackup(backup.id, path, path),
                               absl::StrCat("restore to ", path)));
  return backup;
}

}  // namespace modelwatch::indexer
