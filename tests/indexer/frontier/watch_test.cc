// SPDX-License-Identifier: Apache-2.0
#include "indexer/frontier/watch.h"

#include <gtest/gtest.h>

#include "absl/time/time.h"
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
using testing::KeyOf;
using testing::kHub;
using testing::StatusIs;

constexpr int64_t kMinute = 60'000'000;
constexpr int64_t kDay = 24 * 60 * kMinute;
constexpr int64_t kNow = 1'790'000'000'000'000;

v1::StoredHead HeadOf(const std::string& name, uint64_t versions = 1, int64_t age_days = 30) {
  v1::StoredHead head;
  head.set_name(name);
  head.set_presence(v1::PRESENT);
  head.set_versions(versions);
  head.set_first_seen_us(kNow - age_days * kDay);
  return head;
}

v1::StoredHub HubWith(uint32_t visits_per_day) {
  v1::StoredHub hub;
  hub.set_hub_time_us(kNow);
  hub.set_visits_per_day(visits_per_day);
  hub.set_watch_ms(300'000);
  hub.add_watched("acme/model");
  hub.add_watched("beta");
  return hub;
}

TEST(WatchTest, VisitsTheWatchListAtItsIntervalBeforeEverythingElse) {
  const auto visit = NextVisit(HubWith(0), HeadOf("Acme/Model", 50), false, 0, kNow);
  ASSERT_TRUE(visit.has_value());
  EXPECT_EQ(visit->due_us, kNow + 5 * kMinute);
  EXPECT_EQ(visit->priority, kPriorityWatched);
  EXPECT_EQ(visit->root, 0);
}

TEST(WatchTest, VisitsNothingThatListingsShowAnyway) {
  EXPECT_FALSE(NextVisit(HubWith(1'000), HeadOf("other/model"), false, 0, kNow).has_value());
  EXPECT_FALSE(NextVisit(HubWith(0), HeadOf("other/model"), true, 0, kNow).has_value());
}

TEST(WatchTest, VisitsNothingThatIsGone) {
  v1::StoredHead head = HeadOf("acme/model");
  head.set_presence(v1::REMOVED);
  EXPECT_FALSE(NextVisit(HubWith(1'000), head, true, 0, kNow).has_value());
}

TEST(WatchTest, SharesTheBudgetBySquareRoots) {
  v1::StoredHub hub = HubWith(10);
  const v1::StoredHead rare = HeadOf("other/rare", 1, 365);
  const v1::StoredHead often = HeadOf("other/often", 30, 365);
  const double rare_root = VisitRoot(rare, kNow);
  const double often_root = VisitRoot(often, kNow);
  EXPECT_GT(often_root, 5 * rare_root);
  hub.set_sum_of_roots(400 * rare_root);
  const auto visit = NextVisit(hub, rare, true, rare_root, kNow);
  ASSERT_TRUE(visit.has_value());
  EXPECT_EQ(visit->priority, kPriorityVisit);
  EXPECT_NEAR(static_cast<double>(visit->due_us - kNow), 40.0 * kDay, 0.001 * kDay);
  const auto sooner = NextVisit(hub, often, true, often_root, kNow);
  EXPECT_NEAR(static_cast<double>(sooner->due_us - kNow) * often_root,
              static_cast<double>(visit->due_us - kNow) * rare_root,
              0.001 * static_cast<double>(kDay));
}

TEST(WatchTest, NeitherPestersNorForgetsAPublisher) {
  v1::StoredHub hub = HubWith(1'000'000);
  EXPECT_EQ(NextVisit(hub, HeadOf("other/model"), true, 0, kNow)->due_us, kNow + kDay);
  hub.set_sum_of_roots(1e9);
  EXPECT_EQ(NextVisit(hub, HeadOf("other/model"), true, 0, kNow)->due_us, kNow + 60 * kDay);
}

TEST(WatchTest, KnowsLicencesThatStandOutside) {
  v1::Observation observation;
  EXPECT_FALSE(StandsOutside(observation));
  observation.mutable_declared()->set_license_link("LICENSE");
  EXPECT_FALSE(StandsOutside(observation));
  observation.mutable_declared()->set_license_link("https://example.com/licence");
  EXPECT_TRUE(StandsOutside(observation));
}

TEST(WatchTest, RefusesAListThatCannotBeLookedUp) {
  v1::DeclareHubRequest request;
  request.set_watch_ms(1'000);
  EXPECT_OK(CheckWatch(request));
  request.add_watched("acme/*");
  EXPECT_OK(CheckWatch(request));
  request.set_watch_ms(999);
  EXPECT_THAT(CheckWatch(request), StatusIs(StatusCode::kInvalidArgument));
  request.set_watch_ms(1'000);
  for (const char* pattern : {"", "*", "*/model", "[ab]/c"}) {
    request.set_watched(0, pattern);
    EXPECT_THAT(CheckWatch(request), StatusIs(StatusCode::kInvalidArgument)) << pattern;
  }
}

// The frontier with a store behind it.
class WatchedFrontierTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(store_, OpenRocksStore(dir_.Sub("db"), {}));
    ASSERT_OK_AND_ASSIGN(state_, GetState(*store_));
  }

  template <typename Result>
  Result Commit(const std::function<Result(Draft&)>& change) {
    Draft draft(*store_, state_);
    Result result = change(draft);
    EXPECT_OK(testing::StatusOf(result));
    state_ = draft.state();
    if (!draft.empty()) {
      EXPECT_OK(store_->Write(draft.TakeBatch()));
    }
    return result;
  }

  void Declare(const std::vector<std::string>& watched) {
    v1::DeclareHubRequest request;
    request.set_hub(kHub);
    request.set_keep_up_ms(120'000);
    request.set_sweep_ms(21'600'000);
    for (const std::string& each : watched) request.add_watched(each);
    request.set_watch_ms(300'000);
    request.set_visits_per_day(1);
    (void)Commit<absl::StatusOr<v1::DeclareHubResponse>>(
        [&](Draft& draft) { return DeclareHub(draft, request, now_us_); });
  }

  void Store(const std::string& id, const std::string& name, const std::string& link = "") {
    v1::Observation observation;
    *observation.mutable_key() = KeyOf(id);
    observation.set_name(name);
    observation.mutable_declared()->set_license_link(link);
    (void)Commit<absl::Status>([&](Draft& draft) {
      const std::string key = ReleaseKeyBytes(KeyOf(id));
      draft.Put(Table::kLatest, key, HeadOf(name).SerializeAsString());
      draft.Put(Table::kName, NameKey(kHub, name), key);
      return PlanVisits(draft, observation, now_us_);
    });
  }

  std::vector<v1::Work> LeaseVisits() {
    v1::LeaseWorkRequest request;
    request.set_hub(kHub);
    request.set_max(64);
    request.set_worker("w");
    request.set_visits_only(true);
    const auto leased = Commit<absl::StatusOr<v1::LeaseWorkResponse>>(
        [&](Draft& draft) { return LeaseWork(draft, request, now_us_); });
    return {leased->work().begin(), leased->work().end()};
  }

  void Finish(const v1::Work& work) {
    v1::FinishWorkRequest request;
    request.set_id(work.id());
    request.set_token(work.token());
    request.set_outcome(v1::DONE);
    (void)Commit<absl::StatusOr<v1::FinishWorkResponse>>(
        [&](Draft& draft) { return FinishWork(draft, request, {}, now_us_); });
  }

  v1::StoredHub Hub() { return GetHub(Draft(*store_, state_), kHub).value(); }

  const testing::TempDir dir_;
  std::unique_ptr<indexer::Store> store_;
  v1::StoredState state_;
  int64_t now_us_ = kNow;
};

TEST_F(WatchedFrontierTest, SaysWhichVisitsGoBeforeEverythingElse) {
  Declare({"acme/model"});
  Store("a", "acme/model");
  Store("b", "other/model", "https://acme.example/licence");
  now_us_ += 100 * kDay;
  const auto visits = LeaseVisits();
  ASSERT_EQ(visits.size(), 2U);
  EXPECT_EQ(visits[0].name(), "acme/model");
  EXPECT_TRUE(visits[0].is_watched());
  EXPECT_FALSE(visits[1].is_watched());
}

TEST_F(WatchedFrontierTest, VisitsAWatchedReleaseAgainAndAgainAtItsInterval) {
  Declare({"acme/model"});
  Store("a", "acme/model");
  EXPECT_TRUE(LeaseVisits().empty());
  for (int i = 0; i < 3; ++i) {
    now_us_ += 5 * kMinute - 1;
    EXPECT_TRUE(LeaseVisits().empty());
    now_us_ += 1;
    const auto visits = LeaseVisits();
    ASSERT_EQ(visits.size(), 1U);
    EXPECT_EQ(visits[0].name(), "acme/model");
    Finish(visits[0]);
  }
}

TEST_F(WatchedFrontierTest, VisitsAtOnceWhatIsPutOnTheList) {
  Declare({});
  Store("a", "acme/model");
  Store("b", "Beta/One");
  Store("c", "beta-team/one");
  EXPECT_TRUE(LeaseVisits().empty());
  Declare({"acme/mo*", "beta"});
  EXPECT_EQ(LeaseVisits().size(), 2U);
}

TEST_F(WatchedFrontierTest, StopsVisitingWhatIsTakenOffTheList) {
  Declare({"acme/model"});
  Store("a", "acme/model");
  now_us_ += 5 * kMinute;
  const auto visits = LeaseVisits();
  ASSERT_EQ(visits.size(), 1U);
  Declare({});
  Finish(visits[0]);
  now_us_ += kDay;
  EXPECT_TRUE(LeaseVisits().empty());
}

TEST_F(WatchedFrontierTest, KeepsTheSumOfWhatTheLawGoverns) {
  Declare({});
  Store("a", "acme/one", "https://example.com/licence");
  const double one = Hub().sum_of_roots();
  EXPECT_GT(one, 0);
  Store("a", "acme/one", "https://example.com/licence");  // another version of the same
  EXPECT_NEAR(Hub().sum_of_roots(), one, 1e-12);
  Store("b", "acme/two", "https://example.com/licence");
  EXPECT_NEAR(Hub().sum_of_roots(), 2 * one, 1e-12);
  EXPECT_TRUE(LeaseVisits().empty());
  now_us_ += 60 * kDay;
  const auto visits = LeaseVisits();
  ASSERT_EQ(visits.size(), 2U);
  (void)Commit<absl::Status>([&](Draft& draft) {
    draft.Delete(Table::kLatest, ReleaseKeyBytes(visits[0].key()));
    return absl::OkStatus();
  });
  for (const v1::Work& visit : visits) Finish(visit);
  EXPECT_NEAR(Hub().sum_of_roots(), one, 1e-12);
  now_us_ += 60 * kDay;
  EXPECT_EQ(LeaseVisits().size(), 1U);
}

}  // namespace
}  // namespace modelwatch::indexer
