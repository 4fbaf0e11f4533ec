// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/projection.h"

#include <algorithm>

namespace modelwatch::replay_hub {
namespace {

constexpr RowKeys kAlways = Bit(RowKey::kObjectId) | Bit(RowKey::kId);
constexpr RowKeys kBare = kAlways | Bit(RowKey::kModelId) | Bit(RowKey::kLikes) |
                          Bit(RowKey::kTrendingScore) | Bit(RowKey::kPrivate) |
                          Bit(RowKey::kDownloads) | Bit(RowKey::kTags) | Bit(RowKey::kPipelineTag) |
                          Bit(RowKey::kLibraryName) | Bit(RowKey::kCreatedAt);
constexpr RowKeys kFull = kBare | Bit(RowKey::kAuthor) | Bit(RowKey::kGated) |
                          Bit(RowKey::kLastModified) | Bit(RowKey::kSha) | Bit(RowKey::kSiblings);
constexpr RowKeys kDetails = (kFull & ~Bit(RowKey::kTrendingScore)) | Bit(RowKey::kDisabled) |
                             Bit(RowKey::kCardData) | Bit(RowKey::kSpaces) |
                             Bit(RowKey::kUsedStorage);

// Both spellings, `expand=` and `expand[]=`. nullopt for a refused name; 0 when there is none.
std::optional<RowKeys> Expanded(const Query& query, const std::vector<std::string_view>& allowed) {
  RowKeys keys = 0;
  for (const auto& [name, value] : query.pairs()) {
    if (name != "expand" && name != "expand[]") continue;
    if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) return std::nullopt;
    keys |= kAlways | ExpandBit(value);
  }
  return keys;
}

}  // namespace

const std::vector<std::string_view>& ListNames(std::string_view kind) {
  if (kind == "models") return ListExpandNames();
  return kind == "datasets" ? DatasetExpandNames() : SpaceExpandNames();
}

const std::vector<std::string_view>& InfoNames(std::string_view kind) {
  return kind == "models" ? InfoExpandNames() : ListNames(kind);
}

std::optional<RowKeys> ListKeys(const Query& query, SortField sort, std::string_view kind) {
  const std::optional<RowKeys> expanded = Expanded(query, ListNames(kind));
  if (!expanded) return std::nullopt;
  if (*expanded != 0) {
    const bool by_trend = sort == SortField::kTrendingScore;
    return *expanded | (by_trend ? Bit(RowKey::kTrendingScore) : 0);
  }
  RowKeys keys = query.IsTrue("full") ? kFull : kBare;
  if (query.IsTrue("cardData")) keys |= Bit(RowKey::kCardData);
  if (query.IsTrue("config")) keys |= Bit(RowKey::kConfig);
  if (sort == SortField::kLastModified) keys |= Bit(RowKey::kLastModified);
  return keys;
}

std::optional<RowKeys> InfoKeys(const Query& query, std::string_view kind) {
  const std::optional<RowKeys> expanded = Expanded(query, InfoNames(kind));
  if (!expanded || *expanded != 0) return expanded;
  return kDetails;
}

}  // namespace modelwatch::replay_hub
