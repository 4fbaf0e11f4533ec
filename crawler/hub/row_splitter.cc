// SPDX-License-Identifier: Apache-2.0
#include "crawler/hub/row_splitter.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "common/log.h"

namespace modelwatch::crawler {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

// End of the string that begins at body[at] == '"', npos when it never ends.
size_t SkipString(std::string_view body, size_t at) {
  for (++at;;) {
    at = body.find_first_of("\"\\", at);
    if (at == std::string_view::npos) return at;
    if (body[at] == '"') return at + 1;
    at += 2;  // past the escaped byte
    if (at >= body.size()) return std::string_view::npos;
  }
}

// End of the element that begins at `at`, npos when it never ends.
size_t SkipElement(std::string_view body, size_t at) {
  size_t depth = 0;
  while (at < body.size()) {
    switch (body[at]) {
      case '"':
        at = SkipString(body, at);
        if (at == std::string_view::npos) return at;
        continue;
      case '{':
      case '[':
        ++depth;
        break;
      case '}':
      case ']':
        if (depth == 0) return at;  // the array's own end
        if (--depth == 0) return at + 1;
        break;
      case ',':
        if (depth == 0) return at;
        break;
      default:
        break;
    }
    ++at;
  }
  return std::string_view::npos;
}

}  // namespace

absl::StatusOr<std::vector<std::string_view>> SplitRows(std::string_view body) {
  size_t at = body.find_first_not_of(kSpace);
  if (at == std::string_view::npos) return absl::InvalidArgumentError("the body is empty");
  if (body[at] != '[') {
    return absl::InvalidArgumentError(
        absl::StrFormat("the body is no JSON array, it begins with '%s'",
                        common::OneLine(body.substr(at, 40), 40)));
  }
  ++at;
  std::vector<std::string_view> rows;
  while (true) {
    at = body.find_first_not_of(" \t\r\n,", at);
    if (at == std::string_view::npos) break;
    if (body[at] == ']') return rows;
    const size_t end = SkipElement(body, at);
    if (end == std::string_view::npos) break;
    // A stray '}' closes nothing: step over it, or the loop would stay here.
    const std::string_view row = body.substr(at, std::max(end, at + 1) - at);
    rows.push_back(row.substr(0, row.find_last_not_of(kSpace) + 1));
    at = std::max(end, at + 1);
  }
  return absl::InvalidArgumentError(
      absl::StrFormat("the body is cut short after %d rows", rows.size()));
}

}  // namespace modelwatch::crawler
