// SPDX-License-Identifier: Apache-2.0
// The past of releases, read from the commits of a replay hub into a real index.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crawler/release_history.h"
#include "crawler/small_hub.h"

namespace modelwatch::crawler {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class HistoryTest : public SmallHub {
 protected:
  void SetUp() override {
    SmallHub::SetUp();
    config_.mutable_hubs(0)->add_watch("acme");
    config_.mutable_hubs(0)->set_histories_per_day(1'000'000);
  }

  // The text of a file at a past version; "none" when it had no such file.
  std::string TextOf(const v1::PastVersion& version, const std::string& path) {
    for (const v1::File& file : version.files()) {
      if (file.path() != path) continue;
      v1::GetBlobRequest request;
      request.set_digest(file.digest());
      const auto blob = index_->GetBlob(request);
      return blob.ok() ? blob->content() : "no text";
    }
    return "none";
  }

  std::vector<std::string> Licences(const v1::GetHistoryResponse& history) {
    std::vector<std::string> texts;
    for (const v1::PastVersion& version : history.past())
      texts.push_back(TextOf(version, "LICENSE"));
    return texts;
  }

  static std::vector<int64_t> Days(const v1::GetHistoryResponse& history) {
    std::vector<int64_t> days;
    for (const v1::PastVersion& version : history.past()) {
      days.push_back((version.committed_at_us() - kBirth) / kDay);
    }
    return days;
  }
};

TEST_F(HistoryTest, ATimelineBeginsAtTheBirthOfTheRelease) {
  const std::string id = Add("acme/model", {{"old terms"},
                                            {"old terms"},
                                            {"new terms"},
                                            {"new terms"},
                                            {"new terms", "# A better card"}});
  ASSERT_OK(Crawl());
  const v1::GetHistoryResponse history = History(id);
  EXPECT_EQ(history.past_state(), v1::PAST_WHOLE);
  EXPECT_THAT(Days(history), ElementsAre(0, 2, 4));
  EXPECT_THAT(Licences(history), ElementsAre("old terms", "new terms", "new terms"));
  EXPECT_EQ(TextOf(history.past(2), "README.md"), "# A better card");
  ASSERT_EQ(history.rows_size(), 1) << "nothing of it is a version";
  EXPECT_EQ(history.rows(0).version().observation().last_modified_us(), kBirth + 4 * kDay);
  ASSERT_OK_AND_ASSIGN(const auto status, index_->GetStatus({}));
  EXPECT_EQ(status.newest_sequence(), 1u) << "nothing of it is told";
}

TEST_F(HistoryTest, EachContentIsSentOnceHoweverManyCommitsHoldIt) {
  std::vector<Push> pushes;
  for (int i = 0; i < 12; ++i) pushes.push_back({i % 2 == 0 ? "one licence" : "other licence"});
  Add("acme/a", pushes);
  Add("acme/b", pushes);
  ASSERT_OK(Crawl());
  EXPECT_EQ(server_->hub().counters().bodies().max_per_oid, 1u);
}

TEST_F(HistoryTest, TheCommitThatWasFirstSeenIsTheEndOfThePastAndLaterPushesAreVersions) {
  const std::string id = Add("acme/model", {{"a"}, {"b"}});
  ASSERT_OK(Crawl());
  Happen(9, PushOf(id, "c", 9));
  ASSERT_OK(Crawl());
  const v1::GetHistoryResponse history = History(id);
  EXPECT_THAT(Licences(history), ElementsAre("a", "b"));
  EXPECT_EQ(history.rows_size(), 2);
}

TEST_F(HistoryTest, EndsWhereTheReleaseWasFirstSeenHoweverLateItIsRead) {
  config_.mutable_hubs(0)->set_without_past(true);
  const std::string id = Add("acme/model", {{"a"}, {"b"}});
  ASSERT_OK(Crawl());
  Happen(9, PushOf(id, "c", 9));
  config_.mutable_hubs(0)->set_without_past(false);
  ASSERT_OK(Crawl());
  EXPECT_EQ(History(id).rows_size(), 2);
  EXPECT_THAT(Licences(History(id)), ElementsAre("a", "b"));
}

TEST_F(HistoryTest, KeepsTheOrderOfTheCommitsWhateverTheirDatesSay) {
  const std::string id = Add("acme/model", {{"a", "# A model", 7}, {"b", "# A model", 3}, {"c"}});
  ASSERT_OK(Crawl());
  const v1::GetHistoryResponse history = History(id);
  EXPECT_THAT(Days(history), ElementsAre(7, 3, 2));
  EXPECT_THAT(Licences(history), ElementsAre("a", "b", "c"));
}

TEST_F(HistoryTest, WalksAllPagesOfALongHistory) {
  std::vector<Push> pushes;
  for (int i = 0; i < 120; ++i) pushes.push_back({absl::StrFormat("licence %d", i / 10)});
  const std::string id = Add("acme/model", pushes);
  ASSERT_OK(Crawl());
  const v1::GetHistoryResponse history = History(id);
  EXPECT_EQ(history.past_state(), v1::PAST_WHOLE);
  EXPECT_THAT(Days(history), ElementsAre(0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110));
}

TEST_F(HistoryTest, BeyondItsPagesItReadsTheFirstCommitAlone) {
  config_.mutable_hubs(0)->set_past_pages(1);
  std::vector<Push> pushes;
  for (int i = 0; i < 230; ++i) pushes.push_back({absl::StrFormat("licence %d", i / 20)});
  const std::string id = Add("acme/model", pushes);
  ASSERT_OK(Crawl());
  const v1::GetHistoryResponse history = History(id);
  EXPECT_EQ(history.past_state(), v1::PAST_CUT);
  EXPECT_THAT(Days(history), ElementsAre(0, 180, 200, 220));
}

TEST_F(HistoryTest, KeepsNoMoreVersionsThanItIsTold) {
  config_.mutable_hubs(0)->set_past_versions(3);
  std::vector<Push> pushes;
  for (int i = 0; i < 20; ++i) pushes.push_back({absl::StrFormat("licence %d", i)});
  const std::string id = Add("acme/model", pushes);
  ASSERT_OK(Crawl());
  EXPECT_EQ(History(id).past_state(), v1::PAST_CUT);
  EXPECT_THAT(Days(History(id)), ElementsAre(0, 17, 18, 19));
}

TEST_F(HistoryTest, OneThatIsNotWatchedIsNotReadByACrawlThatEnds) {
  const std::string id = Add("nobody/model", {{"a"}, {"b"}});
  ASSERT_OK(Crawl());
  EXPECT_EQ(History(id).past_state(), v1::PAST_WAITING);
  EXPECT_THAT(History(id).past(), IsEmpty());
}

TEST_F(HistoryTest, NothingIsReadWhereItIsSwitchedOff) {
  config_.mutable_hubs(0)->set_without_past(true);
  const std::string id = Add("acme/model", {{"a"}, {"b"}});
  ASSERT_OK(Crawl());
  EXPECT_EQ(History(id).past_state(), v1::PAST_STATE_UNSPECIFIED);
  config_.mutable_hubs(0)->set_without_past(false);
  ASSERT_OK(Crawl());
  EXPECT_THAT(Days(History(id)), ElementsAre(0, 1)) << "switched on, it is made up for";
}

TEST_F(HistoryTest, TroubleIsGoneThroughAndChangesNothing) {
  std::vector<Push> pushes;
  for (int i = 0; i < 30; ++i) pushes.push_back({absl::StrFormat("licence %d", i / 3)});
  const std::string id = Add("acme/model", pushes);
  config_.mutable_hubs(0)->set_without_past(true);
  ASSERT_OK(Crawl());
  config_.mutable_hubs(0)->set_without_past(false);
  for (const char* fault :
       {"kind=status&code=503&count=3&match=/commits/",
        "kind=truncate&at=20&count=2&match=/commits/",
        "kind=status&code=500&count=8&match=/revision/", "kind=html&count=2&match=/revision/",
        "kind=status&code=500&count=7&match=/LICENSE"}) {
    Spoil(fault);
  }
  ASSERT_OK(Crawl());
  for (int i = 0; i < 12 && History(id).past_state() == v1::PAST_WAITING; ++i) ASSERT_OK(Crawl());
  EXPECT_EQ(History(id).past_state(), v1::PAST_WHOLE);
  EXPECT_THAT(Days(History(id)), ElementsAre(0, 3, 6, 9, 12, 15, 18, 21, 24, 27));
}

TEST_F(HistoryTest, WhatTheHubDoesNotShowIsUnreadableAndIsNotAskedForAgain) {
  const std::string id = Add("acme/model", {{"a"}, {"b"}});
  Spoil("kind=status&code=404&count=0&match=/commits/");
  ASSERT_OK(Crawl());
  for (int i = 0; i < 12 && History(id).past_state() == v1::PAST_WAITING; ++i) ASSERT_OK(Crawl());
  EXPECT_EQ(History(id).past_state(), v1::PAST_UNREADABLE);
  EXPECT_THAT(History(id).past(), IsEmpty());
}

TEST(PastPlaceTest, IsReadBackFromItsCursorAndFromNothingElse) {
  PastPlace place;
  place.anchor = std::string(40, 'a');
  place.next = 57;
  place.versions = 3;
  place.tries = 2;
  place.is_cut = true;
  const auto read = PastPlace::FromCursor(place.ToCursor());
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->ToCursor(), place.ToCursor());
  for (const char* text : {"", "abc", "a/1/2/3/4", "/api/models?cursor=1"}) {
    EXPECT_FALSE(PastPlace::FromCursor(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace modelwatch::crawler
