// SPDX-License-Identifier: Apache-2.0
// RekeyedReleases: some releases again and again under new keys, each made when it is asked for, so
// that a world of millions takes the memory of its originals and some 30 bytes for each more.
//
// A copy differs from its original in name ("owner/name-again-3"), `_id`, creation and the sha of
// its head; files, card, counts and dates of change are the same.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "replay_hub/release_order.h"
#include "replay_hub/release_state.h"

namespace modelwatch::replay_hub {

// Copies are numbered from 0. Not thread-safe: the world's lock guards it. What it makes is
// immutable.
class RekeyedReleases {
 public:
  // Creation of the release with this number, originals counted first.
  using CreatedAt = int64_t (*)(uint64_t number);

  // As many copies as make `count` releases with the originals, round by round in their order.
  // INVALID_ARGUMENT: fewer than one copy, too many, or originals that differ in letter case alone.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<RekeyedReleases>> Of(
      std::vector<ReleasePtr> originals, uint64_t count, CreatedAt created_at);

  [[nodiscard]] size_t size() const { return ids_.size(); }
  [[nodiscard]] size_t visible_count() const;

  [[nodiscard]] ReleasePtr Make(uint32_t copy) const;
  [[nodiscard]] std::string NameOf(uint32_t copy) const;
  [[nodiscard]] std::optional<uint32_t> FindId(std::string_view id) const;
  // In any letter case: NameOf() tells the right one.
  [[nodiscard]] std::optional<uint32_t> FindName(std::string_view name) const;

  // The visible ones in an order. Sorted once and kept.
  [[nodiscard]] const std::vector<uint32_t>& In(SortField field, bool ascending);
  [[nodiscard]] OrderKey KeyOf(uint32_t copy, SortField field, bool ascending) const;

 private:
  using RawId = std::array<unsigned char, 12>;

  RekeyedReleases(std::vector<ReleasePtr> originals, CreatedAt created_at)
      : originals_(std::move(originals)), created_at_(created_at) {}
  [[nodiscard]] const ReleaseState& OriginalOf(uint32_t copy) const {
    return *originals_[copy % originals_.size()];
  }
  [[nodiscard]] uint64_t RoundOf(uint32_t copy) const { return copy / originals_.size() + 1; }
  [[nodiscard]] int64_t CreationOf(uint32_t copy) const {
    return created_at_(originals_.size() + copy);
  }
  [[nodiscard]] std::string IdOf(uint32_t copy) const;
  [[nodiscard]] int64_t ValueOf(uint32_t copy, SortField field) const;

  const std::vector<ReleasePtr> originals_;
  const CreatedAt created_at_;
  std::unordered_map<std::string, uint32_t> original_by_name_;  // in lower case
  std::vector<RawId> ids_;
  std::vector<uint32_t> by_id_;
  std::array<std::vector<uint32_t>, 2 * kSortFields> orders_;
};

}  // namespace modelwatch::replay_hub
