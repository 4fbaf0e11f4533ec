// SPDX-License-Identifier: Apache-2.0
// What the replay hub knows of one release: plain values, in the words of the hub's own protocol.
//
// All times are microseconds since the Unix epoch, UTC, as everywhere in modelwatch; the hub itself
// only ever shows whole seconds. Field meanings: Hugging Face `GET /api/models/{id}`, read 2026-11.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace modelwatch::replay_hub {

// The hub's `gated`: false | "auto" | "manual".
enum class Gate { kOpen, kAuto, kManual };

// Content that stands outside git: git holds a small pointer text, a storage host the bytes.
struct LfsObject {
  std::string sha256;  // 64 hex digits
  uint64_t size = 0;   // bytes of the content, not of the pointer
};

// A file of one commit. Make it with World::AddFile, AddLfsFile or AddLfsContent: they keep the
// bytes and derive the oid.
struct RepoFile {
  std::string path;   // "LICENSE", "onnx/model.onnx"
  std::string oid;    // git blob id, 40 hex; of the pointer text for an LFS file
  uint64_t size = 0;  // what the hub shows: bytes of the content, also for LFS
  std::optional<LfsObject> lfs;
};

// A commit of the default branch: the whole tree at that moment.
struct Commit {
  std::string sha;      // 40 hex; empty = World derives it (DeriveCommitSha)
  int64_t date_us = 0;  // becomes lastModified; may lie before or after the moment of the push
  std::string title;
  std::string message;
  std::vector<RepoFile> files;  // any order; World sorts by path
};

// `baseModels`, and what `base_model:` tags are made of.
struct BaseModel {
  std::string name;      // "owner/name"
  std::string relation;  // finetune | adapter | quantized | merge
};

// What the hub reads out of the card and the files. Changes with a push, or by itself when the hub
// parses a card again (SetMetadata).
struct Metadata {
  std::vector<std::string> tags;  // as listed, e.g. "license:mit", "region:us"; see LicenseTags()
  std::string card_data_json;     // raw JSON object of the front matter; "" = the hub sends none
  std::string pipeline_tag;       // "" = absent
  std::string library_name;       // "" = absent
  std::vector<BaseModel> base_models;
};

// A git tag. Branch main and HEAD are not listed: they always mean the last commit.
struct NamedRef {
  std::string name;  // "v1.0"
  std::string sha;   // a commit of the same release
};

struct Release {
  std::string id;    // the hub's `_id`: 24 hex digits; empty = World derives it (DeriveReleaseId)
  std::string name;  // "owner/name", or a legacy "name"
  int64_t created_at_us = 0;
  int64_t last_modified_us = 0;  // 0 = date of the last commit
  std::vector<Commit> commits;   // oldest first, at least one; every one stays resolvable by sha
  Metadata metadata;
  Gate gate = Gate::kOpen;
  bool disabled = false;    // taken down by the hub
  bool is_private = false;  // answers like a release that does not exist
  bool removed = false;     // answers like a release that does not exist
  uint64_t downloads = 0;
  uint64_t likes = 0;
  int64_t trending_score = 0;
  std::vector<NamedRef> tags;

  [[nodiscard]] const Commit& head() const { return commits.back(); }
  [[nodiscard]] bool visible() const { return !removed && !is_private; }
};

// Datasets and spaces stand among the models by names that begin with their kind, as on the web:
// "datasets/owner/name". In the API the kind is part of the path and the id goes without.
[[nodiscard]] std::string_view KindOf(std::string_view name);  // "models", "datasets" or "spaces"
[[nodiscard]] std::string_view IdOf(std::string_view name);    // without the kind
[[nodiscard]] std::string NameOf(std::string_view kind, std::string_view id);

// The owner of "owner/name", or "" for a legacy name.
[[nodiscard]] std::string_view OwnerOf(std::string_view name);

// A stable `_id`: four bytes of creation second as the hub's own ids begin (measured 2026-10-02),
// then eight bytes of SHA-1 over name and `salt`. Give another salt for a name that is taken again.
[[nodiscard]] std::string DeriveReleaseId(std::string_view name, int64_t created_at_us,
                                          std::string_view salt = "");

// A stable commit id: SHA-1 over the release's id, the date, the title and every path and oid.
[[nodiscard]] std::string DeriveCommitSha(std::string_view release_id, const Commit& commit);

// {"license:mit"} for {"mit"}: how the hub turns front matter into tags.
[[nodiscard]] std::vector<std::string> LicenseTags(const std::vector<std::string>& licences);

// The text that git holds for an LFS object; its git blob id is the file's oid.
[[nodiscard]] std::string PointerText(const LfsObject& lfs);

// A stable stand-in for the content hash of the hub's storage, 64 hex digits.
[[nodiscard]] std::string XetHash(const LfsObject& lfs);

// "2026-08-19T09:36:31.000Z", the only form of time in the hub's JSON (whole seconds).
[[nodiscard]] std::string HubTime(int64_t micros);

}  // namespace modelwatch::replay_hub
