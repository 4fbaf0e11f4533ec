// SPDX-License-Identifier: Apache-2.0
#include "indexer/export/tables.h"

#include <google/protobuf/text_format.h>

#include <cstdio>
#include <cstdlib>

namespace modelwatch::evaluator {
extern const char kTablesData[];  // embedded: cmake/embed.cmake
}

namespace modelwatch::indexer {

const v1::ExportSchema& ExportTables() {
  static const v1::ExportSchema* const schema = [] {
    auto* const parsed = new v1::ExportSchema();
    if (!google::protobuf::TextFormat::ParseFromString(evaluator::kTablesData, parsed)) {
      std::fprintf(stderr, "modelwatch: the embedded tables of exports do not parse\n");
      std::abort();
    }
    return parsed;
  }();
  return *schema;
}

const v1::ExportTable* FindTable(std::string_view name) {
  for (const v1::ExportTable& table : ExportTables().tables()) {
    if (table.name() == name) return &table;
  }
  return nullptr;
}

std::string TableNames() {
  std::string names;
  for (const v1::ExportTable& table : ExportTables().tables()) {
    if (!names.empty()) names.append(", ");
    names.append(table.name());
  }
  return names;
}

}  // namespace modelwatch::indexer
