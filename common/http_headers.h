// SPDX-License-Identifier: Apache-2.0
// HttpHeaders: the header fields of one answer, in the order they came.
//
// Stands beside common/http, not in it, so that pure code can read an answer without seeing how it
// was fetched.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace modelwatch::common {

// Names are kept in lower case (RFC 9110: they are case-insensitive; HTTP/2 sends lower case),
// values without surrounding white space, repeated names each as their own field. Not thread-safe;
// a value.
class HttpHeaders {
 public:
  void Add(std::string_view name, std::string_view value);

  // The first field of this name; nothing when there is none. The view lives as long as this
  // object.
  [[nodiscard]] std::optional<std::string_view> Get(std::string_view lower_case_name) const;

  // Every field of this name, in order.
  [[nodiscard]] std::vector<std::string_view> GetAll(std::string_view lower_case_name) const;

  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& fields() const {
    return fields_;
  }
  void Clear() { fields_.clear(); }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

// "Sat, 15 Aug 2026 00:46:31 GMT", the form that every server sends today (RFC 9110 5.6.7); nothing
// for anything else.
[[nodiscard]] std::optional<absl::Time> ParseHttpDate(std::string_view text);

}  // namespace modelwatch::common
