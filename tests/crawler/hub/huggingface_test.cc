// SPDX-License-Identifier: Apache-2.0
#include "crawler/hub/huggingface.h"

#include <gmock/gmock.h>

#include "absl/strings/str_format.h"
#include "common/clock.h"
#include "crawler/hub/registry.h"
#include "testing/http_transcript.h"
#include "testing/status_matchers.h"

namespace modelwatch::crawler {
namespace {

using ::modelwatch::testing::ParseHeaders;
using ::modelwatch::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int64_t kObserved = 1'790'000'000'000'000;
constexpr char kSha[] = "607a30d783dfa663caf39e06633721c8d4cfcd7e";

std::unique_ptr<Hub> NewTestHub() {
  return NewHuggingFace("huggingface", "https://hub.example").value();
}

Outcome Judge(int status, std::string_view headers, std::string_view body = "",
              bool sent_credential = false) {
  const common::HttpHeaders parsed = ParseHeaders(headers);
  const auto hub = NewTestHub();
  return hub->Judge(hub->endpoint(), {status, parsed, body, sent_credential}).outcome;
}

// --- what to ask ---

TEST(HuggingFaceTest, AsksForTheListingWithAFixedProjection) {
  EXPECT_EQ(NewTestHub()->ListingTarget(Listing::kByCreation, 1000),
            "/api/models?sort=createdAt&direction=1&limit=1000&expand[]=author&expand[]=sha"
            "&expand[]=lastModified&expand[]=createdAt&expand[]=private&expand[]=gated"
            "&expand[]=disabled&expand[]=cardData&expand[]=tags&expand[]=siblings"
            "&expand[]=downloads&expand[]=baseModels&expand[]=library_name"
            "&expand[]=pipeline_tag");
  EXPECT_THAT(NewTestHub()->ListingTarget(Listing::kByLastModified, 500),
              HasSubstr("?sort=lastModified&limit=500&expand[]=author"));
}

TEST(HuggingFaceTest, EncodesNamesAndPaths) {
  EXPECT_EQ(
      NewTestHub()->FileTarget("a/b", kSha, "docs/LICENSE (v1)#2.md"),
      absl::StrFormat("/api/resolve-cache/models/a/b/%s/docs/LICENSE%%20%%28v1%%29%%232.md", kSha));
  EXPECT_THAT(NewTestHub()->ReleaseTarget("gpt2"), HasSubstr("/api/models/gpt2?expand[]=author&"));
}

TEST(HuggingFaceTest, AsksForThePastByRevision) {
  EXPECT_EQ(NewTestHub()->CommitsTarget("a/b", kSha, 3),
            absl::StrFormat("/api/models/a/b/commits/%s?p=3&limit=50", kSha));
  EXPECT_THAT(NewTestHub()->RevisionTarget("a/b", "refs/pr/1"),
              HasSubstr("/api/models/a/b/revision/refs%2Fpr%2F1?expand[]=author&"));
}

TEST(HuggingFaceTest, AsksTheSameCursorForFewerRows) {
  EXPECT_EQ(NewTestHub()->SmallerPage("/api/models?limit=1000&cursor=x", 100),
            "/api/models?limit=100&cursor=x");
}

TEST(HuggingFaceTest, KnowsWhichQuotaARequestSpends) {
  const auto hub = NewTestHub();
  EXPECT_EQ(hub->QuotaOf("/api/models?x=/resolve/"), QuotaClass::kApi);
  EXPECT_EQ(hub->QuotaOf(hub->FileTarget("a/b", kSha, "LICENSE")), QuotaClass::kResolvers);
  EXPECT_EQ(hub->QuotaOf("/a/b/resolve/main/LICENSE"), QuotaClass::kResolvers);
  EXPECT_EQ(hub->QuotaOf("/a/b"), QuotaClass::kPages);
}

TEST(HuggingFaceTest, RefusesABadEndpoint) {
  EXPECT_THAT(NewHuggingFace("huggingface", "hub.example"),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(NewHuggingFace("huggingface", "https://hub.example/api"),
              StatusIs(absl::StatusCode::kInvalidArgument, "has a path"));
  EXPECT_OK(NewHuggingFace("huggingface", "https://hub.example/"));
}

TEST(RegistryTest, NamesTheKnownHubs) {
  v1::HubConfig config;
  config.set_name("nowhere");
  EXPECT_THAT(NewHubs(config), StatusIs(absl::StatusCode::kInvalidArgument, "huggingface"));
  config.set_name("huggingface");
  ASSERT_OK_AND_ASSIGN(const auto hubs, NewHubs(config));
  ASSERT_EQ(hubs.size(), 1u);
  EXPECT_EQ(hubs[0]->name(), "huggingface");
  EXPECT_EQ(common::Origin(hubs[0]->endpoint()), "https://huggingface.co");
}

TEST(RegistryTest, MakesAHubOfEachKind) {
  v1::HubConfig config;
  config.set_name("huggingface");
  for (const char* kind : {"spaces", "datasets", "spaces"}) config.add_kinds(kind);
  ASSERT_OK_AND_ASSIGN(const auto hubs, NewHubs(config));
  ASSERT_EQ(hubs.size(), 2u);
  EXPECT_EQ(hubs[0]->name(), "huggingface-datasets");
  EXPECT_EQ(hubs[1]->name(), "huggingface-spaces");
  config.add_kinds("papers");
  EXPECT_THAT(NewHubs(config), StatusIs(absl::StatusCode::kInvalidArgument, "papers"));
}

TEST(HuggingFaceTest, AsksForDatasetsAndSpacesAtTheirOwnPaths) {
  const auto hub =
      NewHuggingFace("huggingface-datasets", "https://hub.example", ReleaseKind::kDatasets).value();
  EXPECT_EQ(hub->ListingTarget(Listing::kByCreation, 10).substr(0, 14), "/api/datasets?");
  EXPECT_EQ(hub->ListingTarget(Listing::kByCreation, 10).find("baseModels"), std::string::npos);
  EXPECT_EQ(hub->ReleaseTarget("datasets/a/b").substr(0, 18), "/api/datasets/a/b?");
  EXPECT_EQ(hub->FileTarget("datasets/a/b", kSha, "LICENSE"),
            std::string("/api/resolve-cache/datasets/a/b/") + kSha + "/LICENSE");
  EXPECT_TRUE(hub->IsReleaseTarget("/api/datasets/a/c"));
  EXPECT_FALSE(hub->IsReleaseTarget("/api/models/a/c"));
  EXPECT_TRUE(hub->Lists("datasets/a/*"));
  EXPECT_FALSE(hub->Lists("a/b"));
  ASSERT_OK_AND_ASSIGN(const Row row,
                       hub->ParseRelease(R"({"_id":"1","id":"a/b","cardData":null})", 1));
  EXPECT_EQ(row.observation.name(), "datasets/a/b");
  EXPECT_EQ(row.observation.key().hub(), "huggingface-datasets");
  const auto spaces =
      NewHuggingFace("huggingface-spaces", "https://hub.example", ReleaseKind::kSpaces).value();
  EXPECT_EQ(spaces->ListingTarget(Listing::kByCreation, 10).find("gated"), std::string::npos);
}

// --- the error matrix, row by row ---

struct MatrixRow {
  const char* what;
  int status;
  const char* headers;
  const char* body;
  bool sent_credential;
  Outcome outcome;
};

constexpr MatrixRow kMatrix[] = {
    {"ok", 200, "", "[]", false, Outcome::kOk},
    {"not modified", 304, "", "", false, Outcome::kNotModified},
    {"nonexistent or private, anonymous", 401, "X-Error-Message: Invalid username or password.\n",
     "{\"error\":\"Invalid username or password.\"}", false, Outcome::kMissingOrPrivate},
    {"nonexistent, with a token", 404, "X-Error-Code: RepoNotFound\n", "", true,
     Outcome::kMissingOrPrivate},
    {"bad revision", 404, "X-Error-Code: RevisionNotFound\nX-Error-Message: Invalid rev id: x\n",
     "{\"error\":\"Invalid rev id: x\"}", false, Outcome::kRevisionMissing},
    {"missing file", 404, "X-Error-Code: EntryNotFound\nX-Repo-Commit: 607a\n", "Entry not found",
     false, Outcome::kEntryMissing},
    {"gated content, anonymous", 401, "X-Error-Code: GatedRepo\n", "", false, Outcome::kGated},
    {"gated content, token without access", 403, "X-Error-Code: GatedRepo\n", "", true,
     Outcome::kGated},
    {"disabled", 403, "X-Error-Message: Access to this resource is disabled.\n", "", false,
     Outcome::kDisabled},
    {"bad token", 401, "X-Error-Message: Invalid credentials in Authorization header\n", "", true,
     Outcome::kBadCredential},
    {"401 without a code although a token was sent", 401,
     "X-Error-Message: Invalid username or password.\n", "", true, Outcome::kBadCredential},
    {"bad query", 400, "", "{\"error\":\"Invalid option\"}", false, Outcome::kRefused},
    {"rate limited", 429, "RateLimit: \"api\";r=0;t=10\n", "", false, Outcome::kRateLimited},
    {"gone", 410, "", "", false, Outcome::kMissingOrPrivate},
    {"legal reasons", 451, "", "", false, Outcome::kDisabled},
    {"request timeout", 408, "", "", false, Outcome::kRetryable},
    {"server error", 500, "", "", false, Outcome::kRetryable},
    {"bad gateway", 502, "", "<html>", false, Outcome::kRetryable},
    {"unavailable", 503, "", "", false, Outcome::kRetryable},
    {"gateway timeout", 504, "", "", false, Outcome::kRetryable},
    {"another forbidden", 403, "", "", false, Outcome::kRefused},
    {"another 404 that is JSON", 404, "content-type: application/json\n", "{}", false,
     Outcome::kMissingOrPrivate},
    {"a proxy's 404 page", 404, "content-type: text/html\n", "<html>", false, Outcome::kRefused},
    {"another code", 404, "X-Error-Code: SomethingElse\ncontent-type: application/json\n", "",
     false, Outcome::kRefused},
    {"redirect without a place", 307, "", "", false, Outcome::kRefused},
    {"renamed", 307, "Location: /api/models/new/name\n", "", false, Outcome::kRenamed},
    {"renamed, absolute", 307, "Location: https://hub.example/api/models/x\n", "", false,
     Outcome::kRenamed},
    {"stored elsewhere", 302, "Location: https://cdn.example/x\n", "", false, Outcome::kElsewhere},
    {"same host, other scheme", 307, "Location: http://hub.example/x\n", "", false,
     Outcome::kElsewhere},
    {"redirect to a file", 307, "Location: file:///etc/passwd\n", "", false, Outcome::kRefused},
};

TEST(HuggingFaceTest, TellsEveryRowOfTheErrorMatrixApart) {
  for (const MatrixRow& row : kMatrix) {
    EXPECT_EQ(Judge(row.status, row.headers, row.body, row.sent_credential), row.outcome)
        << row.what;
  }
}

TEST(HuggingFaceTest, SaysWhereARenamedReleaseIs) {
  const auto hub = NewTestHub();
  const common::HttpHeaders headers = ParseHeaders("Location: /api/models/new/name?x=1\n");
  const Verdict verdict = hub->Judge(hub->endpoint(), {307, headers, "", false});
  EXPECT_EQ(verdict.location.target, "/api/models/new/name?x=1");
}

TEST(HuggingFaceTest, ExplainsItselfInOneLine) {
  const auto hub = NewTestHub();
  const common::HttpHeaders headers =
      ParseHeaders("X-Error-Code: GatedRepo\nX-Error-Message: Access to model X is restricted.\n");
  EXPECT_EQ(hub->Judge(hub->endpoint(), {401, headers, "", false}).reason,
            "HTTP 401 GatedRepo: Access to model X is restricted.");
  const common::HttpHeaders none;
  EXPECT_EQ(hub->Judge(hub->endpoint(), {502, none, "<html>\n<b>", false}).reason,
            "HTTP 502: <html> <b>");
}

// --- paging ---

TEST(HuggingFaceTest, FollowsOnlyItsOwnOrigin) {
  const auto hub = NewTestHub();
  EXPECT_EQ(hub->NextPage(ParseHeaders("")).value(), "");
  EXPECT_EQ(
      hub->NextPage(ParseHeaders("link: <https://hub.example/api/models?cursor=x>; rel=\"next\"\n"))
          .value(),
      "/api/models?cursor=x");
  EXPECT_THAT(
      hub->NextPage(ParseHeaders("link: <https://evil.example/api/models>; rel=\"next\"\n")),
      StatusIs(absl::StatusCode::kInvalidArgument, "another origin"));
  EXPECT_THAT(hub->NextPage(ParseHeaders("link: </a>; rel=next\nlink: </b>; rel=next\n")),
              StatusIs(absl::StatusCode::kInvalidArgument, "two different"));
}

// --- rows ---

absl::StatusOr<Row> ReadOne(const std::string& json) {
  auto page = NewTestHub()->ParsePage("[" + json + "]", kObserved);
  if (!page.ok()) return page.status();
  if (!page->bad_rows.empty()) return absl::InvalidArgumentError(page->bad_rows[0].reason);
  return page->rows.at(0);
}

constexpr char kWholeRow[] = R"({"_id":"621ffdc036468d709f17434d","id":"owner/name",
  "author":"owner","sha":"607a30d783dfa663caf39e06633721c8d4cfcd7e",
  "lastModified":"2024-02-19T10:57:45.000Z","createdAt":"2022-03-02T23:29:04.000Z",
  "private":false,"gated":"manual","disabled":false,"unknown":{"deep":[1,2,{"x":null}]},
  "cardData":{"license":["apache-2.0","mit"],"license_name":"n","license_link":"LICENSE",
    "base_model":"up/stream","extra_gated_prompt":"Please \u00e9","extra_gated_eu_disallowed":true,
    "model-index":[{"a":1}]},
  "tags":["pytorch","license:apache-2.0","license:mit","base_model:up/stream",
    "base_model:finetune:up/stream","region:us"],
  "baseModels":{"relation":"finetune","models":[{"_id":"1","id":"up/stream"}]},
  "siblings":[{"rfilename":"README.md"},{"rfilename":"model.bin"},{"rfilename":"LICENSE"}]})";

TEST(HuggingFaceRowTest, ReadsEverythingARowSays) {
  ASSERT_OK_AND_ASSIGN(const Row row, ReadOne(kWholeRow));
  const v1::Observation& seen = row.observation;
  EXPECT_EQ(seen.key().hub(), "huggingface");
  EXPECT_EQ(seen.key().id(), "621ffdc036468d709f17434d");
  EXPECT_EQ(seen.name(), "owner/name");
  EXPECT_EQ(seen.revision(), kSha);
  EXPECT_EQ(common::FormatMicros(seen.last_modified_us()), "2024-02-19T10:57:45Z");
  EXPECT_EQ(common::FormatMicros(seen.created_at_us()), "2022-03-02T23:29:04Z");
  EXPECT_EQ(seen.observed_at_us(), kObserved);
  EXPECT_EQ(seen.access().presence(), v1::PRESENT);
  EXPECT_EQ(seen.access().gate(), v1::MANUAL);
  EXPECT_THAT(seen.declared().tag_licences(), ElementsAre("apache-2.0", "mit"));
  EXPECT_THAT(seen.declared().card_licences(), ElementsAre("apache-2.0", "mit"));
  EXPECT_EQ(seen.declared().license_name(), "n");
  EXPECT_EQ(seen.declared().license_link(), "LICENSE");
  EXPECT_EQ(seen.declared().gated_prompt(), "Please \xC3\xA9");
  EXPECT_TRUE(seen.declared().excludes_eu());
  EXPECT_FALSE(seen.declared().card_data_missing());
  ASSERT_EQ(seen.declared().base_models_size(), 1);
  EXPECT_EQ(seen.declared().base_models(0).name(), "up/stream");
  EXPECT_EQ(seen.declared().base_models(0).relation(), "finetune");
  EXPECT_THAT(row.files, ElementsAre("LICENSE", "README.md"));
}

std::string Minimal(const std::string& more) {
  return R"({"_id":"621ffdc036468d709f17434d","id":"a/b")" + more + "}";
}

TEST(HuggingFaceRowTest, ReadsEveryFormOfGated) {
  const auto gate = [](const char* value) {
    return ReadOne(Minimal(std::string(",\"gated\":") + value))->observation.access().gate();
  };
  EXPECT_EQ(gate("false"), v1::OPEN);
  EXPECT_EQ(gate("true"), v1::AUTO);
  EXPECT_EQ(gate("\"auto\""), v1::AUTO);
  EXPECT_EQ(gate("\"manual\""), v1::MANUAL);
  EXPECT_EQ(gate("null"), v1::OPEN);
}

TEST(HuggingFaceRowTest, ReadsAStringAndAListAlike) {
  const auto licences = [](const char* value) {
    const auto row = ReadOne(Minimal(std::string(",\"cardData\":{\"license\":") + value + "}"));
    const auto& read = row->observation.declared().card_licences();
    return std::vector<std::string>(read.begin(), read.end());
  };
  EXPECT_THAT(licences("\"mit\""), ElementsAre("mit"));
  EXPECT_THAT(licences("[\"mit\",3,null,\"gpl\"]"), ElementsAre("mit", "gpl"));
  EXPECT_THAT(licences("null"), IsEmpty());
  EXPECT_THAT(licences("{\"a\":1}"), IsEmpty());
  EXPECT_THAT(licences("[]"), IsEmpty());
}

TEST(HuggingFaceRowTest, KeepsBaseModelsWithTheirRelations) {
  ASSERT_OK_AND_ASSIGN(const Row row, ReadOne(Minimal(R"(,"cardData":{"base_model":["z/z","a/a"],
      "base_model_relation":"merge"},"tags":["base_model:quantized:q/q","base_model:q/q","base_model:odd:x/y"])")));
  const auto& bases = row.observation.declared().base_models();
  ASSERT_EQ(bases.size(), 4);
  EXPECT_EQ(bases[0].name() + " " + bases[0].relation(), "a/a merge");
  EXPECT_EQ(bases[1].name() + " " + bases[1].relation(), "odd:x/y ");
  EXPECT_EQ(bases[2].name() + " " + bases[2].relation(), "q/q quantized");
  EXPECT_EQ(bases[3].name() + " " + bases[3].relation(), "z/z merge");
}

TEST(HuggingFaceRowTest, SeesDisabledPrivateAndAMissingCard) {
  ASSERT_OK_AND_ASSIGN(const Row row, ReadOne(Minimal(",\"disabled\":true,\"private\":true")));
  EXPECT_EQ(row.observation.access().presence(), v1::DISABLED);
  EXPECT_TRUE(row.observation.access().is_private());
  EXPECT_TRUE(row.observation.declared().card_data_missing());
  ASSERT_OK_AND_ASSIGN(const Row empty, ReadOne(Minimal(",\"cardData\":{}")));
  EXPECT_FALSE(empty.observation.declared().card_data_missing());
}

TEST(HuggingFaceRowTest, CutsALongPromptAtACharacter) {
  const std::string prompt = std::string(64 * 1024 - 1, 'x') + "\xC3\xA9" + std::string(9, 'y');
  ASSERT_OK_AND_ASSIGN(
      const Row row, ReadOne(Minimal(",\"cardData\":{\"extra_gated_prompt\":\"" + prompt + "\"}")));
  EXPECT_EQ(row.observation.declared().gated_prompt(), std::string(64 * 1024 - 1, 'x'));
}

TEST(HuggingFaceRowTest, StopsListsAtTheirLimit) {
  std::string tags;
  for (int i = 0; i < 5000; ++i)
    tags += absl::StrFormat("\"license:l%d\",\"base_model:o/m%d\",", i, i);
  ASSERT_OK_AND_ASSIGN(const Row row, ReadOne(Minimal(",\"tags\":[" + tags + "\"x\"]")));
  EXPECT_EQ(row.observation.declared().tag_licences_size(), 64);
  EXPECT_EQ(row.observation.declared().base_models_size(), 64);
}

TEST(HuggingFaceRowTest, ABadRowNeverLosesThePage) {
  const std::string deep = std::string(1000, '[') + std::string(1000, ']');
  const std::string page =
      "[" + Minimal(",\"x\":1") + ",{\"_id\":\"621ffdc036468d709f17434e\"}," + "{\"_id\":}," +
      "null,[1],\"text\"," + Minimal(",\"cardData\":{\"x\":" + deep + "}") + "," +
      Minimal(",\"tags\":[\"license:m\xFFit\"]") + ",{\"_id\":\"1 2\",\"id\":\"a/b\"}," +
      Minimal(",\"cardData\":{\"license_name\":\"a\x01z\"}") + "," +
      Minimal(",\"cardData\":{\"license_name\":\"\\ud800\"}") + "," + Minimal("") + "]";
  ASSERT_OK_AND_ASSIGN(const Page read, NewTestHub()->ParsePage(page, kObserved));
  std::vector<size_t> bad;
  for (const BadRow& row : read.bad_rows) bad.push_back(row.position);
  EXPECT_THAT(bad, ElementsAre(1, 2, 3, 4, 5, 8, 9));
  EXPECT_EQ(read.rows.size(), 5u);
  EXPECT_EQ(read.repaired, 1u);
  EXPECT_THAT(read.rows[2].observation.declared().tag_licences(), ElementsAre("m\xEF\xBF\xBDit"));
}

TEST(HuggingFaceRowTest, AnErrorObjectIsNoEmptyPage) {
  const auto hub = NewTestHub();
  EXPECT_THAT(hub->ParsePage("{\"error\":\"We had to rate limit your IP (1.2.3.4).\"}", kObserved),
              StatusIs(absl::StatusCode::kResourceExhausted, "rate limit"));
  EXPECT_THAT(hub->ParsePage("{\"error\":\"Internal\"}", kObserved),
              StatusIs(absl::StatusCode::kInvalidArgument, "error object: Internal"));
  EXPECT_THAT(hub->ParsePage("<!doctype html>", kObserved),
              StatusIs(absl::StatusCode::kInvalidArgument, "<!doctype html>"));
  EXPECT_THAT(hub->ParsePage("[{\"_id\":\"1\",", kObserved),
              StatusIs(absl::StatusCode::kInvalidArgument, "cut short"));
  EXPECT_THAT(hub->ParseRelease("{\"error\":\"Internal\"}", kObserved),
              StatusIs(absl::StatusCode::kInvalidArgument, "error object"));
  ASSERT_OK_AND_ASSIGN(const Page empty, hub->ParsePage("[]", kObserved));
  EXPECT_THAT(empty.rows, IsEmpty());
}

TEST(HuggingFaceRowTest, ReadsHowOftenAReleaseIsDownloaded) {
  const auto page = NewTestHub()->ParsePage(
      R"([{"_id":"621ffdc036468d709f174328","id":"a/b","downloads":12345},
          {"_id":"621ffdc036468d709f174329","id":"a/c","downloads":"many"}])",
      1);
  ASSERT_OK(page);
  ASSERT_EQ(page->rows.size(), 2u);
  EXPECT_EQ(page->rows[0].downloads, 12345u);
  EXPECT_EQ(page->rows[1].downloads, 0u);
}

TEST(HuggingFaceCommitsTest, ReadsWhenEachWasMade) {
  const std::string body = absl::StrFormat(
      R"([{"id":"%s","title":"Update \"README\"","message":"","authors":[{"user":"x"}],
           "date":"2023-08-01T10:00:00.000Z"},
          {"id":"no oid","date":"2023-08-01T10:00:00.000Z"}, 7, {"id":"%s"}])",
      kSha, kSha);
  const auto commits = NewTestHub()->ParseCommits(body);
  ASSERT_OK(commits);
  ASSERT_EQ(commits->size(), 4u) << "a place in the list is never lost";
  EXPECT_EQ((*commits)[0].revision, kSha);
  EXPECT_EQ(common::FormatMicros((*commits)[0].committed_at_us), "2023-08-01T10:00:00Z");
  EXPECT_EQ((*commits)[1].revision, "");
  EXPECT_EQ((*commits)[2].revision, "");
  EXPECT_EQ((*commits)[3].revision, kSha);
  EXPECT_EQ((*commits)[3].committed_at_us, 0);
}

TEST(HuggingFaceCommitsTest, RefusesWhatIsNoListOrTooLong) {
  for (const char* body : {"", "{}", "[{", "<html>", R"({"error":"no"})"}) {
    EXPECT_FALSE(NewTestHub()->ParseCommits(body).ok()) << body;
  }
  std::string many = "[{}";
  for (uint32_t i = 0; i < kCommitsPerPage; ++i) many += ",{}";
  EXPECT_FALSE(NewTestHub()->ParseCommits(many + "]").ok());
}

TEST(HuggingFaceCommitsTest, CountsWhatIsOnAllPages) {
  EXPECT_EQ(NewTestHub()->CommitCount(ParseHeaders("X-Total-Count: 57")), 57u);
  EXPECT_EQ(NewTestHub()->CommitCount(ParseHeaders("X-Total-Count: many")), 0u);
  EXPECT_EQ(NewTestHub()->CommitCount(ParseHeaders("")), 0u);
}

TEST(HuggingFaceRowTest, ReadsTheAnswerAboutOneRelease) {
  ASSERT_OK_AND_ASSIGN(const Row row, NewTestHub()->ParseRelease(kWholeRow, kObserved));
  EXPECT_EQ(row.observation.name(), "owner/name");
  EXPECT_THAT(NewTestHub()->ParseRelease("[]", kObserved),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(NewTestHub()->ParseRelease("", kObserved),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace modelwatch::crawler
