// SPDX-License-Identifier: Apache-2.0
#include "common/http_headers.h"

#include "absl/strings/ascii.h"

namespace modelwatch::common {
namespace {

constexpr size_t kUsualFields = 24;  // of a hub's answer

std::string_view Trim(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

void HttpHeaders::Add(std::string_view name, std::string_view value) {
  if (fields_.empty()) fields_.reserve(kUsualFields);
  std::string lower(Trim(name));
  absl::AsciiStrToLower(&lower);
  fields_.emplace_back(std::move(lower), std::string(Trim(value)));
}

std::optional<std::string_view> HttpHeaders::Get(std::string_view lower_case_name) const {
  for (const auto& [name, value] : fields_) {
    if (name == lower_case_name) return value;
  }
  return std::nullopt;
}

std::vector<std::string_view> HttpHeaders::GetAll(std::string_view lower_case_name) const {
  std::vector<std::string_view> values;
  for (const auto& [name, value] : fields_) {
    if (name == lower_case_name) values.emplace_back(value);
  }
  return values;
}

std::optional<absl::Time> ParseHttpDate(std::string_view text) {
  absl::Time time;
  std::string why;
  if (!absl::ParseTime("%a, %d %b %Y %H:%M:%S GMT", std::string(text), &time, &why)) {
    return std::nullopt;
  }
  return time;
}

}  // namespace modelwatch::common
