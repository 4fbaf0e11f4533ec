// SPDX-License-Identifier: Apache-2.0
#include "indexer/backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "indexer/data_dir.h"
#include "indexer/store/rocks_store.h"
#include "testing/fake_clock.h"
#include "testing/observations.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::indexer {
namespace {

namespace fs = std::filesystem;
using absl::StatusCode;
using testing::BatchOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::ObservationOf;
using testing::StatusIs;

class BackupTest : public ::testing::Test {
 protected:
  std::unique_ptr<Indexer> OpenOrDie() {
    IndexerOptions options;
    options.data_dir = Data();
    auto opened = Indexer::Open(options, clock_, metrics_);
    EXPECT_OK(opened);
    return opened.ok() ? *std::move(opened) : nullptr;
  }

  // Releases `from` to `to`, each with a text of its own.
  static void Put(Index& index, int from, int to) {
    for (int i = from; i <= to; ++i) {
      v1::PutBatchRequest request = BatchOf({ObservationOf(absl::StrCat("r", i), 1)});
      std::string text = absl::StrCat("text ", i, " ");
      for (int line = 0; line < 100; ++line) absl::StrAppend(&text, i * 7919 + line * line, "\n");
      testing::AddFile(*request.mutable_items(0), "LICENSE", text);
      ASSERT_OK(index.PutBatch(request));
    }
  }
  void Fill(int from, int to) { Put(*OpenOrDie()->InProcess(), from, to); }

  // The largest file that backups share.
  fs::path Largest() const {
    fs::path largest;
    for (const auto& entry : fs::directory_iterator(To() + "/shared_checksum")) {
      if (!entry.is_regular_file()) continue;
      if (largest.empty() || entry.file_size() > fs::file_size(largest)) largest = entry.path();
    }
    return largest;
  }

  std::string Data() const { return dir_.Sub("data"); }
  std::string To() const { return dir_.Sub("backups"); }
  std::string Back() const { return dir_.Sub("back"); }

  const testing::TempDir dir_;
  const testing::FakeClock clock_;
  common::Metrics metrics_;
};

void FlipByte(const fs::path& path) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  const auto middle = static_cast<std::streamoff>(fs::file_size(path) / 2);
  file.seekg(middle);
  const char byte = static_cast<char>(file.get() ^ 1);
  file.seekp(middle);
  file.put(byte);
}

TEST_F(BackupTest, RestoresWhatItTookWithoutAnIndexer) {
  Fill(1, 20);
  ASSERT_OK_AND_ASSIGN(const TakenBackup taken, BackUpStore(Data(), To(), 7));
  EXPECT_EQ(taken.backup.newest_sequence, 20u);
  ASSERT_OK_AND_ASSIGN(const Restored restored, RestoreStore(To(), 0, Back()));
  EXPECT_THAT(restored.report.problems, IsEmpty());
  ASSERT_OK_AND_ASSIGN(const StoreReport original, CheckStore(Data()));
  EXPECT_EQ(restored.report.newest_sequence, original.newest_sequence);
  EXPECT_EQ(restored.report.blob_bytes, original.blob_bytes);
  RocksOptions reading;
  reading.read_only = true;
  ASSERT_OK_AND_ASSIGN(const auto first, OpenRocksStore(DatabasePath(Data()), reading));
  ASSERT_OK_AND_ASSIGN(const auto second, OpenRocksStore(DatabasePath(Back()), reading));
  for (size_t table = 0; table < kTables; ++table) {
    ASSERT_OK(first->Scan(static_cast<Table>(table), "", "",
                          [&](std::string_view key, std::string_view value) {
                            const auto found = second->Get(static_cast<Table>(table), key);
                            EXPECT_TRUE(found.ok() && *found == value) << kTableNames[table];
                            return true;
                          }));
  }
}

TEST_F(BackupTest, TakesAConsistentStateWhileTheIndexerIngests) {
  const auto indexer = OpenOrDie();
  const auto index = indexer->InProcess();
  Put(*index, 1, 50);
  std::atomic<bool> done{false};
  std::thread ingest([&] {
    for (int i = 51; !done && i < 5000; ++i) Put(*index, i, i);
  });
  uint64_t taken_at = 0;
  for (int round = 0; round < 3; ++round) {
    const auto taken = BackUpStore(Data(), To(), 7);
    EXPECT_OK(taken);
    if (!taken.ok()) break;
    EXPECT_GE(taken->backup.newest_sequence, std::max<uint64_t>(taken_at, 50));
    taken_at = taken->backup.newest_sequence;
  }
  done = true;
  ingest.join();
  for (uint32_t id = 1; id <= 3; ++id) {
    const std::string back = dir_.Sub(absl::StrCat("back", id));
    ASSERT_OK_AND_ASSIGN(const Restored restored, RestoreStore(To(), id, back));
    EXPECT_THAT(restored.report.problems, IsEmpty()) << id;
    EXPECT_GE(restored.report.newest_sequence, restored.backup.newest_sequence);
    EXPECT_EQ(restored.report.releases, restored.report.newest_sequence);
  }
}

TEST_F(BackupTest, CopiesOnlyWhatIsNewTheSecondTime) {
  Fill(1, 2000);
  ASSERT_OK_AND_ASSIGN(const TakenBackup first, BackUpStore(Data(), To(), 7));
  Fill(2001, 2005);
  ASSERT_OK_AND_ASSIGN(const TakenBackup second, BackUpStore(Data(), To(), 7));
  RecordProperty("first", std::to_string(first.new_bytes));
  RecordProperty("second", std::to_string(second.new_bytes));
  EXPECT_GT(second.backup.bytes, first.new_bytes / 2);
  EXPECT_LT(second.new_bytes, first.new_bytes / 5);
}

TEST_F(BackupTest, KeepsAsManyAsAsked) {
  Fill(1, 3);
  for (int i = 0; i < 4; ++i) ASSERT_OK(BackUpStore(Data(), To(), 2));
  ASSERT_OK_AND_ASSIGN(const auto backups, ListBackups(To()));
  ASSERT_EQ(backups.size(), 2u);
  EXPECT_EQ(backups[0].id, 3u);
  EXPECT_EQ(backups[1].newest_sequence, 3u);
  EXPECT_THAT(RestoreStore(To(), 1, Back()), StatusIs(StatusCode::kNotFound, "no backup 1"));
}

TEST_F(BackupTest, RefusesABackupWithAFlippedByteAndLeavesNothing) {
  Fill(1, 50);
  ASSERT_OK(BackUpStore(Data(), To(), 7));
  FlipByte(Largest());
  const auto restored = RestoreStore(To(), 0, Back());
  EXPECT_THAT(restored, StatusIs(StatusCode::kDataLoss, "damaged"));
  EXPECT_EQ(restored.status().message().find('\n'), absl::string_view::npos);
  EXPECT_TRUE(fs::is_empty(Back()));
}

TEST_F(BackupTest, RestoresOnlyToAnEmptyDirectory) {
  Fill(1, 1);
  ASSERT_OK(BackUpStore(Data(), To(), 7));
  EXPECT_THAT(RestoreStore(To(), 0, Data()),
              StatusIs(StatusCode::kFailedPrecondition, "is not empty"));
  std::ofstream(dir_.Sub("file")) << "x";
  EXPECT_THAT(RestoreStore(To(), 0, dir_.Sub("file")),
              StatusIs(StatusCode::kFailedPrecondition, "not a directory"));
  EXPECT_THAT(RestoreStore(Data(), 0, Back()), StatusIs(StatusCode::kNotFound, "no backup at"));
  EXPECT_FALSE(fs::exists(Back()));
}

TEST_F(BackupTest, BacksUpOnlyToADirectoryOfItsOwn) {
  Fill(1, 1);
  EXPECT_THAT(BackUpStore(Data(), Data(), 7),
              StatusIs(StatusCode::kFailedPrecondition, "holds no backups"));
  std::ofstream(dir_.Sub("file")) << "x";
  EXPECT_THAT(BackUpStore(Data(), dir_.Sub("file"), 7),
              StatusIs(StatusCode::kFailedPrecondition, "not a directory"));
  EXPECT_THAT(BackUpStore(dir_.Sub("none"), To(), 7), StatusIs(StatusCode::kNotFound));
  EXPECT_FALSE(fs::exists(To()));
}

// A disk of two megabytes, and then the same one read-only.
TEST_F(BackupTest, SaysThatTheDiskIsFullOrReadOnlyAndHarmsNothing) {
  Fill(1, 1);
  fs::create_directories(To());
  if (mount("tmpfs", To().c_str(), "tmpfs", 0, "size=2m") != 0) {
    GTEST_SKIP() << "a small tmpfs cannot be mounted here (needs root)";
  }
  EXPECT_OK(BackUpStore(Data(), To(), 7));
  std::ofstream(To() + "/ballast") << std::string(size_t{3} << 20, 'b');
  Fill(2, 200);
  EXPECT_THAT(BackUpStore(Data(), To(), 7), StatusIs(StatusCode::kUnavailable, "disk is full"));
  fs::remove(To() + "/ballast");
  const auto backups = ListBackups(To());
  EXPECT_TRUE(backups.ok() && backups->size() == 1) << backups.status();
  EXPECT_OK(BackUpStore(Data(), To(), 7));
  EXPECT_EQ(mount(nullptr, To().c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr), 0);
  const auto refused = BackUpStore(Data(), To(), 7);
  EXPECT_THAT(refused, StatusIs(StatusCode::kUnavailable, "Read-only file system"));
  EXPECT_OK(RestoreStore(To(), 0, Back()));
  EXPECT_EQ(umount(To().c_str()), 0);
}

}  // namespace
}  // namespace modelwatch::indexer
