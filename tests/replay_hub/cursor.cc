// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/cursor.h"

#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "common/clock.h"
#include "common/status_macros.h"

namespace modelwatch::replay_hub {
namespace {

constexpr int64_t kSecondUs = 1'000'000;

bool IsTime(SortField field) {
  return field == SortField::kCreatedAt || field == SortField::kLastModified;
}

bool HasNullArm(const Cursor& cursor) {
  return !cursor.ascending && cursor.sort != SortField::kLikes;
}

std::string ValueText(const Cursor& cursor) {
  const int64_t value = cursor.position.value;
  if (!IsTime(cursor.sort)) return std::to_string(value);
  return "\"" + HubTime(value * kSecondUs) + "\"";
}

absl::Status BadCursor() { return absl::InvalidArgumentError("Invalid cursor"); }

absl::StatusOr<int64_t> ValueFrom(const nlohmann::json& value, SortField sort) {
  if (IsTime(sort)) {
    if (!value.is_string()) return BadCursor();
    ASSIGN_OR_RETURN(const int64_t micros,
                     common::ParseMicros(value.get_ref<const std::string&>()));
    return micros / kSecondUs;
  }
  if (!value.is_number_integer()) return BadCursor();
  return value.get<int64_t>();
}

}  // namespace

std::string Base64(std::string_view bytes) {
  return absl::Base64Escape(absl::string_view(bytes.data(), bytes.size()));
}

std::string_view SortWord(SortField field) {
  switch (field) {
    case SortField::kTrendingScore:
      return "trendingScore";
    case SortField::kCreatedAt:
      return "createdAt";
    case SortField::kLastModified:
      return "lastModified";
    case SortField::kDownloads:
      return "downloads";
    case SortField::kLikes:
      return "likes";
  }
  return "";
}

std::string EncodeCursor(const Cursor& cursor) {
  const std::string_view key = SortWord(cursor.sort);
  const std::string value = ValueText(cursor);
  std::string text =
      absl::StrFormat(R"({"$or":[{"%s":%s,"_id":{"$gt":"%s"}},{"%s":{"$%s":%s}})", key, value,
                      cursor.position.id, key, cursor.ascending ? "gt" : "lt", value);
  if (HasNullArm(cursor)) text += absl::StrFormat(R"(,{"%s":null})", key);
  return Base64(text + "]}");
}

absl::StatusOr<Cursor> DecodeCursor(std::string_view text, SortField sort, bool ascending) {
  std::string decoded;
  if (!absl::Base64Unescape(absl::string_view(text.data(), text.size()), &decoded)) {
    return BadCursor();
  }
  const auto json = nlohmann::json::parse(decoded, nullptr, false);
  if (!json.is_object() || !json.contains("$or")) return BadCursor();
  const nlohmann::json& arms = json["$or"];
  const std::string key(SortWord(sort));
  if (!arms.is_array() || arms.size() < 2 || !arms[0].is_object() || !arms[0].contains(key) ||
      !arms[0].contains("_id")) {
    return BadCursor();
  }
  const nlohmann::json& after = arms[0]["_id"];
  if (!after.is_object() || !after.contains("$gt") || !after["$gt"].is_string()) return BadCursor();
  ASSIGN_OR_RETURN(const int64_t value, ValueFrom(arms[0][key], sort));
  return Cursor{sort, ascending, {value, after["$gt"].get<std::string>()}};
}

Position PositionOf(const Release& release, SortField sort) {
  return {SortValue(release, sort), release.id};
}

}  // namespace modelwatch::replay_hub
