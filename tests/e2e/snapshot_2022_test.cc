// SPDX-License-Identifier: Apache-2.0
// 29,432 real records of 2022 crawled whole: nothing lost, and what is odd in them is data.
#include <map>
#include <set>

#include "e2e/watched_hub.h"
#include "replay_hub/front_matter.h"
#include "testing/shared_data.h"
#include "testing/status_matchers.h"

namespace modelwatch::e2e {
namespace {

using ::modelwatch::testing::SharedData;

class Snapshot2022Test : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    const auto file = SharedData("hf-2022/models.jsonl.zst");
    if (!std::filesystem::exists(file)) return;
    auto hub = WatchedHub::Start("hf-2022:" + file.string(), nullptr);
    ASSERT_OK(hub);
    ASSERT_OK((*hub)->Crawl());
    auto releases = (*hub)->Releases();
    ASSERT_OK(releases);
    for (v1::GetReleaseResponse& release : *releases) {
      const std::string id = release.version().observation().key().id();
      by_id_[id].Swap(&release);
    }
    hub_ = hub->release();
  }
  static void TearDownTestSuite() { delete hub_; }
  void SetUp() override {
    SKIP_WITHOUT_SHARED_DATA();
    ASSERT_NE(hub_, nullptr);
  }
  static std::vector<replay_hub::ReleasePtr> Served() {
    replay_hub::World::Listing all;
    all.limit = 100'000;
    return hub_->world().List(all);
  }
  static const v1::Observation& Seen(const replay_hub::Release& release) {
    return by_id_[release.id].version().observation();
  }

  inline static WatchedHub* hub_ = nullptr;
  inline static std::map<std::string, v1::GetReleaseResponse> by_id_;
};

TEST_F(Snapshot2022Test, LosesNoReleaseAndInventsNone) {
  std::set<std::string> served, kept;
  for (const auto& state : Served()) served.insert(state->release.id);
  for (const auto& [id, release] : by_id_) kept.insert(id);
  EXPECT_EQ(served.size(), 29'432u);
  EXPECT_EQ(served, kept);
}

TEST_F(Snapshot2022Test, KeepsNameRevisionAndTimesAsServed) {
  for (const auto& state : Served()) {
    const replay_hub::Release& release = state->release;
    const v1::Observation& seen = Seen(release);
    ASSERT_EQ(seen.name(), release.name);
    ASSERT_EQ(seen.revision(), release.head().sha) << release.name;
    ASSERT_EQ(seen.created_at_us(), release.created_at_us) << release.name;
    ASSERT_EQ(seen.last_modified_us() / 1'000'000, release.head().date_us / 1'000'000)
        << release.name;
  }
}

TEST_F(Snapshot2022Test, KeepsEveryLicenceTagInOrder) {
  size_t tagged = 0;
  for (const auto& state : Served()) {
    std::vector<std::string> served;
    for (const std::string& tag : state->release.metadata.tags) {
      if (tag.starts_with("license:")) served.push_back(tag.substr(8));
    }
    const auto& kept = Seen(state->release).declared().tag_licences();
    ASSERT_EQ(std::vector<std::string>(kept.begin(), kept.end()), served) << state->release.name;
    tagged += !served.empty();
  }
  EXPECT_EQ(tagged, 7'498u);
}

TEST_F(Snapshot2022Test, TakesListsOfLicencesAsLists) {
  size_t lists = 0;
  for (const auto& state : Served()) {
    const std::string& card = state->release.metadata.card_data_json;
    if (card.find("\"license\":[") == std::string::npos) continue;
    ++lists;
    EXPECT_GE(Seen(state->release).declared().card_licences_size(), 1) << state->release.name;
  }
  EXPECT_EQ(lists, 29u);
}

// The card itself is kept byte for byte, whatever its front matter is.
TEST_F(Snapshot2022Test, KeepsBrokenAndUnterminatedCardsAsData) {
  std::map<replay_hub::FrontMatterState, size_t> states;
  for (const auto& state : Served()) {
    for (const replay_hub::RepoFile& file : state->release.head().files) {
      if (file.path != "README.md") continue;
      const std::string& card = *hub_->world().Blob(file.oid);
      const auto front = replay_hub::ReadFrontMatter(card).state;
      ++states[front];
      if (front != replay_hub::FrontMatterState::kBroken &&
          front != replay_hub::FrontMatterState::kUnterminated) {
        continue;
      }
      const v1::Observation& seen = Seen(state->release);
      EXPECT_TRUE(seen.declared().card_data_missing()) << state->release.name;
      bool is_kept = false;
      for (const v1::File& kept : seen.files()) {
        if (kept.path() != "README.md") continue;
        v1::GetBlobRequest request;
        request.set_digest(kept.digest());
        ASSERT_OK_AND_ASSIGN(const v1::GetBlobResponse blob, hub_->index().GetBlob(request));
        is_kept = blob.content() == card && kept.oid() == file.oid;
      }
      EXPECT_TRUE(is_kept) << state->release.name;
    }
  }
  EXPECT_EQ(states[replay_hub::FrontMatterState::kBroken], 8u);
  EXPECT_EQ(states[replay_hub::FrontMatterState::kUnterminated], 27u);
}

TEST_F(Snapshot2022Test, KeepsTheCardOfEveryReleaseThatHasOne) {
  size_t cards = 0;     // a size of 0 is unknown: the content was here already
  size_t pointers = 0;  // text of Git LFS that stands for the card: no card is served
  for (const auto& state : Served()) {
    const v1::Observation& seen = Seen(state->release);
    for (const replay_hub::RepoFile& file : state->release.head().files) {
      if (file.path != "README.md") continue;
      ++cards;
      bool is_kept = false, is_pointer = false;
      for (const v1::File& kept : seen.files()) {
        if (kept.path() != file.path) continue;
        is_pointer = kept.outcome() == v1::EXTERNAL;
        is_kept = kept.oid() == file.oid && kept.outcome() == v1::FETCHED &&
                  (kept.size() == file.size || kept.size() == 0);
      }
      ASSERT_TRUE(is_kept || is_pointer) << state->release.name << ": " << seen.ShortDebugString();
      pointers += is_pointer ? 1 : 0;
    }
  }
  EXPECT_EQ(cards, 16'590u);
  EXPECT_EQ(pointers, 6u);  // as many in the recorded file
}

TEST_F(Snapshot2022Test, FetchesEveryTextOnce) {
  EXPECT_LE(hub_->server().hub().counters().bodies().max_per_oid, 1);
}

TEST_F(Snapshot2022Test, RaisesNothingAtFirstSightAndNothingWhenSeenAgain) {
  ASSERT_OK(hub_->Visit());
  ASSERT_OK_AND_ASSIGN(const std::vector<v1::Alert> alerts, hub_->Alerts());
  EXPECT_EQ(alerts.size(), 0u);
  ASSERT_OK_AND_ASSIGN(const v1::GetStatusResponse status, hub_->index().GetStatus({}));
  EXPECT_EQ(status.versions(), 29'432u);
}

}  // namespace
}  // namespace modelwatch::e2e
