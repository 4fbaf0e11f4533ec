// SPDX-License-Identifier: Apache-2.0
// Details, files and history of a release, through a real socket.
#include "replay_hub/info_route.h"

#include "replay_hub/gzip.h"
#include "replay_hub/replay_fixture.h"

namespace modelwatch::replay_hub {
namespace {

class InfoRouteTest : public ReplayFixture {
 protected:
  void SetUp() override { ServeCases(); }
};

TEST_F(InfoRouteTest, TellsDetails) {
  const auto info = GetJson("/api/models/acme/open");
  EXPECT_EQ(info["id"], "acme/open");
  EXPECT_EQ(info["author"], "acme");
  EXPECT_EQ(info["sha"].get<std::string>().size(), 40u);
  EXPECT_EQ(info["createdAt"], "2026-01-01T00:00:00.000Z");
  EXPECT_EQ(info["lastModified"], "2026-01-03T00:00:00.000Z");
  EXPECT_EQ(info["gated"], false);
  EXPECT_EQ(info["cardData"]["license"], "apache-2.0");
  EXPECT_FALSE(info["siblings"][0].contains("blobId"));
}

TEST_F(InfoRouteTest, AddsBlobsAndSecurityWhenAsked) {
  const auto info = GetJson("/api/models/acme/open?blobs=true&securityStatus=true");
  for (const auto& file : info["siblings"]) {
    EXPECT_EQ(file["blobId"].get<std::string>().size(), 40u);
    if (file["rfilename"] == "model.safetensors") {
      EXPECT_EQ(file["lfs"]["size"], 300'000);
      EXPECT_EQ(file["lfs"]["sha256"].get<std::string>().size(), 64u);
    }
  }
  EXPECT_EQ(info["securityRepoStatus"]["scansDone"], true);
}

TEST_F(InfoRouteTest, ExpandsExactlyWhatIsAsked) {
  const auto info = GetJson("/api/models/acme/open?expand[]=usedStorage&expand[]=baseModels");
  EXPECT_EQ(info.size(), 4u) << info;
  EXPECT_EQ(info["baseModels"]["relation"], "finetune");
  EXPECT_EQ(info["baseModels"]["models"][0]["id"], "acme/base");
}

TEST_F(InfoRouteTest, ShowsAnOldCommitByShaShortShaAndTag) {
  const auto commits = GetJson("/api/models/acme/open/commits/main");
  const std::string oldest = commits[2]["id"];
  EXPECT_EQ(GetJson("/api/models/acme/open/revision/" + oldest)["sha"], oldest);
  EXPECT_EQ(GetJson("/api/models/acme/open/revision/" + oldest.substr(0, 7))["sha"], oldest);
  EXPECT_EQ(GetJson("/api/models/acme/open/revision/v1.0")["sha"], commits[1]["id"]);
  EXPECT_EQ(GetJson("/api/models/acme/open/revision/refs%2Ftags%2Fv1.0")["sha"], commits[1]["id"]);
  EXPECT_EQ(GetJson("/api/models/acme/open/revision/HEAD")["sha"], commits[0]["id"]);
}

TEST_F(InfoRouteTest, RedirectsOldNamesRelativeWithPathAndQuery) {
  const auto answer = Get("/api/models/base/tree/main?recursive=true");
  EXPECT_EQ(answer.status, 307);
  EXPECT_EQ(answer.Get("location"), "/api/models/acme/base/tree/main?recursive=true");
  EXPECT_EQ(Get("/api/models/base/revision/refs%2Fpr%2F1").Get("location"),
            "/api/models/acme/base/revision/refs%2Fpr%2F1");
  EXPECT_EQ(Get("/api/models/ACME/base").Get("location"), "/api/models/acme/base");
  EXPECT_EQ(Get("/acme/old-base/resolve/main/LICENSE").Get("location"),
            "/acme/base/resolve/main/LICENSE");
}

TEST_F(InfoRouteTest, CountsCommitsAndLinksPagesByNumber) {
  const auto answer = Get("/api/models/acme/open/commits/main?limit=2");
  EXPECT_EQ(answer.Get("x-total-count"), "3");
  EXPECT_EQ(answer.Get("link"),
            "<" + server_->url() + "/api/models/acme/open/commits/main?p=1&limit=2>; rel=\"next\"");
  const auto last = Get("/api/models/acme/open/commits/main?p=1&limit=2");
  EXPECT_EQ(last.Get("link"), "");
  EXPECT_EQ(nlohmann::json::parse(last.body)[0]["title"], "Release");
}

TEST_F(InfoRouteTest, FormatsCommitsWhenAsked) {
  const auto commits = GetJson("/api/models/acme/open/commits/main?expand[]=formatted");
  EXPECT_EQ(commits[0]["formatted"]["title"], "Say more");
}

TEST_F(InfoRouteTest, ListsRefs) {
  const auto refs = GetJson("/api/models/acme/open/refs?include_prs=1");
  EXPECT_EQ(refs["branches"][0]["ref"], "refs/heads/main");
  EXPECT_EQ(refs["tags"][0]["name"], "v1.0");
  EXPECT_TRUE(refs["pullRequests"].empty());
}

TEST_F(InfoRouteTest, WalksTheTreeAlsoWithAnEncodedPath) {
  EXPECT_EQ(GetJson("/api/models/acme/open/tree/main").size(), 6u);
  EXPECT_EQ(GetJson("/api/models/acme/open/tree/main?recursive=true").size(), 9u);
  const auto below = GetJson("/api/models/acme/open/tree/main/onnx%2Fdeep%20er");
  EXPECT_EQ(below[0]["path"], "onnx/deep er/notes.txt");
  const auto file = Get("/api/models/acme/open/tree/main/LICENSE");
  EXPECT_EQ(file.status, 404);
  EXPECT_EQ(file.Get("x-error-code"), "EntryNotFound");
}

TEST_F(InfoRouteTest, PagesTheTree) {
  const auto first = Get("/api/models/acme/open/tree/main?recursive=true&limit=4");
  const auto second = Get(NextTarget(first));
  const auto third = Get(NextTarget(second));
  EXPECT_EQ(nlohmann::json::parse(first.body).size(), 4u);
  EXPECT_EQ(nlohmann::json::parse(second.body).size(), 4u);
  EXPECT_EQ(nlohmann::json::parse(third.body).size(), 1u);
  EXPECT_EQ(third.Get("link"), "");
}

TEST_F(InfoRouteTest, TellsPathsOfAFormAndOfJson) {
  const auto form = Ask("POST", "/api/models/acme/open/paths-info/main",
                        "paths=LICENSE&paths=nope&paths=onnx&expand=false",
                        {"Content-Type: application/x-www-form-urlencoded"});
  const auto json = Ask("POST", "/api/models/acme/open/paths-info/main",
                        R"({"paths":["LICENSE","nope","onnx"],"expand":false})",
                        {"Content-Type: application/json"});
  EXPECT_EQ(form.body, json.body);
  const auto rows = nlohmann::json::parse(form.body);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1]["type"], "directory");
  EXPECT_EQ(
      Ask("POST", "/api/models/acme/open/paths-info/main", "[", {"Content-Type: application/json"})
          .status,
      400);
}

TEST_F(InfoRouteTest, ListsLicenceTags) {
  EXPECT_EQ(GetJson("/api/models-tags-by-type?type=license")["license"].size(), 83u);
}

TEST_F(InfoRouteTest, SearchesQuicklyAndKnowsItsUser) {
  EXPECT_EQ(GetJson("/api/quicksearch?q=acme/op&type=model")["models"][0]["id"], "acme/open");
  EXPECT_EQ(Get("/api/whoami-v2").status, 401);
  EXPECT_EQ(GetJson("/api/whoami-v2", kUser)["type"], "user");
}

TEST_F(InfoRouteTest, CompressesForThoseWhoAccept) {
  const auto plain = Get("/api/models");
  const auto packed = Get("/api/models", {"Accept-Encoding: gzip, deflate"});
  EXPECT_EQ(packed.Get("content-encoding"), "gzip");
  EXPECT_EQ(packed.Get("vary"), "Origin, Accept-Encoding");
  EXPECT_LT(packed.body.size(), plain.body.size());
  EXPECT_EQ(packed.Get("etag"), plain.Get("etag"));
  EXPECT_FALSE(AcceptsGzip("gzip;q=0"));
  EXPECT_TRUE(AcceptsGzip("br, gzip;q=0.5"));
}

TEST_F(InfoRouteTest, DatesItsAnswersInHubTime) {
  EXPECT_EQ(Get("/api/models/acme/open").Get("date"), "Sun, 01 Mar 2026 23:59:59 GMT");
  Ask("POST", "/_replay/advance?to=next");
  EXPECT_EQ(Get("/api/models/acme/open").Get("date"), "Mon, 02 Mar 2026 00:00:00 GMT");
}

TEST_F(InfoRouteTest, MovesShaAndLastModifiedWithAPush) {
  const auto before = GetJson("/api/models/acme/open");
  Ask("POST", "/_replay/advance?to=next");
  const auto after = GetJson("/api/models/acme/open");
  EXPECT_NE(before["sha"], after["sha"]);
  EXPECT_EQ(after["lastModified"], "2026-03-02T00:00:00.000Z");
  EXPECT_EQ(GetJson("/api/models/acme/open/revision/" + before["sha"].get<std::string>())["sha"],
            before["sha"]);
}

TEST_F(InfoRouteTest, RunsItsWorldToTheEnd) {
  Ask("POST", "/_replay/advance?to=end");
  EXPECT_EQ(GetJson("/api/models/acme/base")["lastModified"], "2026-02-01T00:00:00.000Z");
  EXPECT_EQ(GetJson("/api/models/acme/renamed")["lastModified"], "2027-03-04T00:00:00.000Z");
  EXPECT_EQ(GetJson("/api/models/acme/auto")["disabled"], true);
  EXPECT_NE(GetJson("/api/models/acme/Other")["_id"], GetJson("/api/models/acme/renamed")["_id"]);
  EXPECT_EQ(Status()["done"], true);
  EXPECT_EQ(Status()["refused_moments"], 0);
}

TEST_F(InfoRouteTest, AnswersHeadWithoutABody) {
  for (const char* target :
       {"/api/models", "/api/models/acme/open", "/acme/open/raw/main/LICENSE"}) {
    const auto answer = Ask("HEAD", target);
    EXPECT_EQ(answer.status, 200) << target;
    EXPECT_EQ(answer.body, "") << target;
    EXPECT_NE(answer.Get("content-length"), "0") << target;
  }
}

}  // namespace
}  // namespace modelwatch::replay_hub
