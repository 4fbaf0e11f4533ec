// SPDX-License-Identifier: Apache-2.0
// The door between the program and the module that writes Parquet (parquet_module.cc), which is
// loaded when an export asks for it: plain types alone, both sides compiled together.
//
// Apart from the program because Apache Arrow is 62 MB that other commands need not map, and
// because libparquet exports the OpenSSL and simdjson it was built with under names that would take
// the place of ours (docs/decisions/0025).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "indexer/export/row.h"

namespace modelwatch::indexer {

// What the module must know of a table.
struct ParquetColumn {
  enum class Type : uint8_t { kText, kInteger, kReal, kBoolean, kTime };
  std::string name;
  Type type = Type::kText;
  bool is_nullable = false;
  bool is_list = false;
  bool is_distinct = false;  // no dictionary
};
struct ParquetSpec {
  std::vector<ParquetColumn> columns;
  std::vector<size_t> sorted_by;  // columns, ascending
  // Stands in the file's metadata. Nothing that differs between two exports of the same rows.
  std::vector<std::pair<std::string, std::string>> metadata;
};

// Where the bytes of the file go, in order.
class ParquetSink {
 public:
  virtual ~ParquetSink() = default;
  // False: they could not be written; the file fails.
  virtual bool Append(const char* bytes, size_t size) = 0;
};

// A file under way. One thread. Both return "" when it went well, else what failed; afterwards only
// destruction is allowed.
class ParquetFile {
 public:
  virtual ~ParquetFile() = default;
  virtual std::string Add(const Row& row) = 0;
  virtual std::string Close() = 0;
};

// `sink` must outlive the file. Null when the file cannot be begun; `error` says why.
using OpenParquetFile = ParquetFile* (*)(const ParquetSpec& spec, ParquetSink& sink,
                                         std::string& error);
// The module's two symbols: OpenParquetFile, and "26.0.1", the version of Arrow as a char array.
inline constexpr char kOpenParquetFile[] = "modelwatch_open_parquet_file";
inline constexpr char kArrowVersion[] = "modelwatch_arrow_version";

}  // namespace modelwatch::indexer
