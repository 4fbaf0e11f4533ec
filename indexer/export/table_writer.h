// SPDX-License-Identifier: Apache-2.0
// TableWriter: a file of a table while it is written, whatever its format.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "indexer/export/row.h"
#include "indexer/export/table_file.h"
#include "modelwatch/v1/export.pb.h"

namespace modelwatch::indexer {

enum class ExportFormat { kParquet, kJsonl, kCsv };

// "parquet", "jsonl.zst", "csv".
[[nodiscard]] std::string FileEnding(ExportFormat format);

// Streams to disk in bounded memory; the bytes depend on the rows and the table alone. One thread.
class TableWriter {
 public:
  virtual ~TableWriter() = default;
  // REQUIRES: as many cells as the table has columns. UNAVAILABLE: the disk is full or fails.
  [[nodiscard]] virtual absl::Status Add(const Row& row) = 0;
  // Completes and syncs the file. Nothing may be added afterwards.
  [[nodiscard]] virtual absl::StatusOr<WrittenFile> Close() = 0;
};

// CSV (RFC 4180): a header line; lists joined with ";", times as RFC 3339, null as nothing.
[[nodiscard]] absl::StatusOr<std::unique_ptr<TableWriter>> OpenCsv(const v1::ExportTable& table,
                                                                   const std::string& path);
// JSON Lines, zstd: one object a row with every column; lists are lists.
[[nodiscard]] absl::StatusOr<std::unique_ptr<TableWriter>> OpenJsonl(const v1::ExportTable& table,
                                                                     const std::string& path);

}  // namespace modelwatch::indexer
