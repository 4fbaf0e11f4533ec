// SPDX-License-Identifier: Apache-2.0
#include "crawler/hub/link.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/ascii.h"

namespace modelwatch::crawler {
namespace {

constexpr size_t kMaxFieldBytes = 16 * 1024;

// A field is read from left to right by this.
struct Reader {
  std::string_view rest;

  void SkipSpace() { rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size())); }
  bool Take(char c) {
    SkipSpace();
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  std::string_view TakeUntil(std::string_view stops) {
    const size_t end = std::min(rest.find_first_of(stops), rest.size());
    const std::string_view taken = rest.substr(0, end);
    rest.remove_prefix(end);
    return taken;
  }
};

std::string ReadValue(Reader& reader) {
  std::string value;
  if (!reader.Take('"')) {
    value = std::string(reader.TakeUntil(" \t;,"));
    return value;
  }
  while (!reader.rest.empty() && reader.rest.front() != '"') {
    if (reader.rest.front() == '\\' && reader.rest.size() > 1) reader.rest.remove_prefix(1);
    value.push_back(reader.rest.front());
    reader.rest.remove_prefix(1);
  }
  reader.Take('"');
  return value;
}

bool HoldsNext(std::string relations) {
  absl::AsciiStrToLower(&relations);
  for (size_t at = 0; at < relations.size();) {
    const size_t end = std::min(relations.find(' ', at), relations.size());
    if (std::string_view(relations).substr(at, end - at) == "next") return true;
    at = end + 1;
  }
  return false;
}

// The parameters after a target; true when rel holds "next". Only the first rel counts (RFC 8288).
bool ReadParameters(Reader& reader) {
  bool seen = false;
  bool is_next = false;
  while (reader.Take(';')) {
    reader.SkipSpace();
    std::string name(reader.TakeUntil(" \t=;,"));
    absl::AsciiStrToLower(&name);
    std::string value;
    if (reader.Take('=')) {
      reader.SkipSpace();
      value = ReadValue(reader);
    }
    if (name != "rel" || seen) continue;
    seen = true;
    is_next = HoldsNext(std::move(value));
  }
  return is_next;
}

}  // namespace

std::vector<std::string> NextLinks(const common::HttpHeaders& headers) {
  std::vector<std::string> targets;
  for (const std::string_view field : headers.GetAll("link")) {
    Reader reader{field.substr(0, kMaxFieldBytes)};
    while (!reader.rest.empty()) {
      if (!reader.Take('<')) {
        reader.TakeUntil(",");
        if (!reader.Take(',')) break;
        continue;
      }
      const std::string target(reader.TakeUntil(">"));
      if (!reader.Take('>')) break;
      const bool is_next = ReadParameters(reader);
      if (is_next && std::find(targets.begin(), targets.end(), target) == targets.end()) {
        targets.push_back(target);
      }
      reader.TakeUntil(",");
      reader.Take(',');
    }
  }
  return targets;
}

}  // namespace modelwatch::crawler
