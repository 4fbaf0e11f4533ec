// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/byte_range.h"

#include <algorithm>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"

namespace modelwatch::replay_hub {
namespace {

struct Span {
  uint64_t begin = 0;
  uint64_t end = 0;  // one past the last byte
};

std::optional<uint64_t> NumberOf(std::string_view text) {
  uint64_t number = 0;
  if (!absl::SimpleAtoi(std::string(text), &number)) return std::nullopt;
  return number;
}

// nullopt: not one range. An empty span: not satisfiable.
std::optional<Span> SpanOf(std::string_view range, uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  if (range.substr(0, kUnit.size()) != kUnit) return std::nullopt;
  range.remove_prefix(kUnit.size());
  const size_t dash = range.find('-');
  if (dash == std::string_view::npos || range.find(',') != std::string_view::npos) {
    return std::nullopt;
  }
  const auto first = NumberOf(range.substr(0, dash));
  const auto last = NumberOf(range.substr(dash + 1));
  if (!first && !last) return std::nullopt;
  if (!first) return Span{size - std::min(size, *last), size};
  if (last && *last < *first) return std::nullopt;
  if (*first >= size) return Span{};
  return Span{*first, last ? std::min(size, *last + 1) : size};
}

}  // namespace

void ApplyRange(std::string_view range, Response& response) {
  if (range.empty() || response.status != 200) return;
  const uint64_t size = response.body_size();
  const std::optional<Span> span = SpanOf(range, size);
  if (!span) return;
  if (span->begin >= span->end) {
    response.status = 416;
    response.Set("Content-Range", absl::StrFormat("bytes */%d", size));
    response.borrowed_body.reset();
    response.pattern_bytes.reset();
    response.body.clear();
    return;
  }
  response.status = 206;
  response.Set("Content-Range",
               absl::StrFormat("bytes %d-%d/%d", span->begin, span->end - 1, size));
  const uint64_t length = span->end - span->begin;
  if (response.pattern_bytes) {
    response.pattern_offset = span->begin;
    response.pattern_bytes = length;
  } else if (response.borrowed_body) {
    response.borrowed_body = response.borrowed_body->substr(span->begin, length);
  } else {
    response.body = response.body.substr(span->begin, length);
  }
}

bool MatchesEtag(std::string_view if_none_match, std::string_view etag) {
  while (!if_none_match.empty()) {
    const size_t comma = if_none_match.find(',');
    std::string_view one = if_none_match.substr(0, comma);
    if_none_match.remove_prefix(comma == std::string_view::npos ? if_none_match.size() : comma + 1);
    while (!one.empty() && one.front() == ' ') one.remove_prefix(1);
    while (!one.empty() && one.back() == ' ') one.remove_suffix(1);
    if (one == "*") return true;
    if (one.substr(0, 2) == "W/") one.remove_prefix(2);
    if (one.size() == etag.size() + 2 && one.front() == '"' && one.back() == '"' &&
        one.substr(1, etag.size()) == etag) {
      return true;
    }
  }
  return false;
}

}  // namespace modelwatch::replay_hub
