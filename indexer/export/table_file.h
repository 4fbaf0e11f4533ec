// SPDX-License-Identifier: Apache-2.0
// TableFile: one file of an export while it is written.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace modelwatch::indexer {

struct ExportedFile {
  std::string name;   // inside the export's directory
  uint64_t rows = 0;  // records, without a header
  uint64_t bytes = 0;
  std::string sha256;  // hexadecimal, of the whole file
};

// Streams to disk, so that memory does not grow with the table. One thread.
class TableFile {
 public:
  // UNAVAILABLE: the file cannot be made.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<TableFile>> Create(
      const std::string& directory, const std::string& name);
  ~TableFile();
  TableFile(const TableFile&) = delete;
  TableFile& operator=(const TableFile&) = delete;

  // UNAVAILABLE: the disk is full or fails.
  [[nodiscard]] absl::Status AddHeader(std::string_view line);
  [[nodiscard]] absl::Status AddRow(std::string_view line);
  // Syncs and closes. Nothing may be added afterwards.
  [[nodiscard]] absl::StatusOr<ExportedFile> Close();

 private:
  struct State;
  explicit TableFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace modelwatch::indexer
