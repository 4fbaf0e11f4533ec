// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/list_route.h"

#include <algorithm>
#include <set>

#include "replay_hub/replay_fixture.h"
#include "replay_hub/synthetic_world.h"

namespace modelwatch::replay_hub {
namespace {

class ListRouteTest : public ReplayFixture {
 protected:
  Lines KeysOf(std::string_view query) {
    Lines keys;
    const auto rows = GetJson(std::string("/api/models?search=acme/open&").append(query));
    for (const auto& [key, value] : rows[0].items()) keys.push_back(key);
    std::sort(keys.begin(), keys.end());
    return keys;
  }
};

TEST_F(ListRouteTest, ShowsBareRows) {
  ServeCases();
  EXPECT_EQ(KeysOf(""), (Lines{"_id", "createdAt", "downloads", "id", "library_name", "likes",
                               "modelId", "pipeline_tag", "private", "tags", "trendingScore"}));
}

TEST_F(ListRouteTest, AddsLastModifiedWhenSortedByIt) {
  ServeCases();
  const Lines keys = KeysOf("sort=lastModified");
  EXPECT_TRUE(std::count(keys.begin(), keys.end(), "lastModified"));
}

TEST_F(ListRouteTest, ShowsFullRowsWithoutCardDataOrDisabled) {
  ServeCases();
  EXPECT_EQ(KeysOf("full=true"),
            (Lines{"_id", "author", "createdAt", "downloads", "gated", "id", "lastModified",
                   "library_name", "likes", "modelId", "pipeline_tag", "private", "sha", "siblings",
                   "tags", "trendingScore"}));
  const Lines with_card = KeysOf("full=true&cardData=true");
  EXPECT_TRUE(std::count(with_card.begin(), with_card.end(), "cardData"));
}

TEST_F(ListRouteTest, LetsExpandWinInBothSpellings) {
  ServeCases();
  EXPECT_EQ(KeysOf("sort=createdAt&full=true&expand=sha&expand[]=gated"),
            (Lines{"_id", "gated", "id", "sha"}));
}

TEST_F(ListRouteTest, LeavesOutAbsentValues) {
  ServeCases();
  const auto rows = GetJson("/api/models?search=acme/base&sort=createdAt&expand=baseModels");
  EXPECT_FALSE(rows[0].contains("baseModels"));
}

TEST_F(ListRouteTest, RefusesAnUnknownExpandInTheServersWords) {
  ServeCases();
  const auto answer = Get("/api/models?expand=usedStorage");
  EXPECT_EQ(answer.status, 400);
  const auto body = nlohmann::json::parse(answer.body);
  const std::string error = body["error"];
  EXPECT_EQ(error.rfind("\u2716 Invalid option: expected one of \"author\"|\"baseModels\"|", 0),
            0u);
}

TEST_F(ListRouteTest, EchoesTheQueryInAnAbsoluteLink) {
  ServeCases();
  const auto answer = Get("/api/models?limit=2&filter=license%3Amit&expand[]=sha&direction=-1");
  const std::string link = answer.Get("link");
  EXPECT_EQ(link.rfind("<" + server_->url() +
                           "/api/models?limit=2&filter=license%3Amit&expand[]=sha&direction=-1&"
                           "sort=trendingScore&cursor=",
                       0),
            0u)
      << link;
  EXPECT_NE(link.find(">; rel=\"next\""), std::string::npos);
}

TEST_F(ListRouteTest, ServesEveryReleaseOnceInEveryOrder) {
  ASSERT_OK(LoadSyntheticWorld("250", world_));
  Serve();
  for (const char* sort : {"", "&sort=createdAt&direction=1", "&sort=lastModified",
                           "&sort=downloads", "&sort=likes"}) {
    const auto ids = ListIds(std::string("/api/models?limit=17") + sort);
    EXPECT_EQ(ids.size(), 250u) << sort;
    EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 250u) << sort;
  }
}

TEST_F(ListRouteTest, ClampsALimitOverOneThousand) {
  ASSERT_OK(LoadSyntheticWorld("1100", world_));
  Serve();
  EXPECT_EQ(GetJson("/api/models?limit=5000").size(), 1000u);
}

TEST_F(ListRouteTest, Filters) {
  ServeCases();
  EXPECT_EQ(ListIds("/api/models?filter=license:other&filter=license:mit"), (Lines{"acme/Other"}));
  EXPECT_EQ(ListIds("/api/models?author=ACME&search=OPEN"), (Lines{"acme/open"}));
  EXPECT_EQ(ListIds("/api/models?gated=true").size(), 2u);
  EXPECT_TRUE(ListIds("/api/models?author=nobody").empty());
  EXPECT_TRUE(ListIds("/api/models?pipeline_tag=text-to-image").empty());
}

TEST_F(ListRouteTest, HidesPrivateAndRemovedReleases) {
  ServeCases();
  EXPECT_TRUE(ListIds("/api/models?search=acme/private").empty());
  EXPECT_TRUE(ListIds("/api/models?search=acme/removed").empty());
}

TEST_F(ListRouteTest, LosesARowThatMovedUpDuringACrawlOfTheFeed) {
  ServeCases();
  const auto first = Get("/api/models?sort=lastModified&limit=2");
  const auto top = nlohmann::json::parse(first.body);
  Ask("POST",
      "/_replay/advance?to=2026-03-04T00:00:00Z");  // acme/Other is pushed with a future date
  std::vector<std::string> ids = ListIds(NextTarget(first));
  for (const auto& row : top) ids.push_back(row["id"]);
  EXPECT_EQ(std::count(ids.begin(), ids.end(), "acme/Other"), 0);
  EXPECT_EQ(ListIds("/api/models?sort=lastModified")[0], "acme/Other");
}

TEST_F(ListRouteTest, CountsSweepsFromTheirFirstPageToTheirLast) {
  ServeCases();
  ListIds("/api/models?sort=createdAt&direction=1&limit=4");
  Get("/api/models?sort=createdAt&direction=1&limit=4");
  ListIds("/api/models?sort=createdAt&limit=4");
  const auto sweeps = Status()["sweeps"];
  EXPECT_EQ(sweeps["started"], 2);
  EXPECT_EQ(sweeps["finished"], 1);
}

TEST_F(ListRouteTest, RefusesABadCursorAndABadSort) {
  ServeCases();
  EXPECT_EQ(Get("/api/models?cursor=junk").status, 400);
  EXPECT_EQ(Get("/api/models?sort=colour").status, 400);
}

}  // namespace
}  // namespace modelwatch::replay_hub
