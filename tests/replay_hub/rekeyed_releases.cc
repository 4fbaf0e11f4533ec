// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/rekeyed_releases.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "common/digest.h"

namespace modelwatch::replay_hub {
namespace {

// No recorded name has it, while many end with "-2".
constexpr std::string_view kAgain = "-again-";
constexpr RowKeys kRekeyed = Bit(RowKey::kObjectId) | Bit(RowKey::kId) | Bit(RowKey::kAuthor) |
                             Bit(RowKey::kSha) | Bit(RowKey::kCreatedAt) | Bit(RowKey::kModelId);

std::string Fold(std::string_view name) { return absl::AsciiStrToLower(std::string(name)); }

}  // namespace

absl::StatusOr<std::unique_ptr<RekeyedReleases>> RekeyedReleases::Of(
    std::vector<ReleasePtr> originals, uint64_t count, CreatedAt created_at) {
  if (originals.empty() || count <= originals.size() ||
      count > std::numeric_limits<uint32_t>::max()) {
    return absl::InvalidArgumentError(
        absl::StrFormat("replay hub: %d releases cannot be made of %d", count, originals.size()));
  }
  auto made =
      std::unique_ptr<RekeyedReleases>(new RekeyedReleases(std::move(originals), created_at));
  for (uint32_t i = 0; i < made->originals_.size(); ++i) {
    const std::string& name = made->originals_[i]->release.name;
    if (made->original_by_name_.emplace(Fold(name), i).second) continue;
    return absl::InvalidArgumentError(
        absl::StrFormat("replay hub: %s differs from another name in letter case alone", name));
  }
  const auto copies = static_cast<uint32_t>(count - made->originals_.size());
  made->ids_.reserve(copies);
  for (uint32_t copy = 0; copy < copies; ++copy) {
    const std::string id = DeriveReleaseId(made->NameOf(copy), made->CreationOf(copy));
    const std::string raw = *common::FromHex(id);
    std::copy(raw.begin(), raw.end(), made->ids_.emplace_back().begin());
  }
  made->by_id_.resize(copies);
  std::iota(made->by_id_.begin(), made->by_id_.end(), 0);
  const std::vector<RawId>& ids = made->ids_;
  std::sort(made->by_id_.begin(), made->by_id_.end(),
            [&ids](uint32_t a, uint32_t b) { return ids[a] < ids[b]; });
  return made;
}

size_t RekeyedReleases::visible_count() const {
  size_t count = 0;
  for (uint32_t copy = 0; copy < size(); ++copy) count += OriginalOf(copy).release.visible();
  return count;
}

std::string RekeyedReleases::NameOf(uint32_t copy) const {
  return absl::StrFormat("%s%s%d", OriginalOf(copy).release.name, kAgain, RoundOf(copy));
}

ReleasePtr RekeyedReleases::Make(uint32_t copy) const {
  const ReleaseState& original = OriginalOf(copy);
  Release release = original.release;
  release.name = NameOf(copy);
  release.id = IdOf(copy);
  release.created_at_us = CreationOf(copy);
  std::string& sha = release.commits.back().sha;
  sha = common::GitBlobOid(absl::StrFormat("%s %d", sha, RoundOf(copy)));
  return std::make_shared<const ReleaseState>(std::move(release), original.rows, kRekeyed);
}

std::string RekeyedReleases::IdOf(uint32_t copy) const {
  const RawId& id = ids_[copy];
  return common::ToHex(std::string(id.begin(), id.end()));
}

std::optional<uint32_t> RekeyedReleases::FindId(std::string_view id) const {
  const absl::StatusOr<std::string> raw = common::FromHex(id);
  RawId wanted{};
  if (!raw.ok() || raw->size() != wanted.size()) return std::nullopt;
  std::copy(raw->begin(), raw->end(), wanted.begin());
  const auto at =
      std::lower_bound(by_id_.begin(), by_id_.end(), wanted,
                       [this](uint32_t copy, const RawId& than) { return ids_[copy] < than; });
  if (at == by_id_.end() || IdOf(*at) != id) return std::nullopt;
  return *at;
}

std::optional<uint32_t> RekeyedReleases::FindName(std::string_view name) const {
  const std::string folded = Fold(name);
  const size_t again = folded.rfind(kAgain);
  if (again == std::string::npos) return std::nullopt;
  const auto original = original_by_name_.find(folded.substr(0, again));
  uint32_t round = 0;
  if (original == original_by_name_.end() ||
      !absl::SimpleAtoi(folded.substr(again + kAgain.size()), &round) || round == 0) {
    return std::nullopt;
  }
  const uint64_t copy = (round - 1) * uint64_t{originals_.size()} + original->second;
  if (copy >= size() || Fold(NameOf(static_cast<uint32_t>(copy))) != folded) return std::nullopt;
  return static_cast<uint32_t>(copy);
}

int64_t RekeyedReleases::ValueOf(uint32_t copy, SortField field) const {
  constexpr int64_t kSecondUs = 1'000'000;
  if (field == SortField::kCreatedAt) return CreationOf(copy) / kSecondUs;
  return SortValue(OriginalOf(copy).release, field);
}

const std::vector<uint32_t>& RekeyedReleases::In(SortField field, bool ascending) {
  std::vector<uint32_t>& order = orders_[2 * static_cast<size_t>(field) + (ascending ? 1 : 0)];
  if (!order.empty()) return order;
  // Value as the order goes, then place in by_id_: looked up once, not at every comparison.
  std::vector<std::pair<int64_t, uint32_t>> places;
  places.reserve(size());
  for (uint32_t place = 0; place < size(); ++place) {
    const uint32_t copy = by_id_[place];
    if (!OriginalOf(copy).release.visible()) continue;
    const int64_t value = ValueOf(copy, field);
    places.emplace_back(ascending ? value : -value, place);
  }
  std::sort(places.begin(), places.end());
  order.reserve(places.size());
  for (const auto& [value, place] : places) order.push_back(by_id_[place]);
  return order;
}

OrderKey RekeyedReleases::KeyOf(uint32_t copy, SortField field, bool ascending) const {
  return {{ValueOf(copy, field), IdOf(copy)}, ascending};
}

}  // namespace modelwatch::replay_hub
