// SPDX-License-Identifier: Apache-2.0
#include "proto/header_fields.h"

#include <algorithm>

#include "absl/strings/str_replace.h"

namespace modelwatch::proto {
namespace {

constexpr std::string_view kLicence = "license: ";
constexpr std::string_view kName = "license_name: ";
constexpr std::string_view kLink = "license_link: ";
constexpr std::string_view kBase = "base_model: ";
constexpr std::string_view kIndent = "  ";

void Write(std::string_view key, const std::string& value, std::string& text) {
  if (value.empty()) return;
  text += key;
  text += absl::StrReplaceAll(value, {{"\n", "\n  "}});
  text += '\n';
}

bool Cut(std::string_view& line, std::string_view start) {
  if (line.substr(0, start.size()) != start) return false;
  line.remove_prefix(start.size());
  return true;
}

}  // namespace

std::string FormatHeaderFields(const HeaderFields& fields) {
  std::string text;
  Write(kLicence, fields.licence, text);
  Write(kName, fields.name, text);
  Write(kLink, fields.link, text);
  for (const std::string& base : fields.bases) Write(kBase, base, text);
  return text;
}

HeaderFields ParseHeaderFields(std::string_view text) {
  HeaderFields fields;
  std::string passed_over;
  std::string* last = &passed_over;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (Cut(line, kIndent)) {
      *last += '\n';
      *last += line;
      continue;
    }
    last = Cut(line, kLicence) ? &fields.licence
           : Cut(line, kName)  ? &fields.name
           : Cut(line, kLink)  ? &fields.link
           : Cut(line, kBase)  ? &fields.bases.emplace_back()
                               : &passed_over;
    *last = line;
  }
  return fields;
}

}  // namespace modelwatch::proto
