// SPDX-License-Identifier: Apache-2.0
#include "indexer/service/reads.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/committer_fixture.h"

namespace modelwatch::indexer {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using testing::KeyOf;
using testing::ObservationOf;
using testing::StatusIs;

using ReadsTest = CommitterFixture;

TEST_F(ReadsTest, AnswersHeadsInTheOrderAsked) {
  Put(ObservationOf("a", 1));
  v1::GetHeadsRequest request;
  *request.add_keys() = KeyOf("unknown");
  *request.add_keys() = KeyOf("a");
  ASSERT_OK_AND_ASSIGN(const auto response, ReadHeads(*store_, request));
  EXPECT_FALSE(response.heads(0).found());
  EXPECT_TRUE(response.heads(1).found());
  EXPECT_EQ(response.heads(1).observation().name(), "owner/a");
  EXPECT_EQ(response.heads(1).row_digest().size(), common::kSha256Bytes);
}

TEST_F(ReadsTest, RefusesMoreHeadsThanTheLimit) {
  v1::GetHeadsRequest request;
  for (int i = 0; i <= kMaxKeys; ++i) *request.add_keys() = KeyOf("a");
  EXPECT_THAT(ReadHeads(*store_, request), StatusIs(StatusCode::kInvalidArgument));
}

TEST_F(ReadsTest, FindsAReleaseByNameInAnyHub) {
  Put(ObservationOf("a", 1));
  v1::GetReleaseRequest request;
  request.set_name("Owner/A");
  ASSERT_OK_AND_ASSIGN(const auto release, ReadRelease(*store_, request));
  EXPECT_EQ(release.version().sequence(), 1u);
  request.set_hub("elsewhere");
  EXPECT_THAT(ReadRelease(*store_, request), StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(ReadRelease(*store_, {}), StatusIs(StatusCode::kInvalidArgument));
}

TEST_F(ReadsTest, PagesThroughAHistoryNewestFirst) {
  for (int i = 1; i <= 5; ++i) Put(ObservationOf("a", i, "licence-" + std::to_string(i)));
  v1::GetHistoryRequest request;
  *request.mutable_key() = KeyOf("a");
  request.set_limit(2);
  std::vector<uint64_t> sequences;
  while (true) {
    ASSERT_OK_AND_ASSIGN(const auto page, ReadHistory(*store_, request));
    if (page.rows_size() == 0) break;
    for (const v1::HistoryRow& row : page.rows()) sequences.push_back(row.version().sequence());
    request.set_before_version(sequences.back());
  }
  EXPECT_THAT(sequences, ElementsAre(5, 4, 3, 2, 1));
}

TEST_F(ReadsTest, AnswersVersionsAndBlobsWithWhatIsNotThere) {
  v1::PutItem item;
  *item.mutable_observation() = ObservationOf("a", 1);
  testing::AddFile(item, "LICENSE", "the text");
  Put(item);
  v1::GetVersionsRequest versions;
  for (const uint64_t version : {7, 1}) {
    *versions.add_versions()->mutable_key() = KeyOf("a");
    versions.mutable_versions(versions.versions_size() - 1)->set_version(version);
  }
  ASSERT_OK_AND_ASSIGN(const auto rows, ReadVersions(*store_, versions));
  EXPECT_EQ(rows.rows(0).version().sequence(), 0u);
  EXPECT_EQ(rows.rows(1).version().sequence(), 1u);
  v1::GetBlobsRequest blobs;
  blobs.add_digests(common::Sha256("unknown"));
  blobs.add_digests(common::Sha256("the text"));
  ASSERT_OK_AND_ASSIGN(const auto found, ReadBlobs(*store_, blobs));
  EXPECT_FALSE(found.blobs(0).found());
  EXPECT_EQ(found.blobs(1).content(), "the text");
}

TEST_F(ReadsTest, PagesThroughReleasesByKey) {
  for (const char* id : {"c", "a", "b"}) Put(ObservationOf(id, 1));
  v1::ListReleasesRequest request;
  request.set_limit(2);
  ASSERT_OK_AND_ASSIGN(const auto first, ReadReleases(*store_, request));
  ASSERT_EQ(first.releases_size(), 2);
  EXPECT_EQ(first.releases(0).version().observation().key().id(), "a");
  request.set_page_token(first.next_page_token());
  ASSERT_OK_AND_ASSIGN(const auto second, ReadReleases(*store_, request));
  ASSERT_EQ(second.releases_size(), 1);
  EXPECT_EQ(second.next_page_token(), "");
  request.set_page_token("not hex");
  EXPECT_THAT(ReadReleases(*store_, request), StatusIs(StatusCode::kInvalidArgument));
}

TEST_F(ReadsTest, ListsOidsWithTheirDigests) {
  v1::PutItem item;
  *item.mutable_observation() = ObservationOf("a", 1);
  testing::AddFile(item, "LICENSE", "the text");
  Put(item);
  std::vector<v1::ListOidsResponse> chunks;
  ASSERT_OK(ReadOids(*store_, [&](const v1::ListOidsResponse& chunk) {
    chunks.push_back(chunk);
    return true;
  }));
  ASSERT_EQ(chunks.size(), 1u);
  EXPECT_EQ(common::ToHex(chunks[0].oids(0)), testing::OidOf("the text"));
  EXPECT_EQ(chunks[0].digests(0), common::Sha256("the text"));
}

class AlertsTest : public CommitterFixture {
 protected:
  void SetUp() override {
    CommitterFixture::SetUp();
    Put(ObservationOf("a", 1));
    v1::PutAssessmentsRequest request;
    request.set_evaluator("evaluator");
    request.set_cursor(1);
    v1::Judgement& judgement = *request.add_judgements();
    *judgement.mutable_key() = KeyOf("a");
    *judgement.mutable_assessment()->mutable_key() = KeyOf("a");
    judgement.mutable_assessment()->set_version(1);
    for (const v1::Severity severity : {v1::INFO, v1::CRITICAL, v1::NOTICE}) {
      *judgement.add_alerts()->mutable_key() = KeyOf("a");
      judgement.mutable_alerts(judgement.alerts_size() - 1)->set_severity(severity);
    }
    *judgement.add_hold()->mutable_alert()->mutable_key() = KeyOf("a");
    ASSERT_OK(committer_->PutAssessments(request, Soon()));  // alerts 3, 4 and 5
  }

  std::vector<uint64_t> List(uint64_t after, bool newest_first, v1::Severity severity) {
    v1::ListAlertsRequest request;
    request.set_after_sequence(after);
    request.set_newest_first(newest_first);
    request.set_min_severity(severity);
    request.set_limit(2);
    const auto page = ReadAlerts(*store_, request);
    EXPECT_OK(page);
    std::vector<uint64_t> sequences;
    for (const v1::Alert& alert : page->alerts()) sequences.push_back(alert.sequence());
    if (page->has_more()) sequences.push_back(0);
    return sequences;
  }
};

TEST_F(AlertsTest, AreListedInBothDirectionsAndBySeverity) {
  EXPECT_THAT(List(0, false, v1::SEVERITY_UNSPECIFIED), ElementsAre(3, 4, 0));
  EXPECT_THAT(List(4, false, v1::SEVERITY_UNSPECIFIED), ElementsAre(5));
  EXPECT_THAT(List(0, true, v1::SEVERITY_UNSPECIFIED), ElementsAre(5, 4, 0));
  EXPECT_THAT(List(4, true, v1::SEVERITY_UNSPECIFIED), ElementsAre(3));
  EXPECT_THAT(List(0, false, v1::NOTICE), ElementsAre(4, 5));
}

TEST_F(AlertsTest, StandInTheHistoryOfTheirRelease) {
  v1::GetHistoryRequest request;
  *request.mutable_key() = KeyOf("a");
  ASSERT_OK_AND_ASSIGN(const auto history, ReadHistory(*store_, request));
  EXPECT_EQ(history.alerts_size(), 3);
  EXPECT_EQ(history.rows(0).assessment().sequence(), 2u);
}

TEST_F(AlertsTest, ThatWaitAreListed) {
  ASSERT_OK_AND_ASSIGN(const auto held, ReadHeld(*store_));
  EXPECT_EQ(held.held_size(), 1);
}

TEST_F(AlertsTest, AreCountedInTheStatus) {
  v1::GetStatusRequest request;
  request.set_evaluator("evaluator");
  ASSERT_OK_AND_ASSIGN(const auto status, ReadStatus(*store_, request, 0));
  EXPECT_EQ(status.alerts(), 3u);
  EXPECT_EQ(status.evaluator_cursor(), 1u);
  EXPECT_EQ(status.newest_sequence(), 5u);
  ASSERT_EQ(status.hubs_size(), 1);
  EXPECT_EQ(status.hubs(0).releases(), 1u);
}

}  // namespace
}  // namespace modelwatch::indexer
