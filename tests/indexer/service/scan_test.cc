// SPDX-License-Identifier: Apache-2.0
#include "indexer/service/scan.h"

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

// Sequences: 1 b, 2 a, 3 b again, 4 assessment of 3, 5 its alert, 6 the same judged again.
class ScanTest : public CommitterFixture {
 protected:
  void SetUp() override {
    CommitterFixture::SetUp();
    Put(ObservationOf("b", 1, "mit"));
    Put(ObservationOf("a", 2));
    Put(ObservationOf("b", 3, "gpl-3.0"));
    Judge("MIT", false);
    Judge("GPL-3.0-only", true);
  }

  void Judge(const std::string& licence, bool again) {
    v1::PutAssessmentsRequest request;
    request.set_evaluator(again ? "newer" : "evaluator");
    request.set_cursor(3);
    v1::Judgement& judgement = *request.add_judgements();
    *judgement.mutable_key() = KeyOf("b");
    v1::Assessment& assessment = *judgement.mutable_assessment();
    *assessment.mutable_key() = KeyOf("b");
    assessment.set_version(3);
    assessment.set_licence(licence);
    assessment.set_is_reassessment(again);
    assessment.set_terms_class("copyleft");
    assessment.mutable_terms()->add_outcomes()->set_scenario("sell");
    assessment.add_findings()->set_reason("seen");
    assessment.add_verdicts()->set_framework("osaid");
    if (!again) *judgement.add_alerts()->mutable_key() = KeyOf("b");
    ASSERT_OK(committer_->PutAssessments(request, Soon()));
  }

  absl::Status Versions(const v1::ScanVersionsRequest& request) {
    versions_.clear();
    return ScanVersions(*store_, request, [this](const v1::ScanVersionsResponse& chunk) {
      versions_.insert(versions_.end(), chunk.versions().begin(), chunk.versions().end());
      return true;
    });
  }
  std::vector<uint64_t> Sequences() const {
    std::vector<uint64_t> sequences;
    for (const auto& scanned : versions_) sequences.push_back(scanned.version().sequence());
    return sequences;
  }
  static v1::ScanVersionsRequest AsOf(uint64_t sequence, bool newest_only = false) {
    v1::ScanVersionsRequest request;
    request.set_as_of(sequence);
    request.set_newest_only(newest_only);
    request.set_assessments(true);
    return request;
  }

  std::vector<v1::ScannedVersion> versions_;
};

TEST_F(ScanTest, SendsVersionsByReleaseThenSequence) {
  ASSERT_OK(Versions(AsOf(6)));
  EXPECT_THAT(Sequences(), ElementsAre(2, 1, 3));
  ASSERT_OK(Versions(AsOf(6, true)));
  EXPECT_THAT(Sequences(), ElementsAre(2, 3));
}

TEST_F(ScanTest, SendsWhatWasRecordedUpToThen) {
  ASSERT_OK(Versions(AsOf(2, true)));
  EXPECT_THAT(Sequences(), ElementsAre(2, 1));
  ASSERT_OK(Versions(AsOf(3, true)));
  EXPECT_FALSE(versions_[1].has_assessment());
  ASSERT_OK(Versions(AsOf(5, true)));
  EXPECT_EQ(versions_[1].assessment().licence(), "MIT");
  ASSERT_OK(Versions(AsOf(6, true)));
  EXPECT_EQ(versions_[1].assessment().licence(), "GPL-3.0-only");
}

TEST_F(ScanTest, SendsOfAssessmentsWhatIsWanted) {
  v1::ScanVersionsRequest request = AsOf(6, true);
  ASSERT_OK(Versions(request));
  v1::Assessment assessment = versions_[1].assessment();
  EXPECT_EQ(assessment.terms_class(), "copyleft");
  EXPECT_TRUE(assessment.is_reassessment());
  EXPECT_EQ(assessment.findings_size() + assessment.verdicts_size(), 0);
  request.set_findings(true);
  request.set_verdicts(true);
  ASSERT_OK(Versions(request));
  assessment = versions_[1].assessment();
  EXPECT_EQ(assessment.findings(0).reason(), "seen");
  EXPECT_EQ(assessment.verdicts(0).framework(), "osaid");
  EXPECT_FALSE(assessment.has_terms());
  request.set_assessments(false);
  ASSERT_OK(Versions(request));
  EXPECT_FALSE(versions_[1].has_assessment());
}

TEST_F(ScanTest, GoesOverManyChunksWithoutLosingARelease) {
  std::vector<v1::Observation> many;
  for (int i = 0; i < 5000; ++i) many.push_back(ObservationOf("m" + std::to_string(i), 10));
  for (size_t at = 0; at < many.size(); at += 250) {
    v1::PutBatchRequest batch =
        testing::BatchOf({many.begin() + static_cast<std::ptrdiff_t>(at),
                          many.begin() + static_cast<std::ptrdiff_t>(at) + 250});
    ASSERT_OK(committer_->PutBatch(batch, Soon()));
  }
  int chunks = 0;
  uint64_t versions = 0;
  ASSERT_OK(ScanVersions(*store_, AsOf(5006, true), [&](const v1::ScanVersionsResponse& chunk) {
    ++chunks;
    versions += static_cast<uint64_t>(chunk.versions_size());
    return true;
  }));
  EXPECT_GT(chunks, 1);
  EXPECT_EQ(versions, 5002u);
}

TEST_F(ScanTest, SendsTheLogUpToASequence) {
  v1::ScanLogRequest request;
  request.set_as_of(5);
  request.set_changes(true);
  request.set_alerts(true);
  std::vector<uint64_t> sequences;
  ASSERT_OK(ScanLog(*store_, request, [&](const v1::ScanLogResponse& chunk) {
    for (const v1::LogEntry& entry : chunk.entries()) sequences.push_back(entry.sequence());
    return true;
  }));
  EXPECT_THAT(sequences, ElementsAre(1, 2, 3, 5));
}

TEST_F(ScanTest, RefusesAMomentThatTheLogDoesNotHold) {
  EXPECT_THAT(Versions(AsOf(0)), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(Versions(AsOf(7)), StatusIs(StatusCode::kInvalidArgument, "ends at 6"));
}

}  // namespace
}  // namespace modelwatch::indexer
