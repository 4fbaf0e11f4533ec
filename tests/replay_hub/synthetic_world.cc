// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/synthetic_world.h"

#include <array>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"

namespace modelwatch::replay_hub {
namespace {

constexpr uint64_t kMaxReleases = 10'000'000;
constexpr int64_t kFirstSecond =
    1'646'263'744;  // 2022-03-02T23:29:04Z, the hub's earliest createdAt
constexpr int64_t kSecondUs = 1'000'000;
constexpr std::array<const char*, 6> kLicences = {"apache-2.0", "mit",   "other",
                                                  "llama3",     "gemma", "cc-by-nc-4.0"};

std::string LicenceText(uint64_t which) {
  std::string text = absl::StrFormat("Made-up licence number %d.\n\n", which);
  for (int i = 0; i < 40; ++i) {
    text +=
        absl::StrFormat("%d. This paragraph stands for the length of a real licence text.\n", i);
  }
  return text;
}

std::string CardData(const std::string& licence) {
  if (licence != "other") return absl::StrFormat(R"({"license":"%s","language":["en"]})", licence);
  return R"({"license":"other","license_name":"made-up-1.0","license_link":"LICENSE"})";
}

std::string Card(const std::string& licence, const std::string& name) {
  return absl::StrFormat("---\nlicense: %s\nlanguage:\n- en\n---\n# %s\n\nA made-up release.\n",
                         licence, name);
}

Metadata MadeUpMetadata(uint64_t n, const std::string& licence) {
  Metadata metadata;
  metadata.tags = {"transformers",       "safetensors",          "text-generation", "en",
                   "license:" + licence, "endpoints_compatible", "region:us"};
  metadata.card_data_json = CardData(licence);
  metadata.pipeline_tag = "text-generation";
  metadata.library_name = "transformers";
  if (n % 4 == 3) {
    const std::string base = absl::StrFormat("org-%d/model-%d", (n - 3) % 97, n - 3);
    metadata.base_models = {{base, "finetune"}};
    metadata.tags.push_back("base_model:" + base);
    metadata.tags.push_back("base_model:finetune:" + base);
  }
  return metadata;
}

Release MadeUpRelease(uint64_t n, World& world) {
  const std::string licence = kLicences[n % kLicences.size()];
  Release release;
  release.name = absl::StrFormat("org-%d/model-%d", n % 97, n);
  release.created_at_us = (kFirstSecond + static_cast<int64_t>(n / 3) * 37) * kSecondUs;
  release.metadata = MadeUpMetadata(n, licence);
  release.downloads = n * 7919 % 100'003;
  release.likes = n * 31 % 997;
  release.trending_score = static_cast<int64_t>(n * 17 % 101);
  if (n % 50 == 49) release.gate = n % 100 == 99 ? Gate::kManual : Gate::kAuto;
  Commit commit;
  commit.date_us = release.created_at_us + 60 * kSecondUs;
  commit.title = "Upload model";
  commit.files = {world.AddFile(".gitattributes", "*.safetensors filter=lfs diff=lfs merge=lfs\n"),
                  world.AddFile("README.md", Card(licence, release.name)),
                  world.AddFile("config.json", "{\"model_type\":\"made-up\"}\n"),
                  world.AddLfsFile("model.safetensors", "", 1'000'000 + n)};
  if (n % 3 == 0) commit.files.push_back(world.AddFile("LICENSE", LicenceText(n % 5)));
  release.commits.push_back(std::move(commit));
  return release;
}

}  // namespace

absl::Status LoadSyntheticWorld(std::string_view argument, World& world) {
  uint64_t count = 0;
  if (!absl::SimpleAtoi(std::string(argument), &count) || count == 0 || count > kMaxReleases) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "world \"synthetic:%s\": not a number from 1 to %d", argument, kMaxReleases));
  }
  for (uint64_t n = 0; n < count; ++n) {
    RETURN_IF_ERROR(world.Add(MadeUpRelease(n, world)).status());
  }
  return absl::OkStatus();
}

}  // namespace modelwatch::replay_hub
