// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/history_world.h"

#include <cstdlib>
#include <unordered_map>

#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "common/clock.h"
#include "common/status_macros.h"
#include "replay_hub/csv_table.h"
#include "replay_hub/licence_texts.h"
#include "replay_hub/recorded_card.h"

namespace modelwatch::replay_hub {
namespace {

struct Places {
  std::filesystem::path tables;
  std::filesystem::path licences;
};

Places PlacesOf(std::string_view argument) {
  const size_t comma = argument.find(',');
  Places places{argument.substr(0, comma), {}};
  if (comma != std::string_view::npos) {
    places.licences = argument.substr(comma + 1);
  } else {
    const char* deps = std::getenv("MODELWATCH_DEPS");
    const std::filesystem::path installed =
        deps != nullptr
            ? std::filesystem::path(deps)
            : std::filesystem::absolute(places.tables).lexically_normal() / "../../../.deps";
    places.licences = installed / "licences/scancode/licenses";
  }
  return places;
}

std::vector<std::string> List(const std::string& joined) {
  return absl::StrSplit(joined, '|', absl::SkipEmpty());
}

// Turns rows into mutations.
class HistoryLoader {
 public:
  HistoryLoader(const CsvTable& releases, const CsvTable& moments, LicenceTexts& texts,
                World& world)
      : releases_(releases), moments_(moments), texts_(texts), world_(world) {}

  absl::Status Load() {
    RETURN_IF_ERROR(releases_.Require(
        {"release", "id", "created_at", "pipeline_tag", "library", "base_model", "origin"}));
    RETURN_IF_ERROR(moments_.Require({"date", "id", "what", "revision", "tag", "license_name",
                                      "gate", "path", "text", "edits", "new_name"}));
    for (size_t row = 0; row < releases_.rows(); ++row) rows_[releases_.at(row, "id")] = row;
    for (size_t row = 0; row < moments_.rows(); ++row) {
      const absl::Status status = LoadMoment(row);
      if (!status.ok()) {
        return absl::Status(status.code(), absl::StrFormat("moments.csv line %d (%s): %s", row + 2,
                                                           moments_.at(row, "release"),
                                                           std::string(status.message())));
      }
    }
    return absl::OkStatus();
  }

 private:
  absl::Status LoadMoment(size_t row) {
    ASSIGN_OR_RETURN(const int64_t when, common::ParseMicros(moments_.at(row, "date")));
    const std::string& id = moments_.at(row, "id");
    const std::string& what = moments_.at(row, "what");
    if (!rows_.count(id)) return absl::InvalidArgumentError("its id is not in releases.csv");
    if (what == "create") return LoadCreate(row, when);
    if (what == "push") return LoadPush(row, when);
    if (what == "gate" || what == "ungate") return LoadGate(row, when);
    if (what == "remove") {
      world_.At(when, Delete{id});
    } else if (what == "restore") {
      world_.At(when, Restore{id});
    } else if (what == "rename") {
      world_.At(when, Rename{id, moments_.at(row, "new_name")});
    } else if (what == "disable") {
      if (!moments_.at(row, "gate").empty()) RETURN_IF_ERROR(LoadGate(row, when));
      world_.At(when, SetDisabled{id, true});
    } else {
      return absl::InvalidArgumentError(absl::StrFormat("unknown moment \"%s\"", what));
    }
    return absl::OkStatus();
  }

  absl::Status LoadGate(size_t row, int64_t when) {
    ASSIGN_OR_RETURN(const Gate gate, GateOf(moments_.at(row, "gate")));
    world_.At(when, SetGate{moments_.at(row, "id"), gate});
    return absl::OkStatus();
  }

  static absl::StatusOr<Gate> GateOf(const std::string& word) {
    if (word.empty() || word == "open") return Gate::kOpen;
    if (word == "auto") return Gate::kAuto;
    if (word == "manual") return Gate::kManual;
    return absl::InvalidArgumentError(absl::StrFormat("unknown gate \"%s\"", word));
  }

  absl::Status LoadCreate(size_t row, int64_t when) {
    Release release;
    release.id = moments_.at(row, "id");
    const size_t facts_row = rows_[release.id];
    release.name = releases_.at(facts_row, "release");
    ASSIGN_OR_RETURN(release.created_at_us,
                     common::ParseMicros(releases_.at(facts_row, "created_at")));
    ASSIGN_OR_RETURN(release.gate, GateOf(moments_.at(row, "gate")));
    ASSIGN_OR_RETURN(Commit commit, CommitOf(row, when));
    release.commits.push_back(std::move(commit));
    release.metadata = MetadataOf(FactsOf(row));
    world_.At(when, Create{std::move(release)});
    return absl::OkStatus();
  }

  absl::Status LoadPush(size_t row, int64_t when) {
    ASSIGN_OR_RETURN(Commit commit, CommitOf(row, when));
    world_.At(when, Push{moments_.at(row, "id"), std::move(commit), MetadataOf(FactsOf(row))});
    return absl::OkStatus();
  }

  CardFacts FactsOf(size_t row) const {
    const size_t release = rows_.at(moments_.at(row, "id"));
    const std::vector<std::string> paths = List(moments_.at(row, "path"));
    CardFacts facts;
    facts.name = releases_.at(release, "release");
    facts.licences = List(moments_.at(row, "tag"));
    facts.license_name = moments_.at(row, "license_name");
    if (!facts.license_name.empty() && !paths.empty()) facts.license_link = paths.front();
    facts.base_model = releases_.at(release, "base_model");
    facts.pipeline_tag = releases_.at(release, "pipeline_tag");
    facts.library_name = releases_.at(release, "library");
    facts.origin = releases_.at(release, "origin");
    return facts;
  }

  absl::StatusOr<Commit> CommitOf(size_t row, int64_t when) {
    Commit commit;
    commit.sha = moments_.at(row, "revision");
    commit.date_us = when;
    commit.title = moments_.at(row, "what") == "create" ? "First commit" : "Update";
    commit.files.push_back(world_.AddFile("README.md", CardOf(FactsOf(row))));
    const std::vector<std::string> paths = List(moments_.at(row, "path"));
    const std::vector<std::string> keys = List(moments_.at(row, "text"));
    if (paths.size() != keys.size()) {
      return absl::InvalidArgumentError("path and text do not name equally many files");
    }
    for (size_t i = 0; i < paths.size(); ++i) {
      ASSIGN_OR_RETURN(std::string text, texts_.Edited(keys[i], moments_.at(row, "edits")));
      commit.files.push_back(world_.AddFile(paths[i], std::move(text)));
    }
    return commit;
  }

  const CsvTable& releases_;
  const CsvTable& moments_;
  LicenceTexts& texts_;
  World& world_;
  std::unordered_map<std::string, size_t> rows_;  // id -> row of releases_
};

}  // namespace

absl::Status LoadHistoryWorld(std::string_view argument, World& world) {
  const Places places = PlacesOf(argument);
  ASSIGN_OR_RETURN(const CsvTable releases, CsvTable::Read(places.tables / "releases.csv"));
  ASSIGN_OR_RETURN(const CsvTable moments, CsvTable::Read(places.tables / "moments.csv"));
  LicenceTexts texts(places.licences);
  return HistoryLoader(releases, moments, texts, world).Load();
}

}  // namespace modelwatch::replay_hub
