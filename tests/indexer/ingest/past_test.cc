// SPDX-License-Identifier: Apache-2.0
#include "indexer/ingest/past.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "indexer/service/reads.h"
#include "ingest/committer_fixture.h"

namespace modelwatch::indexer {
namespace {

using testing::AddFile;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::KeyOf;
using testing::kHub;
using testing::ObservationOf;

v1::PastVersion VersionAt(uint32_t index, const std::string& licence,
                          v1::FileOutcome outcome = v1::FETCHED) {
  v1::PastVersion version;
  version.set_index(index);
  version.set_revision(testing::OidOf(std::to_string(index)));
  v1::File& file = *version.add_files();
  file.set_path("LICENSE");
  file.set_outcome(outcome);
  if (outcome == v1::FETCHED) file.set_digest(common::Sha256(licence));
  return version;
}

std::vector<uint32_t> IndexesOf(const v1::StoredPast& past) {
  std::vector<uint32_t> indexes;
  for (const v1::PastVersion& version : past.versions()) indexes.push_back(version.index());
  return indexes;
}

TEST(AddPastTest, KeepsTheCommitThatBroughtAContentAndNoneOfThoseAfterIt) {
  v1::StoredPast past;
  const std::vector<std::string> newest_first = {"c", "c", "b", "a", "a", "a", "b"};
  for (uint32_t i = 0; i < newest_first.size(); ++i) {
    (void)AddPast(past, VersionAt(i, newest_first[i]));
  }
  EXPECT_THAT(IndexesOf(past), ElementsAre(1, 2, 5, 6));
}

TEST(AddPastTest, IsTheSameHoweverOftenACrawlerIsKilledAndGoesOn) {
  std::mt19937 random(20260831);
  for (int round = 0; round < 200; ++round) {
    std::vector<v1::PastVersion> commits;
    for (uint32_t i = 0; i < 12; ++i) {
      commits.push_back(VersionAt(i, std::string(1, static_cast<char>('a' + random() % 3))));
    }
    v1::StoredPast expected, past;
    for (const v1::PastVersion& each : commits) (void)AddPast(expected, each);
    // Each life goes on at some place that the lives before it reached.
    for (size_t reached = 0; reached < commits.size();) {
      const size_t end = std::min(commits.size(), reached + random() % 5);
      for (size_t at = random() % (reached + 1); at < end; ++at) {
        (void)AddPast(past, commits[at]);
        reached = std::max(reached, at + 1);
      }
    }
    EXPECT_EQ(past.SerializeAsString(), expected.SerializeAsString()) << "round " << round;
  }
}

TEST(AddPastTest, ClaimsNothingOfCommitsThatWerePassedOver) {
  v1::StoredPast past;
  for (const uint32_t index : {0U, 1U, 9U}) (void)AddPast(past, VersionAt(index, "a"));
  EXPECT_THAT(IndexesOf(past), ElementsAre(1, 9));
}

TEST(AddPastTest, SaysWhenThereIsNothingToDo) {
  v1::StoredPast past;
  EXPECT_TRUE(AddPast(past, VersionAt(3, "a")));
  EXPECT_FALSE(AddPast(past, VersionAt(3, "a")));
  EXPECT_FALSE(AddPast(past, VersionAt(2, "a"))) << "the commit before it brought that";
  EXPECT_TRUE(AddPast(past, VersionAt(4, "a")));
  EXPECT_THAT(IndexesOf(past), ElementsAre(4));
}

TEST(AddPastTest, TakesALaterTryInsteadOfAFileThatFailed) {
  v1::StoredPast past;
  (void)AddPast(past, VersionAt(0, "a"));
  EXPECT_TRUE(AddPast(past, VersionAt(1, "", v1::FAILED)));
  EXPECT_TRUE(AddPast(past, VersionAt(1, "b")));
  EXPECT_EQ(past.versions(1).files(0).outcome(), v1::FETCHED);
  EXPECT_FALSE(AddPast(past, VersionAt(1, "", v1::FAILED)));
}

TEST(AddPastTest, IsBounded) {
  v1::StoredPast past;
  for (uint32_t i = 0; i < 2 * kMaxPastVersions; ++i) {
    (void)AddPast(past, VersionAt(i, std::to_string(i)));
  }
  EXPECT_EQ(past.versions_size(), kMaxPastVersions);
}

class PastTest : public CommitterFixture {
 protected:
  static v1::PutItem PastItem(const std::string& id, uint32_t index, const std::string& text) {
    v1::PutItem item;
    *item.mutable_observation() = ObservationOf(id, -1000 - static_cast<int64_t>(index));
    item.mutable_observation()->clear_declared();
    AddFile(item, "LICENSE", text);
    item.mutable_past()->set_index(index);
    return item;
  }
  v1::GetHistoryResponse History(const std::string& id, uint64_t before = 0) {
    v1::GetHistoryRequest request;
    *request.mutable_key() = KeyOf(id);
    request.set_before_version(before);
    auto history = ReadHistory(*store_, request);
    EXPECT_OK(history);
    return history.ok() ? *history : v1::GetHistoryResponse();
  }
};

TEST_F(PastTest, StandsBesideTheVersionsAndChangesNothingOfThem) {
  Put(ObservationOf("a", 1));
  const std::string head = Head("a").SerializeAsString();
  const std::string state = State().SerializeAsString();
  v1::PutItem known = PastItem("a", 0, "old terms");
  known.clear_blobs();
  EXPECT_EQ(Put(known).status(), v1::RETRY) << "its text is not here";
  EXPECT_EQ(Put(PastItem("a", 0, "new terms")).status(), v1::STORED);
  EXPECT_EQ(Put(PastItem("a", 1, "old terms")).status(), v1::STORED);
  EXPECT_EQ(Head("a").SerializeAsString(), head);
  v1::StoredState now = State();
  EXPECT_EQ(now.newest_sequence(), 1u) << "the log is what evaluators judge and tell";
  now.set_blobs(0);
  EXPECT_EQ(now.SerializeAsString(), state);
  EXPECT_EQ(SeenOf("a").last_seen_us, testing::kHubStartUs + 1'000'000);
}

TEST_F(PastTest, IsShownOldestFirstBeforeTheFirstPageOfVersions) {
  Put(ObservationOf("a", 1));
  Put(PastItem("a", 0, "new terms"));
  Put(PastItem("a", 1, "old terms"));
  const v1::GetHistoryResponse history = History("a");
  ASSERT_EQ(history.past_size(), 2);
  EXPECT_EQ(history.past(0).index(), 1u);
  EXPECT_EQ(history.past(0).committed_at_us(), testing::kHubStartUs - 1001 * 1'000'000);
  EXPECT_EQ(history.past(1).recorded_after(), 1u);
  EXPECT_EQ(history.past(1).recorded_at_us(), common::ToMicros(clock_.Now()));
  ASSERT_EQ(history.rows_size(), 1);
  EXPECT_THAT(History("a", 1).past(), IsEmpty());
}

TEST_F(PastTest, ItemsOfOneCommitSeeEachOther) {
  Put(ObservationOf("a", 1));
  v1::PutBatchRequest batch;
  *batch.add_items() = PastItem("a", 0, "same");
  *batch.add_items() = PastItem("a", 1, "same");
  Put(batch);
  const v1::GetHistoryResponse history = History("a");
  ASSERT_EQ(history.past_size(), 1);
  EXPECT_EQ(history.past(0).index(), 1u);
}

TEST_F(PastTest, AReleaseThatIsNotHereHasNone) {
  const v1::ItemAck ack = Put(PastItem("nobody", 0, "terms"));
  EXPECT_EQ(ack.status(), v1::SKIPPED);
  EXPECT_THAT(ack.reason(), HasSubstr("not in the index"));
  v1::PutItem item = PastItem("a", 0, "terms");
  Put(ObservationOf("a", 1));
  item.mutable_observation()->clear_revision();
  EXPECT_EQ(Put(item).status(), v1::SKIPPED);
  EXPECT_THAT(History("a").past(), IsEmpty());
}

}  // namespace
}  // namespace modelwatch::indexer
