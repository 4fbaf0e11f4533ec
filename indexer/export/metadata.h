// SPDX-License-Identifier: Apache-2.0
// Metadata: what stands beside the tables of an export and describes them. Pure: the same summary
// gives the same bytes; no clock is read.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "indexer/export/export_files.h"

namespace modelwatch::indexer {

// What the one who publishes an export says of it.
struct DatasetWords {
  std::string name = "modelwatch-export";
  std::string creator = "modelwatch";
  std::string url = "urn:modelwatch:export";  // where it is published
  // SPDX id of the facts in the tables; texts keep their own licences.
  std::string license = "CC-BY-4.0";
};

struct ExportSummary {
  uint64_t first_sequence = 0;      // changes, assessments and alerts before it were compacted
  uint64_t last_sequence = 0;       // what was recorded up to here is in it
  int64_t last_recorded_at_us = 0;  // ... which was then, by our clock
  uint32_t schema_version = 0;      // of the database
  std::string program_version;
  std::string writer;  // see ExportFiles::writer()
  ExportFormat format = ExportFormat::kParquet;
  bool with_texts = false;
  std::vector<std::string> tables;  // in the order of ExportTables()
  std::vector<ExportedFile> files;  // in the order of the tables, then of days
};

// Names of everything that is written beside the tables, but for manifest.json.
[[nodiscard]] const std::vector<std::string>& MetadataFiles();

// manifest.json.
[[nodiscard]] std::string Manifest(const ExportSummary& summary);
// README.md: a dataset card with a `configs` entry for each table.
[[nodiscard]] std::string DatasetCard(const ExportSummary& summary, const DatasetWords& words);
// CITATION.cff 1.2.0.
[[nodiscard]] std::string Citation(const ExportSummary& summary, const DatasetWords& words);
// croissant.json, Croissant 1.1.
[[nodiscard]] std::string Croissant(const ExportSummary& summary, const DatasetWords& words);
// data-dictionary.md: every table and column; also docs/data-dictionary.md.
[[nodiscard]] std::string DataDictionary();
// queries.sql: ten example queries for DuckDB, to be run in the directory of a Parquet export.
[[nodiscard]] std::string ExampleQueries();

}  // namespace modelwatch::indexer
