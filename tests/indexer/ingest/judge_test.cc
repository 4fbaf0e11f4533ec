// SPDX-License-Identifier: Apache-2.0
#include "indexer/ingest/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/committer_fixture.h"

namespace modelwatch::indexer {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::KeyOf;
using testing::ObservationOf;
using testing::StatusIs;

class JudgeTest : public CommitterFixture {
 protected:
  void SetUp() override {
    CommitterFixture::SetUp();
    Put(ObservationOf("a", 1));
  }

  static v1::Judgement Assess(const std::string& id, uint64_t version) {
    v1::Judgement judgement;
    *judgement.mutable_key() = KeyOf(id);
    *judgement.mutable_assessment()->mutable_key() = KeyOf(id);
    judgement.mutable_assessment()->set_version(version);
    return judgement;
  }
  static v1::Alert AlertOf(const std::string& id, uint64_t to_version) {
    v1::Alert alert;
    *alert.mutable_key() = KeyOf(id);
    alert.mutable_shift()->set_to_version(to_version);
    return alert;
  }
  static v1::Judgement Release(const std::string& id, uint64_t to_version) {
    v1::Judgement judgement;
    *judgement.mutable_key() = KeyOf(id);
    judgement.set_drop_held(true);
    *judgement.add_alerts() = AlertOf(id, to_version);
    return judgement;
  }
  void Hold(uint64_t cursor) {
    v1::Judgement judgement = Assess("a", 1);
    *judgement.add_hold()->mutable_alert() = AlertOf("a", 1);
    ASSERT_OK(Judge(cursor, {judgement}));
  }

  absl::StatusOr<v1::PutAssessmentsResponse> Judge(uint64_t cursor,
                                                   const std::vector<v1::Judgement>& judgements) {
    v1::PutAssessmentsRequest request;
    request.set_evaluator("evaluator");
    request.set_cursor(cursor);
    for (const v1::Judgement& judgement : judgements) *request.add_judgements() = judgement;
    return committer_->PutAssessments(request, Soon());
  }
};

TEST_F(JudgeTest, NumbersAssessmentAndAlertInTheLog) {
  v1::Judgement judgement = Assess("a", 1);
  *judgement.add_alerts() = AlertOf("a", 1);
  ASSERT_OK_AND_ASSIGN(const auto response, Judge(1, {judgement}));
  EXPECT_EQ(response.cursor(), 1u);
  EXPECT_THAT(response.alert_sequences(), ElementsAre(3));
  ASSERT_OK_AND_ASSIGN(const auto alert,
                       GetRecord<v1::Alert>(*store_, Table::kAlert, SequenceKey(3)));
  EXPECT_EQ(alert.assessment(), 2u);
  ASSERT_OK_AND_ASSIGN(const auto assessment, GetNewestAssessment(*store_, KeyOf("a"), 1));
  EXPECT_EQ(assessment.sequence(), 2u);
  EXPECT_EQ(State().alerts(), 1u);
}

TEST_F(JudgeTest, IgnoresACallThatWasAlreadyTaken) {
  ASSERT_OK(Judge(1, {Assess("a", 1)}));
  ASSERT_OK_AND_ASSIGN(const auto again, Judge(1, {Assess("a", 1)}));
  EXPECT_EQ(again.cursor(), 1u);
  EXPECT_EQ(State().assessments(), 1u);
}

TEST_F(JudgeTest, ReleasesAHeldAlertOnce) {
  Hold(1);
  ASSERT_OK_AND_ASSIGN(const auto first, Judge(1, {Release("a", 1)}));
  EXPECT_EQ(first.alert_sequences_size(), 1);
  ASSERT_OK_AND_ASSIGN(const auto second, Judge(1, {Release("a", 1)}));
  EXPECT_THAT(second.alert_sequences(), IsEmpty());
  EXPECT_EQ(State().alerts(), 1u);
}

TEST_F(JudgeTest, DoesNotReleaseAnAlertThatAnotherReplaced) {
  Hold(1);
  ASSERT_OK_AND_ASSIGN(const auto other, Judge(1, {Release("a", 9)}));
  EXPECT_THAT(other.alert_sequences(), IsEmpty());
  EXPECT_OK(store_->Get(Table::kHeld, ReleaseKeyBytes(KeyOf("a"))));
}

TEST_F(JudgeTest, DropsAHeldAlertWhenTheReleaseReturned) {
  Hold(1);
  v1::Judgement judgement = Assess("a", 1);
  judgement.set_drop_held(true);
  ASSERT_OK(Judge(2, {judgement}));
  EXPECT_THAT(store_->Get(Table::kHeld, ReleaseKeyBytes(KeyOf("a"))),
              StatusIs(StatusCode::kNotFound));
}

TEST_F(JudgeTest, RefusesTheWholeCallForAVersionThatIsNotHere) {
  EXPECT_THAT(Judge(1, {Assess("a", 1), Assess("a", 7)}),
              StatusIs(StatusCode::kInvalidArgument, "version 7"));
  EXPECT_EQ(State().newest_sequence(), 1u);
}

TEST_F(JudgeTest, RefusesACursorBeyondTheLog) {
  EXPECT_THAT(Judge(9, {}), StatusIs(StatusCode::kInvalidArgument, "beyond the log"));
}

TEST_F(JudgeTest, RemembersTheCursorAcrossARestart) {
  ASSERT_OK(Judge(1, {Assess("a", 1)}));
  Restart();
  ASSERT_OK(Judge(1, {Assess("a", 1)}));
  EXPECT_EQ(State().assessments(), 1u);
}

}  // namespace
}  // namespace modelwatch::indexer
