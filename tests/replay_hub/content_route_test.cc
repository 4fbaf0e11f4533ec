// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/content_route.h"

#include "common/digest.h"
#include "replay_hub/replay_fixture.h"

namespace modelwatch::replay_hub {
namespace {

constexpr char kText[] = "Apache text, first form\n";

class ContentRouteTest : public ReplayFixture {
 protected:
  std::string Sha() { return GetJson("/api/models/acme/open?expand=sha")["sha"]; }
  std::string CachePath(const std::string& file) {
    return "/api/resolve-cache/models/acme/open/" + Sha() + "/" + file;
  }
  std::string Etag() { return "\"" + common::GitBlobOid(kText) + "\""; }
};

TEST_F(ContentRouteTest, RedirectsAGitFileRelativeToTheCache) {
  ServeCases();
  const auto answer = Get("/acme/open/resolve/main/LICENSE");
  EXPECT_EQ(answer.status, 307);
  EXPECT_EQ(answer.Get("location"), CachePath("LICENSE") +
                                        "?%2Facme%2Fopen%2Fresolve%2Fmain%2FLICENSE=&etag=%22" +
                                        common::GitBlobOid(kText) + "%22");
  EXPECT_EQ(answer.Get("x-linked-etag"), Etag());
  EXPECT_EQ(answer.Get("x-repo-commit"), Sha());
  EXPECT_EQ(Get(answer.Get("location")).body, kText);
}

TEST_F(ContentRouteTest, ServesTheCacheWithoutItsQuery) {
  ServeCases();
  const auto answer = Get(CachePath("LICENSE"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, kText);
  EXPECT_EQ(answer.Get("etag"), Etag());
  EXPECT_EQ(answer.Get("x-repo-commit"), Sha());
  EXPECT_EQ(answer.Get("content-type"), "text/plain; charset=utf-8");
}

TEST_F(ContentRouteTest, AnswersAKnownEtagWith304AndNoBody) {
  ServeCases();
  for (const std::string& value : {Etag(), "W/" + Etag(), "\"x\", " + Etag()}) {
    const auto answer = Get(CachePath("LICENSE"), {"If-None-Match: " + value});
    EXPECT_EQ(answer.status, 304) << value;
    EXPECT_EQ(answer.body, "");
    EXPECT_EQ(answer.Get("etag"), Etag());
  }
  EXPECT_EQ(Status()["bodies"]["sent"], 0);
}

TEST_F(ContentRouteTest, ServesRanges) {
  ServeCases();
  const auto part = Get(CachePath("LICENSE"), {"Range: bytes=0-5"});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "Apache");
  EXPECT_EQ(part.Get("content-range"), "bytes 0-5/24");
  EXPECT_EQ(Get(CachePath("LICENSE"), {"Range: bytes=99-"}).status, 416);
}

TEST_F(ContentRouteTest, CountsTheBodiesOfEachOid) {
  ServeCases();
  Get(CachePath("LICENSE"));
  Get(CachePath("README.md"));
  Ask("HEAD", CachePath("LICENSE"));
  EXPECT_EQ(Status()["bodies"]["max_per_oid"], 1);
  Get(CachePath("LICENSE"));
  const auto bodies = Status()["bodies"];
  EXPECT_EQ(bodies["distinct"], 2);
  EXPECT_EQ(bodies["sent"], 3);
  EXPECT_EQ(bodies["repeated"][0]["oid"], common::GitBlobOid(kText));
  EXPECT_EQ(GetJson("/_replay/bodies")[common::GitBlobOid(kText)], 2);
}

TEST_F(ContentRouteTest, SendsALfsFileToTheOtherHostName) {
  ServeCases();
  const auto answer = Get("/acme/open/resolve/main/model.safetensors");
  EXPECT_EQ(answer.status, 302);
  EXPECT_EQ(answer.Get("x-linked-size"), "300000");
  EXPECT_EQ(answer.Get("cache-control"), "no-store");
  const std::string origin = "http://localhost:" + std::to_string(server_->port());
  const std::string location = answer.Get("location");
  ASSERT_EQ(location.substr(0, origin.size()), origin);
  const auto content = Get(location.substr(origin.size()));
  EXPECT_EQ(content.body.size(), 300'000u);
  EXPECT_EQ(common::ToHex(common::Sha256(content.body)), answer.Get("x-linked-etag").substr(1, 64));
  EXPECT_EQ(content.Get("ratelimit"), "");
  EXPECT_EQ(Status()["leaked_credentials"], 0);
}

TEST_F(ContentRouteTest, MarksACredentialThatComesToTheStorageHost) {
  ServeCases();
  const auto answer = Get("/acme/open/resolve/main/model.safetensors");
  const std::string location = answer.Get("location");
  const auto refused = Get(location.substr(location.find(kStoragePrefix)), kUser);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(Status()["leaked_credentials"], 1);
}

TEST_F(ContentRouteTest, DescribesXetFilesWhenAsked) {
  ServeCases();
  const auto answer = Get("/acme/open/resolve/main/model.safetensors",
                          {"Accept: application/vnd.xet-fileinfo+json, */*"});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.Get("content-type"), "application/vnd.xet-fileinfo+json");
  EXPECT_EQ(nlohmann::json::parse(answer.body)["size"], 300'000);
}

TEST_F(ContentRouteTest, ServesAPatternForBytesThatNobodyHas) {
  Release release;
  release.name = "acme/big";
  Commit commit;
  commit.files = {world_.AddLfsFile("w.bin", "", 5'000'000'000)};
  release.commits = {commit};
  ASSERT_OK(world_.Add(release));
  Serve();
  const std::string location = Get("/acme/big/resolve/main/w.bin").Get("location");
  const auto part =
      Get(location.substr(location.find(kStoragePrefix)), {"Range: bytes=4000000000-4000000015"});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "replayed bytes.\n");
  EXPECT_EQ(part.Get("content-range"), "bytes 4000000000-4000000015/5000000000");
}

TEST_F(ContentRouteTest, ShowsThePointerAsRaw) {
  ServeCases();
  EXPECT_EQ(Get("/acme/open/raw/main/model.safetensors").body.substr(0, 42),
            "version https://git-lfs.github.com/spec/v1");
  EXPECT_EQ(Get("/acme/open/raw/main/LICENSE").body, kText);
}

TEST_F(ContentRouteTest, ServesOldCommitsAfterAPush) {
  ServeCases();
  const std::string before = CachePath("LICENSE");
  Ask("POST", "/_replay/advance?to=next");
  EXPECT_EQ(Get(before).body, kText);
  EXPECT_EQ(Get(CachePath("LICENSE")).body, "A tighter text\n");
}

TEST_F(ContentRouteTest, DecodesPaths) {
  ServeCases();
  EXPECT_EQ(Get(CachePath("onnx/deep%20er/notes.txt")).body, "Notes.\n");
}

}  // namespace
}  // namespace modelwatch::replay_hub
