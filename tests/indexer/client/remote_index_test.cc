// SPDX-License-Identifier: Apache-2.0
// The same promises through a channel of this process, a Unix socket and TCP.
#include "indexer/client/remote_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <utility>

#include "common/rpc/status_grpc.h"
#include "indexer/indexer.h"
#include "testing/fake_clock.h"
#include "testing/observations.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::indexer {
namespace {

using absl::StatusCode;
using testing::BatchOf;
using testing::KeyOf;
using testing::kHub;
using testing::ObservationOf;
using testing::StatusIs;

enum class Way { kInProcess, kSocket, kTcp };

class RemoteIndexTest : public ::testing::TestWithParam<Way> {
 protected:
  void SetUp() override {
    IndexerOptions options;
    options.data_dir = dir_.Sub("data");
    options.max_log_entries = 50;
    if (GetParam() == Way::kTcp) options.listen = "127.0.0.1:0";
    ASSERT_OK_AND_ASSIGN(indexer_, Indexer::Open(options, clock_, metrics_));
    ASSERT_OK_AND_ASSIGN(index_, Reach());
  }

  absl::StatusOr<std::unique_ptr<Index>> Reach() {
    switch (GetParam()) {
      case Way::kInProcess:
        return indexer_->InProcess();
      case Way::kSocket:
        return Connect(indexer_->address());
      default:
        return Connect("127.0.0.1:" + std::to_string(indexer_->listen_port()));
    }
  }

  const testing::TempDir dir_;
  testing::FakeClock clock_;
  common::Metrics metrics_;
  std::unique_ptr<Indexer> indexer_;
  std::unique_ptr<Index> index_;
  const common::Stopper never_;
};

std::string NameOf(const ::testing::TestParamInfo<Way>& way) {
  static constexpr const char* kNames[] = {"InProcess", "Socket", "Tcp"};
  return kNames[static_cast<int>(way.param)];
}

INSTANTIATE_TEST_SUITE_P(Ways, RemoteIndexTest,
                         ::testing::Values(Way::kInProcess, Way::kSocket, Way::kTcp), NameOf);

TEST_P(RemoteIndexTest, StoresAndReadsBack) {
  ASSERT_OK_AND_ASSIGN(const auto put, index_->PutBatch(BatchOf({ObservationOf("a", 1)})));
  EXPECT_EQ(put.acks(0).sequence(), 1u);
  v1::GetReleaseRequest request;
  request.set_name("owner/a");
  ASSERT_OK_AND_ASSIGN(const auto release, index_->GetRelease(request));
  EXPECT_EQ(release.version().observation().key().id(), "a");
}

TEST_P(RemoteIndexTest, CarriesCodesAndWords) {
  v1::GetReleaseRequest request;
  request.set_name("owner/unknown");
  EXPECT_THAT(index_->GetRelease(request), StatusIs(StatusCode::kNotFound, "owner/unknown"));
  v1::PutBatchRequest many;
  for (int i = 0; i <= kMaxBatchItems; ++i) many.add_items();
  EXPECT_THAT(index_->PutBatch(many), StatusIs(StatusCode::kInvalidArgument, "257 items"));
}

TEST_P(RemoteIndexTest, TakesATextOfManyMegabytes) {
  v1::PutBatchRequest request = BatchOf({ObservationOf("a", 1)});
  const std::string text(size_t{20} << 20, 'x');
  testing::AddFile(*request.mutable_items(0), "LICENSE", text);
  ASSERT_OK(index_->PutBatch(request));
  v1::GetBlobRequest blob;
  blob.set_digest(common::Sha256(text));
  ASSERT_OK_AND_ASSIGN(const auto found, index_->GetBlob(blob));
  EXPECT_EQ(found.content().size(), text.size());
}

TEST_P(RemoteIndexTest, LeasesAndFinishesWork) {
  v1::DeclareHubRequest hub;
  hub.set_hub(kHub);
  hub.set_keep_up_ms(120'000);
  hub.set_sweep_ms(3'600'000);
  ASSERT_OK(index_->DeclareHub(hub));
  v1::LeaseWorkRequest lease;
  lease.set_hub(kHub);
  lease.set_max(8);
  lease.set_lease_ms(60'000);
  ASSERT_OK_AND_ASSIGN(const auto work, index_->LeaseWork(lease));
  ASSERT_EQ(work.work_size(), 2);
  v1::FinishWorkRequest finish;
  finish.set_id(work.work(0).id());
  finish.set_token(work.work(0).token() + 100);
  finish.set_outcome(v1::DONE);
  EXPECT_THAT(index_->FinishWork(finish), StatusIs(StatusCode::kAborted));
}

TEST_P(RemoteIndexTest, VisitsWhatASweepDidNotSee) {
  v1::DeclareHubRequest hub;
  hub.set_hub(kHub);
  hub.set_keep_up_ms(120'000);
  hub.set_sweep_ms(3'600'000);
  ASSERT_OK(index_->DeclareHub(hub));
  ASSERT_OK(index_->PutBatch(BatchOf({ObservationOf("old", 1), ObservationOf("new", 100)})));
  v1::LeaseWorkRequest lease;
  lease.set_hub(kHub);
  lease.set_max(8);
  ASSERT_OK_AND_ASSIGN(const auto work, index_->LeaseWork(lease));
  v1::FinishWorkRequest finish;
  finish.set_id("huggingface/sweep");
  finish.set_token(work.work(1).token());
  finish.set_outcome(v1::DONE);
  finish.set_hub_time_us(testing::kHubStartUs + 50'000'000);
  ASSERT_OK_AND_ASSIGN(const auto finished, index_->FinishWork(finish));
  EXPECT_EQ(finished.absent(), 1u);
  ASSERT_OK_AND_ASSIGN(const auto visits, index_->LeaseWork(lease));
  ASSERT_EQ(visits.work_size(), 1);
  EXPECT_EQ(visits.work(0).key().id(), "old");
}

TEST_P(RemoteIndexTest, FollowsUntilNow) {
  ASSERT_OK(index_->PutBatch(BatchOf({ObservationOf("a", 1), ObservationOf("b", 1)})));
  v1::FollowRequest request;
  request.set_until_now(true);
  std::vector<uint64_t> sequences;
  ASSERT_OK(index_->Follow(request, never_, [&](const v1::FollowResponse& message) {
    if (message.has_entry()) sequences.push_back(message.entry().sequence());
    return true;
  }));
  EXPECT_EQ(sequences, (std::vector<uint64_t>{1, 2}));
}

TEST_P(RemoteIndexTest, HearsOfAnEntryThatComesWhileItFollows) {
  std::promise<void> caught_up;
  bool told = false;
  auto following = std::async(std::launch::async, [&] {
    return index_->Follow({}, never_, [&](const v1::FollowResponse& message) {
      if (message.has_progress() && !std::exchange(told, true)) caught_up.set_value();
      return !message.has_entry();
    });
  });
  caught_up.get_future().wait();
  ASSERT_OK(index_->PutBatch(BatchOf({ObservationOf("a", 1)})));
  EXPECT_OK(following.get());
}

TEST_P(RemoteIndexTest, EndsAFollowWhenItsStopperStops) {
  common::Stopper stopper;
  auto following = std::async(std::launch::async, [&] {
    return index_->Follow({}, stopper, [&](const v1::FollowResponse&) {
      stopper.Stop();
      return true;
    });
  });
  EXPECT_OK(following.get());
}

TEST_P(RemoteIndexTest, TellsAFollowerThatTheIndexStops) {
  std::promise<void> caught_up;
  bool told = false;
  auto following = std::async(std::launch::async, [&] {
    return index_->Follow({}, never_, [&](const v1::FollowResponse&) {
      if (!std::exchange(told, true)) caught_up.set_value();
      return true;
    });
  });
  caught_up.get_future().wait();
  indexer_->Stop();
  EXPECT_THAT(following.get(), StatusIs(StatusCode::kUnavailable));
  EXPECT_THAT(index_->GetStatus({}), StatusIs(StatusCode::kUnavailable));
}

TEST_P(RemoteIndexTest, NamesTheOldestSequenceOfACompactedLog) {
  for (int i = 0; i < 60; ++i) {
    ASSERT_OK(index_->PutBatch(BatchOf({ObservationOf(std::to_string(i), 1)})));
  }
  v1::FollowRequest request;
  request.set_from_sequence(1);
  request.set_until_now(true);
  const absl::Status status =
      index_->Follow(request, never_, [](const v1::FollowResponse&) { return true; });
  ASSERT_THAT(status, StatusIs(StatusCode::kOutOfRange));
  ASSERT_OK_AND_ASSIGN(const auto now, index_->GetStatus({}));
  EXPECT_GT(now.oldest_sequence(), 1u);
  EXPECT_EQ(OldestSequence(status), now.oldest_sequence());
}

TEST_P(RemoteIndexTest, ListsKnownOids) {
  v1::PutBatchRequest request = BatchOf({ObservationOf("a", 1)});
  testing::AddFile(*request.mutable_items(0), "LICENSE", "the text");
  ASSERT_OK(index_->PutBatch(request));
  int oids = 0;
  ASSERT_OK(index_->ListOids([&](const std::string& oid, const std::string& digest) {
    ++oids;
    EXPECT_EQ(common::ToHex(oid), testing::OidOf("the text"));
    EXPECT_EQ(digest, common::Sha256("the text"));
  }));
  EXPECT_EQ(oids, 1);
}

TEST(ConnectTest, RefusesAnEmptyTarget) {
  EXPECT_THAT(Connect(""), StatusIs(StatusCode::kInvalidArgument));
}

TEST(ConnectTest, AnswersUnavailableWhileTheIndexIsAway) {
  ASSERT_OK_AND_ASSIGN(const auto index, Connect("unix:/nobody/is/here"));
  EXPECT_THAT(index->GetStatus({}), StatusIs(StatusCode::kUnavailable));
  const common::Stopper never;
  EXPECT_THAT(index->Follow({}, never, [](const v1::FollowResponse&) { return true; }),
              StatusIs(StatusCode::kUnavailable));
}

TEST(ConnectTest, WorksAgainOnceTheIndexIsBack) {
  const testing::TempDir dir;
  const testing::FakeClock clock;
  common::Metrics metrics;
  IndexerOptions options;
  options.data_dir = dir.Sub("data");
  ASSERT_OK_AND_ASSIGN(auto indexer, Indexer::Open(options, clock, metrics));
  ASSERT_OK_AND_ASSIGN(const auto index, Connect(indexer->address()));
  ASSERT_OK(index->PutBatch(BatchOf({ObservationOf("a", 1)})));
  indexer.reset();
  EXPECT_THAT(index->GetStatus({}), StatusIs(StatusCode::kUnavailable));
  ASSERT_OK_AND_ASSIGN(indexer, Indexer::Open(options, clock, metrics));
  const common::Stopper never;
  absl::StatusOr<v1::GetStatusResponse> status = index->GetStatus({});
  for (int tries = 0; tries < 100 && !status.ok(); ++tries) {
    never.WaitFor(absl::Milliseconds(100));  // the channel reconnects with backoff
    status = index->GetStatus({});
  }
  ASSERT_OK(status);
  EXPECT_EQ(status->releases(), 1u);
}

TEST(RetryDelayTest, ReadsTheTrailerAndHasADefault) {
  absl::Status status = absl::ResourceExhaustedError("full");
  EXPECT_EQ(RetryDelay(status), absl::Milliseconds(100));
  common::SetTrailerNumber(status, common::kRetryDelayMs, 700);
  EXPECT_EQ(RetryDelay(status), absl::Milliseconds(700));
}

// A full queue is refused with a delay: many callers, a queue of one, a committer that syncs.
TEST(RetryDelayTest, ComesWithARefusedBatch) {
  const testing::TempDir dir;
  const testing::FakeClock clock;
  common::Metrics metrics;
  IndexerOptions options;
  options.data_dir = dir.Sub("data");
  options.commit_queue = 1;
  ASSERT_OK_AND_ASSIGN(const auto indexer, Indexer::Open(options, clock, metrics));
  const auto index = indexer->InProcess();
  std::atomic<bool> refused{false};
  std::vector<std::future<void>> callers;
  for (int caller = 0; caller < 12; ++caller) {
    callers.push_back(std::async(std::launch::async, [&, caller] {
      for (int i = 0; i < 500 && !refused; ++i) {
        const auto put =
            index->PutBatch(BatchOf({ObservationOf(std::to_string(caller * 1000 + i), 1)}));
        if (!absl::IsResourceExhausted(put.status())) continue;
        EXPECT_EQ(RetryDelay(put.status()), absl::Milliseconds(250));
        refused = true;
      }
    }));
  }
  for (std::future<void>& caller : callers) caller.get();
  EXPECT_TRUE(refused);
}

}  // namespace
}  // namespace modelwatch::indexer
