// SPDX-License-Identifier: Apache-2.0
#include "indexer/record.h"

#include <utility>

#include "common/clock.h"
#include "common/rpc/channel.h"
#include "common/status_macros.h"
#include "indexer/data_dir.h"
#include "indexer/service/as_of_reads.h"
#include "indexer/store/rocks_store.h"
#include "indexer/store/schema.h"

namespace modelwatch::indexer {
namespace {

constexpr absl::Duration kHealthDeadline = absl::Seconds(2);

// Over a database that nobody writes.
class LocalRecord final : public Record {
 public:
  explicit LocalRecord(std::unique_ptr<Store> store) : store_(std::move(store)) {}

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

 private:
  static int64_t NowUs() { return common::ToMicros(common::SystemClock().Now()); }

  const std::unique_ptr<Store> store_;
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
  return std::make_unique<LocalRecord>(std::move(store));
}

}  // namespace modelwatch::indexer
