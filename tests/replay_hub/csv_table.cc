// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/csv_table.h"

#include <fstream>
#include <sstream>

#include "absl/strings/str_format.h"
#include "common/status_macros.h"

namespace modelwatch::replay_hub {
namespace {

// One record from `text` at `position`, which moves behind it.
absl::StatusOr<std::vector<std::string>> NextRecord(std::string_view text, size_t& position) {
  std::vector<std::string> fields(1);
  bool is_quoted = false;
  for (; position < text.size(); ++position) {
    const char c = text[position];
    if (is_quoted) {
      if (c != '"') {
        fields.back() += c;
      } else if (position + 1 < text.size() && text[position + 1] == '"') {
        fields.back() += text[++position];
      } else {
        is_quoted = false;
      }
    } else if (c == '"') {
      is_quoted = true;
    } else if (c == ',') {
      fields.emplace_back();
    } else if (c == '\n') {
      break;
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  if (is_quoted) return absl::InvalidArgumentError("a quoted field is not closed");
  ++position;
  return fields;
}

}  // namespace

absl::StatusOr<CsvTable> CsvTable::Parse(std::string_view text) {
  CsvTable table;
  size_t position = 0;
  ASSIGN_OR_RETURN(const std::vector<std::string> header, NextRecord(text, position));
  for (size_t i = 0; i < header.size(); ++i) table.columns_[header[i]] = i;
  while (position < text.size()) {
    ASSIGN_OR_RETURN(std::vector<std::string> row, NextRecord(text, position));
    if (row.size() != header.size()) {
      return absl::InvalidArgumentError(absl::StrFormat("record %d has %d fields, the header %d",
                                                        table.rows_.size() + 1, row.size(),
                                                        header.size()));
    }
    table.rows_.push_back(std::move(row));
  }
  return table;
}

absl::StatusOr<CsvTable> CsvTable::Read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return absl::NotFoundError(absl::StrFormat("table %s: cannot be read", path.string()));
  }
  absl::StatusOr<CsvTable> table = Parse(text.str());
  if (table.ok()) return table;
  return absl::Status(
      table.status().code(),
      absl::StrFormat("table %s: %s", path.string(), std::string(table.status().message())));
}

const std::string& CsvTable::at(size_t row, std::string_view column) const {
  static const std::string& none = *new std::string;
  const auto found = columns_.find(std::string(column));
  return found == columns_.end() ? none : rows_[row][found->second];
}

absl::Status CsvTable::Require(const std::vector<std::string_view>& columns) const {
  for (const std::string_view column : columns) {
    if (!columns_.count(std::string(column))) {
      return absl::InvalidArgumentError(absl::StrFormat("the column \"%s\" is missing", column));
    }
  }
  return absl::OkStatus();
}

}  // namespace modelwatch::replay_hub
