// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/snapshot_2022_world.h"

#include <simdjson.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "common/clock.h"
#include "common/digest.h"
#include "common/status_macros.h"
#include "replay_hub/front_matter.h"
#include "replay_hub/rekeyed_releases.h"
#include "replay_hub/zstd_lines.h"

namespace modelwatch::replay_hub {
namespace {

using simdjson::dom::element;

constexpr int64_t kFloorUs = 1'646'263'744'000'000;  // 2022-03-02T23:29:04Z
constexpr uint64_t kRecordsASecond = 30;
constexpr uint64_t kMaxReleases = 10'000'000;
constexpr int64_t kSecondUs = 1'000'000;
constexpr std::string_view kNoCard = "Error: the path 'README.md' does not exist";

std::string Text(const element& object, const char* key) {
  std::string_view value;
  return object[key].get(value) == simdjson::SUCCESS ? std::string(value) : std::string();
}

uint64_t Count(const element& object, const char* key) {
  uint64_t value = 0;
  return object[key].get(value) == simdjson::SUCCESS ? value : 0;
}

bool LooksLikeLicence(std::string_view path) {
  const std::string lower = absl::AsciiStrToLower(std::string(path));
  for (const char* word : {"license", "licence", "copying", "notice", "agreement", "use_policy"}) {
    if (lower.find(word) != std::string::npos) return true;
  }
  return false;
}

// A file of which only the name is known.
RepoFile NamedFile(const std::string& sha, std::string_view path, World& world) {
  if (LooksLikeLicence(path)) return world.AddLfsFile(std::string(path), "", 1);
  RepoFile file;
  file.path = path;
  file.oid = common::GitBlobOid(absl::StrFormat("%s:%s", sha, path));
  return file;
}

std::vector<RepoFile> FilesOf(const element& infos, const std::string& sha, std::string_view readme,
                              World& world) {
  std::vector<RepoFile> files;
  const bool has_card = !readme.starts_with(kNoCard);
  if (has_card) files.push_back(world.AddFile("README.md", std::string(readme)));
  simdjson::dom::array siblings;
  if (infos["siblings"].get(siblings) != simdjson::SUCCESS) return files;
  for (const element sibling : siblings) {
    const std::string path = Text(sibling, "rfilename");
    if (path.empty() || path == "README.md") continue;
    files.push_back(NamedFile(sha, path, world));
  }
  return files;
}

Metadata MetadataOf(const element& infos, std::string_view readme) {
  Metadata metadata;
  simdjson::dom::array tags;
  if (infos["tags"].get(tags) == simdjson::SUCCESS) {
    for (const element tag : tags) {
      std::string_view word;
      if (tag.get(word) == simdjson::SUCCESS) metadata.tags.emplace_back(word);
    }
  }
  metadata.pipeline_tag = Text(infos, "pipeline_tag");
  metadata.library_name = Text(infos, "library_name");
  if (!readme.starts_with(kNoCard)) metadata.card_data_json = ReadFrontMatter(readme).card_data;
  return metadata;
}

int64_t CreatedAtUs(uint64_t number) {
  return kFloorUs + static_cast<int64_t>(number / kRecordsASecond) * kSecondUs;
}

absl::StatusOr<std::string> AddRecord(const element& record, uint64_t number, World& world) {
  element infos;
  std::string_view readme;
  if (record["infos"].get(infos) != simdjson::SUCCESS ||
      record["readme"].get(readme) != simdjson::SUCCESS) {
    return absl::InvalidArgumentError("infos or readme is missing");
  }
  Release release;
  release.name = Text(record, "id");
  release.created_at_us = CreatedAtUs(number);
  release.downloads = Count(infos, "downloads");
  release.likes = Count(infos, "likes");
  release.metadata = MetadataOf(infos, readme);
  Commit commit;
  commit.sha = Text(infos, "sha");
  ASSIGN_OR_RETURN(commit.date_us, common::ParseMicros(Text(infos, "lastModified")));
  commit.title = "Head of 2022-02-15";
  commit.files = FilesOf(infos, commit.sha, readme, world);
  release.commits.push_back(std::move(commit));
  return world.Add(std::move(release));
}

// Adds the file's records, at most so many. Their ids, in the order of the file.
absl::StatusOr<std::vector<std::string>> AddRecords(std::string_view path, uint64_t most,
                                                    World& world) {
  simdjson::dom::parser parser;
  std::vector<std::string> ids;
  const absl::Status status =
      ForEachLine(std::filesystem::path(path), [&](std::string_view line) -> absl::Status {
        if (ids.size() >= most) return absl::CancelledError();
        element record;
        const simdjson::error_code error =
            parser.parse(line.data(), line.size(), /*realloc_if_needed=*/false).get(record);
        absl::StatusOr<std::string> added =
            error == simdjson::SUCCESS ? AddRecord(record, ids.size(), world)
                                       : absl::InvalidArgumentError(simdjson::error_message(error));
        if (!added.ok()) {
          return absl::Status(added.status().code(),
                              absl::StrFormat("%s line %d: %s", path, ids.size() + 1,
                                              std::string(added.status().message())));
        }
        ids.push_back(*std::move(added));
        return absl::OkStatus();
      });
  if (!status.ok() && !absl::IsCancelled(status)) return status;
  if (ids.empty()) return absl::InvalidArgumentError("the file has no record");
  return ids;
}

}  // namespace

absl::Status LoadSnapshot2022World(std::string_view argument, World& world) {
  return AddRecords(argument, std::numeric_limits<uint64_t>::max(), world).status();
}

absl::Status LoadRekeyedWorld(std::string_view argument, World& world) {
  const size_t comma = argument.find(',');
  uint64_t count = 0;
  if (comma == std::string_view::npos ||
      !absl::SimpleAtoi(std::string(argument.substr(0, comma)), &count) || count == 0 ||
      count > kMaxReleases) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "world \"rekeyed:%s\": not N,FILE with N from 1 to %d", argument, kMaxReleases));
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   AddRecords(argument.substr(comma + 1), count, world));
  if (ids.size() == count) return absl::OkStatus();
  std::vector<ReleasePtr> originals;
  for (const std::string& id : ids) originals.push_back(world.FindById(id));
  ASSIGN_OR_RETURN(std::unique_ptr<RekeyedReleases> rekeyed,
                   RekeyedReleases::Of(std::move(originals), count, &CreatedAtUs));
  return world.AddRekeyed(std::move(rekeyed));
}

}  // namespace modelwatch::replay_hub
