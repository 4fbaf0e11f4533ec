// SPDX-License-Identifier: Apache-2.0
#include "indexer/record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "common/metrics.h"
#include "indexer/indexer.h"
#include "testing/fake_clock.h"
#include "testing/observations.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::indexer {
namespace {

namespace fs = std::filesystem;
using absl::StatusCode;
using testing::BatchOf;
using ::testing::IsEmpty;
using testing::KeyOf;
using testing::ObservationOf;
using testing::StatusIs;

class RecordTest : public ::testing::Test {
 protected:
  void SetUp() override { indexer_ = OpenOrDie(data_); }

  std::unique_ptr<Indexer> OpenOrDie(const std::string& data_dir) {
    IndexerOptions options;
    options.data_dir = data_dir;
    auto opened = Indexer::Open(options, clock_, metrics_);
    EXPECT_OK(opened);
    return opened.ok() ? *std::move(opened) : nullptr;
  }
  // A release with a text long enough to stand in a file of its own.
  void Put(const std::string& id) {
    v1::PutBatchRequest request = BatchOf({ObservationOf(id, 1)});
    testing::AddFile(*request.mutable_items(0), "LICENSE", std::string(10'000, id[0]) + id);
    ASSERT_OK(indexer_->InProcess()->PutBatch(request));
  }
  absl::StatusOr<v1::BackupResponse> BackUp(const std::string& directory) {
    const auto record = OpenRecord(data_);
    if (!record.ok()) return record.status();
    v1::BackupRequest request;
    request.set_directory(directory);
    return (*record)->Backup(request);
  }
  static uint64_t Releases(const std::string& data_dir) {
    const auto report = CheckStore(data_dir);
    EXPECT_OK(report);
    if (!report.ok()) return 0;
    EXPECT_THAT(report->problems, IsEmpty());
    return report->releases;
  }
  std::vector<fs::path> BackupFiles() const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(backups_)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
    return files;
  }

  const testing::TempDir dir_;
  const std::string data_ = dir_.Sub("data");
  const std::string backups_ = dir_.Sub("backups");
  const testing::FakeClock clock_;
  common::Metrics metrics_;
  std::unique_ptr<Indexer> indexer_;
};

TEST_F(RecordTest, BacksUpWhileTheIndexerRunsAndRestoresEachBackup) {
  Put("a");
  ASSERT_OK_AND_ASSIGN(const v1::BackupResponse first, BackUp(backups_));
  EXPECT_EQ(first.number(), 1u);
  EXPECT_EQ(first.newest_sequence(), 1u);
  Put("b");
  ASSERT_OK_AND_ASSIGN(const v1::BackupResponse second, BackUp(backups_));
  EXPECT_EQ(second.number(), 2u);
  Put("c");

  ASSERT_OK_AND_ASSIGN(const auto newest, Restore(backups_, 0, dir_.Sub("newest")));
  EXPECT_EQ(newest.number(), 2u);
  EXPECT_EQ(newest.newest_sequence(), 2u);
  EXPECT_EQ(Releases(dir_.Sub("newest")), 2u);
  ASSERT_OK_AND_ASSIGN(const auto older, Restore(backups_, 1, dir_.Sub("older")));
  EXPECT_EQ(older.newest_sequence(), 1u);
  EXPECT_EQ(Releases(dir_.Sub("older")), 1u);

  // What was restored is written to again.
  indexer_ = OpenOrDie(dir_.Sub("newest"));
  Put("d");
  indexer_.reset();
  EXPECT_EQ(Releases(dir_.Sub("newest")), 3u);
}

TEST_F(RecordTest, CopiesATextOnceHoweverManyBackups) {
  Put("a");
  ASSERT_OK(BackUp(backups_));
  const auto blobs = [this] {
    size_t found = 0;
    for (const fs::path& file : BackupFiles()) found += file.extension() == ".blob" ? 1 : 0;
    return found;
  };
  const size_t before = blobs();
  EXPECT_GE(before, 1u);
  ASSERT_OK(BackUp(backups_));
  EXPECT_EQ(blobs(), before);
}

TEST_F(RecordTest, BacksUpADatabaseThatNobodyWrites) {
  Put("a");
  indexer_.reset();
  ASSERT_OK(BackUp(backups_));
  ASSERT_OK(Restore(backups_, 0, dir_.Sub("restored")));
  EXPECT_EQ(Releases(dir_.Sub("restored")), 1u);
}

TEST_F(RecordTest, RefusesToBackUpWhereSomethingElseStands) {
  fs::create_directories(backups_);
  std::ofstream(backups_ + "/notes") << "mine";
  EXPECT_THAT(BackUp(backups_), StatusIs(StatusCode::kFailedPrecondition, "something else"));
  EXPECT_THAT(BackUp("backups"), StatusIs(StatusCode::kFailedPrecondition, "from the root"));
  EXPECT_THAT(BackUp(data_ + "/db/backups"),
              StatusIs(StatusCode::kFailedPrecondition, "in the database"));
  EXPECT_THAT(BackUp(backups_ + "/notes/below"), StatusIs(StatusCode::kUnavailable));
  Put("a");
}

TEST_F(RecordTest, RefusesToRestoreOverADatabaseOrWhatIsNotThere) {
  Put("a");
  ASSERT_OK(BackUp(backups_));
  EXPECT_THAT(Restore(backups_, 0, data_),
              StatusIs(StatusCode::kFailedPrecondition, "stands there"));
  EXPECT_THAT(Restore(backups_, 9, dir_.Sub("new")), StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(Restore(dir_.Sub("none"), 0, dir_.Sub("new")), StatusIs(StatusCode::kNotFound));
}

TEST_F(RecordTest, RestoresNothingFromADamagedBackup) {
  Put("a");
  ASSERT_OK(BackUp(backups_));
  for (const fs::path& file : BackupFiles()) {
    if (file.extension() != ".blob") continue;
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(static_cast<std::streamoff>(fs::file_size(file) / 2));
    bytes.put('#');
  }
  EXPECT_THAT(Restore(backups_, 0, dir_.Sub("new")), StatusIs(StatusCode::kDataLoss, "damaged"));
  EXPECT_FALSE(fs::exists(dir_.Sub("new") + "/db"));
}

}  // namespace
}  // namespace modelwatch::indexer
