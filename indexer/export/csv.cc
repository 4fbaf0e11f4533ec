// SPDX-License-Identifier: Apache-2.0
#include "indexer/export/csv.h"

namespace modelwatch::indexer {
namespace {

void AppendField(std::string& line, std::string_view field) {
  if (field.find_first_of(",\"\r\n") == std::string_view::npos) {
    line.append(field);
    return;
  }
  line.push_back('"');
  for (const char c : field) {
    if (c == '"') line.push_back('"');
    line.push_back(c);
  }
  line.push_back('"');
}

}  // namespace

std::string CsvLine(const std::vector<std::string>& fields) {
  std::string line;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) line.push_back(',');
    AppendField(line, fields[i]);
  }
  line.append("\r\n");
  return line;
}

std::string CsvList(const std::vector<std::string>& values) {
  std::string list;
  for (const std::string& value : values) {
    if (!list.empty()) list.push_back(';');
    list.append(value);
  }
  return list;
}

}  // namespace modelwatch::indexer
