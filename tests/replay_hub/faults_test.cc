// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/faults.h"

#include "replay_hub/replay_fixture.h"

namespace modelwatch::replay_hub {
namespace {

class FaultsTest : public ReplayFixture {
 protected:
  void SetUp() override { ServeCases(); }
  void Spoil(const std::string& query) {
    EXPECT_EQ(Ask("POST", "/_replay/fault?" + query).status, 200) << query;
  }
  static constexpr char kPage[] = "/api/models?full=true&cardData=true";
};

TEST_F(FaultsTest, AnswersABurstOfErrorsAndThenRecovers) {
  Spoil("kind=status&code=503&count=2");
  EXPECT_EQ(Get(kPage).status, 503);
  EXPECT_EQ(Get(kPage).status, 503);
  EXPECT_EQ(Get(kPage).status, 200);
  EXPECT_EQ(Status()["faults"]["done"], 2);
}

TEST_F(FaultsTest, TimesOutOnDeepPagesAlone) {
  Spoil("kind=status&code=504&only=deep&min_limit=3&count=0");
  const auto first = Get("/api/models?limit=3");
  EXPECT_EQ(first.status, 200);
  const std::string next = NextTarget(first);
  EXPECT_EQ(Get(next).status, 504);
  std::string smaller = next;
  smaller.replace(smaller.find("limit=3"), 7, "limit=2");
  EXPECT_EQ(Get(smaller).status, 200);
}

TEST_F(FaultsTest, LimitsWithAndWithoutARetryAfter) {
  Spoil("kind=status&code=429&retry_after=7");
  Spoil("kind=status&code=429");
  EXPECT_EQ(Get(kPage).Get("retry-after"), "7");
  const auto bare = Get(kPage);
  EXPECT_EQ(bare.status, 429);
  EXPECT_EQ(bare.Get("retry-after"), "");
}

TEST_F(FaultsTest, CutsABodyShort) {
  Spoil("kind=truncate&at=100");
  const auto answer = Get(kPage);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body.size(), 100u);
  EXPECT_FALSE(answer.is_complete);
}

TEST_F(FaultsTest, EndsAGzipStreamEarlyInAWholeAnswer) {
  Spoil("kind=gzip_truncate");
  const auto spoilt = Get(kPage, {"Accept-Encoding: gzip"});
  const auto sound = Get(kPage, {"Accept-Encoding: gzip"});
  EXPECT_TRUE(spoilt.is_complete);
  EXPECT_EQ(spoilt.body, sound.body.substr(0, spoilt.body.size()));
  EXPECT_LT(spoilt.body.size(), sound.body.size());
}

TEST_F(FaultsTest, ResetsTheConnection) {
  Spoil("kind=reset&at=10");
  const auto answer = testing::LoopbackGet(server_->port(), kPage);
  // The reset may overtake what was sent before it.
  EXPECT_FALSE(answer.ok() && answer->is_complete);
}

TEST_F(FaultsTest, DripsABody) {
  Spoil("kind=drip&bytes=4&pause_ms=1&match=/raw/");
  const auto answer = Get("/acme/open/raw/main/LICENSE");
  EXPECT_TRUE(answer.is_complete);
  EXPECT_EQ(answer.body, "Apache text, first form\n");
}

TEST_F(FaultsTest, ClaimsAWrongLength) {
  const auto sound = Get(kPage);
  Spoil("kind=length&delta=100");
  EXPECT_FALSE(Get(kPage).is_complete);
  Spoil("kind=length&delta=-5");
  EXPECT_EQ(Get(kPage).Get("content-length"), std::to_string(sound.body.size() - 5));
}

TEST_F(FaultsTest, SendsTheLinkTwice) {
  Spoil("kind=duplicate_link");
  int links = 0;
  for (const auto& [name, value] : Get("/api/models?limit=2").headers) links += name == "link";
  EXPECT_EQ(links, 2);
}

TEST_F(FaultsTest, SendsInvalidUtf8InATag) {
  Spoil("kind=invalid_utf8");
  const std::string body = Get(kPage).body;
  EXPECT_NE(body.find("\xff\xfe"), std::string::npos);
  EXPECT_TRUE(nlohmann::json::accept(Get(kPage).body));
  EXPECT_FALSE(nlohmann::json::accept(body));
}

TEST_F(FaultsTest, SendsAHugeCardThatIsSoundJson) {
  Spoil("kind=huge_card_data&bytes=1000000");
  const std::string body = Get(kPage).body;
  EXPECT_GT(body.size(), 1'000'000u);
  EXPECT_TRUE(nlohmann::json::accept(body));
}

TEST_F(FaultsTest, SendsAHugeFile) {
  Spoil("kind=huge_file&bytes=52428800&match=/raw/");
  EXPECT_EQ(Get("/acme/open/raw/main/README.md").body.size(), 52'428'800u);
}

TEST_F(FaultsTest, NestsJsonAThousandDeep) {
  Spoil("kind=deep_json&depth=1000");
  const std::string body = Get(kPage).body;
  EXPECT_NE(body.find(std::string(1000, '}')), std::string::npos);
  EXPECT_TRUE(nlohmann::json::accept(body));
}

TEST_F(FaultsTest, SendsHtmlAndAnErrorObjectWith200) {
  Spoil("kind=html");
  EXPECT_EQ(Get(kPage).Get("content-type"), "text/html; charset=utf-8");
  Spoil("kind=error_object");
  const auto answer = Get(kPage);
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(nlohmann::json::parse(answer.body).contains("error"));
}

TEST_F(FaultsTest, SkipsAndMatchesAndClears) {
  Spoil("kind=status&code=500&match=/raw/&skip=1&count=0");
  EXPECT_EQ(Get(kPage).status, 200);
  EXPECT_EQ(Get("/acme/open/raw/main/LICENSE").status, 200);
  EXPECT_EQ(Get("/acme/open/raw/main/LICENSE").status, 500);
  Spoil("clear=1");
  EXPECT_EQ(Get("/acme/open/raw/main/LICENSE").status, 200);
}

TEST_F(FaultsTest, RefusesAnUnknownKind) {
  const auto answer = Ask("POST", "/_replay/fault?kind=gremlin");
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(answer.body.find("gremlin"), std::string::npos);
}

}  // namespace
}  // namespace modelwatch::replay_hub
