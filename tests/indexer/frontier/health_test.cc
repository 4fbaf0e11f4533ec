// SPDX-License-Identifier: Apache-2.0
#include "indexer/frontier/health.h"

#include <gtest/gtest.h>

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
constexpr int64_t kNow = 1'790'000'000'000'000;

v1::DeclareHubRequest Declaration(int64_t keep_up_minutes) {
  v1::DeclareHubRequest request;
  request.set_hub(kHub);
  request.set_keep_up_ms(keep_up_minutes * 60'000);
  request.set_sweep_ms(360 * 60'000);
  request.set_canary_ms(10 * 60'000);
  return request;
}

v1::StoredHub Declared(int64_t keep_up_minutes = 2) {
  v1::StoredHub hub;
  hub.set_keep_up_ms(keep_up_minutes * 60'000);
  DeclareHealth(Declaration(keep_up_minutes), kNow, hub);
  return hub;
}

v1::FinishWorkRequest Report(v1::WorkOutcome outcome, uint64_t rows) {
  v1::FinishWorkRequest request;
  request.set_outcome(outcome);
  request.set_rows(rows);
  return request;
}

v1::StoredWork Listing(v1::WorkKind kind) {
  v1::StoredWork stored;
  stored.mutable_work()->set_kind(kind);
  return stored;
}

TEST(HealthTest, AHubIsSilentWhenNothingWasHeardForThreeIntervals) {
  v1::StoredHub hub = Declared(2);
  EXPECT_FALSE(IsSilent(hub, kNow + 6 * kMinute));
  EXPECT_TRUE(IsSilent(hub, kNow + 6 * kMinute + 1));
  hub.set_last_listing_us(kNow + 5 * kMinute);
  EXPECT_FALSE(IsSilent(hub, kNow + 11 * kMinute));
  EXPECT_TRUE(IsSilent(hub, kNow + 12 * kMinute));
}

TEST(HealthTest, NoIntervalIsSoShortThatALeaseOfTheDeadIsASilence) {
  v1::StoredHub hub = Declared(0);
  hub.set_keep_up_ms(100);
  EXPECT_FALSE(IsSilent(hub, kNow + kMinute));
  EXPECT_TRUE(IsSilent(hub, kNow + 2 * kMinute));
}

TEST(HealthTest, AHubThatNobodyPromisedToKeepIsNeverSilent) {
  v1::StoredHub hub;
  v1::DeclareHubRequest once = Declaration(2);
  once.set_once(true);
  DeclareHealth(once, kNow, hub);
  hub.set_keep_up_ms(120'000);
  EXPECT_FALSE(IsSilent(hub, kNow + 1000 * kMinute));
  DeclareHealth(Declaration(2), kNow, hub);
  DeclareHealth(once, kNow + kMinute, hub);
  EXPECT_TRUE(IsSilent(hub, kNow + 1000 * kMinute)) << "a look by hand ends no promise";
}

TEST(HealthTest, DeclaringAgainDoesNotHideASilence) {
  v1::StoredHub hub = Declared(2);
  DeclareHealth(Declaration(2), kNow + 10 * kMinute, hub);
  EXPECT_TRUE(IsSilent(hub, kNow + 10 * kMinute));
}

TEST(HealthTest, APageOfALongSweepIsHeardAndALeaseKeptAliveIsNot) {
  v1::StoredHub hub = Declared(2);
  v1::StoredWork sweep = Listing(v1::SWEEP);
  NoteListing(Report(v1::PROGRESS, 1000), sweep, kNow + 5 * kMinute, hub);
  EXPECT_EQ(hub.last_page_us(), kNow + 5 * kMinute);
  NoteListing(Report(v1::PROGRESS, 1000), sweep, kNow + 9 * kMinute, hub);
  EXPECT_EQ(hub.last_page_us(), kNow + 5 * kMinute);
}

TEST(HealthTest, RowsOfASweepAreCountedOverAllItsLeases) {
  v1::StoredHub hub = Declared();
  v1::StoredWork sweep = Listing(v1::SWEEP);
  NoteListing(Report(v1::PROGRESS, 2000), sweep, kNow, hub);
  sweep.set_pass_rows(sweep.lease_rows());  // as LeaseWork does
  sweep.set_lease_rows(0);
  NoteListing(Report(v1::DONE, 500), sweep, kNow, hub);
  EXPECT_EQ(hub.listed(), 2500u);
  EXPECT_EQ(sweep.pass_rows() + sweep.lease_rows(), 0u);
  EXPECT_EQ(hub.last_keep_up_us(), 0);
}

TEST(HealthTest, AKeepUpTellsHowManyOldReleasesWereKnown) {
  v1::StoredHub hub = Declared();
  v1::StoredWork keep_up = Listing(v1::KEEP_UP);
  v1::FinishWorkRequest done = Report(v1::DONE, 1000);
  done.set_settled(900);
  done.set_settled_known(891);
  NoteListing(done, keep_up, kNow + kMinute, hub);
  EXPECT_EQ(hub.settled(), 900u);
  EXPECT_EQ(hub.settled_known(), 891u);
  EXPECT_EQ(hub.last_keep_up_us(), kNow + kMinute);
}

TEST(HealthTest, ACanaryIsSilentAfterThreeOfItsIntervals) {
  v1::StoredHub hub = Declared();
  EXPECT_FALSE(IsCanarySilent(hub, kNow + 1000 * kMinute)) << "there is none yet";
  hub.set_canary("owner/a");
  hub.set_canary_since_us(kNow);
  EXPECT_FALSE(IsCanarySilent(hub, kNow + 30 * kMinute));
  EXPECT_TRUE(IsCanarySilent(hub, kNow + 31 * kMinute));
  hub.set_canary_ok_us(kNow + 31 * kMinute);
  EXPECT_FALSE(IsCanarySilent(hub, kNow + 32 * kMinute));
}

TEST(HealthTest, RefusesACanaryThatCannotBeVisited) {
  v1::DeclareHubRequest request = Declaration(2);
  EXPECT_OK(CheckCanary(request));
  request.set_canary_ms(10);
  EXPECT_THAT(CheckCanary(request), StatusIs(StatusCode::kInvalidArgument));
  request.set_canary_ms(1000);
  request.set_canary(std::string(1000, 'a'));
  EXPECT_THAT(CheckCanary(request), StatusIs(StatusCode::kInvalidArgument));
}

class CanaryTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK_AND_ASSIGN(store_, OpenRocksStore(dir_.Sub("db"), {})); }

  void Put(const std::string& id, v1::Presence presence, int64_t seen_us = 1) {
    v1::StoredHead head;
    head.set_name("owner/" + id);
    head.set_presence(presence);
    const std::string key = ReleaseKeyBytes(KeyOf(id));
    Seen seen;
    seen.last_seen_us = seen_us;
    Batch batch;
    batch.Put(Table::kLatest, key, head.SerializeAsString());
    batch.Put(Table::kName, NameKey(kHub, head.name()), key);
    batch.Put(Table::kSeen, key, SeenValue(seen));
    ASSERT_OK(store_->Write(batch));
  }
  std::string Chosen() {
    const auto canary = ChooseCanary(*store_, kHub, hub_);
    return canary.ok() ? canary->name : std::string(canary.status().message());
  }
  void Visit(const std::string& id, int64_t now_us) {
    const Draft draft(*store_, {});
    ASSERT_OK(NoteVisit(draft, KeyOf(id), now_us, hub_));
  }

  const testing::TempDir dir_;
  std::unique_ptr<Store> store_;
  v1::StoredHub hub_ = Declared();
};

TEST_F(CanaryTest, IsTheFirstReleaseThatIsThereUnlessOneWasNamed) {
  EXPECT_EQ(Chosen(), "no release is known");
  Put("a", v1::REMOVED);
  Put("b", v1::PRESENT);
  Put("c", v1::PRESENT);
  EXPECT_EQ(Chosen(), "owner/b");
  hub_.set_canary_wanted("owner/c");
  EXPECT_EQ(Chosen(), "owner/c");
  hub_.set_canary_wanted("owner/none");
  EXPECT_EQ(Chosen(), "the canary is not known");
  hub_.set_canary_wanted("-");
  EXPECT_EQ(Chosen(), "no canary is wanted");
}

TEST_F(CanaryTest, StaysTheSameUntilItIsGone) {
  Put("a", v1::PRESENT);
  Put("b", v1::PRESENT);
  hub_.set_canary("owner/b");
  EXPECT_EQ(Chosen(), "owner/b");
  Put("b", v1::REMOVED);
  EXPECT_EQ(Chosen(), "owner/a");
}

TEST_F(CanaryTest, CameThroughWhenItWasSeenAnew) {
  Put("a", v1::PRESENT, 100);
  hub_.set_canary("owner/a");
  hub_.set_hub_time_us(110);
  Visit("a", kNow);
  EXPECT_EQ(hub_.canary_ok_us(), kNow);
  Visit("a", kNow + kMinute);
  EXPECT_EQ(hub_.canary_ok_us(), kNow) << "its visit stored nothing";
  Put("a", v1::PRESENT, 101);
  Visit("a", kNow + 2 * kMinute);
  EXPECT_EQ(hub_.canary_ok_us(), kNow + 2 * kMinute);
}

TEST_F(CanaryTest, CameThroughAtAHubWhoseClockStandsStill) {
  Put("a", v1::PRESENT, 100);
  hub_.set_canary("owner/a");
  hub_.set_hub_time_us(100);
  Visit("a", kNow);
  Visit("a", kNow + kMinute);
  EXPECT_EQ(hub_.canary_ok_us(), kNow + kMinute);
}

TEST_F(CanaryTest, DidNotComeThroughWhenItIsGoneOrAnotherWasVisited) {
  Put("a", v1::REMOVED, 100);
  Put("b", v1::PRESENT, 100);
  hub_.set_canary("owner/a");
  Visit("a", kNow);
  Visit("b", kNow);
  EXPECT_EQ(hub_.canary_ok_us(), 0);
}

}  // namespace
}  // namespace modelwatch::indexer
