// SPDX-License-Identifier: Apache-2.0
// Export: the index as files that are the same bytes when repeated for the same sequence.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/stopper.h"
#include "indexer/client/index.h"
#include "indexer/export/export_files.h"
#include "indexer/export/metadata.h"

namespace modelwatch::indexer {

struct ExportOptions {
  std::string out_dir;              // made when absent; must be empty, or hold an export cut off
  std::vector<std::string> tables;  // names of ExportTables(); empty = all
  ExportFormat format = ExportFormat::kParquet;
  uint64_t as_of = 0;          // last sequence that counts; 0 = the newest now
  bool with_texts = false;     // licence texts, which belong to others
  std::string parquet_module;  // the file to load for kParquet
  std::string program_version;
  DatasetWords words;  // for the dataset card and its kin
};

// Writes each table (tables.h), `teaser/` with 1,000 releases, the description of it all and, last,
// manifest.json: an export without a manifest is not complete. Reads while the index goes on;
// memory does not grow with the index but for what is told of each distinct licence text (some 300
// bytes). One that fails or is stopped removes what it wrote.
//
// INVALID_ARGUMENT: unknown table, or as_of beyond the log. OUT_OF_RANGE: the log of that time was
// compacted. FAILED_PRECONDITION: the directory holds something that is not ours, or Parquet cannot
// be written here. UNAVAILABLE: the disk or the index. CANCELLED: `stopper` stopped.
[[nodiscard]] absl::StatusOr<ExportSummary> Export(Reader& reader, const ExportOptions& options,
                                                   const common::Stopper& stopper);

// The last sequence recorded at or before `recorded_at_us` (our clock), for --as-of TIME; 0 when
// there is none. Reads the log up to there. OUT_OF_RANGE: the log of that time was compacted.
[[nodiscard]] absl::StatusOr<uint64_t> SequenceAt(Reader& reader, int64_t recorded_at_us,
                                                  const common::Stopper& stopper);

}  // namespace modelwatch::indexer
