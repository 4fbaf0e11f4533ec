// SPDX-License-Identifier: Apache-2.0
// Percent-encoding and query strings.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace modelwatch::replay_hub {

// "%2F" -> "/"; a '%' without two hex digits stays as it is.
[[nodiscard]] std::string PercentDecode(std::string_view text, bool plus_is_space = false);

// Everything but letters, digits and -._~ becomes %XX, as encodeURIComponent and quote(safe='') do.
[[nodiscard]] std::string PercentEncode(std::string_view text);

// "a=1&b=x%20y", also a form body, in order, decoded.
class Query {
 public:
  explicit Query(std::string_view text);

  [[nodiscard]] std::optional<std::string_view> Get(std::string_view name) const;
  [[nodiscard]] std::vector<std::string_view> All(std::string_view name) const;
  [[nodiscard]] bool IsTrue(std::string_view name) const;  // "true" or "1"
  // A whole number, or `fallback` when absent or not one.
  [[nodiscard]] int64_t Number(std::string_view name, int64_t fallback) const;
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& pairs() const {
    return pairs_;
  }

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

// "/a/b" -> {"a", "b"}, still encoded; empty segments are left out.
[[nodiscard]] std::vector<std::string_view> PathSegments(std::string_view path);

}  // namespace modelwatch::replay_hub
