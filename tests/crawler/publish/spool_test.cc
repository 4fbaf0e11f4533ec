// SPDX-License-Identifier: Apache-2.0
#include "crawler/publish/spool.h"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "common/atomic_file.h"
#include "testing/observations.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::crawler {
namespace {

namespace fs = std::filesystem;

using ::modelwatch::testing::ObservationOf;
using ::modelwatch::testing::StatusIs;
using ::modelwatch::testing::TempDir;

constexpr uint64_t kRoomy = uint64_t{1} << 30;

v1::PutItem ItemOf(int number) {
  v1::PutItem item;
  *item.mutable_observation() = ObservationOf("release" + std::to_string(number), number);
  return item;
}

std::vector<v1::PutItem> ItemsOf(int from, int to) {
  std::vector<v1::PutItem> items;
  for (int i = from; i < to; ++i) items.push_back(ItemOf(i));
  return items;
}

// Takes everything, `at_once` at a time; the numbers in order.
std::vector<std::string> TakeAll(Spool& spool, size_t at_once = 7) {
  std::vector<std::string> ids;
  while (!spool.empty()) {
    const std::vector<v1::PutItem> items = spool.Front(at_once, 1 << 20);
    for (const v1::PutItem& item : items) ids.push_back(item.observation().key().id());
    spool.Pop(items.size());
  }
  return ids;
}

std::vector<std::string> Ids(int from, int to) {
  std::vector<std::string> ids;
  for (int i = from; i < to; ++i) ids.push_back("release" + std::to_string(i));
  return ids;
}

TEST(SpoolTest, GivesBackWhatWasPutInOrder) {
  TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto spool, Spool::Open(dir.Sub("spool"), kRoomy));
  EXPECT_TRUE(spool->empty());
  ASSERT_OK(spool->Append(ItemsOf(0, 10)));
  ASSERT_OK(spool->Append(ItemsOf(10, 25)));
  EXPECT_EQ(TakeAll(*spool), Ids(0, 25));
  EXPECT_EQ(spool->bytes(), 0u);
  EXPECT_TRUE(fs::is_empty(dir.Sub("spool")));
}

TEST(SpoolTest, SurvivesARestart) {
  TempDir dir;
  {
    ASSERT_OK_AND_ASSIGN(const auto spool, Spool::Open(dir.Sub("spool"), kRoomy));
    ASSERT_OK(spool->Append(ItemsOf(0, 10)));
  }
  ASSERT_OK_AND_ASSIGN(const auto spool, Spool::Open(dir.Sub("spool"), kRoomy));
  ASSERT_OK(spool->Append(ItemsOf(10, 12)));
  EXPECT_EQ(TakeAll(*spool), Ids(0, 12));
}

TEST(SpoolTest, TakesMoreWhileItIsRead) {
  TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto spool, Spool::Open(dir.Sub("spool"), kRoomy));
  ASSERT_OK(spool->Append(ItemsOf(0, 4)));
  EXPECT_EQ(spool->Front(2, 1 << 20).size(), 2u);
  spool->Pop(2);
  ASSERT_OK(spool->Append(ItemsOf(4, 6)));
  EXPECT_EQ(TakeAll(*spool), Ids(2, 6));
}

TEST(SpoolTest, GivesOneItemAtLeastHoweverLarge) {
  TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto spool, Spool::Open(dir.Sub("spool"), kRoomy));
  ASSERT_OK(spool->Append(ItemsOf(0, 2)));
  EXPECT_EQ(spool->Front(10, 1).size(), 1u);
}

TEST(SpoolTest, SaysWhenItIsFullAndKeepsWhatItHas) {
  TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto spool, Spool::Open(dir.Sub("spool"), 1000));
  ASSERT_OK(spool->Append(ItemsOf(0, 3)));
  EXPECT_THAT(spool->Append(ItemsOf(3, 40)),
              StatusIs(absl::StatusCode::kResourceExhausted, "full"));
  EXPECT_EQ(TakeAll(*spool), Ids(0, 3));
  EXPECT_OK(spool->Append(ItemsOf(3, 5)));
}

TEST(SpoolTest, ADiskThatTakesNoMoreIsToldAndNothingHalfWrittenIsKept) {
  TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto spool, Spool::Open(dir.Sub("spool"), kRoomy));
  ASSERT_OK(spool->Append(ItemsOf(0, 3)));
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit little{spool->bytes() + 100, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &little);
  const absl::Status full = spool->Append(ItemsOf(3, 40));
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_THAT(full, StatusIs(absl::StatusCode::kUnavailable, "cannot be written"));
  ASSERT_OK(spool->Append(ItemsOf(3, 5)));
  EXPECT_EQ(TakeAll(*spool), Ids(0, 5));
}

TEST(SpoolTest, RefusesADirectoryThatIsAFile) {
  TempDir dir;
  ASSERT_OK(common::WriteFileAtomically(dir.Sub("spool"), "x"));
  EXPECT_THAT(Spool::Open(dir.Sub("spool"), kRoomy),
              StatusIs(absl::StatusCode::kFailedPrecondition, "data directory"));
}

// A crash may leave any prefix of what was being written: what was synced before is never lost.
TEST(SpoolTest, ToleratesATailCutAtEveryByte) {
  TempDir dir;
  std::string path;
  size_t promised = 0;
  std::string whole;
  {
    ASSERT_OK_AND_ASSIGN(const auto spool, Spool::Open(dir.Sub("made"), kRoomy));
    ASSERT_OK(spool->Append(ItemsOf(0, 3)));
    path = fs::directory_iterator(dir.Sub("made"))->path().filename().string();
    promised = fs::file_size(fs::path(dir.Sub("made")) / path);
    ASSERT_OK(spool->Append(ItemsOf(3, 6)));
    ASSERT_OK_AND_ASSIGN(whole, common::ReadWholeFile(dir.Sub("made") + "/" + path));
  }
  for (size_t size = promised; size <= whole.size(); ++size) {
    const std::string cut_dir = dir.Sub("cut" + std::to_string(size));
    fs::create_directories(cut_dir);
    std::ofstream(cut_dir + "/" + path, std::ios::binary) << whole.substr(0, size);
    ASSERT_OK_AND_ASSIGN(const auto spool, Spool::Open(cut_dir, kRoomy));
    ASSERT_OK(spool->Append(ItemsOf(100, 101)));
    const std::vector<std::string> ids = TakeAll(*spool);
    ASSERT_GE(ids.size(), 4u) << "cut at " << size;
    ASSERT_EQ(std::vector<std::string>(ids.begin(), ids.begin() + 3), Ids(0, 3));
    ASSERT_EQ(ids.back(), "release100");
  }
}

TEST(SpoolTest, NeverReadsARecordWhoseBytesChanged) {
  TempDir dir;
  std::string whole;
  {
    ASSERT_OK_AND_ASSIGN(const auto spool, Spool::Open(dir.Sub("made"), kRoomy));
    ASSERT_OK(spool->Append(ItemsOf(0, 2)));
    ASSERT_OK_AND_ASSIGN(
        whole, common::ReadWholeFile(fs::directory_iterator(dir.Sub("made"))->path().string()));
  }
  const SpoolSegment sound = ParseSpoolSegment(whole);
  ASSERT_EQ(sound.records.size(), 2u);
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
    for (const std::string_view record : ParseSpoolSegment(flipped).records) {
      ASSERT_TRUE(record == sound.records[0] || record == sound.records[1]) << "byte " << at;
    }
  }
}

}  // namespace
}  // namespace modelwatch::crawler
