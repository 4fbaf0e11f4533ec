// SPDX-License-Identifier: Apache-2.0
#include "crawler/hub/rate_limit.h"

#include <algorithm>
#include <vector>

#include "absl/strings/numbers.h"

namespace modelwatch::crawler {
namespace {

constexpr int64_t kMaxCount = 1'000'000'000;
constexpr int64_t kMaxSeconds = 31 * 24 * 3600;

std::string_view Trim(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Splits at `separator` outside quotes.
std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  bool quoted = false;
  size_t start = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] != separator || quoted) continue;
    parts.push_back(Trim(text.substr(start, i - start)));
    start = i + 1;
  }
  parts.push_back(Trim(text.substr(start)));
  return parts;
}

std::string_view Unquote(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    return text.substr(1, text.size() - 2);
  }
  return text;
}

// Digits only, cut to [0, max].
std::optional<int64_t> ParseCount(std::string_view text, int64_t max) {
  if (text.empty() || text.size() > 18 ||
      !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  int64_t value = 0;
  for (const char c : text) value = value * 10 + (c - '0');
  return std::min(value, max);
}

// One list member: its names (bare or quoted items) and its parameters.
struct Member {
  std::vector<std::string_view> names;
  std::vector<std::pair<std::string_view, std::string_view>> parameters;

  [[nodiscard]] std::optional<int64_t> Number(std::string_view key, int64_t max) const {
    for (const auto& [name, value] : parameters) {
      if (name == key) return ParseCount(value, max);
    }
    return std::nullopt;
  }
};

Member ParseMember(std::string_view text) {
  Member member;
  for (const std::string_view part : Split(text, ';')) {
    const size_t equals = part.find('=');
    if (part.empty()) continue;
    if (part.front() == '"' || equals == std::string_view::npos) {
      member.names.push_back(Unquote(part));
    } else {
      member.parameters.emplace_back(Trim(part.substr(0, equals)), Trim(part.substr(equals + 1)));
    }
  }
  return member;
}

void AddPolicy(const common::HttpHeaders& headers, RateLimit& limit) {
  for (const std::string_view field : headers.GetAll("ratelimit-policy")) {
    for (const std::string_view text : Split(field, ',')) {
      const Member member = ParseMember(text);
      if (std::find(member.names.begin(), member.names.end(), limit.name) == member.names.end()) {
        continue;
      }
      limit.quota = member.Number("q", kMaxCount);
      if (const auto window = member.Number("w", kMaxSeconds)) {
        limit.window = absl::Seconds(std::max<int64_t>(*window, 1));
      }
      return;
    }
  }
}

}  // namespace

std::optional<RateLimit> ParseRateLimit(const common::HttpHeaders& headers) {
  std::optional<RateLimit> tightest;
  for (const std::string_view field : headers.GetAll("ratelimit")) {
    for (const std::string_view text : Split(field, ',')) {
      const Member member = ParseMember(text);
      const auto remaining = member.Number("r", kMaxCount);
      const auto resets_in = member.Number("t", kMaxSeconds);
      if (member.names.empty() || !remaining || !resets_in) continue;
      if (tightest && tightest->remaining <= *remaining) continue;
      tightest = RateLimit{std::string(member.names.back()), *remaining, absl::Seconds(*resets_in),
                           std::nullopt, std::nullopt};
    }
  }
  if (tightest) AddPolicy(headers, *tightest);
  return tightest;
}

std::optional<absl::Duration> ParseRetryAfter(const common::HttpHeaders& headers, absl::Time now) {
  const auto field = headers.Get("retry-after");
  if (!field) return std::nullopt;
  absl::Duration wait;
  if (const auto seconds = ParseCount(*field, kMaxSeconds)) {
    wait = absl::Seconds(*seconds);
  } else if (const auto date = common::ParseHttpDate(*field)) {
    wait = *date - now;
  } else {
    return std::nullopt;
  }
  return std::clamp(wait, absl::ZeroDuration(), absl::Hours(24));
}

}  // namespace modelwatch::crawler
