// SPDX-License-Identifier: Apache-2.0
// World: every release of the replayed hub, and what will happen to them.
//
// How a loader fills one:
//
//   Release release;                                   // id left empty: derived from name + time
//   release.name = "acme/model-7b";
//   release.created_at_us = *common::ParseMicros("2023-07-18T12:00:00Z");
//   Commit first{.date_us = release.created_at_us, .title = "Release"};
//   first.files = {world.AddFile("README.md", card), world.AddFile("LICENSE", text),
//                  world.AddLfsFile("model.safetensors", "", 13'000'000'000)};
//   release.commits = {first};
//   release.metadata.tags = {"license:other", "region:us"};
//   release.metadata.card_data_json = R"({"license":"other","license_name":"acme"})";
//   ASSIGN_OR_RETURN(const std::string id, world.Add(std::move(release)));   // there from the
//   start
//
//   Commit edit{.date_us = later, .title = "Update LICENSE"};
//   edit.files = {world.AddFile("README.md", card), world.AddFile("LICENSE", other_text)};
//   world.At(later, Push{id, edit, std::nullopt});      // happens when hub time reaches `later`
//   world.At(later2, SetGate{id, Gate::kManual});
//   world.SetStart(first_day);                          // hub time before the first moment
//
// A Create at a moment needs an id that later mutations can name: set release.id yourself with
// DeriveReleaseId. Mutations at one moment happen in the order they were added.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mutex.h"
#include "replay_hub/mutation.h"
#include "replay_hub/release.h"
#include "replay_hub/release_order.h"
#include "replay_hub/release_state.h"

namespace modelwatch::replay_hub {

class RekeyedReleases;

// What a name leads to.
struct NameLookup {
  ReleasePtr release;    // null when there is none, or when it is private or removed
  std::string moved_to;  // set when the hub redirects: alias, legacy name or other letter case
};

// Thread-safe. Blobs are never taken away, so a pointer from Blob() lives as long as the World.
class World {
 public:
  World();
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // --- Files. Idempotent: equal bytes are kept once.

  // A file in git.
  RepoFile AddFile(std::string path, std::string content);
  // A file outside git of which only the facts are known; its bytes are a repeated pattern when
  // asked for. An empty sha256 is derived from path and size.
  RepoFile AddLfsFile(std::string path, std::string sha256, uint64_t size);
  // A file outside git with real bytes.
  RepoFile AddLfsContent(std::string path, std::string content);

  // --- Filling.

  // Puts a release into the world now; returns its `_id`. INVALID_ARGUMENT when it has no commit,
  // no name, a bad id, or when id or visible name are taken.
  absl::StatusOr<std::string> Add(Release release);
  // Puts releases into the world that are made when they are asked for. They never change: no
  // moment finds them. INVALID_ARGUMENT when a name or an id is taken, or when there are such
  // already.
  absl::Status AddRekeyed(std::unique_ptr<RekeyedReleases> releases);
  // A redirect without a release of its own ("gpt2" -> "openai-community/gpt2").
  void AddAlias(std::string from, std::string to);
  // Schedules. Moments at or before the current hub time happen at the next ApplyThrough.
  void At(int64_t hub_time_us, Mutation mutation);
  // Where hub time begins. Default: one second before the first moment, or, without moments, the
  // newest lastModified.
  void SetStart(int64_t hub_time_us);

  // --- Time.

  struct Applied {
    int64_t at_us = 0;
    Mutation mutation;
    ReleasePtr before;  // null for Create
    ReleasePtr after;
  };
  struct Outcome {
    std::vector<Applied> applied;
    std::vector<absl::Status> refused;  // an unknown release, a name that is taken: loader's errors
  };
  // Everything scheduled up to and including `hub_time_us` happens, in order.
  Outcome ApplyThrough(int64_t hub_time_us);
  [[nodiscard]] int64_t start_us() const;
  [[nodiscard]] std::optional<int64_t> next_us() const;  // nothing left: nullopt
  [[nodiscard]] int64_t end_us() const;                  // last moment ever scheduled, or start

  // --- Reading.

  [[nodiscard]] NameLookup Find(std::string_view name) const;
  // Also removed and private ones; null when the id was never used.
  [[nodiscard]] ReleasePtr FindById(std::string_view id) const;
  // Up to `limit` visible releases after `after` that `wanted` accepts (null accepts all).
  // `wanted` runs under the world's lock: it must not call the world.
  struct Listing {
    SortField sort = SortField::kTrendingScore;
    bool ascending = false;
    std::optional<Position> after;
    size_t limit = 1000;
    std::function<bool(const Release&)> wanted;
  };
  [[nodiscard]] std::vector<ReleasePtr> List(const Listing& listing) const;
  // Bytes of a git blob, also of a pointer; null when unknown.
  [[nodiscard]] const std::string* Blob(std::string_view oid) const;
  // Bytes of an LFS object; null when only its facts are known.
  [[nodiscard]] const std::string* LfsBytes(std::string_view sha256) const;
  [[nodiscard]] size_t size() const;           // releases ever added
  [[nodiscard]] size_t visible_count() const;  // releases that a listing shows

 private:
  struct Orders;

  absl::StatusOr<Applied> Apply(const Mutation& mutation) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<ReleasePtr> Insert(Release release) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Rebind(const Release& from, const Release& to) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Claim(const Release& release) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  [[nodiscard]] bool IsTaken(std::string_view id, std::string_view name) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Replace(const Release& before, const ReleasePtr& after)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable common::Mutex mutex_;
  std::unordered_map<std::string, ReleasePtr> by_id_ ABSL_GUARDED_BY(mutex_);
  std::unordered_map<std::string, std::string> id_by_name_ ABSL_GUARDED_BY(mutex_);
  std::unordered_map<std::string, std::string> name_by_folded_ ABSL_GUARDED_BY(mutex_);
  std::unordered_map<std::string, std::string> aliases_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<Orders> orders_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<RekeyedReleases> rekeyed_ ABSL_GUARDED_BY(mutex_);
  std::unordered_map<std::string, std::string> blobs_ ABSL_GUARDED_BY(mutex_);
  std::unordered_map<std::string, std::string> lfs_bytes_ ABSL_GUARDED_BY(mutex_);
  std::multimap<int64_t, Mutation> timeline_ ABSL_GUARDED_BY(mutex_);
  std::optional<int64_t> start_us_ ABSL_GUARDED_BY(mutex_);
  std::optional<int64_t> first_us_ ABSL_GUARDED_BY(mutex_);  // first moment ever scheduled
  int64_t end_us_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t newest_us_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace modelwatch::replay_hub
