// SPDX-License-Identifier: Apache-2.0
#include "indexer/ingest/ingest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "indexer/frontier/frontier.h"
#include "indexer/frontier/revisit.h"
#include "ingest/committer_fixture.h"

namespace modelwatch::indexer {
namespace {

using testing::AddFile;
using testing::BatchOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::KeyOf;
using testing::kHub;
using testing::kHubStartUs;
using testing::ObservationOf;

using IngestTest = CommitterFixture;

v1::PutItem ItemWithLicence(const std::string& id, int64_t second, const std::string& text) {
  v1::PutItem item;
  *item.mutable_observation() = ObservationOf(id, second);
  AddFile(item, "LICENSE", text);
  return item;
}

v1::PutItem ItemWithFailedFile(const std::string& id, int64_t second,
                               const std::string& licence = "mit") {
  v1::PutItem item;
  *item.mutable_observation() = ObservationOf(id, second, licence);
  v1::File& file = *item.mutable_observation()->add_files();
  file.set_path("LICENSE");
  file.set_outcome(v1::FAILED);
  return item;
}

TEST_F(IngestTest, StoresAFirstObservationAsVersionOne) {
  const v1::ItemAck ack = Put(ObservationOf("a", 1));
  EXPECT_EQ(ack.status(), v1::STORED);
  EXPECT_EQ(ack.sequence(), 1u);
  const v1::StoredVersion version = Version("a", 1);
  EXPECT_THAT(version.change().kinds(), ElementsAre(v1::FIRST_SEEN));
  EXPECT_EQ(version.change().previous_version(), 0u);
  EXPECT_EQ(version.recorded_at_us(), common::ToMicros(clock_.Now()));
  EXPECT_EQ(State().releases(), 1u);
}

TEST_F(IngestTest, AdvancesOnlyLastSeenForTheSameAgain) {
  Put(ObservationOf("a", 1));
  const v1::ItemAck ack = Put(ObservationOf("a", 60));
  EXPECT_EQ(ack.status(), v1::SKIPPED);
  EXPECT_EQ(ack.reason(), "");
  EXPECT_EQ(SeenOf("a").last_seen_us, kHubStartUs + 60'000'000);
  EXPECT_EQ(State().newest_sequence(), 1u);
  EXPECT_EQ(Head("a").observed_at_us(), kHubStartUs + 1'000'000);
}

TEST_F(IngestTest, MakesAVersionAndAChangeOfADifference) {
  Put(ObservationOf("a", 1, "mit"));
  const v1::ItemAck ack = Put(ObservationOf("a", 2, "cc-by-nc-4.0"));
  EXPECT_EQ(ack.sequence(), 2u);
  const v1::Change change = Version("a", 2).change();
  EXPECT_THAT(change.kinds(), ElementsAre(v1::REVISION, v1::DECLARED_LICENCE));
  EXPECT_EQ(change.previous_version(), 1u);
  EXPECT_EQ(change.previous_revision(), ObservationOf("a", 1, "mit").revision());
  EXPECT_EQ(Head("a").version(), 2u);
  EXPECT_EQ(Head("a").versions(), 2u);
}

TEST_F(IngestTest, SeesEarlierItemsOfTheSameBatch) {
  const auto acks = Put(BatchOf({ObservationOf("a", 1, "mit"), ObservationOf("a", 2, "mit"),
                                 ObservationOf("a", 3, "gpl-3.0")}))
                        .acks();
  EXPECT_EQ(acks[0].status(), v1::STORED);
  EXPECT_EQ(acks[1].status(), v1::SKIPPED);
  EXPECT_EQ(acks[2].status(), v1::STORED);
  EXPECT_EQ(Version("a", 2).change().previous_version(), 1u);
}

TEST_F(IngestTest, KeepsTheTextOnceAndTheOidThatLeadsToIt) {
  Put(ItemWithLicence("a", 1, "the text"));
  Put(ItemWithLicence("b", 1, "the text"));
  EXPECT_EQ(State().blobs(), 1u);
  EXPECT_EQ(*store_->Get(Table::kBlob, common::Sha256("the text")), "the text");
  const std::string oid = *common::FromHex(testing::OidOf("the text"));
  EXPECT_EQ(*store_->Get(Table::kOid, oid), common::Sha256("the text"));
}

TEST_F(IngestTest, AsksAgainForATextThatIsNotHere) {
  v1::PutItem item = ItemWithLicence("a", 1, "the text");
  item.clear_blobs();
  const v1::ItemAck ack = Put(item);
  EXPECT_EQ(ack.status(), v1::RETRY);
  EXPECT_THAT(ack.reason(), HasSubstr("LICENSE is not here"));
  EXPECT_EQ(State().newest_sequence(), 0u);
}

TEST_F(IngestTest, FillsTheDigestOfAKnownOid) {
  Put(ItemWithLicence("a", 1, "the text"));
  v1::PutItem item = ItemWithLicence("b", 1, "the text");
  item.clear_blobs();
  item.mutable_observation()->mutable_files(0)->clear_digest();
  EXPECT_EQ(Put(item).status(), v1::STORED);
  EXPECT_EQ(Version("b", 2).observation().files(0).digest(), common::Sha256("the text"));
}

TEST_F(IngestTest, RefusesATextWithAnotherDigest) {
  v1::PutItem item = ItemWithLicence("a", 1, "the text");
  item.mutable_blobs(0)->set_content("another text");
  const v1::ItemAck ack = Put(item);
  EXPECT_EQ(ack.status(), v1::SKIPPED);
  EXPECT_THAT(ack.reason(), HasSubstr("digest"));
}

TEST_F(IngestTest, DoesNotBelieveAWrongOid) {
  v1::PutItem item = ItemWithLicence("a", 1, "the text");
  item.mutable_blobs(0)->set_oid(testing::OidOf("another text"));
  EXPECT_EQ(Put(item).status(), v1::STORED);
  const std::string oid = *common::FromHex(testing::OidOf("another text"));
  EXPECT_TRUE(absl::IsNotFound(store_->Get(Table::kOid, oid).status()));
}

TEST_F(IngestTest, RefusesAnUnsoundObservationForGood) {
  v1::Observation observation = ObservationOf("a", 1);
  observation.clear_name();
  const v1::ItemAck ack = Put(observation);
  EXPECT_EQ(ack.status(), v1::SKIPPED);
  EXPECT_THAT(ack.reason(), HasSubstr("name"));
}

TEST_F(IngestTest, MakesNoVersionsBackAndForthOfALateObservation) {
  Put(ObservationOf("a", 10, "mit"));
  Put(ObservationOf("a", 30, "gpl-3.0"));
  const v1::ItemAck late = Put(ObservationOf("a", 20, "mit"));
  EXPECT_EQ(late.status(), v1::SKIPPED);
  EXPECT_THAT(late.reason(), HasSubstr("last seen"));
  EXPECT_EQ(Put(ObservationOf("a", 40, "gpl-3.0")).status(), v1::SKIPPED);
  EXPECT_EQ(Head("a").versions(), 2u);
}

TEST_F(IngestTest, RefusesWhatASightSinceHasContradicted) {
  Put(ObservationOf("a", 10, "mit"));
  Put(ObservationOf("a", 50, "mit"));  // still the same at 50
  EXPECT_EQ(Put(ObservationOf("a", 20, "gpl-3.0")).status(), v1::SKIPPED);
  EXPECT_EQ(Head("a").versions(), 1u);
}

TEST_F(IngestTest, TakesADifferenceWithinTheSameSecond) {
  Put(ObservationOf("a", 10, "mit"));
  EXPECT_EQ(Put(ObservationOf("a", 10, "gpl-3.0")).status(), v1::STORED);
}

TEST_F(IngestTest, SchedulesAVisitInsteadOfAVersionWhenAFileFailed) {
  const v1::ItemAck ack = Put(ItemWithFailedFile("a", 1));
  EXPECT_EQ(ack.status(), v1::SKIPPED);
  EXPECT_EQ(State().newest_sequence(), 0u);
  EXPECT_TRUE(SeenOf("a").needs_visit);
  EXPECT_OK(store_->Get(Table::kWork, VisitId(KeyOf("a"))));
}

TEST_F(IngestTest, ForgetsTheNeedOfAVisitOnceEverythingCame) {
  Put(ItemWithFailedFile("a", 1));
  Put(ItemWithLicence("a", 2, "the text"));
  EXPECT_FALSE(SeenOf("a").needs_visit);
  EXPECT_EQ(Head("a").versions(), 1u);
}

TEST_F(IngestTest, TakesAReleaseAsItIsWhenAFileNeverComes) {
  for (int64_t i = 1; i < kFailuresTaken; ++i) {
    EXPECT_EQ(Put(ItemWithFailedFile("a", i)).status(), v1::SKIPPED);
  }
  EXPECT_EQ(Put(ItemWithFailedFile("a", 100)).status(), v1::STORED);
  EXPECT_TRUE(SeenOf("a").needs_visit);
  EXPECT_EQ(Put(ItemWithFailedFile("a", 200)).status(), v1::SKIPPED);
  EXPECT_EQ(Head("a").versions(), 1u);
}

v1::Observation Removed(const std::string& id, int64_t second) {
  v1::Observation observation;
  *observation.mutable_key() = KeyOf(id);
  observation.set_name("owner/" + id);
  observation.set_observed_at_us(kHubStartUs + second * 1'000'000);
  observation.mutable_access()->set_presence(v1::REMOVED);
  return observation;
}

TEST_F(IngestTest, RecordsARemovalAndAReturnAsChangesOfAccessAlone) {
  Put(ItemWithLicence("a", 1, "the text"));
  Put(Removed("a", 2));
  EXPECT_THAT(Version("a", 2).change().kinds(), ElementsAre(v1::REMOVAL));
  EXPECT_EQ(Version("a", 2).observation().files_size(), 1);
  EXPECT_EQ(Put(Removed("a", 3)).status(), v1::SKIPPED);
  Put(ItemWithLicence("a", 4, "the text"));
  EXPECT_THAT(Version("a", 3).change().kinds(), ElementsAre(v1::REAPPEARANCE));
}

TEST_F(IngestTest, KeepsFormerNames) {
  Put(ObservationOf("a", 1));
  v1::Observation renamed = ObservationOf("a", 2);
  renamed.set_name("owner/new");
  Put(renamed);
  EXPECT_THAT(Head("a").former_names(), ElementsAre("owner/a"));
  EXPECT_EQ(FindByName(*store_, kHub, "OWNER/new")->id(), "a");
  EXPECT_EQ(FindByName(*store_, "", "owner/a")->id(), "a");
}

TEST_F(IngestTest, LeadsATakenNameToItsNewestHolder) {
  Put(ObservationOf("a", 1));
  v1::Observation taker = ObservationOf("b", 2);
  taker.set_name("owner/a");
  Put(taker);
  EXPECT_EQ(FindByName(*store_, kHub, "owner/a")->id(), "b");
  Put(Removed("a", 3));  // the one that lost the name is gone; it does not take it back
  EXPECT_EQ(FindByName(*store_, kHub, "owner/a")->id(), "b");
  EXPECT_EQ(Head("a").name(), "owner/a");
}

TEST_F(IngestTest, CountsReleasesOfAHubAndItsNewestTime) {
  Put(BatchOf({ObservationOf("a", 5), ObservationOf("b", 3)}));
  ASSERT_OK_AND_ASSIGN(const auto hub, GetRecord<v1::StoredHub>(*store_, Table::kHub, kHub));
  EXPECT_EQ(hub.releases(), 2u);
  EXPECT_EQ(hub.hub_time_us(), kHubStartUs + 5'000'000);
}

}  // namespace
}  // namespace modelwatch::indexer
