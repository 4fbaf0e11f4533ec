// SPDX-License-Identifier: Apache-2.0
// TableFile: the bytes of one file of an export while they are written.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace modelwatch::indexer {

struct WrittenFile {
  uint64_t bytes = 0;
  std::string sha256;  // hexadecimal, of the whole file
};

// Streams to disk, so that memory does not grow with the table. One thread.
class TableFile {
 public:
  // UNAVAILABLE: the file cannot be made.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<TableFile>> Create(const std::string& path);
  ~TableFile();
  TableFile(const TableFile&) = delete;
  TableFile& operator=(const TableFile&) = delete;

  // UNAVAILABLE: the disk is full or fails.
  [[nodiscard]] absl::Status Append(std::string_view bytes);
  // Appended so far.
  [[nodiscard]] uint64_t bytes() const;
  // Syncs and closes. Nothing may be added afterwards.
  [[nodiscard]] absl::StatusOr<WrittenFile> Close();

 private:
  struct State;
  explicit TableFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace modelwatch::indexer
