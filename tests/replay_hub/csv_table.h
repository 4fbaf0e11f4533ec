// SPDX-License-Identifier: Apache-2.0
// A table of facts: CSV with a header line (RFC 4180 quoting, "\n" or "\r\n").
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"

namespace modelwatch::replay_hub {

// Immutable after parsing.
class CsvTable {
 public:
  // INVALID_ARGUMENT names the line when a row has another number of fields than the header, or
  // when a quote is left open.
  [[nodiscard]] static absl::StatusOr<CsvTable> Parse(std::string_view text);
  // NOT_FOUND when the file cannot be read; else as Parse, with the path in the message.
  [[nodiscard]] static absl::StatusOr<CsvTable> Read(const std::filesystem::path& path);

  [[nodiscard]] size_t rows() const { return rows_.size(); }
  // Field of a row by column name; "" when there is no such column. Lives as long as the table.
  [[nodiscard]] const std::string& at(size_t row, std::string_view column) const;
  // INVALID_ARGUMENT names the first of `columns` that the header lacks.
  [[nodiscard]] absl::Status Require(const std::vector<std::string_view>& columns) const;

 private:
  std::unordered_map<std::string, size_t> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace modelwatch::replay_hub
