// SPDX-License-Identifier: Apache-2.0
// Answers that the Hub really gave, recorded by others.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "crawler/hub/huggingface.h"
#include "crawler/hub/rate_limit.h"
#include "replay_hub/zstd_lines.h"
#include "testing/http_transcript.h"
#include "testing/shared_data.h"
#include "testing/status_matchers.h"

namespace modelwatch::crawler {
namespace {

using ::modelwatch::testing::ParseHeaders;
using ::modelwatch::testing::SharedData;
using ::modelwatch::testing::SharedRoot;
using Json = ::nlohmann::json;

constexpr int64_t kObserved = 1'790'000'000'000'000;

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::unique_ptr<Hub> NewTestHub() {
  return NewHuggingFace("huggingface", "https://huggingface.co").value();
}

TEST(RecordedAnswersTest, EveryRecordedErrorIsToldApart) {
  SKIP_WITHOUT_SHARED_DATA();
  const std::map<std::string, Outcome> expected = {
      {"commits-bad-revision.json", Outcome::kRevisionMissing},
      {"commits-gated.json", Outcome::kGated},
      {"commits-gpt2.json", Outcome::kOk},
      {"model-gpt-4chan.json", Outcome::kOk},
      {"model-not-found.json", Outcome::kMissingOrPrivate},
      {"redirect-runwayml-stable-diffusion-v1-5.json", Outcome::kRenamed}};
  const auto hub = NewTestHub();
  for (const auto& [name, outcome] : expected) {
    const Json json =
        Json::parse(ReadFile(SharedData("hf-headers/repo.ing-fixtures") / name), nullptr, false);
    ASSERT_TRUE(json.is_object()) << name;
    common::HttpHeaders headers;
    for (const auto& [key, value] : json["headers"].items())
      headers.Add(key, value.get<std::string>());
    const std::string body = json["body"].dump();
    common::Url asked = hub->endpoint();
    asked.target = json["request"].get<std::string>();
    EXPECT_EQ(hub->Judge(asked, {json["status"].get<int>(), headers, body, false}).outcome, outcome)
        << name;
    const auto limit = ParseRateLimit(headers);
    ASSERT_TRUE(limit.has_value()) << name;
    EXPECT_EQ(limit->name, "api");
    EXPECT_EQ(limit->quota, 500);
  }
}

TEST(RecordedAnswersTest, RecordedReleasesAreReadAsTheyAre) {
  SKIP_WITHOUT_SHARED_DATA();
  const auto read = [](const char* name) {
    const Json json =
        Json::parse(ReadFile(SharedData("hf-headers/repo.ing-fixtures") / name), nullptr, false);
    return NewTestHub()->ParseRelease(json["body"].dump(), kObserved).value().observation;
  };
  const v1::Observation disabled = read("model-gpt-4chan.json");
  EXPECT_EQ(disabled.access().presence(), v1::DISABLED);
  EXPECT_EQ(disabled.access().gate(), v1::AUTO);
  const v1::Observation gated = read("model-llama-3.1-8b.json");
  EXPECT_EQ(gated.access().gate(), v1::MANUAL);
  EXPECT_EQ(gated.declared().tag_licences(0), "llama3.1");
  const v1::Observation open = read("model-gpt2.json");
  EXPECT_EQ(open.key().id(), "621ffdc036468d709f17434d");
  EXPECT_EQ(open.access().gate(), v1::OPEN);
}

TEST(RecordedAnswersTest, RecordedListingRowsAreRead) {
  SKIP_WITHOUT_SHARED_DATA();
  ASSERT_OK_AND_ASSIGN(
      const Page page,
      NewTestHub()->ParsePage(ReadFile(SharedRoot() / "samples/hf-list-rows.json"), kObserved));
  ASSERT_EQ(page.rows.size(), 2u);
  EXPECT_TRUE(page.bad_rows.empty());
  EXPECT_EQ(page.rows[1].observation.declared().base_models(0).relation(), "finetune");
}

TEST(RecordedAnswersTest, TranscribedHeadersAreRead) {
  SKIP_WITHOUT_SHARED_DATA();
  const std::map<std::string, std::pair<int, Outcome>> expected = {
      {"hf-error-401-nonexistent-anon.http", {401, Outcome::kMissingOrPrivate}},
      {"hf-error-404-revision.http", {404, Outcome::kRevisionMissing}},
      {"hf-head-gated-401.http", {401, Outcome::kGated}},
      {"hf-missing-file-404.http", {404, Outcome::kEntryMissing}},
      {"hf-head-readme-307.http", {307, Outcome::kRenamed}},
      {"hf-page-200.http", {200, Outcome::kOk}}};
  const auto hub = NewTestHub();
  for (const auto& [name, row] : expected) {
    const common::HttpHeaders headers = ParseHeaders(ReadFile(SharedRoot() / "samples" / name));
    EXPECT_EQ(hub->Judge(hub->endpoint(), {row.first, headers, "", false}).outcome, row.second)
        << name;
  }
}

// The official client's own cassettes: every answer about a model at huggingface.co.
TEST(RecordedAnswersTest, TheClientsCassettesAreRead) {
  SKIP_WITHOUT_SHARED_DATA();
  const auto hub = NewTestHub();
  int releases = 0;
  int renamed = 0;
  ASSERT_OK(replay_hub::ForEachLine(
      SharedData("hf-recordings/huggingface_hub.jsonl.zst"), [&](std::string_view line) {
        const Json json = Json::parse(line, nullptr, false);
        const std::string uri = json.value("uri", "");
        if (uri.rfind("https://huggingface.co/api/models/", 0) != 0) return absl::OkStatus();
        common::HttpHeaders headers;
        for (const auto& [key, values] : json["headers"].items()) {
          for (const Json& value : values) headers.Add(key, value.get<std::string>());
        }
        const std::string body = json["body"].is_string() ? json["body"].get<std::string>() : "";
        const int status = json["status"]["code"].get<int>();
        const Verdict verdict =
            hub->Judge(common::ParseUrl(uri).value(), {status, headers, body, false});
        if (verdict.outcome == Outcome::kRenamed) ++renamed;
        if (verdict.outcome != Outcome::kOk) return absl::OkStatus();
        const auto row = hub->ParseRelease(body, kObserved);
        EXPECT_TRUE(row.ok()) << uri << ": " << row.status();
        if (row.ok()) ++releases;
        return absl::OkStatus();
      }));
  EXPECT_GE(releases, 10);
  EXPECT_GE(renamed, 1);
}

}  // namespace
}  // namespace modelwatch::crawler
