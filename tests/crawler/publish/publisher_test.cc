// SPDX-License-Identifier: Apache-2.0
#include "crawler/publish/publisher.h"

#include <gmock/gmock.h>

#include <thread>

#include "testing/fake_index.h"
#include "testing/observations.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::crawler {
namespace {

using ::modelwatch::testing::FakeIndex;
using ::modelwatch::testing::kHub;
using ::modelwatch::testing::ObservationOf;
using ::modelwatch::testing::StatusIs;
using ::modelwatch::testing::TempDir;
using ::testing::SizeIs;

class PublisherTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(spool_, Spool::Open(dir_.Sub("spool"), uint64_t{1} << 30));
    v1::DeclareHubRequest hub;
    hub.set_hub(kHub);
    hub.set_keep_up_ms(1'000'000);
    hub.set_sweep_ms(1'000'000);
    ASSERT_OK(index_.DeclareHub(hub));
    v1::LeaseWorkRequest lease;
    lease.set_hub(kHub);
    lease.set_max(2);
    lease.set_lease_ms(60'000);
    ASSERT_OK_AND_ASSIGN(const v1::LeaseWorkResponse leased, index_.LeaseWork(lease));
    for (const v1::Work& work : leased.work()) {
      if (work.kind() == v1::SWEEP) sweep_ = work;
    }
  }

  void PushItem(v1::PutItem item) {
    ASSERT_TRUE(queue_.Push(OutgoingItem{std::move(item), sweep_.id()}));
  }
  void PushRelease(int number) {
    v1::PutItem item;
    *item.mutable_observation() = ObservationOf("release" + std::to_string(number), number);
    PushItem(std::move(item));
  }
  void PushMark(const std::string& cursor) {
    OutgoingMark mark;
    mark.report.set_id(sweep_.id());
    mark.report.set_token(sweep_.token());
    mark.report.set_outcome(v1::PROGRESS);
    mark.report.set_cursor(cursor);
    mark.report.set_lease_ms(60'000);
    mark.done = [this](const absl::StatusOr<v1::FinishWorkResponse>& response) {
      answers_.push_back(response.status());
    };
    ASSERT_TRUE(queue_.Push(std::move(mark)));
  }

  // The queue's whole content, on this thread.
  void Work() {
    queue_.Close();
    PublisherOptions options;
    options.away_backoff = absl::Milliseconds(1);
    options.on_missing_content = [this](const v1::Observation& observation) {
      missing_.push_back(observation.name());
    };
    Publisher publisher(index_, *spool_, common::SystemClock(), metrics_, options);
    publisher.Run(queue_, stopper_);
  }

  TempDir dir_;
  FakeIndex index_{common::SystemClock()};
  common::Metrics metrics_;
  common::Stopper stopper_;
  std::unique_ptr<Spool> spool_;
  OutgoingQueue queue_{100'000};
  v1::Work sweep_;
  std::vector<absl::Status> answers_;
  std::vector<std::string> missing_;
};

TEST_F(PublisherTest, PublishesInBatchesAndReportsAfterwards) {
  for (int i = 0; i < 1000; ++i) PushRelease(i);
  PushMark("/next");
  Work();
  EXPECT_THAT(index_.LatestObservations(), SizeIs(1000));
  EXPECT_LE(index_.put_batches(), 5);
  ASSERT_THAT(index_.finished(), SizeIs(1));
  EXPECT_EQ(index_.finished()[0].cursor(), "/next");
  ASSERT_THAT(answers_, SizeIs(1));
  EXPECT_OK(answers_[0]);
}

TEST_F(PublisherTest, KeepsBatchesUnderTheByteLimit) {
  for (int i = 0; i < 20; ++i) {
    v1::PutItem item;
    *item.mutable_observation() = ObservationOf("release" + std::to_string(i), i);
    v1::Blob& blob = *item.add_blobs();
    blob.set_content(std::string(300'000, static_cast<char>('a' + i)));
    blob.set_digest(common::Sha256(blob.content()));
    PushItem(std::move(item));
  }
  Work();
  EXPECT_THAT(index_.LatestObservations(), SizeIs(20));
}

TEST_F(PublisherTest, NothingIsReportedWhileTheIndexIsAway) {
  index_.SetAway(true);
  for (int i = 0; i < 50; ++i) PushRelease(i);
  PushMark("/next");
  Work();
  EXPECT_FALSE(spool_->empty());
  EXPECT_THAT(index_.finished(), SizeIs(0));
  ASSERT_THAT(answers_, SizeIs(1));
  EXPECT_THAT(answers_[0], StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(PublisherTest, DrainsInOrderWhenTheIndexIsBack) {
  index_.SetAway(true);
  for (int second = 0; second < 40; ++second) {
    v1::PutItem item;
    *item.mutable_observation() = ObservationOf("same", second, "licence" + std::to_string(second));
    PushItem(std::move(item));
  }
  std::thread back([this] {
    while (metrics_.Text().find("modelwatch_crawl_spool_bytes") == std::string::npos) {
      std::this_thread::yield();
    }
    index_.SetAway(false);
    PushMark("/next");
    queue_.Close();
  });
  PublisherOptions options;
  options.away_backoff = absl::Milliseconds(1);
  Publisher publisher(index_, *spool_, common::SystemClock(), metrics_, options);
  publisher.Run(queue_, stopper_);
  back.join();
  while (!spool_->empty()) ASSERT_OK(publisher.Drain(stopper_));
  EXPECT_EQ(index_.Entries().size(), 40u);
  int64_t last = 0;
  for (const v1::LogEntry& entry : index_.Entries()) {
    EXPECT_GT(entry.change().observed_at_us(), last);
    last = entry.change().observed_at_us();
  }
}

TEST_F(PublisherTest, ABatchLargerThanTheWholeSpoolIsPublishedWhenTheIndexIsBack) {
  ASSERT_OK_AND_ASSIGN(spool_, Spool::Open(dir_.Sub("small"), 100));
  index_.SetAway(true);
  PushRelease(1);
  PushMark("/next");
  std::thread back([this] {
    while (metrics_.Text().find("modelwatch_crawl_spool_errors_total") == std::string::npos) {
      std::this_thread::yield();
    }
    index_.SetAway(false);
  });
  Work();
  back.join();
  EXPECT_THAT(index_.LatestObservations(), SizeIs(1));
  EXPECT_TRUE(spool_->empty());
  ASSERT_THAT(answers_, SizeIs(1));
  EXPECT_OK(answers_[0]);
}

TEST_F(PublisherTest, WaitsForABusyIndexWithoutSpooling) {
  index_.SetBusy(3);
  PushRelease(1);
  Work();
  EXPECT_THAT(index_.LatestObservations(), SizeIs(1));
  EXPECT_EQ(index_.put_batches(), 4);
  EXPECT_TRUE(spool_->empty());
}

TEST_F(PublisherTest, AnItemWhoseContentIsMissingHandsItsWorkBack) {
  v1::PutItem item;
  *item.mutable_observation() = ObservationOf("lost", 1);
  v1::File& file = *item.mutable_observation()->add_files();
  file.set_path("LICENSE");
  file.set_outcome(v1::FETCHED);
  file.set_digest(common::Sha256("nobody has it"));
  PushItem(std::move(item));
  PushRelease(2);
  PushMark("/next");
  Work();
  EXPECT_THAT(index_.LatestObservations(), SizeIs(1));
  EXPECT_EQ(missing_, std::vector<std::string>{"owner/lost"});
  ASSERT_THAT(index_.finished(), SizeIs(1));
  EXPECT_EQ(index_.finished()[0].outcome(), v1::FAILED_WORK);
  ASSERT_THAT(answers_, SizeIs(1));
  EXPECT_THAT(answers_[0], StatusIs(absl::StatusCode::kAborted));
}

TEST_F(PublisherTest, ALostLeaseIsToldToTheOneWhoReports) {
  sweep_.set_token(sweep_.token() + 77);
  PushMark("/next");
  Work();
  ASSERT_THAT(answers_, SizeIs(1));
  EXPECT_THAT(answers_[0], StatusIs(absl::StatusCode::kAborted));
}

}  // namespace
}  // namespace modelwatch::crawler
