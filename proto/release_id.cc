// SPDX-License-Identifier: Apache-2.0
#include "proto/release_id.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "common/log.h"

namespace modelwatch::proto {
namespace {

bool IsPrintable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c != 0x7F; });
}

}  // namespace

absl::StatusOr<ReleaseName> ParseReleaseName(std::string_view text) {
  const auto refuse = [&](const char* why) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "'%s' is not a release: %s (write owner/name)", common::OneLine(text, 80), why));
  };
  if (text.empty()) return refuse("it is empty");
  if (text.size() > kMaxNameBytes) return refuse("it is over 512 bytes");
  if (!IsPrintable(text)) return refuse("it holds spaces or control characters");
  ReleaseName parsed;
  if (const size_t colon = text.find(':'); colon != std::string_view::npos) {
    parsed.hub = text.substr(0, colon);
    if (parsed.hub.empty()) return refuse("the hub before ':' is empty");
    if (parsed.hub == "hf") parsed.hub = "huggingface";
    text.remove_prefix(colon + 1);
  }
  parsed.name = text;
  text.remove_prefix(KindPrefix(text).size());
  const size_t slash = text.find('/');
  if (text.empty() || slash == 0) return refuse("the owner is empty");
  if (slash != std::string_view::npos) {
    if (slash + 1 == text.size()) return refuse("the name is empty");
    if (text.find('/', slash + 1) != std::string_view::npos) return refuse("it has two slashes");
  }
  return parsed;
}

std::string FormatKey(const v1::ReleaseKey& key) {
  return absl::StrFormat("%s:%s", key.hub(), key.id());
}

std::string_view KindPrefix(std::string_view name) {
  for (const std::string_view kind : {"datasets/", "spaces/"}) {
    if (name.substr(0, kind.size()) == kind) return name.substr(0, kind.size());
  }
  return name.substr(0, 0);
}

std::string_view Owner(std::string_view name) {
  name.remove_prefix(KindPrefix(name).size());
  const size_t slash = name.find('/');
  return slash == std::string_view::npos ? std::string_view() : name.substr(0, slash);
}

}  // namespace modelwatch::proto
