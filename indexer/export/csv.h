// SPDX-License-Identifier: Apache-2.0
// Csv: rows as RFC 4180 (October 2005) writes them: commas, CRLF, quotes doubled inside quotes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace modelwatch::indexer {

// One record with its line end. A field is quoted when it holds a comma, a quote or a line end, so
// that every other field stays readable. Values are not altered; a spreadsheet that runs formulas
// should import the columns as text.
[[nodiscard]] std::string CsvLine(const std::vector<std::string>& fields);

// "a;b": how a list stands in one field.
[[nodiscard]] std::string CsvList(const std::vector<std::string>& values);

}  // namespace modelwatch::indexer
