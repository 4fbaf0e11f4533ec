// SPDX-License-Identifier: Apache-2.0
// The matrix of errors, through a real socket: status, code, message, form.
#include "replay_hub/hub_errors.h"

#include "replay_hub/replay_fixture.h"

namespace modelwatch::replay_hub {
namespace {

class HubErrorsTest : public ReplayFixture {};

constexpr char kBadLogin[] = "Invalid username or password.";
constexpr char kDisabled[] = "Access to this resource is disabled.";

struct Row {
  const char* target;
  Lines headers;
  int status;
  const char* code;
  const char* message;  // "" = not checked
};

TEST_F(HubErrorsTest, AnswersTheMatrix) {
  ServeCases();
  const Lines wrong = {"Authorization: Bearer hf_wrong"};
  const Row rows[] = {
      {"/api/models/acme/nothing", {}, 401, "", kBadLogin},
      {"/api/models/acme/private", {}, 401, "", kBadLogin},
      {"/api/models/acme/removed", {}, 401, "", kBadLogin},
      {"/acme/nothing/resolve/main/LICENSE", {}, 401, "", kBadLogin},
      {"/api/models/acme/nothing", kUser, 404, "RepoNotFound", "Repository not found"},
      {"/acme/nothing/resolve/main/LICENSE", kUser, 404, "RepoNotFound", "Repository not found"},
      {"/api/models/acme/open/revision/x", {}, 404, "RevisionNotFound", "Invalid rev id: x"},
      {"/api/models/acme/open/commits/x", {}, 404, "RevisionNotFound", "Invalid rev id: x"},
      {"/acme/open/resolve/x/LICENSE", {}, 404, "RevisionNotFound", "Invalid rev id: x"},
      {"/acme/open/resolve/main/NOPE", {}, 404, "EntryNotFound", "Entry not found"},
      {"/acme/open/raw/main/NOPE", {}, 404, "EntryNotFound", "Entry not found"},
      {"/acme/manual/resolve/main/LICENSE",
       {},
       401,
       "GatedRepo",
       "Access to model acme/manual is restricted. You must have access to it and be authenticated "
       "to access it. Please log in."},
      {"/acme/auto/resolve/main/LICENSE", kUser, 403, "GatedRepo", ""},
      {"/api/models/acme/manual/commits/main", {}, 401, "GatedRepo", ""},
      {"/acme/disabled/resolve/main/LICENSE", {}, 403, "", kDisabled},
      {"/acme/disabled/resolve/main/LICENSE", kUser, 403, "", kDisabled},
      {"/api/models/acme/open", wrong, 401, "", "Invalid credentials in Authorization header"},
      {"/api/models", wrong, 401, "", "Invalid credentials in Authorization header"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.target);
    const auto answer = Get(row.target, row.headers);
    EXPECT_EQ(answer.status, row.status);
    EXPECT_EQ(answer.Get("x-error-code"), row.code);
    if (*row.message != '\0') {
      EXPECT_EQ(answer.Get("x-error-message"), row.message);
    }
    EXPECT_EQ(answer.Get("www-authenticate").empty(), row.status != 401);
    EXPECT_FALSE(answer.Get("ratelimit").empty());
    const bool is_api = std::string_view(row.target).substr(0, 5) == "/api/";
    EXPECT_EQ(answer.body.front() == '{', is_api) << answer.body;
  }
}

TEST_F(HubErrorsTest, KeepsDetailsOfGatedAndDisabledReleasesPublic) {
  ServeCases();
  EXPECT_EQ(GetJson("/api/models/acme/manual")["gated"], "manual");
  EXPECT_EQ(GetJson("/api/models/acme/auto")["gated"], "auto");
  EXPECT_EQ(GetJson("/api/models/acme/disabled")["disabled"], true);
  EXPECT_EQ(Get("/api/models/acme/manual/tree/main").status, 200);
}

TEST_F(HubErrorsTest, MayForbidDisabledReleasesWhole) {
  ReplayHubOptions options;
  options.hub.disabled_mode = DisabledMode::kForbidden;
  ServeCases(options);
  EXPECT_EQ(Get("/api/models/acme/disabled").Get("x-error-message"), kDisabled);
  EXPECT_TRUE(ListIds("/api/models?search=acme/disabled").empty());
}

TEST_F(HubErrorsTest, GivesAMissingEntryItsCommitAndFifteenBytes) {
  ServeCases();
  const auto answer = Get("/acme/open/resolve/main/NOPE");
  EXPECT_EQ(answer.body, "Entry not found");
  EXPECT_EQ(answer.Get("x-repo-commit").size(), 40u);
}

TEST_F(HubErrorsTest, LetsNoClientWriteAHeader) {
  ServeCases();
  const auto answer = Get("/api/models/acme/open/revision/x%0D%0AX-Forged:%201");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.Get("x-forged"), "");
}

TEST_F(HubErrorsTest, LetsAGrantedTokenRead) {
  ServeCases();
  EXPECT_EQ(Get("/acme/manual/resolve/main/LICENSE", kGranted).status, 307);
}

TEST_F(HubErrorsTest, LimitsAnAddressAndAUserInTheirOwnWords) {
  ReplayHubOptions options;
  options.quotas = {{1, 1, 1}, {1, 1, 1}, absl::Seconds(300)};
  ServeCases(options);
  EXPECT_EQ(Get("/api/models/acme/open").Get("ratelimit"), "\"api\";r=0;t=300");
  const auto anonymous = Get("/api/models/acme/open");
  EXPECT_EQ(anonymous.status, 429);
  EXPECT_EQ(anonymous.Get("ratelimit"), "\"api\";r=0;t=300");
  EXPECT_EQ(anonymous.Get("ratelimit-policy"), "\"fixed window\";\"api\";q=1;w=300");
  EXPECT_EQ(anonymous.Get("retry-after"), "");
  EXPECT_NE(anonymous.body.find("We had to rate limit your IP (127.0.0.1)."), std::string::npos);
  Get("/api/models/acme/open", kUser);
  const auto user = Get("/api/models/acme/open", kUser);
  EXPECT_NE(user.body.find("you hit the quota of 1 api requests per 5 minutes period"),
            std::string::npos)
      << user.body;
  clock_.Advance(absl::Seconds(300));
  EXPECT_EQ(Get("/api/models/acme/open").status, 200);
  EXPECT_EQ(Status()["over_quota"]["api"], 2);
  EXPECT_EQ(Status()["max_in_window"]["api"], 1);
}

TEST_F(HubErrorsTest, DrawsOnThreeBuckets) {
  ServeCases();
  EXPECT_EQ(Get("/api/models").Get("ratelimit").substr(0, 5), "\"api\"");
  EXPECT_EQ(Get("/acme/open/resolve/main/LICENSE").Get("ratelimit").substr(0, 11), "\"resolvers\"");
  EXPECT_EQ(Get("/api/resolve-cache/models/acme/open/main/LICENSE").Get("ratelimit").substr(0, 11),
            "\"resolvers\"");
  EXPECT_EQ(Get("/acme/open").Get("ratelimit").substr(0, 7), "\"pages\"");
  const auto requests = Status()["requests"];
  EXPECT_EQ(requests["api"], 1);
  EXPECT_EQ(requests["resolvers"], 2);
  EXPECT_EQ(requests["pages"], 1);
}

}  // namespace
}  // namespace modelwatch::replay_hub
