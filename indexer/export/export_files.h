// SPDX-License-Identifier: Apache-2.0
// ExportFiles: the directory of an export while it is made, and the tables in it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "indexer/export/parquet_writer.h"
#include "indexer/export/table_writer.h"

namespace modelwatch::indexer {

struct ExportedFile {
  std::string name;  // inside the export's directory
  std::string table;
  bool is_teaser = false;
  std::string recorded_date;  // of a day's file: "2026-12-01", UTC
  uint64_t rows = 0;
  uint64_t bytes = 0;
  std::string sha256;           // hexadecimal, of the whole file
  uint64_t first_sequence = 0;  // of its rows; 0 where the table has no sequences, or no rows
  uint64_t last_sequence = 0;
};

// Looks, and makes nothing. FAILED_PRECONDITION: a file stands there, an export, or something else.
// What an export that was cut off left is no hindrance.
[[nodiscard]] absl::Status CheckDestination(const std::string& directory);

// The tables of one export go through this; one thread.
class ExportFiles {
 public:
  // Makes the directory and marks it as incomplete. A directory so marked is one that was cut off:
  // what an export leaves is removed first. FAILED_PRECONDITION: it holds something else, or the
  // module cannot be loaded. UNAVAILABLE: it cannot be made or written.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<ExportFiles>> Create(
      const std::string& directory, ExportFormat format, const std::string& parquet_module);
  // Removes what was written, unless Complete() was called.
  ~ExportFiles();
  ExportFiles(const ExportFiles&) = delete;
  ExportFiles& operator=(const ExportFiles&) = delete;

  [[nodiscard]] ExportFormat format() const { return format_; }
  // Who writes the bytes, e.g. "Apache Arrow 26.0.1"; "" when this program does alone.
  [[nodiscard]] std::string writer() const;

  // A file of `table`, named inside the directory.
  [[nodiscard]] absl::StatusOr<std::unique_ptr<TableWriter>> Open(const v1::ExportTable& table,
                                                                  const std::string& name) const;
  // A small file that is written whole.
  [[nodiscard]] absl::Status Write(const std::string& name, std::string_view content) const;

  // The last thing: nothing of it is removed any more.
  [[nodiscard]] absl::Status Complete(std::string_view manifest);

 private:
  ExportFiles(std::string directory, ExportFormat format)
      : directory_(std::move(directory)), format_(format) {}

  const std::string directory_;
  const ExportFormat format_;
  std::optional<ParquetModule> parquet_;
  bool is_complete_ = false;
};

// One table: a single file, or a file for each day of recorded_at (UTC). A clock that was set back
// stays in the day that is open, so that a finished day never changes.
class TableOutput {
 public:
  // Both must outlive it. A teaser is one file in teaser/, whatever the table.
  TableOutput(const v1::ExportTable& table, const ExportFiles& files, bool is_teaser = false);

  [[nodiscard]] absl::Status Add(const Row& row);
  // Adds its files to `written`; a table without rows has one file all the same.
  [[nodiscard]] absl::Status Close(std::vector<ExportedFile>& written);

 private:
  [[nodiscard]] absl::Status OpenDay(int64_t day);
  [[nodiscard]] absl::Status CloseFile();

  const v1::ExportTable& table_;
  const ExportFiles& files_;
  const bool is_teaser_;
  int sequence_ = -1;  // columns; -1 = none
  int recorded_at_ = -1;
  int64_t day_ = 0;
  std::unique_ptr<TableWriter> writer_;
  ExportedFile file_;
  std::vector<ExportedFile> closed_;
};

}  // namespace modelwatch::indexer
