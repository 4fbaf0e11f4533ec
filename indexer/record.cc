// SPDX-License-Identifier: Apache-2.0
#include "indexer/record.h"

#include <utility>

#include "common/clock.h"
#include "common/rpc/channel.h"
#include "common/status_macros.h"
#include "indexer/data_dir.h"
#include "indexer/service/as_of_reads.h"
#include "indexer/store/records.h"
#include "indexer/store/rocks_store.h"
#include "indexer/store/schema.h"

namespace modelwatch::indexer {
namespace {

constexpr absl::Duration kHealthDeadline = absl::Seconds(2);

// Over a database that nobody writes.
class LocalRecord final : public Record {
 public:
  LocalRecord(std::unique_ptr<Store> store, std::string path)
      : store_(std::move(store)), path_(std::move(path)) {}

  absl::StatusOr<v1::GetReleaseAsOfResponse> GetReleaseAsOf(
      const v1::GetReleaseAsOfRequest& request) override {
    return ReadReleaseAsOf(*store_, request, NowUs());
  }
  absl::StatusOr<v1::GetHistoryAsOfResponse> GetHistoryAsOf(
      const v1::GetHistoryAsOfRequest& request) override {
    return ReadHistoryAsOf(*store_, request, NowUs());
  }
  absl::StatusOr<v1::ListAlertsAsOfResponse> ListAlertsAsOf(
      const v1::ListAlertsAsOfRequest& request) override {
    return ReadAlertsAsOf(*store_, request, NowUs());
  }
  // Takes the lock meanwhile: no indexer can start in between.
  absl::StatusOr<v1::BackupResponse> Backup(const v1::BackupRequest& request) override {
    ASSIGN_OR_RETURN(const auto locked, OpenRocksStore(path_, {}));
    ASSIGN_OR_RETURN(const v1::StoredState state, GetState(*locked));
    ASSIGN_OR_RETURN(const BackupNumber made, locked->BackUp(request.directory()));
    v1::BackupResponse response;
    response.set_number(made.number);
    response.set_newest_sequence(state.newest_sequence());
    response.set_bytes(made.bytes);
    return response;
  }

 private:
  static int64_t NowUs() { return common::ToMicros(common::SystemClock().Now()); }

  const std::unique_ptr<Store> store_;
  const std::string path_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Record>> OpenRecord(const std::string& data_dir) {
  if (const auto address = ReadAddress(data_dir); address.ok()) {
    ASSIGN_OR_RETURN(auto channel, common::OpenChannel(*address, {}));
    if (common::CheckHealth(channel, kHealthDeadline).ok()) return RecordOver(std::move(channel));
  }
  RETURN_IF_ERROR(RequireDatabase(data_dir));
  RocksOptions options;
  options.read_only = true;
  ASSIGN_OR_RETURN(auto store, OpenRocksStore(DatabasePath(data_dir), options));
  RETURN_IF_ERROR(RequireSchema(*store, kSchemaVersion));
  return std::make_unique<LocalRecord>(std::move(store), DatabasePath(data_dir));
}

absl::StatusOr<v1::BackupResponse> Restore(const std::string& directory, uint32_t number,
                                           const std::string& data_dir) {
  RETURN_IF_ERROR(MakeDataDir(data_dir));
  const std::string path = DatabasePath(data_dir);
  ASSIGN_OR_RETURN(const BackupNumber restored, RestoreBackup(directory, number, path));
  RocksOptions options;
  options.read_only = true;
  ASSIGN_OR_RETURN(const auto store, OpenRocksStore(path, options));
  ASSIGN_OR_RETURN(const v1::StoredState state, GetState(*store));
  v1::BackupResponse response;
  response.set_number(restored.number);
  response.set_newest_sequence(state.newest_sequence());
  response.set_bytes(restored.bytes);
  return response;
}

}  // namespace modelwatch::indexer
