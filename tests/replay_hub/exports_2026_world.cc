// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/exports_2026_world.h"

#include <simdjson.h>

#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>

#include "absl/strings/str_format.h"
#include "common/clock.h"
#include "common/status_macros.h"
#include "replay_hub/recorded_card.h"
#include "replay_hub/zstd_lines.h"

namespace modelwatch::replay_hub {
namespace {

using simdjson::dom::element;

constexpr char kOrigin[] = "huggingface.co";

std::string Text(const element& object, const char* key) {
  std::string_view value;
  return object[key].get(value) == simdjson::SUCCESS ? std::string(value) : std::string();
}

bool Flag(const element& object, const char* key) {
  bool value = false;
  return object[key].get(value) == simdjson::SUCCESS && value;
}

uint64_t Count(const element& object, const char* key) {
  double value = 0;
  if (object[key].get(value) != simdjson::SUCCESS || value < 0) return 0;
  return static_cast<uint64_t>(value);
}

// One record, in the hub's words.
struct Record {
  CardFacts facts;
  std::vector<std::string> tags;  // all of them, as the hub lists them
  int64_t created_us = 0;
  int64_t updated_us = 0;
  bool is_gated = false;
  bool is_removed = false;
  uint64_t downloads = 0;
  uint64_t likes = 0;
  int64_t trending = 0;

  [[nodiscard]] Gate gate() const { return is_gated ? Gate::kAuto : Gate::kOpen; }
};

void ReadTags(const element& json, Record& record) {
  simdjson::dom::array tags;
  if (json["tags"].get(tags) != simdjson::SUCCESS) return;
  for (const element tag : tags) {
    std::string_view word;
    if (tag.get(word) != simdjson::SUCCESS) continue;
    record.tags.emplace_back(word);
    if (word.starts_with("license:")) record.facts.licences.emplace_back(word.substr(8));
  }
}

absl::StatusOr<Record> ReadRecord(const element& json) {
  Record record;
  record.facts.name = Text(json, "id");
  record.facts.origin = kOrigin;
  record.facts.base_model = Text(json, "base_model");
  record.facts.pipeline_tag = Text(json, "pipeline_tag");
  record.facts.library_name = Text(json, "library");
  ReadTags(json, record);
  const std::string licence = Text(json, "license");
  const bool is_other = !record.facts.licences.empty() && record.facts.licences.front() == "other";
  if (is_other && licence != "other") record.facts.license_name = licence;
  ASSIGN_OR_RETURN(record.created_us, common::ParseMicros(Text(json, "created_at")));
  ASSIGN_OR_RETURN(record.updated_us, common::ParseMicros(Text(json, "updated_at")));
  record.is_gated = Flag(json, "gated");
  record.is_removed = Flag(json, "removed");
  record.downloads = Count(json, "downloads_30d");
  record.likes = Count(json, "likes");
  record.trending = static_cast<int64_t>(Count(json, "trending_score"));
  return record;
}

Metadata HubMetadata(const Record& record) {
  Metadata metadata = MetadataOf(record.facts);
  metadata.tags = record.tags;
  return metadata;
}

// What a record path stands for, as far as the exports have been read.
struct Known {
  std::string id;
  Record last;
  bool is_gone = false;
};

class ExportsLoader {
 public:
  explicit ExportsLoader(World& world) : world_(world) {}

  absl::Status AddLine(const element& line) {
    ASSIGN_OR_RETURN(const int64_t when, common::ParseMicros(Text(line, "date")));
    if (!first_us_) {
      first_us_ = when;
      world_.SetStart(when);
    }
    const std::string path = Text(line, "path");
    if (Text(line, "status") == "D") return Remove(path, when);
    std::string_view text;
    if (line["text"].get(text) != simdjson::SUCCESS) {
      return absl::InvalidArgumentError("text is missing");
    }
    element json;
    const simdjson::error_code error = inner_.parse(text.data(), text.size()).get(json);
    if (error != simdjson::SUCCESS) {
      return absl::InvalidArgumentError(simdjson::error_message(error));
    }
    ASSIGN_OR_RETURN(const Record record, ReadRecord(json));
    return Put(path, record, when);
  }

 private:
  absl::Status Put(const std::string& path, const Record& record, int64_t when) {
    const auto found = known_.find(path);
    if (found == known_.end()) return Start(path, record, when);
    Known& known = found->second;
    if (known.last.created_us != record.created_us) {
      if (!known.is_gone) world_.At(when, Delete{known.id});
      known_.erase(found);
      return Start(path, record, when);
    }
    if (record.is_removed) return Remove(path, when);
    if (known.is_gone) world_.At(when, Restore{known.id});
    known.is_gone = false;
    Change(known, record, when);
    return absl::OkStatus();
  }

  // What differs between two exports of a release that is there in both.
  void Change(Known& known, const Record& record, int64_t when) {
    const auto declared = [](const Record& of) {
      return std::tie(of.tags, of.facts.licences, of.facts.license_name, of.facts.base_model,
                      of.facts.pipeline_tag, of.facts.library_name);
    };
    const Record& last = known.last;
    if (last.updated_us != record.updated_us) {
      world_.At(when, Push{known.id, CommitOf(record), HubMetadata(record)});
    } else if (declared(last) != declared(record)) {
      world_.At(when, SetMetadata{known.id, HubMetadata(record)});
    }
    if (last.is_gated != record.is_gated) world_.At(when, SetGate{known.id, record.gate()});
    if (last.downloads != record.downloads || last.likes != record.likes ||
        last.trending != record.trending) {
      world_.At(when, SetCounts{known.id, record.downloads, record.likes, record.trending});
    }
    known.last = record;
  }

  absl::Status Start(const std::string& path, const Record& record, int64_t when) {
    Release release;
    release.name = record.facts.name;
    release.id = DeriveReleaseId(release.name, record.created_us);
    release.created_at_us = record.created_us;
    release.commits.push_back(CommitOf(record));
    release.metadata = HubMetadata(record);
    release.gate = record.gate();
    release.downloads = record.downloads;
    release.likes = record.likes;
    release.trending_score = record.trending;
    release.removed = record.is_removed;
    known_[path] = Known{release.id, record, record.is_removed};
    if (when == first_us_ || record.is_removed) return world_.Add(std::move(release)).status();
    world_.At(when, Create{std::move(release)});
    return absl::OkStatus();
  }

  absl::Status Remove(const std::string& path, int64_t when) {
    const auto found = known_.find(path);
    if (found == known_.end()) return absl::InvalidArgumentError("removed before it was seen");
    if (!found->second.is_gone) world_.At(when, Delete{found->second.id});
    found->second.is_gone = true;
    return absl::OkStatus();
  }

  Commit CommitOf(const Record& record) {
    Commit commit;
    commit.date_us = record.updated_us;
    commit.title = "Head at the export";
    commit.files.push_back(world_.AddFile("README.md", CardOf(record.facts)));
    return commit;
  }

  World& world_;
  std::optional<int64_t> first_us_;
  std::unordered_map<std::string, Known> known_;  // by record path
  simdjson::dom::parser inner_;
};

}  // namespace

absl::Status LoadExports2026World(std::string_view argument, World& world) {
  simdjson::dom::parser parser;
  ExportsLoader loader(world);
  uint64_t number = 0;
  return ForEachLine(std::filesystem::path(argument), [&](std::string_view text) -> absl::Status {
    element line;
    const simdjson::error_code error =
        parser.parse(text.data(), text.size(), /*realloc_if_needed=*/false).get(line);
    absl::Status status = error == simdjson::SUCCESS
                              ? loader.AddLine(line)
                              : absl::InvalidArgumentError(simdjson::error_message(error));
    ++number;
    if (status.ok()) return status;
    return absl::Status(status.code(), absl::StrFormat("%s line %d: %s", argument, number,
                                                       std::string(status.message())));
  });
}

}  // namespace modelwatch::replay_hub
