// SPDX-License-Identifier: Apache-2.0
// The indexer killed at random moments: what it acknowledged is there, and nothing is half there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <map>
#include <random>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "indexer/data_dir.h"
#include "indexer/indexer.h"
#include "indexer/store/records.h"
#include "indexer/store/rocks_store.h"
#include "testing/observations.h"
#include "testing/process.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::indexer {
namespace {

constexpr int kRounds = 20;

// Version and its release, as acknowledged.
using Acknowledged = std::map<uint64_t, std::string>;

void ReadAcknowledged(const std::string& out, Acknowledged& all) {
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string count, stored, id;
    uint64_t sequence = 0;
    if (words >> count >> stored >> id >> sequence) all[sequence] = id;
  }
}

void ExpectAllThere(const std::string& data_dir, const Acknowledged& all) {
  RocksOptions options;
  options.read_only = true;
  ASSERT_OK_AND_ASSIGN(const auto store, OpenRocksStore(DatabasePath(data_dir), options));
  for (const auto& [sequence, id] : all) {
    EXPECT_OK(GetVersion(*store, testing::KeyOf(id), sequence)) << id << " " << sequence;
  }
}

TEST(KillTest, LosesNothingThatWasAcknowledgedHoweverOftenItIsKilled) {
  const testing::TempDir dir;
  const std::string data = dir.Sub("data");
  std::mt19937 random(20260901);
  Acknowledged all;
  for (int round = 1; round <= kRounds; ++round) {
    ASSERT_OK_AND_ASSIGN(
        auto process, testing::Process::Start({INGEST_UNTIL_KILLED, data, std::to_string(round)}));
    const uint32_t moment = 1 + static_cast<uint32_t>(random() % 300);
    ASSERT_OK(process.WaitForLine(absl::StrCat(moment, " stored"), absl::Seconds(60)));
    process.Signal(SIGKILL);
    ASSERT_OK(process.Wait(absl::Seconds(30)));
    ReadAcknowledged(process.out(), all);
    ASSERT_OK_AND_ASSIGN(const StoreReport report, CheckStore(data));
    ASSERT_THAT(report.problems, ::testing::IsEmpty()) << "round " << round;
    ASSERT_GE(report.newest_sequence, all.rbegin()->first);
    ASSERT_NO_FATAL_FAILURE(ExpectAllThere(data, all));
  }
}

TEST(KillTest, LeavesAnAddressThatNobodyBelieves) {
  const testing::TempDir dir;
  const std::string data = dir.Sub("data");
  ASSERT_OK_AND_ASSIGN(auto process, testing::Process::Start({INGEST_UNTIL_KILLED, data, "1"}));
  ASSERT_OK(process.WaitForLine("10 stored", absl::Seconds(60)));
  process.Signal(SIGKILL);
  ASSERT_OK(process.Wait(absl::Seconds(30)));
  ASSERT_TRUE(std::filesystem::exists(AddressPath(data)));
  ASSERT_OK_AND_ASSIGN(const OpenedReader opened, OpenReader(data));
  EXPECT_NE(opened.local, nullptr);
  ASSERT_OK_AND_ASSIGN(const auto status, opened.reader->GetStatus({}));
  EXPECT_GE(status.newest_sequence(), 10u);
}

}  // namespace
}  // namespace modelwatch::indexer
