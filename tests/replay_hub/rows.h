// SPDX-License-Identifier: Apache-2.0
// Rows: a release's JSON, rendered once and cut to any projection by copying pieces.
//
// A page of a thousand rows is asked for in a dozen shapes; rendering JSON for each would make this
// hub, not the crawler under test, the bottleneck of a measurement.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "replay_hub/release.h"

namespace modelwatch::replay_hub {

// Every key a row or a model's details may have, in the order the hub writes them.
enum class RowKey : uint8_t {
  kObjectId,
  kId,
  kAuthor,
  kSha,
  kLastModified,
  kLikes,
  kTrendingScore,
  kPrivate,
  kGated,
  kDisabled,
  kDownloads,
  kDownloadsAllTime,
  kTags,
  kPipelineTag,
  kLibraryName,
  kCreatedAt,
  kModelId,
  kConfig,
  kCardData,
  kBaseModels,
  kSiblings,
  kSpaces,
  kSafetensors,
  kTransformersInfo,
  kUsedStorage,
  kXetEnabled,
  kInference,
  kChildrenModelCount,
  kEnd
};

// A set of row keys.
using RowKeys = uint64_t;
[[nodiscard]] constexpr RowKeys Bit(RowKey key) { return RowKeys{1} << static_cast<int>(key); }

// Immutable, so it may be read from any thread.
class Rows {
 public:
  explicit Rows(const Release& release);
  // The same, when the release that `like` was made of differs in nothing but `keys`: copies the
  // rest.
  Rows(const Release& release, const Rows& like, RowKeys keys);

  // Appends {"_id":...,...} with those of `keys` that the release has: an absent value is left out,
  // as the hub does (pipeline_tag, library_name, cardData, baseModels).
  void AppendRow(RowKeys keys, std::string& out) const;

 private:
  void Render(const Release& release, size_t key);

  std::string text_;                                       // all pieces, each `"key":value`
  uint32_t ends_[static_cast<size_t>(RowKey::kEnd)] = {};  // end of each piece in text_
};

// The key's name on the wire ("_id", "cardData", ...).
[[nodiscard]] std::string_view RowKeyName(RowKey key);

// The names that the server accepts in `expand`, in the order in which its 400 text lists them.
// Values we do not carry (config, widgetData, ...) are accepted and absent from the answer.
// Source: the server's own 400 text, read 2026-10-02; for datasets and spaces, whose listing and
// details accept the same here, the names that the official client knows (huggingface_hub,
// 2026-08).
[[nodiscard]] const std::vector<std::string_view>& ListExpandNames();
[[nodiscard]] const std::vector<std::string_view>& DatasetExpandNames();
[[nodiscard]] const std::vector<std::string_view>& SpaceExpandNames();
[[nodiscard]] const std::vector<std::string_view>& InfoExpandNames();

// The bit of an expand name; 0 for a name that is accepted but never present.
[[nodiscard]] RowKeys ExpandBit(std::string_view name);

}  // namespace modelwatch::replay_hub
