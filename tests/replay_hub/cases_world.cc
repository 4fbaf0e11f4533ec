// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/cases_world.h"

#include <string>
#include <utility>
#include <vector>

#include "common/status_macros.h"

namespace modelwatch::replay_hub {
namespace {

constexpr int64_t kSecondUs = 1'000'000;
constexpr int64_t kDayUs = 86'400 * kSecondUs;
constexpr int64_t kCreatedUs = 1'767'225'600 * kSecondUs;      // 2026-01-01T00:00:00Z
constexpr int64_t kFirstMomentUs = 1'772'409'600 * kSecondUs;  // 2026-03-02T00:00:00Z
constexpr size_t kLfsBytes = 300'000;

std::string Card(const std::string& licence) {
  return "---\nlicense: " + licence + "\n---\n# A made-up release\n";
}

Commit MakeCommit(World& world, int64_t date_us, const std::string& title,
                  const std::string& licence_text) {
  Commit commit;
  commit.date_us = date_us;
  commit.title = title;
  commit.files = {world.AddFile("README.md", Card("apache-2.0")),
                  world.AddFile("LICENSE", licence_text),
                  world.AddFile(".gitattributes", "*.safetensors filter=lfs\n"),
                  world.AddFile("config.json", "{}\n")};
  return commit;
}

Release MakeRelease(World& world, const std::string& name, const std::string& licence) {
  Release release;
  release.name = name;
  release.created_at_us = kCreatedUs;  // all in one second: ties are part of the case
  release.id = DeriveReleaseId(name, kCreatedUs);
  release.metadata.tags = {"transformers", "license:" + licence, "region:us"};
  release.metadata.card_data_json = "{\"license\":\"" + licence + "\"}";
  release.metadata.pipeline_tag = "text-generation";
  release.metadata.library_name = "transformers";
  release.commits = {MakeCommit(world, kCreatedUs + 60 * kSecondUs, "Release",
                                "Text of the licence of " + name + "\n")};
  return release;
}

absl::Status AddOpen(World& world) {
  Release release = MakeRelease(world, "acme/open", "apache-2.0");
  Commit second =
      MakeCommit(world, kCreatedUs + kDayUs, "Add weights", "Apache text, first form\n");
  std::string weights;
  while (weights.size() < kLfsBytes) weights += "weights ";
  weights.resize(kLfsBytes);
  second.files.push_back(world.AddLfsContent("model.safetensors", std::move(weights)));
  second.files.push_back(world.AddFile("onnx/config.json", "{\"onnx\":true}\n"));
  second.files.push_back(world.AddFile("onnx/deep er/notes.txt", "Notes.\n"));
  Commit third = second;
  third.date_us = kCreatedUs + 2 * kDayUs;
  third.title = "Say more";
  third.message = "A longer message.";
  for (RepoFile& file : third.files) {
    if (file.path == "README.md") file = world.AddFile("README.md", Card("apache-2.0") + "More.\n");
  }
  second.sha = DeriveCommitSha(release.id, second);
  release.tags = {{"v1.0", second.sha}};
  release.commits.push_back(std::move(second));
  release.commits.push_back(std::move(third));
  release.metadata.base_models = {{"acme/base", "finetune"}};
  release.metadata.tags.push_back("base_model:acme/base");
  release.metadata.tags.push_back("base_model:finetune:acme/base");
  release.downloads = 1000;
  release.likes = 10;
  return world.Add(std::move(release)).status();
}

absl::Status AddOther(World& world) {
  Release release = MakeRelease(world, "acme/Other", "other");
  release.metadata.tags = {"license:other", "license:mit", "\u6a21\u578b", "region:us"};
  release.metadata.card_data_json =
      R"({"license":["other","mit"],"license_name":"acme-1.0","license_link":"LICENSE"})";
  return world.Add(std::move(release)).status();
}

absl::Status AddAll(World& world) {
  RETURN_IF_ERROR(AddOpen(world));
  RETURN_IF_ERROR(AddOther(world));
  RETURN_IF_ERROR(world.Add(MakeRelease(world, "acme/base", "mit")).status());
  world.AddAlias("acme/old-base", "acme/base");
  world.AddAlias("base", "acme/base");
  for (const auto& [name, gate] :
       {std::pair("acme/manual", Gate::kManual), std::pair("acme/auto", Gate::kAuto)}) {
    Release gated = MakeRelease(world, name, "llama3");
    gated.gate = gate;
    RETURN_IF_ERROR(world.Add(std::move(gated)).status());
  }
  Release disabled = MakeRelease(world, "acme/disabled", "mit");
  disabled.disabled = true;
  RETURN_IF_ERROR(world.Add(std::move(disabled)).status());
  Release hidden = MakeRelease(world, "acme/private", "mit");
  hidden.is_private = true;
  RETURN_IF_ERROR(world.Add(std::move(hidden)).status());
  Release removed = MakeRelease(world, "acme/removed", "mit");
  removed.removed = true;
  return world.Add(std::move(removed)).status();
}

std::string IdOf(const std::string& name) { return DeriveReleaseId(name, kCreatedUs); }

void Schedule(World& world) {
  const auto moment = [](int day) { return kFirstMomentUs + day * kDayUs; };
  const auto commit = [&](int64_t date_us, const std::string& text) {
    return MakeCommit(world, date_us, "Update LICENSE", text);
  };
  Release newcomer = MakeRelease(world, "acme/Other", "gemma");
  newcomer.created_at_us = moment(8);
  newcomer.id = DeriveReleaseId("acme/Other", moment(8), "newcomer");
  const std::vector<Mutation> mutations = {
      Push{IdOf("acme/open"), commit(moment(0), "A tighter text\n"), std::nullopt},
      Push{IdOf("acme/base"), commit(moment(1) - 30 * kDayUs, "A back-dated text\n"), std::nullopt},
      Push{IdOf("acme/Other"), commit(moment(2) + 365 * kDayUs, "A future text\n"), std::nullopt},
      SetGate{IdOf("acme/base"), Gate::kManual},
      SetGate{IdOf("acme/base"), Gate::kOpen},
      SetDisabled{IdOf("acme/auto"), true},
      Delete{IdOf("acme/manual")},
      Rename{IdOf("acme/Other"), "acme/renamed"},
      Create{std::move(newcomer)},
      Restore{IdOf("acme/manual")}};
  int day = 0;
  for (const Mutation& mutation : mutations) world.At(moment(day++), mutation);
}

}  // namespace

absl::Status LoadCasesWorld(std::string_view /*argument*/, World& world) {
  RETURN_IF_ERROR(AddAll(world));
  Schedule(world);
  return absl::OkStatus();
}

}  // namespace modelwatch::replay_hub
