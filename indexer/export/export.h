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
#include "indexer/export/rows.h"
#include "indexer/export/table_file.h"

namespace modelwatch::indexer {

// The tables there are, in the order they are written.
[[nodiscard]] const std::vector<std::string>& ExportTables();

struct ExportOptions {
  std::string out_dir;              // made when absent; must be empty when there
  std::vector<std::string> tables;  // of ExportTables(); empty = all
  ExportFormat format = ExportFormat::kJsonl;
  uint64_t as_of = 0;           // last sequence that counts; 0 = the newest now
  std::string program_version;  // for the manifest
};

struct ExportResult {
  uint64_t first_sequence = 0;  // changes and assessments before it were compacted
  uint64_t last_sequence = 0;
  std::vector<ExportedFile> files;
};

// Writes <table>.jsonl or <table>.csv each and, last, manifest.json: an export without a manifest
// is not complete.
//
//   releases     the newest version of each release as of the sequence, by hub and id
//   changes      by sequence         assessments  by sequence         alerts  by sequence
//
// INVALID_ARGUMENT: unknown table, or as_of beyond the log. FAILED_PRECONDITION: the directory
// holds something. UNAVAILABLE: the disk or the index. CANCELLED: `stopper` stopped.
[[nodiscard]] absl::StatusOr<ExportResult> Export(Reader& reader, const ExportOptions& options,
                                                  const common::Stopper& stopper);

// The last sequence recorded at or before `recorded_at_us` (our clock), for --as-of TIME; 0 when
// there is none. Reads the log up to there. OUT_OF_RANGE: the log of that time was compacted.
[[nodiscard]] absl::StatusOr<uint64_t> SequenceAt(Reader& reader, int64_t recorded_at_us,
                                                  const common::Stopper& stopper);

}  // namespace modelwatch::indexer
