// SPDX-License-Identifier: Apache-2.0
// What listings find, and what they find it by: a hub of a few releases, watched into a real index.
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "crawler/small_hub.h"

namespace modelwatch::crawler {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

class SweepTest : public SmallHub {
 protected:
  v1::HistoryRow Newest(const std::string& id) {
    const v1::GetHistoryResponse history = History(id);
    EXPECT_GT(history.rows_size(), 0);
    return history.rows().empty() ? v1::HistoryRow() : history.rows(0);
  }
  static std::vector<int> KindsOf(const v1::HistoryRow& row) {
    return {row.change().kinds().begin(), row.change().kinds().end()};
  }
  std::string HolderOf(const std::string& name) {
    v1::GetReleaseRequest request;
    request.set_hub(kHub);
    request.set_name(name);
    const auto release = index_->GetRelease(request);
    return release.ok() ? release->version().observation().key().id() : "";
  }
  std::set<std::string> Ids() {
    std::set<std::string> ids;
    v1::ListReleasesRequest request;
    request.set_hub(kHub);
    request.set_limit(1000);
    const auto releases = index_->ListReleases(request);
    EXPECT_OK(releases);
    for (const auto& release : releases->releases()) {
      ids.insert(release.version().observation().key().id());
    }
    return ids;
  }
  // After the first one, only the poll by modification date is due.
  void SweepOnce() { config_.mutable_hubs(0)->set_sweep_ms(int64_t{300} * 86'400'000); }
};

TEST_F(SweepTest, FindsAGateAndATakedownThatMoveNoDate) {
  const std::string gated = Add("a/gated", {{"terms"}});
  const std::string taken = Add("a/taken", {{"terms"}});
  ASSERT_OK(Crawl());
  Happen(1, replay_hub::SetGate{gated, replay_hub::Gate::kManual});
  Happen(2, replay_hub::SetDisabled{taken, true});
  ASSERT_OK(Crawl());
  EXPECT_THAT(KindsOf(Newest(gated)), Contains(v1::GATE));
  EXPECT_EQ(Newest(gated).version().observation().access().gate(), v1::MANUAL);
  EXPECT_EQ(Newest(gated).version().observation().last_modified_us(), kBirth);
  EXPECT_THAT(KindsOf(Newest(taken)), ElementsAre(v1::REMOVAL));
  EXPECT_EQ(Newest(taken).version().observation().access().presence(), v1::DISABLED);
}

TEST_F(SweepTest, KnowsARenamedReleaseByItsId) {
  const std::string id = Add("a/old-name", {{"terms"}});
  ASSERT_OK(Crawl());
  Happen(1, replay_hub::Rename{id, "b/new-name"});
  ASSERT_OK(Crawl());
  EXPECT_THAT(KindsOf(Newest(id)), ElementsAre(v1::RENAME));
  EXPECT_EQ(HolderOf("b/new-name"), id);
  EXPECT_THAT(Ids(), ElementsAre(id));
}

TEST_F(SweepTest, TellsANewcomerFromTheReleaseWhoseNameItTook) {
  const std::string old = Add("a/name", {{"old terms"}});
  ASSERT_OK(Crawl());
  Happen(1, replay_hub::Delete{old});
  replay_hub::Release newcomer;
  newcomer.name = "a/name";
  newcomer.created_at_us = kBirth + 2 * kDay;
  newcomer.commits = {PushOf("", "new terms", 2).commit};
  Happen(2, replay_hub::Create{newcomer});
  ASSERT_OK(Crawl());
  EXPECT_THAT(KindsOf(Newest(old)), ElementsAre(v1::REMOVAL));
  const std::string holder = HolderOf("a/name");
  EXPECT_NE(holder, old);
  EXPECT_THAT(KindsOf(Newest(holder)), ElementsAre(v1::FIRST_SEEN));
  EXPECT_THAT(History(old).rows_size(), 2) << "its own past is still there";
}

TEST_F(SweepTest, FindsAPushThatIsDatedFarBack) {
  SweepOnce();
  config_.mutable_hubs(0)->set_page_size(1);
  const std::string id = Add("a/model", {{"terms", "# A model", 5}});
  Add("b/newest", {{"terms", "# A model", 6}});
  Add("c/older", {{"terms", "# A model", 4}});
  ASSERT_OK(Crawl());
  Happen(7, PushOf(id, "other terms", 1));
  ASSERT_OK(Crawl());
  EXPECT_THAT(KindsOf(Newest(id)), ElementsAre(v1::FIRST_SEEN)) << "no poll by date shows it";
  config_.mutable_hubs(0)->set_sweep_ms(1);
  ASSERT_OK(Crawl());  // tells the index; due from the next one on
  ASSERT_OK(Crawl());
  EXPECT_THAT(KindsOf(Newest(id)), Contains(v1::LICENCE_FILE));
  EXPECT_EQ(Newest(id).version().observation().last_modified_us(), kBirth + kDay);
}

TEST_F(SweepTest, AKeepUpReachesBehindWhatItHasSeenSoThatNothingFallsBetween) {
  SweepOnce();
  config_.mutable_hubs(0)->set_page_size(2);
  const std::string id = Add("a/model", {{"terms", "# A model", 5}});
  for (int i = 0; i < 5; ++i) Add(absl::StrFormat("b/other-%d", i), {{"terms", "# A model", 6}});
  ASSERT_OK(Crawl());
  ASSERT_OK(Crawl());  // a keep-up with a watermark: the newest day
  // Ten minutes older than what was seen, behind two pages of what is newer.
  Happen(7, PushOf(id, "other terms", 6.0 - 10.0 / 1440));
  ASSERT_OK(Crawl());
  EXPECT_THAT(KindsOf(Newest(id)), Contains(v1::LICENCE_FILE));
}

TEST_F(SweepTest, TellsAFalseAlarmFromARemoval) {
  const std::string id = Add("a/model", {{"terms"}});
  Add("b/other", {{"terms"}});
  ASSERT_OK(Crawl());
  Happen(1, replay_hub::SetPrivate{id, true});
  ASSERT_OK(Crawl());
  EXPECT_THAT(KindsOf(Newest(id)), ElementsAre(v1::REMOVAL));
  Happen(2, replay_hub::SetPrivate{id, false});
  ASSERT_OK(Crawl());
  EXPECT_THAT(KindsOf(Newest(id)), ElementsAre(v1::REAPPEARANCE));
}

// A daemon waits for a second listing before it visits.
TEST_F(SweepTest, ADaemonBelievesInARemovalAfterTwoSweepsAndAVisit) {
  const std::string id = Add("a/model", {{"terms"}});
  Add("b/other", {{"terms"}});
  config_.mutable_hubs(0)->set_sweep_ms(3'600'000);
  config_.mutable_hubs(0)->set_keep_up_ms(int64_t{300} * 86'400'000);
  Serve();
  CrawlerOptions options;
  options.data_dir = dir_.Sub("data");
  options.allow_private_addresses = true;
  options.seed = 1;
  Crawler crawler(config_, *index_, clock_, metrics_, options);
  std::thread daemon([&] { EXPECT_OK(crawler.Run(stopper_)); });
  const auto sweeps = [&] {
    const auto status = index_->GetStatus({});
    return status.ok() && status->hubs_size() == 1 ? status->hubs(0).sweeps() : 0;
  };
  const auto wait_for_sweep = [&](uint64_t number) {
    const absl::Time deadline = absl::Now() + absl::Seconds(60);
    while (sweeps() < number && absl::Now() < deadline) std::this_thread::yield();
    EXPECT_EQ(sweeps(), number);
  };
  wait_for_sweep(1);
  Happen(1, replay_hub::Delete{id});
  clock_.Advance(absl::Hours(2));
  wait_for_sweep(2);
  EXPECT_EQ(History(id).rows_size(), 1) << "one listing that lost a row is no removal";
  server_->hub().clock().AdvanceTo(kBirth + 2 * kDay);
  clock_.Advance(absl::Hours(2));
  wait_for_sweep(3);
  const absl::Time deadline = absl::Now() + absl::Seconds(60);
  while (History(id).rows_size() < 2 && absl::Now() < deadline) std::this_thread::yield();
  EXPECT_THAT(KindsOf(Newest(id)), ElementsAre(v1::REMOVAL));
  stopper_.Stop();
  daemon.join();
}

// The order of a sweep rests on what never changes, so rows that are pushed to, counted anew or
// deleted while it walks move no other row past it.
TEST_F(SweepTest, LosesNoRowHoweverTheyMoveMeanwhile) {
  config_.mutable_hubs(0)->set_page_size(10);
  std::vector<std::string> kept, deleted;
  for (int i = 0; i < 300; ++i) {
    const std::string id = Add(absl::StrFormat("a/model-%d", i), {{"terms"}});
    (i % 7 == 3 ? deleted : kept).push_back(id);
  }
  Serve();
  std::atomic<bool> is_over{false};
  std::thread mover([&] {
    for (int64_t second = 1; !is_over; ++second) {
      const std::string& id = kept[static_cast<size_t>(second * 31) % kept.size()];
      const int64_t now_us = kBirth + second * 1'000'000;
      replay_hub::Push push = PushOf(id, absl::StrFormat("terms %d", second), 0);
      push.commit.date_us = now_us;
      world_.At(now_us, std::move(push));
      world_.At(now_us, replay_hub::SetCounts{id, static_cast<uint64_t>(second), 1, second});
      if (second % 5 == 0 && !deleted.empty()) {
        world_.At(now_us, replay_hub::Delete{deleted.back()});
        deleted.pop_back();
      }
      server_->hub().clock().AdvanceTo(now_us);
      std::this_thread::yield();
    }
  });
  EXPECT_OK(Crawl());
  is_over = true;
  mover.join();
  const std::set<std::string> ids = Ids();
  for (const std::string& id : kept) EXPECT_THAT(ids, Contains(id));
}

}  // namespace
}  // namespace modelwatch::crawler
