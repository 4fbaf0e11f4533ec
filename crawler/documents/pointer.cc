// SPDX-License-Identifier: Apache-2.0
#include "crawler/documents/pointer.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"

namespace modelwatch::crawler {
namespace {

constexpr size_t kMaxPointerBytes = 1024;
constexpr size_t kHashDigits = 64;
constexpr std::string_view kLfsVersions[] = {"version https://git-lfs.github.com/spec/",
                                             "version http://git-media.io/v/",
                                             "version https://hawser.github.com/spec/"};
constexpr std::string_view kXetVersion = "# xet version ";

bool Cut(std::string_view& text, std::string_view start) {
  if (text.substr(0, start.size()) != start) return false;
  text.remove_prefix(start.size());
  return true;
}

std::string_view TakeLine(std::string_view& text) {
  const size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
  return line;
}

// "= 'value'" or " value": a value without its quotes.
std::string_view Unquoted(std::string_view value) {
  const auto is_wrapping = [](char c) { return c == ' ' || c == '=' || c == '\'' || c == '"'; };
  while (!value.empty() && is_wrapping(value.front())) value.remove_prefix(1);
  while (!value.empty() && is_wrapping(value.back())) value.remove_suffix(1);
  return value;
}

bool IsHash(std::string_view text) {
  return text.size() == kHashDigits && std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isxdigit(static_cast<unsigned char>(c));
         });
}

}  // namespace

std::optional<Pointer> ParsePointer(std::string_view text) {
  if (text.size() > kMaxPointerBytes) return std::nullopt;
  const std::string_view first = TakeLine(text);
  Pointer pointer;
  if (first.substr(0, kXetVersion.size()) == kXetVersion) {
    pointer.kind = Pointer::Kind::kXet;
  } else if (std::none_of(std::begin(kLfsVersions), std::end(kLfsVersions),
                          [first](std::string_view version) {
                            return first.substr(0, version.size()) == version;
                          })) {
    return std::nullopt;
  }
  bool has_size = false;
  while (!text.empty()) {
    std::string_view line = TakeLine(text);
    if (Cut(line, "size ") || Cut(line, "filesize ")) {
      has_size = absl::SimpleAtoi(std::string(Unquoted(line)), &pointer.size);
    } else if (Cut(line, "oid sha256:") || Cut(line, "hash ")) {
      pointer.hash = absl::AsciiStrToLower(std::string(Unquoted(line)));
    }
  }
  if (!has_size || !IsHash(pointer.hash)) return std::nullopt;
  return pointer;
}

}  // namespace modelwatch::crawler
