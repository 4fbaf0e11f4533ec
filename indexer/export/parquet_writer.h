// SPDX-License-Identifier: Apache-2.0
// Parquet: zstd, page index, statistics, row groups of at most 50,000 rows in the table's order.
// Written by Apache Arrow in a module that is loaded when it is needed (parquet_module.h).
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "indexer/export/parquet_module.h"
#include "indexer/export/table_writer.h"

namespace modelwatch::indexer {

// The loaded module; it stays loaded until the program ends. Thread-safe.
class ParquetModule {
 public:
  // FAILED_PRECONDITION: no such file, or it cannot be loaded; the message says what to do.
  [[nodiscard]] static absl::StatusOr<ParquetModule> Load(const std::string& path);

  // Of Arrow, e.g. "26.0.1": other versions may write other bytes for the same rows.
  [[nodiscard]] const std::string& version() const { return version_; }

  // UNAVAILABLE: the file cannot be made. `table` must outlive the writer.
  [[nodiscard]] absl::StatusOr<std::unique_ptr<TableWriter>> Open(const v1::ExportTable& table,
                                                                  const std::string& path) const;

 private:
  OpenParquetFile open_ = nullptr;
  std::string version_;
};

}  // namespace modelwatch::indexer
