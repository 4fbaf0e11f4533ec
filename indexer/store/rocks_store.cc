// SPDX-License-Identifier: Apache-2.0
#include "indexer/store/rocks_store.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdarg>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "indexer/store/watermark.h"

namespace modelwatch::indexer {
namespace {

constexpr size_t kBlobBlockBytes = 512;

rocksdb::Slice ToSlice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }
std::string_view ToView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// RocksDB's words, on one line.
std::string Words(const rocksdb::Status& status) {
  std::string words = status.ToString();
  std::replace(words.begin(), words.end(), '\n', ' ');
  return words;
}

absl::Status ReadStatus(const rocksdb::Status& status, Table table) {
  if (status.ok()) return absl::OkStatus();
  if (status.IsNotFound()) return absl::NotFoundError("not in the store");
  const std::string message =
      absl::StrFormat("read table %s: %s", kTableNames[static_cast<size_t>(table)], Words(status));
  if (status.IsCorruption()) return absl::DataLossError(message);
  return absl::UnavailableError(message);
}

absl::Status WriteStatus(const rocksdb::Status& status) {
  if (status.ok()) return absl::OkStatus();
  if (status.IsNotSupported()) {
    return absl::FailedPreconditionError("write the database: it was opened read-only");
  }
  const bool full = status.IsNoSpace();
  return absl::UnavailableError(
      absl::StrFormat("write the database: %s; %s", Words(status),
                      full ? "the disk is full, writing goes on once there is space"
                           : "nothing was stored, resend later"));
}

absl::Status OpenStatus(const rocksdb::Status& status, const std::string& path) {
  const std::string words = Words(status);
  // The two ways RocksDB says it: of another process, and of this one.
  if (words.find("While lock file") != std::string::npos ||
      words.find("lock hold by current process") != std::string::npos) {
    return absl::FailedPreconditionError(
        absl::StrCat("open the database ", path,
                     ": another process has it open; stop that process or use another --data"));
  }
  if (status.IsCorruption()) {
    return absl::DataLossError(absl::StrCat("open the database ", path, ": it is damaged (", words,
                                            "); restore a backup"));
  }
  if (status.IsInvalidArgument()) {
    return absl::FailedPreconditionError(absl::StrCat("open the database ", path, ": ", words));
  }
  return absl::UnavailableError(absl::StrCat("open the database ", path, ": ", words));
}

// A reader must leave nothing behind: RocksDB would start a new LOG file at every opening.
class NoLog final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

rocksdb::DBOptions DatabaseOptions(const RocksOptions& options) {
  rocksdb::DBOptions out;
  out.create_if_missing = !options.read_only;
  out.create_missing_column_families = !options.read_only;
  out.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  out.track_and_verify_wals_in_manifest = true;
  out.recycle_log_file_num = 0;  // strict reading of the log's tail does not work with recycling
  out.max_total_wal_size = uint64_t{256} << 20;
  out.db_write_buffer_size = options.write_buffer_bytes;
  out.max_background_jobs = 2;
  out.bytes_per_sync = uint64_t{1} << 20;
  out.keep_log_file_num = 2;
  out.max_log_file_size = size_t{1} << 20;
  out.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  out.stats_dump_period_sec = 0;
  out.stats_persist_period_sec = 0;
  out.max_open_files = 512;
  if (options.read_only) out.info_log = std::make_shared<NoLog>();
  return out;
}

rocksdb::ColumnFamilyOptions TableOptions(Table table,
                                          const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions out;
  out.compression = rocksdb::kLZ4Compression;
  out.bottommost_compression = rocksdb::kZSTD;
  out.level_compaction_dynamic_level_bytes = true;
  out.write_buffer_size = size_t{16} << 20;
  rocksdb::BlockBasedTableOptions blocks;
  blocks.block_cache = cache;
  blocks.checksum = rocksdb::kXXH3;
  blocks.format_version = 5;
  blocks.block_size = size_t{16} << 10;
  blocks.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  out.table_factory.reset(rocksdb::NewBlockBasedTableFactory(blocks));
  if (table == Table::kBlob) {
    // Texts stand apart from the keys, so that compaction never copies them (6.7 s -> 1.1 s in
    // spec/crawling-and-scale.md 5). They are never deleted, so nothing needs collecting.
    out.enable_blob_files = true;
    out.min_blob_size = kBlobBlockBytes;
    out.blob_file_size = uint64_t{256} << 20;
    out.blob_compression_type = rocksdb::kZSTD;
  }
  return out;
}

using Handles = std::array<rocksdb::ColumnFamilyHandle*, kTables>;

class RocksView : public View {
 public:
  RocksView(rocksdb::DB& db, const Handles& handles, const rocksdb::Snapshot* snapshot)
      : db_(db), handles_(handles), snapshot_(snapshot) {}
  ~RocksView() override {
    if (snapshot_ != nullptr) db_.ReleaseSnapshot(snapshot_);
  }
  RocksView(const RocksView&) = delete;
  RocksView& operator=(const RocksView&) = delete;

  absl::StatusOr<std::string> Get(Table table, std::string_view key) const override {
    rocksdb::ReadOptions options;
    options.snapshot = snapshot_;
    std::string value;
    RETURN_IF_ERROR(ReadStatus(db_.Get(options, Handle(table), ToSlice(key), &value), table));
    return value;
  }

  absl::Status Scan(Table table, std::string_view begin, std::string_view end,
                    const Each& each) const override {
    const rocksdb::Slice upper = ToSlice(end);
    const auto cursor = NewIterator(table, end.empty() ? nullptr : &upper);
    for (cursor->Seek(ToSlice(begin)); cursor->Valid(); cursor->Next()) {
      if (!each(ToView(cursor->key()), ToView(cursor->value()))) return absl::OkStatus();
    }
    return ReadStatus(cursor->status(), table);
  }

  absl::Status ScanBack(Table table, std::string_view begin, std::string_view end,
                        const Each& each) const override {
    const rocksdb::Slice upper = ToSlice(end);
    const auto cursor = NewIterator(table, end.empty() ? nullptr : &upper);
    for (cursor->SeekToLast(); cursor->Valid(); cursor->Prev()) {
      const std::string_view key = ToView(cursor->key());
      if (key < begin || !each(key, ToView(cursor->value()))) return absl::OkStatus();
    }
    return ReadStatus(cursor->status(), table);
  }

 private:
  [[nodiscard]] rocksdb::ColumnFamilyHandle* Handle(Table table) const {
    return handles_[static_cast<size_t>(table)];
  }
  [[nodiscard]] std::unique_ptr<rocksdb::Iterator> NewIterator(Table table,
                                                               const rocksdb::Slice* upper) const {
    rocksdb::ReadOptions options;
    options.snapshot = snapshot_;
    options.iterate_upper_bound = upper;
    return std::unique_ptr<rocksdb::Iterator>(db_.NewIterator(options, Handle(table)));
  }

  rocksdb::DB& db_;
  const Handles& handles_;
  const rocksdb::Snapshot* const snapshot_;
};

class OpenedStore final : public RocksStore {
 public:
  // `handles` are the tables in the order of Table; `other` those that only have to be closed.
  OpenedStore(std::unique_ptr<rocksdb::DB> db, const Handles& handles,
              rocksdb::ColumnFamilyHandle* other, size_t reserve_bytes)
      : db_(std::move(db)),
        handles_(handles),
        other_(other),
        reserve_bytes_(reserve_bytes),
        now_(*db_, handles_, nullptr) {}
  ~OpenedStore() override {
    for (rocksdb::ColumnFamilyHandle* handle : handles_) {
      static_cast<void>(db_->DestroyColumnFamilyHandle(handle));
    }
    static_cast<void>(db_->DestroyColumnFamilyHandle(other_));
    static_cast<void>(db_->Close());
  }

  absl::StatusOr<std::string> Get(Table table, std::string_view key) const override {
    return now_.Get(table, key);
  }
  absl::Status Scan(Table table, std::string_view begin, std::string_view end,
                    const Each& each) const override {
    return now_.Scan(table, begin, end, each);
  }
  absl::Status ScanBack(Table table, std::string_view begin, std::string_view end,
                        const Each& each) const override {
    return now_.ScanBack(table, begin, end, each);
  }

  absl::Status Write(const Batch& batch) override {
    RETURN_IF_ERROR(RequireSpace());
    rocksdb::WriteBatch out;
    for (const Batch::Operation& operation : batch.operations()) {
      RETURN_IF_ERROR(WriteStatus(Add(operation, out)));
    }
    rocksdb::WriteOptions options;
    options.sync = true;
    RETURN_IF_ERROR(WriteStatus(db_->Write(options, &out)));
    NoteAcknowledged();
    return absl::OkStatus();
  }

  absl::Status Recover() override {
    RETURN_IF_ERROR(RequireSpace());
    return WriteStatus(db_->Resume());
  }

  std::unique_ptr<View> Snapshot() const override {
    return std::make_unique<RocksView>(*db_, handles_, db_->GetSnapshot());
  }

  // Once, before the first write.
  absl::Status Mark(const std::string& path, uint64_t number) {
    ASSIGN_OR_RETURN(watermark_, Watermark::Start(path, number));
    return absl::OkStatus();
  }

  absl::Status VerifyFiles() const override {
    const rocksdb::Status status = db_->VerifyChecksum();
    if (status.ok()) return absl::OkStatus();
    const std::string message = absl::StrCat("read the files of the database: ", Words(status));
    if (status.IsCorruption()) return absl::DataLossError(message);
    return absl::UnavailableError(message);
  }

  absl::StatusOr<TakenBackup> TakeBackup(const BackupPlan& plan,
                                         const GiveUp& give_up) const override {
    return indexer::TakeBackup(*db_, plan, give_up);
  }

 private:
  // The write is safe all the same when the mark cannot follow; only damage might go unnoticed.
  void NoteAcknowledged() {
    if (watermark_ == nullptr || watermark_->Raise(db_->GetLatestSequenceNumber())) return;
    if (!told_.exchange(true)) common::LogWarning("index.watermark_stuck", {});
  }

  // A disk that cannot be asked is left to fail by itself.
  [[nodiscard]] absl::Status RequireSpace() const {
    std::error_code error;
    const auto space = std::filesystem::space(db_->GetName(), error);
    if (error || space.available >= reserve_bytes_) return absl::OkStatus();
    return absl::UnavailableError(absl::StrCat(
        "write the database ", db_->GetName(), ": the disk is full (", space.available >> 20,
        " MiB left, ", reserve_bytes_ >> 20, " needed); writing goes on once there is space"));
  }

  rocksdb::Status Add(const Batch::Operation& operation, rocksdb::WriteBatch& out) const {
    rocksdb::ColumnFamilyHandle* const handle = handles_[static_cast<size_t>(operation.table)];
    switch (operation.kind) {
      case Batch::Operation::Kind::kPut:
        return out.Put(handle, operation.key, operation.value);
      case Batch::Operation::Kind::kDelete:
        return out.Delete(handle, operation.key);
      case Batch::Operation::Kind::kDeleteRange:
        return out.DeleteRange(handle, operation.key, operation.value);
    }
    return rocksdb::Status::InvalidArgument("unknown operation");
  }

  const std::unique_ptr<rocksdb::DB> db_;
  const Handles handles_;
  rocksdb::ColumnFamilyHandle* const other_;
  const size_t reserve_bytes_;
  std::unique_ptr<Watermark> watermark_;  // null when read-only
  std::atomic<bool> told_{false};
  const RocksView now_;
};

// A table that we do not know was made by a newer program, and one that is not there yet cannot be
// made when reading only; opening would fail less clearly.
absl::Status CheckTables(const std::string& path, bool read_only) {
  std::vector<std::string> names;
  const rocksdb::Status listed =
      rocksdb::DB::ListColumnFamilies(rocksdb::DBOptions(), path, &names);
  if (!listed.ok()) return OpenStatus(listed, path);
  for (const std::string& name : names) {
    const bool known =
        name == rocksdb::kDefaultColumnFamilyName ||
        std::find(std::begin(kTableNames), std::end(kTableNames), name) != std::end(kTableNames);
    if (known) continue;
    return absl::FailedPreconditionError(absl::StrCat("open the database ", path,
                                                      ": it has a table '", name,
                                                      "' of a newer modelwatch; use that version"));
  }
  for (const std::string_view table : kTableNames) {
    if (!read_only || std::find(names.begin(), names.end(), table) != names.end()) continue;
    return absl::FailedPreconditionError(
        absl::StrFormat("open the database %s: an older modelwatch made it, the table '%s' is not "
                        "there; start the indexer once, it brings the database forward",
                        path, table));
  }
  return absl::OkStatus();
}

absl::Status CheckAcknowledged(const std::string& path, uint64_t acknowledged, uint64_t found) {
  if (found >= acknowledged) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(
      "open the database ", path, ": it is damaged: ", acknowledged,
      " changes were acknowledged, its log gives back only ", found, "; restore a backup"));
}

}  // namespace

bool RocksStoreExists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(std::filesystem::path(path) / "CURRENT", ignored);
}

absl::StatusOr<std::unique_ptr<RocksStore>> OpenRocksStore(const std::string& path,
                                                           const RocksOptions& options) {
  const bool exists = RocksStoreExists(path);
  if (!exists && options.read_only) {
    return absl::NotFoundError(absl::StrCat("there is no database at ", path));
  }
  if (exists) RETURN_IF_ERROR(CheckTables(path, options.read_only));
  // Before the database is opened: one that is written meanwhile is only further on.
  ASSIGN_OR_RETURN(const uint64_t acknowledged, ReadWatermark(path));
  const auto cache = rocksdb::NewLRUCache(options.cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> tables;
  for (size_t i = 0; i < kTables; ++i) {
    tables.emplace_back(std::string(kTableNames[i]), TableOptions(static_cast<Table>(i), cache));
  }
  tables.emplace_back(rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions());
  std::vector<rocksdb::ColumnFamilyHandle*> opened;
  rocksdb::DB* db = nullptr;
  const rocksdb::DBOptions database = DatabaseOptions(options);
  const rocksdb::Status status =
      options.read_only ? rocksdb::DB::OpenForReadOnly(database, path, tables, &opened, &db)
                        : rocksdb::DB::Open(database, path, tables, &opened, &db);
  if (!status.ok()) return OpenStatus(status, path);
  Handles handles{};
  std::copy_n(opened.begin(), kTables, handles.begin());
  const uint64_t found = db->GetLatestSequenceNumber();
  auto store = std::make_unique<OpenedStore>(std::unique_ptr<rocksdb::DB>(db), handles,
                                             opened[kTables], options.reserve_bytes);
  RETURN_IF_ERROR(CheckAcknowledged(path, acknowledged, found));
  if (!options.read_only) RETURN_IF_ERROR(store->Mark(path, found));
  return store;
}

}  // namespace modelwatch::indexer
