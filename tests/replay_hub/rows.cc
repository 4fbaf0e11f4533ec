// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/rows.h"

#include <algorithm>
#include <array>

#include "replay_hub/json_text.h"

namespace modelwatch::replay_hub {
namespace {

constexpr size_t kKeys = static_cast<size_t>(RowKey::kEnd);
constexpr size_t kRoom = 64;  // for keys that are longer than those of another release
constexpr std::array<std::string_view, kKeys> kNames = {
    "_id",          "id",           "author",        "sha",
    "lastModified", "likes",        "trendingScore", "private",
    "gated",        "disabled",     "downloads",     "downloadsAllTime",
    "tags",         "pipeline_tag", "library_name",  "createdAt",
    "modelId",      "config",       "cardData",      "baseModels",
    "siblings",     "spaces",       "safetensors",   "transformersInfo",
    "usedStorage",  "xetEnabled",   "inference",     "childrenModelCount"};

std::string TagsJson(const Release& release) {
  std::string out = "[";
  for (const std::string& tag : release.metadata.tags) {
    if (out.size() > 1) out.push_back(',');
    AppendJsonString(tag, out);
  }
  return out + "]";
}

std::string SiblingsJson(const Release& release) {
  std::string out = "[";
  for (const RepoFile& file : release.head().files) {
    out += out.size() > 1 ? ",{\"rfilename\":" : "{\"rfilename\":";
    AppendJsonString(file.path, out);
    out.push_back('}');
  }
  return out + "]";
}

// {"relation":...,"models":[{"_id":...,"id":...}]}: the hub shows one relation, that of the first.
std::string BaseModelsJson(const Release& release) {
  const std::vector<BaseModel>& bases = release.metadata.base_models;
  if (bases.empty()) return "";
  std::string out = "{\"relation\":" + JsonString(bases[0].relation) + ",\"models\":[";
  for (size_t i = 0; i < bases.size(); ++i) {
    if (i > 0) out.push_back(',');
    out += "{\"_id\":" + JsonString(DeriveReleaseId(bases[i].name, 0)) +
           ",\"id\":" + JsonString(bases[i].name) + "}";
  }
  return out + "]}";
}

const char* GateJson(Gate gate) {
  if (gate == Gate::kAuto) return "\"auto\"";
  return gate == Gate::kManual ? "\"manual\"" : "false";
}

uint64_t StorageBytes(const Release& release) {
  uint64_t bytes = 0;
  for (const RepoFile& file : release.head().files) bytes += file.size;
  return bytes;
}

std::string QuotedOrAbsent(const std::string& text) { return text.empty() ? "" : JsonString(text); }

const char* BoolJson(bool value) { return value ? "true" : "false"; }

// The value of a key as JSON; "" when the hub leaves the key out.
std::string ValueOf(const Release& release, RowKey key) {
  switch (key) {
    case RowKey::kObjectId:
      return JsonString(release.id);
    case RowKey::kId:
      return JsonString(IdOf(release.name));
    case RowKey::kModelId:
      return KindOf(release.name) == "models" ? JsonString(release.name) : "";
    case RowKey::kAuthor:
      return QuotedOrAbsent(std::string(OwnerOf(release.name)));
    case RowKey::kSha:
      return JsonString(release.head().sha);
    case RowKey::kLastModified:
      return JsonString(HubTime(release.last_modified_us));
    case RowKey::kLikes:
      return std::to_string(release.likes);
    case RowKey::kTrendingScore:
      return std::to_string(release.trending_score);
    case RowKey::kPrivate:
      return BoolJson(release.is_private);
    case RowKey::kGated:
      return GateJson(release.gate);
    case RowKey::kDisabled:
      return BoolJson(release.disabled);
    case RowKey::kDownloads:
    case RowKey::kDownloadsAllTime:
      return std::to_string(release.downloads);
    case RowKey::kTags:
      return TagsJson(release);
    case RowKey::kPipelineTag:
      return QuotedOrAbsent(release.metadata.pipeline_tag);
    case RowKey::kLibraryName:
      return QuotedOrAbsent(release.metadata.library_name);
    case RowKey::kCreatedAt:
      return JsonString(HubTime(release.created_at_us));
    case RowKey::kCardData:
      return release.metadata.card_data_json;
    case RowKey::kBaseModels:
      return BaseModelsJson(release);
    case RowKey::kSiblings:
      return SiblingsJson(release);
    case RowKey::kSpaces:
      return "[]";
    case RowKey::kUsedStorage:
      return std::to_string(StorageBytes(release));
    case RowKey::kXetEnabled:
      return "true";
    case RowKey::kChildrenModelCount:
      return R"({"adapter":0,"merge":0,"quantized":0,"finetune":0})";
    default:
      return "";
  }
}

}  // namespace

std::string_view RowKeyName(RowKey key) { return kNames[static_cast<size_t>(key)]; }

Rows::Rows(const Release& release) {
  for (size_t i = 0; i < kKeys; ++i) Render(release, i);
}

Rows::Rows(const Release& release, const Rows& like, RowKeys keys) {
  text_.reserve(like.text_.size() + kRoom);
  for (size_t i = 0; i < kKeys; ++i) {
    if ((keys & Bit(static_cast<RowKey>(i))) != 0) {
      Render(release, i);
    } else {
      const uint32_t begin = i == 0 ? 0 : like.ends_[i - 1];
      text_.append(like.text_, begin, like.ends_[i] - begin);
      ends_[i] = static_cast<uint32_t>(text_.size());
    }
  }
}

void Rows::Render(const Release& release, size_t key) {
  const std::string value = ValueOf(release, static_cast<RowKey>(key));
  if (!value.empty()) {
    AppendJsonString(kNames[key], text_);
    text_.push_back(':');
    text_ += value;
  }
  ends_[key] = static_cast<uint32_t>(text_.size());
}

void Rows::AppendRow(RowKeys keys, std::string& out) const {
  out.push_back('{');
  bool first = true;
  uint32_t begin = 0;
  for (size_t i = 0; i < kKeys; ++i) {
    const uint32_t end = ends_[i];
    if (end > begin && (keys & Bit(static_cast<RowKey>(i))) != 0) {
      if (!first) out.push_back(',');
      first = false;
      out.append(text_, begin, end - begin);
    }
    begin = end;
  }
  out.push_back('}');
}

const std::vector<std::string_view>& ListExpandNames() {
  static const auto& names = *new std::vector<std::string_view>{"author",
                                                                "baseModels",
                                                                "cardData",
                                                                "config",
                                                                "createdAt",
                                                                "disabled",
                                                                "downloads",
                                                                "downloadsAllTime",
                                                                "evalResults",
                                                                "gated",
                                                                "inference",
                                                                "inferenceProviderMapping",
                                                                "lastModified",
                                                                "library_name",
                                                                "likes",
                                                                "mask_token",
                                                                "model-index",
                                                                "pipeline_tag",
                                                                "private",
                                                                "safetensors",
                                                                "sha",
                                                                "siblings",
                                                                "spaces",
                                                                "tags",
                                                                "transformersInfo",
                                                                "trendingScore",
                                                                "widgetData",
                                                                "gguf",
                                                                "resourceGroup",
                                                                "xetEnabled"};
  return names;
}

const std::vector<std::string_view>& DatasetExpandNames() {
  static const auto& names = *new std::vector<std::string_view>{
      "author",       "cardData",  "citation",   "createdAt",     "disabled",
      "description",  "downloads", "gated",      "likes",         "downloadsAllTime",
      "lastModified", "mainSize",  "private",    "siblings",      "paperswithcode_id",
      "sha",          "tags",      "xetEnabled", "trendingScore", "resourceGroup"};
  return names;
}

const std::vector<std::string_view>& SpaceExpandNames() {
  static const auto& names = *new std::vector<std::string_view>{
      "author",    "cardData",      "datasets",      "disabled",  "lastModified",
      "createdAt", "likes",         "private",       "region",    "runtime",
      "sdk",       "siblings",      "sha",           "subdomain", "tags",
      "models",    "trendingScore", "resourceGroup", "xetEnabled"};
  return names;
}

const std::vector<std::string_view>& InfoExpandNames() {
  static const auto& names = *[] {
    auto* all = new std::vector<std::string_view>(ListExpandNames());
    all->push_back("childrenModelCount");
    all->push_back("usedStorage");
    return all;
  }();
  return names;
}

RowKeys ExpandBit(std::string_view name) {
  for (size_t i = 0; i < kKeys; ++i) {
    if (kNames[i] == name) return Bit(static_cast<RowKey>(i));
  }
  return 0;
}

}  // namespace modelwatch::replay_hub
