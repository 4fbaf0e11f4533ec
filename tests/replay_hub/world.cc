// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/world.h"

#include <algorithm>
#include <array>
#include <type_traits>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "common/clock.h"
#include "common/digest.h"
#include "common/status_macros.h"
#include "replay_hub/rekeyed_releases.h"

namespace modelwatch::replay_hub {
namespace {

constexpr int kMaxAliasHops = 8;
constexpr int64_t kSecondUs = 1'000'000;
constexpr size_t kIdDigits = 24;

std::string Fold(std::string_view name) { return absl::AsciiStrToLower(std::string(name)); }

bool IsReleaseId(std::string_view id) {
  return id.size() == kIdDigits && std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

void Complete(std::string_view release_id, Commit& commit) {
  std::sort(commit.files.begin(), commit.files.end(),
            [](const RepoFile& a, const RepoFile& b) { return a.path < b.path; });
  if (commit.sha.empty()) commit.sha = DeriveCommitSha(release_id, commit);
}

absl::Status Complete(Release& release) {
  if (release.name.empty() || release.commits.empty()) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "replay hub: release \"%s\" needs a name and at least one commit", release.name));
  }
  if (release.id.empty()) release.id = DeriveReleaseId(release.name, release.created_at_us);
  if (!IsReleaseId(release.id)) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "replay hub: id \"%s\" of %s is not 24 hex digits", release.id, release.name));
  }
  for (Commit& commit : release.commits) Complete(release.id, commit);
  if (release.last_modified_us == 0) release.last_modified_us = release.head().date_us;
  return absl::OkStatus();
}

using Order = std::map<OrderKey, ReleasePtr>;

OrderKey KeyOf(const Release& release, size_t slot) {
  const auto field = static_cast<SortField>(slot / 2);
  return {{SortValue(release, field), release.id}, slot % 2 == 1};
}

std::string IdOf(const Mutation& mutation) {
  return std::visit(
      [](const auto& m) -> std::string {
        if constexpr (std::is_same_v<std::decay_t<decltype(m)>, Create>) {
          return m.release.id;
        } else {
          return m.release_id;
        }
      },
      mutation);
}

// What a mutation makes of a release. Everything but Create.
void Mutate(const Mutation& mutation, Release& release) {
  std::visit(
      [&release](const auto& m) {
        using M = std::decay_t<decltype(m)>;
        if constexpr (std::is_same_v<M, Push>) {
          Commit commit = m.commit;
          Complete(release.id, commit);
          release.last_modified_us = commit.date_us;
          release.commits.push_back(std::move(commit));
          if (m.metadata) release.metadata = *m.metadata;
        } else if constexpr (std::is_same_v<M, SetMetadata>) {
          release.metadata = m.metadata;
        } else if constexpr (std::is_same_v<M, SetGate>) {
          release.gate = m.gate;
        } else if constexpr (std::is_same_v<M, SetDisabled>) {
          release.disabled = m.disabled;
        } else if constexpr (std::is_same_v<M, SetPrivate>) {
          release.is_private = m.is_private;
        } else if constexpr (std::is_same_v<M, Delete>) {
          release.removed = true;
        } else if constexpr (std::is_same_v<M, Restore>) {
          release.removed = false;
        } else if constexpr (std::is_same_v<M, Rename>) {
          release.name = m.new_name;
        } else if constexpr (std::is_same_v<M, SetCounts>) {
          release.downloads = m.downloads;
          release.likes = m.likes;
          release.trending_score = m.trending_score;
        }
      },
      mutation);
}

}  // namespace

// The orders that were asked for so far: slot = 2 * field + ascending.
struct World::Orders {
  std::array<std::optional<Order>, 2 * kSortFields> slots;

  void Put(const ReleasePtr& state) {
    for (size_t i = 0; i < slots.size(); ++i) {
      if (slots[i]) slots[i]->insert_or_assign(KeyOf(state->release, i), state);
    }
  }
  void Erase(const Release& release) {
    for (size_t i = 0; i < slots.size(); ++i) {
      if (slots[i]) slots[i]->erase(KeyOf(release, i));
    }
  }
};

World::World() : orders_(std::make_unique<Orders>()) {}
World::~World() = default;

RepoFile World::AddFile(std::string path, std::string content) {
  RepoFile file{std::move(path), common::GitBlobOid(content), content.size(), std::nullopt};
  common::MutexLock lock(mutex_);
  blobs_.try_emplace(file.oid, std::move(content));
  return file;
}

RepoFile World::AddLfsFile(std::string path, std::string sha256, uint64_t size) {
  if (sha256.empty()) {
    sha256 = common::ToHex(common::Sha256(absl::StrFormat("%s %d", path, size)));
  }
  LfsObject lfs{std::move(sha256), size};
  RepoFile pointer = AddFile(std::move(path), PointerText(lfs));
  pointer.size = lfs.size;
  pointer.lfs = std::move(lfs);
  return pointer;
}

RepoFile World::AddLfsContent(std::string path, std::string content) {
  std::string sha256 = common::ToHex(common::Sha256(content));
  RepoFile file = AddLfsFile(std::move(path), sha256, content.size());
  common::MutexLock lock(mutex_);
  lfs_bytes_.try_emplace(std::move(sha256), std::move(content));
  return file;
}

absl::StatusOr<std::string> World::Add(Release release) {
  RETURN_IF_ERROR(Complete(release));
  common::MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(const ReleasePtr state, Insert(std::move(release)));
  return state->release.id;
}

absl::StatusOr<ReleasePtr> World::Insert(Release release) {
  if (by_id_.count(release.id) != 0 || IsTaken(release.id, "")) {
    return absl::InvalidArgumentError(
        absl::StrFormat("replay hub: id %s of %s is taken", release.id, release.name));
  }
  if (!release.removed && (id_by_name_.count(release.name) != 0 || IsTaken("", release.name))) {
    return absl::InvalidArgumentError(
        absl::StrFormat("replay hub: name %s is taken", release.name));
  }
  newest_us_ = std::max(newest_us_, release.last_modified_us);
  auto state = std::make_shared<const ReleaseState>(std::move(release));
  by_id_[state->release.id] = state;
  if (!state->release.removed) Claim(state->release);
  if (state->release.visible()) orders_->Put(state);
  return ReleasePtr(state);
}

absl::Status World::AddRekeyed(std::unique_ptr<RekeyedReleases> releases) {
  common::MutexLock lock(mutex_);
  if (rekeyed_ != nullptr) {
    return absl::InvalidArgumentError("replay hub: one world of rekeyed releases is enough");
  }
  rekeyed_ = std::move(releases);
  for (const auto& [id, state] : by_id_) {
    if (!IsTaken(id, state->release.name)) continue;
    rekeyed_ = nullptr;
    return absl::InvalidArgumentError(absl::StrFormat(
        "replay hub: %s (%s) has a key that is made again", state->release.name, id));
  }
  return absl::OkStatus();
}

// By one that is made when asked for.
bool World::IsTaken(std::string_view id, std::string_view name) const {
  return rekeyed_ != nullptr && (rekeyed_->FindId(id) || rekeyed_->FindName(name));
}

void World::Claim(const Release& release) {
  id_by_name_[release.name] = release.id;
  name_by_folded_[Fold(release.name)] = release.name;
  aliases_.erase(release.name);
}

void World::AddAlias(std::string from, std::string to) {
  common::MutexLock lock(mutex_);
  aliases_[std::move(from)] = std::move(to);
}

void World::At(int64_t hub_time_us, Mutation mutation) {
  common::MutexLock lock(mutex_);
  timeline_.emplace(hub_time_us, std::move(mutation));
  first_us_ = std::min(first_us_.value_or(hub_time_us), hub_time_us);
  end_us_ = std::max(end_us_, hub_time_us);
}

void World::SetStart(int64_t hub_time_us) {
  common::MutexLock lock(mutex_);
  start_us_ = hub_time_us;
}

World::Outcome World::ApplyThrough(int64_t hub_time_us) {
  Outcome outcome;
  common::MutexLock lock(mutex_);
  while (!timeline_.empty() && timeline_.begin()->first <= hub_time_us) {
    const auto first = timeline_.begin();
    absl::StatusOr<Applied> one = Apply(first->second);
    if (one.ok()) {
      one->at_us = first->first;
      outcome.applied.push_back(*std::move(one));
    } else {
      outcome.refused.push_back(std::move(one).status());
    }
    timeline_.erase(first);
  }
  return outcome;
}

absl::StatusOr<World::Applied> World::Apply(const Mutation& mutation) {
  if (const auto* create = std::get_if<Create>(&mutation)) {
    Release release = create->release;
    RETURN_IF_ERROR(Complete(release));
    ASSIGN_OR_RETURN(ReleasePtr state, Insert(std::move(release)));
    return Applied{0, mutation, nullptr, std::move(state)};
  }
  const auto found = by_id_.find(IdOf(mutation));
  if (found == by_id_.end()) {
    return absl::InvalidArgumentError(absl::StrFormat("replay hub: %s of unknown release id \"%s\"",
                                                      MutationWord(mutation), IdOf(mutation)));
  }
  const ReleasePtr before = found->second;
  Release changed = before->release;
  Mutate(mutation, changed);
  RETURN_IF_ERROR(Rebind(before->release, changed));
  auto after = std::make_shared<const ReleaseState>(std::move(changed));
  Replace(before->release, after);
  return Applied{0, mutation, before, std::move(after)};
}

// Moves the name when it changed, and gives it up or takes it back with removal and return.
absl::Status World::Rebind(const Release& from, const Release& to) {
  const bool had_name = !from.removed;
  const bool has_name = !to.removed;
  const bool moved = from.name != to.name;
  if (has_name && (moved || !had_name) && id_by_name_.count(to.name) != 0) {
    return absl::InvalidArgumentError(
        absl::StrFormat("replay hub: %s cannot take the name %s: it is taken", from.id, to.name));
  }
  if (had_name && (moved || !has_name)) {
    id_by_name_.erase(from.name);
    name_by_folded_.erase(Fold(from.name));
  }
  if (has_name) Claim(to);
  if (moved) aliases_[from.name] = to.name;
  return absl::OkStatus();
}

void World::Replace(const Release& before, const ReleasePtr& after) {
  orders_->Erase(before);
  by_id_[after->release.id] = after;
  newest_us_ = std::max(newest_us_, after->release.last_modified_us);
  if (after->release.visible()) orders_->Put(after);
}

int64_t World::start_us() const {
  common::MutexLock lock(mutex_);
  if (start_us_) return *start_us_;
  return first_us_ ? *first_us_ - kSecondUs : newest_us_;
}

std::optional<int64_t> World::next_us() const {
  common::MutexLock lock(mutex_);
  if (timeline_.empty()) return std::nullopt;
  return timeline_.begin()->first;
}

int64_t World::end_us() const {
  const int64_t start = start_us();
  common::MutexLock lock(mutex_);
  return std::max(start, end_us_);
}

NameLookup World::Find(std::string_view name) const {
  common::MutexLock lock(mutex_);
  std::string at(name);
  for (int hop = 0; hop < kMaxAliasHops; ++hop) {
    if (const auto found = id_by_name_.find(at); found != id_by_name_.end()) {
      const ReleasePtr& state = by_id_.at(found->second);
      if (!state->release.visible()) return {};
      return at == name ? NameLookup{state, ""} : NameLookup{state, at};
    }
    if (const auto copy = rekeyed_ ? rekeyed_->FindName(at) : std::nullopt) {
      ReleasePtr state = rekeyed_->Make(*copy);
      if (!state->release.visible()) return {};
      std::string right = state->release.name;
      return {std::move(state), right == name ? "" : std::move(right)};
    }
    if (const auto alias = aliases_.find(at); alias != aliases_.end()) {
      at = alias->second;
    } else if (const auto folded = name_by_folded_.find(Fold(at));
               folded != name_by_folded_.end() && folded->second != at) {
      at = folded->second;
    } else {
      break;
    }
  }
  return {};
}

ReleasePtr World::FindById(std::string_view id) const {
  common::MutexLock lock(mutex_);
  const auto found = by_id_.find(std::string(id));
  if (found != by_id_.end()) return found->second;
  const auto copy = rekeyed_ ? rekeyed_->FindId(id) : std::nullopt;
  return copy ? rekeyed_->Make(*copy) : nullptr;
}

std::vector<ReleasePtr> World::List(const Listing& listing) const {
  common::MutexLock lock(mutex_);
  const size_t slot = 2 * static_cast<size_t>(listing.sort) + (listing.ascending ? 1 : 0);
  std::optional<Order>& order = orders_->slots[slot];
  if (!order) {
    order.emplace();
    for (const auto& [id, state] : by_id_) {
      if (state->release.visible()) order->emplace(KeyOf(state->release, slot), state);
    }
  }
  static const std::vector<uint32_t>& none = *new std::vector<uint32_t>;
  const std::vector<uint32_t>& copies =
      rekeyed_ ? rekeyed_->In(listing.sort, listing.ascending) : none;
  const auto key_of = [&listing, made = rekeyed_.get()](uint32_t copy) {
    return made->KeyOf(copy, listing.sort, listing.ascending);
  };
  auto at = order->begin();
  auto copy = copies.begin();
  if (listing.after) {
    const OrderKey after(*listing.after, listing.ascending);
    at = order->upper_bound(after);
    copy = std::upper_bound(copies.begin(), copies.end(), after,
                            [&](const OrderKey& key, uint32_t than) { return key < key_of(than); });
  }
  std::vector<ReleasePtr> page;
  while (page.size() < listing.limit && (at != order->end() || copy != copies.end())) {
    const bool is_copy = at == order->end() || (copy != copies.end() && key_of(*copy) < at->first);
    ReleasePtr state = is_copy ? rekeyed_->Make(*copy++) : (at++)->second;
    if (!listing.wanted || listing.wanted(state->release)) page.push_back(std::move(state));
  }
  return page;
}

const std::string* World::Blob(std::string_view oid) const {
  common::MutexLock lock(mutex_);
  const auto found = blobs_.find(std::string(oid));
  return found == blobs_.end() ? nullptr : &found->second;
}

const std::string* World::LfsBytes(std::string_view sha256) const {
  common::MutexLock lock(mutex_);
  const auto found = lfs_bytes_.find(std::string(sha256));
  return found == lfs_bytes_.end() ? nullptr : &found->second;
}

size_t World::size() const {
  common::MutexLock lock(mutex_);
  return by_id_.size() + (rekeyed_ ? rekeyed_->size() : 0);
}

size_t World::visible_count() const {
  common::MutexLock lock(mutex_);
  const auto stored = std::count_if(by_id_.begin(), by_id_.end(), [](const auto& entry) {
    return entry.second->release.visible();
  });
  return static_cast<size_t>(stored) + (rekeyed_ ? rekeyed_->visible_count() : 0);
}

}  // namespace modelwatch::replay_hub
