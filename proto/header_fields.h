// SPDX-License-Identifier: Apache-2.0
// What the header of a weights file says of its licence, as the text of the document "gguf:path":
//
//   license: llama3.1
//   license_name: ...
//   license_link: ...
//   base_model: Name https://hub.example/owner/name
//
// One line a field, without those that are empty; a value's further lines are indented by two
// spaces.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace modelwatch::proto {

struct HeaderFields {
  std::string licence;  // an SPDX expression, a tag or a whole text
  std::string name;
  std::string link;
  std::vector<std::string> bases;

  [[nodiscard]] bool is_empty() const {
    return licence.empty() && name.empty() && link.empty() && bases.empty();
  }
};

[[nodiscard]] std::string FormatHeaderFields(const HeaderFields& fields);

// Never fails: what is no such line is passed over. Pure.
[[nodiscard]] HeaderFields ParseHeaderFields(std::string_view text);

}  // namespace modelwatch::proto
