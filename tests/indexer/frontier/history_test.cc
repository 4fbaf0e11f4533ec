// SPDX-License-Identifier: Apache-2.0
#include "indexer/frontier/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "indexer/frontier/frontier.h"
#include "indexer/frontier/revisit.h"
#include "indexer/store/records.h"
#include "indexer/store/rocks_store.h"
#include "testing/observations.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::indexer {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::KeyOf;
using testing::kHub;
using testing::StatusIs;

constexpr int64_t kNow = testing::kHubStartUs;
constexpr int64_t kSecond = 1'000'000;

class HistoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(store_, OpenRocksStore(dir_.Sub("db"), {}));
    ASSERT_OK_AND_ASSIGN(state_, GetState(*store_));
  }

  template <typename Result>
  Result Commit(const std::function<Result(Draft&)>& change) {
    Draft draft(*store_, state_);
    Result result = change(draft);
    if (testing::StatusOf(result).ok()) {
      state_ = draft.state();
      EXPECT_OK(draft.empty() ? absl::OkStatus() : store_->Write(draft.TakeBatch()));
    }
    return result;
  }

  void Declare(uint32_t histories_per_day, const std::vector<std::string>& watched = {}) {
    v1::DeclareHubRequest request;
    request.set_hub(kHub);
    request.set_keep_up_ms(120'000);
    request.set_sweep_ms(21'600'000);
    for (const std::string& each : watched) request.add_watched(each);
    request.set_watch_ms(300'000);
    request.set_histories_per_day(histories_per_day);
    ASSERT_OK(Commit<absl::StatusOr<v1::DeclareHubResponse>>(
        [&](Draft& draft) { return DeclareHub(draft, request, now_us_); }));
  }

  // A release that was just seen for the first time.
  void Meet(const std::string& id, uint64_t downloads, const std::string& name = "") {
    ASSERT_OK(Commit<absl::Status>([&](Draft& draft) {
      v1::StoredHead head;
      head.set_name(name.empty() ? "owner/" + id : name);
      head.set_presence(v1::PRESENT);
      const std::string key = ReleaseKeyBytes(KeyOf(id));
      draft.Put(Table::kLatest, key, head.SerializeAsString());
      draft.Put(Table::kName, NameKey(kHub, head.name()), key);
      return AskForHistory(draft, KeyOf(id), downloads, now_us_);
    }));
  }

  // Histories alone; the listings are of no interest here.
  std::vector<v1::Work> Lease(uint32_t max_histories = 8, bool watched_only = false) {
    v1::LeaseWorkRequest request;
    request.set_hub(kHub);
    request.set_max(64);
    request.set_lease_ms(60'000);
    request.set_visits_only(true);
    request.set_max_histories(max_histories);
    request.set_watched_past_only(watched_only);
    const auto leased = Commit<absl::StatusOr<v1::LeaseWorkResponse>>(
        [&](Draft& draft) { return LeaseWork(draft, request, now_us_); });
    EXPECT_OK(leased);
    next_due_us_ = leased->next_due_us();
    std::vector<v1::Work> histories;
    for (const v1::Work& work : leased->work()) {
      if (work.kind() == v1::HISTORY) histories.push_back(work);
    }
    return histories;
  }

  absl::Status Finish(const v1::Work& work, v1::WorkOutcome outcome,
                      v1::PastState past = v1::PAST_STATE_UNSPECIFIED,
                      const std::string& cursor = "") {
    v1::FinishWorkRequest request;
    request.set_id(work.id());
    request.set_token(work.token());
    request.set_outcome(outcome);
    request.set_past(past);
    request.set_cursor(cursor);
    return Commit<absl::StatusOr<v1::FinishWorkResponse>>(
               [&](Draft& draft) { return FinishWork(draft, request, {}, now_us_); })
        .status();
  }

  v1::PastState StateOf(const std::string& id) {
    return GetHead(*store_, KeyOf(id)).value_or(v1::StoredHead()).past();
  }

  const testing::TempDir dir_;
  std::unique_ptr<Store> store_;
  v1::StoredState state_;
  int64_t now_us_ = kNow;
  int64_t next_due_us_ = 0;
};

std::vector<std::string> NamesOf(const std::vector<v1::Work>& work) {
  std::vector<std::string> names;
  for (const v1::Work& each : work) names.push_back(each.name());
  return names;
}

TEST_F(HistoryTest, BeginsWithTheMostDownloadedAtTheRateOfTheHub) {
  Declare(86'400);  // one a second
  Meet("few", 3);
  Meet("none", 0);
  Meet("most", 9'000'000'000);
  Meet("many", 4000);
  std::vector<std::string> order;
  for (int i = 0; i < 4; ++i) {
    const std::vector<v1::Work> begun = Lease();
    ASSERT_EQ(begun.size(), 1u);
    order.push_back(begun[0].name());
    ASSERT_OK(Finish(begun[0], v1::DONE, v1::PAST_WHOLE));
    EXPECT_THAT(Lease(), IsEmpty());
    EXPECT_LE(next_due_us_, now_us_ + kSecond);
    now_us_ += kSecond;
  }
  EXPECT_THAT(order, ElementsAre("owner/most", "owner/many", "owner/few", "owner/none"));
}

TEST_F(HistoryTest, ReadsWatchedReleasesFirstAndAtOnce) {
  Declare(1, {"acme"});
  Meet("big", 1'000'000);
  Meet("a", 1, "acme/a");
  Meet("b", 2, "acme/b");
  EXPECT_THAT(NamesOf(Lease()), ElementsAre("acme/a", "acme/b", "owner/big"));
}

TEST_F(HistoryTest, AReleaseThatIsWatchedLaterMovesToTheFront) {
  Declare(1);
  Meet("a", 1, "acme/a");
  Meet("big", 1'000'000);
  EXPECT_THAT(Lease(8, true), IsEmpty());
  Declare(1, {"acme"});
  EXPECT_THAT(NamesOf(Lease(8, true)), ElementsAre("acme/a"));
}

TEST_F(HistoryTest, IsAskedForOncePerReleaseAndRemembersWhatCameOfIt) {
  Declare(100'000'000);
  Meet("a", 1);
  EXPECT_EQ(StateOf("a"), v1::PAST_WAITING);
  const auto work = Lease();
  ASSERT_EQ(work.size(), 1u);
  EXPECT_THAT(Finish(work[0], v1::DONE), StatusIs(StatusCode::kInvalidArgument));
  ASSERT_OK(Finish(work[0], v1::DONE, v1::PAST_CUT));
  EXPECT_EQ(StateOf("a"), v1::PAST_CUT);
  ASSERT_OK(Commit<absl::Status>(
      [&](Draft& draft) { return AskForHistory(draft, KeyOf("a"), 5, now_us_); }));
  now_us_ += kSecond;
  EXPECT_THAT(Lease(), IsEmpty());
  EXPECT_OK(Finish(work[0], v1::DONE, v1::PAST_CUT)) << "a report that is repeated";
}

TEST_F(HistoryTest, GoesOnAtItsCursorBeforeAnythingNewIsBegun) {
  Declare(86'400);
  Meet("a", 10);
  Meet("b", 20);
  const auto first = Lease();
  ASSERT_THAT(NamesOf(first), ElementsAre("owner/b"));
  ASSERT_OK(Finish(first[0], v1::PROGRESS, v1::PAST_STATE_UNSPECIFIED, "place 7"));
  now_us_ += 3600 * kSecond;  // the crawler was killed: its lease runs out
  const auto again = Lease(1);
  ASSERT_THAT(NamesOf(again), ElementsAre("owner/b"));
  EXPECT_EQ(again[0].cursor(), "place 7");
  EXPECT_THAT(Finish(first[0], v1::DONE, v1::PAST_WHOLE), StatusIs(StatusCode::kAborted));
  EXPECT_EQ(StateOf("b"), v1::PAST_WAITING);
}

TEST_F(HistoryTest, IsLeasedOnlyToThoseWhoAskForIt) {
  Declare(100'000'000, {"acme"});
  Meet("a", 1, "acme/a");
  Meet("b", 2);
  EXPECT_THAT(Lease(0), IsEmpty());
  EXPECT_THAT(Lease(1).size(), 1u);
}

TEST_F(HistoryTest, IsNotReadWhereTheHubReadsNone) {
  Declare(0);
  Meet("a", 1);
  EXPECT_EQ(StateOf("a"), v1::PAST_STATE_UNSPECIFIED);
  Declare(1'000);
  Meet("b", 1);
  Declare(0);
  EXPECT_THAT(Lease(), IsEmpty());
  EXPECT_EQ(StateOf("b"), v1::PAST_WAITING);
}

TEST_F(HistoryTest, ARateThatWasWaitedForUnderAWrongClockIsNotWaitedForAgain) {
  Declare(1'000);
  Meet("a", 1);
  Meet("b", 2);
  now_us_ = kNow + int64_t{10} * 365 * 86'400 * kSecond;
  ASSERT_EQ(Lease().size(), 1u);
  now_us_ = kNow;  // the clock is right again
  (void)Lease();   // notices what was leased for ever
  now_us_ += 87 * kSecond;
  EXPECT_FALSE(Lease().empty());
}

}  // namespace
}  // namespace modelwatch::indexer
