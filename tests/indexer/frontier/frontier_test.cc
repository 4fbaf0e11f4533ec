// SPDX-License-Identifier: Apache-2.0
#include "indexer/frontier/frontier.h"

#include <gtest/gtest.h>

#include <functional>

#include "indexer/frontier/revisit.h"
#include "indexer/store/records.h"
#include "indexer/store/rocks_store.h"
#include "testing/observations.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::indexer {
namespace {

using absl::StatusCode;
using testing::KeyOf;
using testing::kHub;
using testing::StatusIs;

constexpr int64_t kMinute = 60'000'000;

class FrontierTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Reopen();
    Declare(2, 60);
  }

  void Reopen() {
    store_.reset();
    ASSERT_OK_AND_ASSIGN(store_, OpenRocksStore(dir_.Sub("db"), {}));
    ASSERT_OK_AND_ASSIGN(state_, GetState(*store_));
  }

  // Runs `change` on a draft and commits it when it succeeded.
  template <typename Result>
  Result Commit(const std::function<Result(Draft&)>& change) {
    Draft draft(*store_, state_);
    Result result = change(draft);
    if (testing::StatusOf(result).ok() && !draft.empty()) {
      state_ = draft.state();
      EXPECT_OK(store_->Write(draft.TakeBatch()));
    }
    return result;
  }

  void Declare(int64_t keep_up_minutes, int64_t sweep_minutes) {
    v1::DeclareHubRequest request;
    request.set_hub(kHub);
    request.set_keep_up_ms(keep_up_minutes * 60'000);
    request.set_sweep_ms(sweep_minutes * 60'000);
    ASSERT_OK(Commit<absl::StatusOr<v1::DeclareHubResponse>>(
        [&](Draft& draft) { return DeclareHub(draft, request, now_us_); }));
  }

  void DeclareTwice() {
    v1::DeclareHubRequest request;
    request.set_hub(kHub);
    request.set_keep_up_ms(int64_t{300} * 86'400'000);
    request.set_sweep_ms(60 * 60'000);
    request.set_absent_twice(true);
    ASSERT_OK(Commit<absl::StatusOr<v1::DeclareHubResponse>>(
        [&](Draft& draft) { return DeclareHub(draft, request, now_us_); }));
  }

  absl::StatusOr<v1::LeaseWorkResponse> TryLease(const std::string& hub, uint32_t max) {
    v1::LeaseWorkRequest request;
    request.set_hub(hub);
    request.set_max(max);
    request.set_worker("w");
    request.set_lease_ms(60'000);
    return Commit<absl::StatusOr<v1::LeaseWorkResponse>>(
        [&](Draft& draft) { return LeaseWork(draft, request, now_us_); });
  }

  std::vector<v1::Work> Lease(uint32_t max = 64) {
    const auto leased = TryLease(kHub, max);
    EXPECT_OK(leased);
    return {leased->work().begin(), leased->work().end()};
  }

  absl::StatusOr<v1::FinishWorkResponse> Finish(const v1::Work& work, v1::WorkOutcome outcome,
                                                const std::string& cursor = "",
                                                const std::vector<Absent>& absent = {}) {
    v1::FinishWorkRequest request;
    request.set_id(work.id());
    request.set_token(work.token());
    request.set_outcome(outcome);
    request.set_cursor(cursor);
    request.set_hub_time_us(testing::kHubStartUs);
    return Commit<absl::StatusOr<v1::FinishWorkResponse>>(
        [&](Draft& draft) { return FinishWork(draft, request, absent, now_us_); });
  }

  void Visit(const std::string& id, int64_t due_us) {
    ASSERT_OK(Commit<absl::Status>([&](Draft& draft) {
      return ScheduleVisit(draft, KeyOf(id), "owner/" + id, due_us, now_us_);
    }));
  }

  static std::vector<std::string> Ids(const std::vector<v1::Work>& work) {
    std::vector<std::string> ids;
    for (const v1::Work& each : work) ids.push_back(each.id());
    return ids;
  }

  const testing::TempDir dir_;
  std::unique_ptr<Store> store_;
  v1::StoredState state_;
  int64_t now_us_ = 1'790'000'000'000'000;
};

using Names = std::vector<std::string>;

TEST_F(FrontierTest, OffersTheListingsOfAHubThatWasDeclared) {
  EXPECT_EQ(Ids(Lease()), (Names{"huggingface/keep-up", "huggingface/sweep"}));
}

TEST_F(FrontierTest, RefusesAHubThatWasNeverDeclared) {
  EXPECT_THAT(TryLease("elsewhere", 1), StatusIs(StatusCode::kNotFound));
}

TEST_F(FrontierTest, RefusesALeaseOfNothingOrTooMuch) {
  EXPECT_THAT(TryLease(kHub, 0), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(TryLease(kHub, 65), StatusIs(StatusCode::kInvalidArgument));
}

TEST_F(FrontierTest, HandsOutTheHighestPriorityFirst) {
  Visit("a", now_us_ - kMinute);
  EXPECT_EQ(Ids(Lease(1)), Names{"huggingface/keep-up"});
  EXPECT_EQ(Ids(Lease(1)), Names{"huggingface/visit/a"});
  EXPECT_EQ(Ids(Lease(1)), Names{"huggingface/sweep"});
}

TEST_F(FrontierTest, DoesNotHandOutWhatIsLeased) {
  ASSERT_EQ(Lease().size(), 2u);
  EXPECT_TRUE(Lease().empty());
}

TEST_F(FrontierTest, SaysWhenToAskAgain) {
  Lease();
  ASSERT_OK_AND_ASSIGN(const auto none, TryLease(kHub, 1));
  EXPECT_EQ(none.next_due_us(), now_us_ + kMinute);
}

TEST_F(FrontierTest, HandsAnExpiredLeaseOutAgainUnderANewerToken) {
  const auto first = Lease();
  now_us_ += kMinute;
  const auto second = Lease();
  ASSERT_EQ(Ids(second), Ids(first));
  EXPECT_GT(second[0].token(), first[1].token());
  EXPECT_THAT(Finish(first[0], v1::DONE), StatusIs(StatusCode::kAborted));
  EXPECT_OK(Finish(second[0], v1::DONE));
}

TEST_F(FrontierTest, AcceptsALateReportWhenNobodyElseTookTheWork) {
  const auto work = Lease();
  now_us_ += 5 * kMinute;
  EXPECT_OK(Finish(work[0], v1::DONE));
}

TEST_F(FrontierTest, NeverRepeatsATokenAlsoAfterARestart) {
  const auto before = Lease();
  Reopen();
  now_us_ += kMinute;
  for (const v1::Work& work : Lease()) EXPECT_GT(work.token(), before.back().token());
}

TEST_F(FrontierTest, KeepsTheCursorOfAnUnfinishedSweep) {
  const auto work = Lease();
  ASSERT_OK(Finish(work[1], v1::PROGRESS, "page-7"));
  Reopen();
  now_us_ += 10 * kMinute;
  const auto again = Lease();
  ASSERT_EQ(again[1].id(), "huggingface/sweep");
  EXPECT_EQ(again[1].cursor(), "page-7");
  EXPECT_EQ(again[1].started_us(), testing::kHubStartUs);
}

TEST_F(FrontierTest, ExtendsTheLeaseOfWorkThatMakesProgress) {
  const auto work = Lease();
  now_us_ += kMinute / 2;
  ASSERT_OK(Finish(work[1], v1::PROGRESS, "page-2"));
  now_us_ += kMinute * 3 / 4;  // the first lease would be over
  EXPECT_EQ(Ids(Lease()), Names{"huggingface/keep-up"});
}

TEST_F(FrontierTest, BringsListingsBackAfterTheirInterval) {
  for (const v1::Work& work : Lease()) ASSERT_OK(Finish(work, v1::DONE));
  now_us_ += 2 * kMinute - 1;
  EXPECT_TRUE(Lease().empty());
  now_us_ += 1;
  EXPECT_EQ(Ids(Lease()), Names{"huggingface/keep-up"});
}

TEST_F(FrontierTest, AnswersARepeatedReportTheSame) {
  const auto work = Lease();
  const std::vector<Absent> absent = {{KeyOf("a"), "owner/a"}};
  ASSERT_OK_AND_ASSIGN(const auto first, Finish(work[1], v1::DONE, "", absent));
  ASSERT_OK_AND_ASSIGN(const auto second, Finish(work[1], v1::DONE));
  EXPECT_EQ(first.absent(), 1u);
  EXPECT_EQ(second.absent(), 1u);
}

TEST_F(FrontierTest, VisitsWhatAFinishedSweepMissed) {
  const auto work = Lease();
  ASSERT_OK(Finish(work[1], v1::DONE, "", {{KeyOf("gone"), "owner/gone"}}));
  const auto visits = Lease();
  ASSERT_EQ(Ids(visits), Names{"huggingface/visit/gone"});
  EXPECT_EQ(visits[0].name(), "owner/gone");
  EXPECT_EQ(visits[0].key().id(), "gone");
}

TEST_F(FrontierTest, ForgetsAVisitThatIsDone) {
  Lease();
  Visit("a", now_us_);
  const auto visit = Lease();
  ASSERT_OK(Finish(visit[0], v1::DONE));
  EXPECT_OK(Finish(visit[0], v1::DONE));  // its report came twice
  now_us_ += kMinute / 2;
  EXPECT_TRUE(Lease().empty());
}

TEST_F(FrontierTest, VisitsOnceMoreWhenAskedDuringTheVisit) {
  Lease();
  Visit("a", now_us_);
  const auto visit = Lease();
  Visit("a", now_us_ + kMinute / 2);
  ASSERT_OK(Finish(visit[0], v1::DONE));
  EXPECT_TRUE(Lease().empty());
  now_us_ += kMinute / 2;
  EXPECT_EQ(Ids(Lease()), Names{"huggingface/visit/a"});
}

TEST_F(FrontierTest, PutsFailedWorkBackAndCountsTheFailures) {
  const auto work = Lease();
  ASSERT_OK(Finish(work[1], v1::FAILED_WORK));
  EXPECT_TRUE(Lease().empty());
  now_us_ += kMinute / 2;
  const auto again = Lease(1);
  ASSERT_EQ(Ids(again), Names{"huggingface/sweep"});
  EXPECT_EQ(again[0].attempt(), 1u);
}

TEST_F(FrontierTest, BringsWaitingWorkForwardWhenTheIntervalShrinks) {
  for (const v1::Work& work : Lease()) ASSERT_OK(Finish(work, v1::DONE));
  Declare(1, 1);
  now_us_ += kMinute;
  EXPECT_EQ(Lease().size(), 2u);
}

TEST_F(FrontierTest, RefusesBadIntervals) {
  v1::DeclareHubRequest request;
  request.set_hub(kHub);
  request.set_sweep_ms(1);
  Draft draft(*store_, state_);
  EXPECT_THAT(DeclareHub(draft, request, now_us_), StatusIs(StatusCode::kInvalidArgument));
  request.set_keep_up_ms(1);
  request.set_hub("No Hub");
  EXPECT_THAT(DeclareHub(draft, request, now_us_), StatusIs(StatusCode::kInvalidArgument));
}

// A clock that was years ahead when work was put off, and is right again.
TEST_F(FrontierTest, NothingWaitsForEverForATimeThatAWrongClockShowed) {
  now_us_ += int64_t{20} * 365 * 24 * 60 * kMinute;
  for (const v1::Work& work : Lease()) ASSERT_OK(Finish(work, v1::DONE));
  ASSERT_OK(Commit<absl::Status>([&](Draft& draft) {
    return ScheduleVisit(draft, KeyOf("a"), "owner/a", now_us_ + kMinute, now_us_);
  }));
  now_us_ += kMinute;
  ASSERT_EQ(Ids(Lease()), Names{"huggingface/visit/a"});  // and then killed
  now_us_ -= int64_t{20} * 365 * 24 * 60 * kMinute;
  EXPECT_TRUE(Lease().empty()) << "this call notices";
  EXPECT_EQ(Ids(Lease()),
            (Names{"huggingface/keep-up", "huggingface/visit/a", "huggingface/sweep"}));
}

TEST_F(FrontierTest, AClockThatIsRightPullsNothingForward) {
  for (const v1::Work& work : Lease()) ASSERT_OK(Finish(work, v1::DONE));
  ASSERT_OK(Commit<absl::Status>([&](Draft& draft) {
    const int64_t days = kLongestVisitDays * 24 * 60 * kMinute;
    return ScheduleVisit(draft, KeyOf("a"), "owner/a", now_us_ + days, now_us_);
  }));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(Lease().empty());
}

// Releases as ingest would have left them.
class AbsentTest : public FrontierTest {
 protected:
  void Put(const std::string& id, int64_t last_seen_us, v1::Presence presence) {
    Batch batch;
    v1::StoredHead head;
    head.set_name("owner/" + id);
    head.set_presence(presence);
    batch.Put(Table::kLatest, ReleaseKeyBytes(KeyOf(id)), head.SerializeAsString());
    batch.Put(Table::kSeen, ReleaseKeyBytes(KeyOf(id)), SeenValue({last_seen_us, false, 0}));
    ASSERT_OK(store_->Write(batch));
  }
};

TEST_F(AbsentTest, FindsPresentReleasesThatThePassDidNotSee) {
  Put("seen", 100, v1::PRESENT);
  Put("missed", 99, v1::PRESENT);
  Put("removed", 5, v1::REMOVED);
  ASSERT_OK_AND_ASSIGN(const Swept swept, CompareSeen(*store_, kHub, 100));
  ASSERT_EQ(swept.absent.size(), 1u);
  EXPECT_EQ(swept.absent[0].key.id(), "missed");
  EXPECT_EQ(swept.absent[0].name, "owner/missed");
}

TEST_F(AbsentTest, CountsAllThatThePassSawAlsoAfterTooManyMisses) {
  for (size_t i = 0; i < kMaxAbsent + 5; ++i) Put("a" + std::to_string(i), 99, v1::PRESENT);
  Put("b", 100, v1::PRESENT);
  Put("c", 300, v1::REMOVED);
  ASSERT_OK_AND_ASSIGN(const Swept swept, CompareSeen(*store_, kHub, 100));
  EXPECT_EQ(swept.absent.size(), kMaxAbsent);
  EXPECT_EQ(swept.seen, 2u);
}

TEST_F(AbsentTest, WaitsForASecondMissWhereTheHubAsksForTwo) {
  DeclareTwice();
  Put("gone", 5, v1::PRESENT);
  Put("back", 5, v1::PRESENT);
  const auto sweep = [&](int64_t start_us) {
    now_us_ += 61 * kMinute;
    for (const v1::Work& work : Lease()) {
      if (work.kind() != v1::SWEEP) continue;
      const auto swept = CompareSeen(*store_, kHub, start_us);
      EXPECT_OK(swept);
      EXPECT_OK(Finish(work, v1::DONE, "", swept->absent));
    }
  };
  sweep(100);
  EXPECT_TRUE(Lease().empty()) << "one listing that lost a row is no removal";
  Put("back", 250, v1::PRESENT);  // it was there again, so that it must be missed twice anew
  sweep(200);
  const auto visits = Lease();
  ASSERT_EQ(visits.size(), 1u);
  EXPECT_EQ(visits[0].key().id(), "gone");
  sweep(300);
  for (const v1::Work& work : Lease()) EXPECT_NE(work.key().id(), "back");
}

TEST_F(AbsentTest, LooksAtOneHubAlone) {
  Put("missed", 99, v1::PRESENT);
  ASSERT_OK_AND_ASSIGN(const Swept swept, CompareSeen(*store_, "elsewhere", 100));
  EXPECT_TRUE(swept.absent.empty());
  EXPECT_EQ(swept.seen, 0u);
}

}  // namespace
}  // namespace modelwatch::indexer
