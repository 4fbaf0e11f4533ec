// SPDX-License-Identifier: Apache-2.0
#include "indexer/service/follow.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/rpc/status_grpc.h"
#include "ingest/committer_fixture.h"

namespace modelwatch::indexer {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::KeyOf;
using testing::kHub;
using testing::kHubStartUs;
using testing::ObservationOf;
using testing::StatusIs;

class FollowTest : public CommitterFixture {
 protected:
  v1::FollowRequest UntilNow(uint64_t from) const {
    v1::FollowRequest request;
    request.set_from_sequence(from);
    request.set_until_now(true);
    return request;
  }

  absl::Status Follow(const v1::FollowRequest& request) {
    FollowPort port;
    port.send = [this](const v1::FollowResponse& message) {
      messages_.push_back(message);
      return messages_.size() < most_;
    };
    port.wait = [this](uint64_t, absl::Duration) { ++waits_; };
    port.ended = [this] { return waits_ >= 3; };
    return FollowLog(*store_, request, port);
  }

  std::vector<uint64_t> Entries() const {
    std::vector<uint64_t> sequences;
    for (const auto& message : messages_) {
      if (message.has_entry()) sequences.push_back(message.entry().sequence());
    }
    return sequences;
  }

  void JudgeAll() {
    v1::PutAssessmentsRequest request;
    request.set_evaluator("evaluator");
    request.set_cursor(1);
    v1::Judgement& judgement = *request.add_judgements();
    *judgement.mutable_key() = KeyOf("a");
    *judgement.mutable_assessment()->mutable_key() = KeyOf("a");
    judgement.mutable_assessment()->set_version(1);
    *judgement.add_alerts()->mutable_key() = KeyOf("a");
    ASSERT_OK(committer_->PutAssessments(request, Soon()));
  }

  std::vector<v1::FollowResponse> messages_;
  size_t most_ = 1'000'000;
  int waits_ = 0;
};

TEST_F(FollowTest, SendsTheWholeLogWithItsBodiesInOrder) {
  Put(ObservationOf("a", 1));
  JudgeAll();
  ASSERT_OK(Follow(UntilNow(0)));
  EXPECT_THAT(Entries(), ElementsAre(1, 2, 3));
  EXPECT_EQ(messages_[0].entry().change().key().id(), "a");
  EXPECT_EQ(messages_[1].entry().assessment().version(), 1u);
  EXPECT_EQ(messages_[2].entry().alert().assessment(), 2u);
}

TEST_F(FollowTest, ResumesWhereItIsAsked) {
  for (const char* id : {"a", "b", "c"}) Put(ObservationOf(id, 1));
  ASSERT_OK(Follow(UntilNow(3)));
  EXPECT_THAT(Entries(), ElementsAre(3));
}

TEST_F(FollowTest, SendsOnlyTheKindsAskedForButMarksThemAll) {
  Put(ObservationOf("a", 1));
  JudgeAll();
  v1::FollowRequest request = UntilNow(1);
  request.set_alerts(true);
  ASSERT_OK(Follow(request));
  EXPECT_THAT(Entries(), ElementsAre(3));
  EXPECT_EQ(messages_.back().progress().sequence(), 3u);
}

TEST_F(FollowTest, EndsAnEmptyLogWithAMark) {
  ASSERT_OK(Follow(UntilNow(0)));
  ASSERT_EQ(messages_.size(), 1u);
  EXPECT_EQ(messages_[0].progress().sequence(), 0u);
}

TEST_F(FollowTest, MarksTheHubsTimeOnlyOnceEverythingWasSent) {
  for (int batch = 0; batch < 3; ++batch) {
    v1::PutBatchRequest request;
    for (int i = 0; i < 100; ++i) {
      *request.add_items()->mutable_observation() =
          ObservationOf(std::to_string(batch * 100 + i), 7);
    }
    Put(request);
  }
  ASSERT_OK(Follow(UntilNow(0)));
  std::vector<v1::Progress> marks;
  for (const auto& message : messages_) {
    if (message.has_progress()) marks.push_back(message.progress());
  }
  ASSERT_EQ(marks.size(), 2u);
  EXPECT_EQ(marks[0].sequence(), 256u);
  EXPECT_THAT(marks[0].hub_time_us(), IsEmpty());
  EXPECT_EQ(marks[1].sequence(), 300u);
  EXPECT_EQ(marks[1].hub_time_us().at(kHub), kHubStartUs + 7'000'000);
}

TEST_F(FollowTest, MarksAgainWhileNothingHappens) {
  Put(ObservationOf("a", 1));
  v1::FollowRequest request;
  ASSERT_OK(Follow(request));
  EXPECT_EQ(waits_, 3);
  EXPECT_EQ(messages_.size(), 1u + 3u);
}

TEST_F(FollowTest, StopsWhenTheFollowerIsGone) {
  for (const char* id : {"a", "b", "c"}) Put(ObservationOf(id, 1));
  most_ = 2;
  ASSERT_OK(Follow({}));
  EXPECT_EQ(messages_.size(), 2u);
}

TEST_F(FollowTest, SaysWhatWasCompactedAndWhereTheLogBegins) {
  CommitterOptions options;
  options.max_log_entries = 10;
  Restart(options);
  for (int i = 0; i < 40; ++i) Put(ObservationOf(std::to_string(i), 1));
  const absl::Status status = Follow(UntilNow(1));
  EXPECT_THAT(status, StatusIs(StatusCode::kOutOfRange, "compacted"));
  const auto oldest =
      static_cast<uint64_t>(common::TrailerNumber(status, common::kOldestSequence, 0));
  EXPECT_EQ(oldest, State().oldest_sequence());
  ASSERT_OK(Follow(UntilNow(oldest)));
  EXPECT_EQ(Entries().front(), oldest);
  EXPECT_EQ(Entries().back(), 40u);
}

TEST_F(FollowTest, ReportsALogEntryThatIsMissing) {
  for (const char* id : {"a", "b", "c"}) Put(ObservationOf(id, 1));
  Batch batch;
  batch.Delete(Table::kLog, SequenceKey(2));
  ASSERT_OK(store_->Write(batch));
  EXPECT_THAT(Follow(UntilNow(1)), StatusIs(StatusCode::kDataLoss, "log entry 2 is missing"));
}

}  // namespace
}  // namespace modelwatch::indexer
