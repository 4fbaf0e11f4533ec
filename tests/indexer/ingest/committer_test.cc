// SPDX-License-Identifier: Apache-2.0
#include "indexer/ingest/committer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "indexer/ingest/prepare.h"
#include "ingest/committer_fixture.h"

namespace modelwatch::indexer {
namespace {

using absl::StatusCode;
using testing::BatchOf;
using testing::ObservationOf;
using testing::StatusIs;

using CommitterTest = CommitterFixture;

TEST_F(CommitterTest, AcknowledgesEveryItemInOrder) {
  v1::Observation unsound = ObservationOf("b", 1);
  unsound.clear_name();
  const auto acks = Put(BatchOf({ObservationOf("a", 1), unsound, ObservationOf("a", 1)})).acks();
  ASSERT_EQ(acks.size(), 3);
  EXPECT_EQ(acks[0].status(), v1::STORED);
  EXPECT_NE(acks[1].reason(), "");
  EXPECT_EQ(acks[2].status(), v1::SKIPPED);
}

TEST_F(CommitterTest, RefusesABatchOverALimit) {
  v1::PutBatchRequest many;
  for (int i = 0; i <= kMaxItems; ++i) many.add_items();
  EXPECT_THAT(committer_->PutBatch(many, Soon()),
              StatusIs(StatusCode::kInvalidArgument, "257 items"));
  v1::PutBatchRequest large;
  large.add_items()->add_blobs()->set_content(std::string(kMaxBytes, 'x'));
  large.add_items();
  EXPECT_THAT(committer_->PutBatch(large, Soon()), StatusIs(StatusCode::kInvalidArgument, "bytes"));
}

TEST_F(CommitterTest, TakesOneItemThatIsLargerThanABatch) {
  v1::PutItem item;
  *item.mutable_observation() = ObservationOf("a", 1);
  testing::AddFile(item, "LICENSE", std::string(3 * kMaxBytes, 'x'));
  EXPECT_EQ(Put(item).status(), v1::STORED);
}

TEST_F(CommitterTest, NumbersWithoutGapsWhenManyWriteAtOnce) {
  constexpr int kWriters = 8;
  constexpr int kBatches = 20;
  std::vector<std::future<void>> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.push_back(std::async(std::launch::async, [this, writer] {
      for (int batch = 0; batch < kBatches; ++batch) {
        const std::string id = std::to_string(writer * 1000 + batch);
        EXPECT_OK(committer_->PutBatch(BatchOf({ObservationOf(id, 1), ObservationOf(id + "x", 1)}),
                                       Soon()));
      }
    }));
  }
  for (std::future<void>& writer : writers) writer.get();
  uint64_t expected = 1;
  ASSERT_OK(store_->Scan(Table::kLog, "", "", [&](std::string_view key, std::string_view) {
    EXPECT_EQ(ParseSequenceKey(key).value_or(0), expected);
    ++expected;
    return true;
  }));
  EXPECT_EQ(expected - 1, uint64_t{kWriters * kBatches * 2});
}

TEST_F(CommitterTest, RefusesNewWorkOnceItIsClosed) {
  committer_->Close();
  EXPECT_THAT(committer_->PutBatch(BatchOf({ObservationOf("a", 1)}), Soon()),
              StatusIs(StatusCode::kUnavailable));
  v1::LeaseWorkRequest lease;
  EXPECT_THAT(committer_->LeaseWork(lease, Soon()), StatusIs(StatusCode::kUnavailable));
}

TEST_F(CommitterTest, WakesThoseWhoWaitForTheLog) {
  auto waiting = std::async(std::launch::async,
                            [this] { return committer_->WaitForNewer(0, absl::Seconds(30)); });
  Put(ObservationOf("a", 1));
  EXPECT_EQ(waiting.get(), 1u);
}

TEST_F(CommitterTest, CompactsTheLogButKeepsTheVersions) {
  CommitterOptions options;
  options.max_log_entries = 10;
  Restart(options);
  for (int i = 0; i < 40; ++i) Put(ObservationOf(std::to_string(i), 1));
  const v1::StoredState state = State();
  EXPECT_EQ(state.newest_sequence(), 40u);
  EXPECT_LE(state.newest_sequence() - state.oldest_sequence() + 1, 11u);
  EXPECT_THAT(store_->Get(Table::kLog, SequenceKey(state.oldest_sequence() - 1)),
              StatusIs(StatusCode::kNotFound));
  EXPECT_OK(store_->Get(Table::kLog, SequenceKey(state.oldest_sequence())));
  EXPECT_EQ(Version("0", 1).change().sequence(), 1u);
}

TEST_F(CommitterTest, KeepsWhatAnEvaluatorHasNotJudged) {
  CommitterOptions options;
  options.max_log_entries = 10;
  Restart(options);
  for (int i = 0; i < 5; ++i) Put(ObservationOf(std::to_string(i), 1));
  v1::PutAssessmentsRequest request;
  request.set_evaluator("evaluator");
  request.set_cursor(3);
  ASSERT_OK(committer_->PutAssessments(request, Soon()));
  for (int i = 5; i < 40; ++i) Put(ObservationOf(std::to_string(i), 1));
  EXPECT_EQ(State().oldest_sequence(), 4u);
}

TEST_F(CommitterTest, WaitsForNoReassessment) {
  CommitterOptions options;
  options.max_log_entries = 10;
  Restart(options);
  for (int i = 0; i < 5; ++i) Put(ObservationOf(std::to_string(i), 1));
  v1::PutAssessmentsRequest request;
  request.set_evaluator("reassess-0123456789abcdef");
  request.set_cursor(3);
  ASSERT_OK(committer_->PutAssessments(request, Soon()));
  for (int i = 5; i < 40; ++i) Put(ObservationOf(std::to_string(i), 1));
  EXPECT_GT(State().oldest_sequence(), 20u);
}

// Nobody takes from the queue until the thread is started.
TEST(CommitterQueueTest, RefusesABatchWhenTheQueueIsFull) {
  const testing::TempDir dir;
  const testing::FakeClock clock;
  common::Metrics metrics;
  ASSERT_OK_AND_ASSIGN(const auto store, OpenRocksStore(dir.Sub("db"), {}));
  CommitterOptions options;
  options.queue = 1;
  Committer committer(*store, {}, clock, metrics, options);
  const auto put = [&](absl::Duration patience) {
    return committer.PutBatch(BatchOf({ObservationOf("a", 1)}), absl::Now() + patience);
  };
  EXPECT_THAT(put(absl::ZeroDuration()), StatusIs(StatusCode::kDeadlineExceeded));
  EXPECT_THAT(put(absl::ZeroDuration()), StatusIs(StatusCode::kResourceExhausted));
  std::thread thread([&] { committer.Run(); });
  absl::Status last = absl::ResourceExhaustedError("");
  while (absl::IsResourceExhausted(last)) last = put(absl::Seconds(30)).status();
  EXPECT_OK(last);
  committer.Close();
  thread.join();
}

// A disk that can be made to fail.
class FailingStore final : public Store {
 public:
  explicit FailingStore(Store& store) : store_(store) {}
  std::atomic<bool> failing{false};

  absl::StatusOr<std::string> Get(Table table, std::string_view key) const override {
    return store_.Get(table, key);
  }
  absl::Status Scan(Table table, std::string_view begin, std::string_view end,
                    const Each& each) const override {
    return store_.Scan(table, begin, end, each);
  }
  absl::Status ScanBack(Table table, std::string_view begin, std::string_view end,
                        const Each& each) const override {
    return store_.ScanBack(table, begin, end, each);
  }
  absl::Status Write(const Batch& batch) override {
    return failing ? absl::UnavailableError("the disk is full") : store_.Write(batch);
  }
  absl::Status Recover() override {
    return failing ? absl::UnavailableError("the disk is full") : store_.Recover();
  }
  std::unique_ptr<View> Snapshot() const override { return store_.Snapshot(); }

 private:
  Store& store_;
};

TEST(CommitterDiskTest, StopsOnAFailedWriteAndGoesOnWithoutAGapOnceItHeals) {
  const testing::TempDir dir;
  const testing::FakeClock clock;
  common::Metrics metrics;
  ASSERT_OK_AND_ASSIGN(const auto rocks, OpenRocksStore(dir.Sub("db"), {}));
  FailingStore store(*rocks);
  Committer committer(store, {}, clock, metrics, {});
  std::thread thread([&] { committer.Run(); });
  const auto put = [&](const char* id) {
    return committer.PutBatch(BatchOf({ObservationOf(id, 1)}), absl::Now() + absl::Seconds(30));
  };
  EXPECT_OK(put("a"));
  store.failing = true;
  EXPECT_THAT(put("b"), StatusIs(StatusCode::kUnavailable, "disk is full"));
  EXPECT_THAT(put("c"), StatusIs(StatusCode::kUnavailable, "disk is full"));
  store.failing = false;
  ASSERT_OK_AND_ASSIGN(const auto healed, put("b"));
  EXPECT_EQ(healed.acks(0).sequence(), 2u);
  committer.Close();
  thread.join();
}

}  // namespace
}  // namespace modelwatch::indexer
