// SPDX-License-Identifier: Apache-2.0
#include "indexer/export/metadata.h"

#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/clock.h"
#include "indexer/export/tables.h"

namespace modelwatch::evaluator {
extern const char kQueriesData[];  // embedded: cmake/embed.cmake
}

namespace modelwatch::indexer {
namespace {

using Json = nlohmann::ordered_json;

const char* WordOf(ExportFormat format) {
  switch (format) {
    case ExportFormat::kParquet:
      return "parquet";
    case ExportFormat::kJsonl:
      return "jsonl";
    case ExportFormat::kCsv:
      return "csv";
  }
  return "";
}

std::string DayOf(const ExportSummary& summary) {
  return common::FormatMicros(summary.last_recorded_at_us).substr(0, 10);
}

// A double-quoted scalar of YAML, which JSON's strings are.
std::string Quoted(const std::string& text) { return Json(text).dump(); }

uint64_t RowsOf(const ExportSummary& summary, const std::string& table) {
  uint64_t rows = 0;
  for (const ExportedFile& file : summary.files) {
    if (file.table == table && !file.is_teaser) rows += file.rows;
  }
  return rows;
}

// The Hub's classes of size.
// source: https://huggingface.co/docs/hub/datasets-cards (read 2026-11)
const char* SizeCategory(uint64_t rows) {
  if (rows < 1'000) return "n<1K";
  if (rows < 10'000) return "1K<n<10K";
  if (rows < 100'000) return "10K<n<100K";
  if (rows < 1'000'000) return "100K<n<1M";
  if (rows < 10'000'000) return "1M<n<10M";
  return rows < 100'000'000 ? "10M<n<100M" : "100M<n<1B";
}

std::string TypeWord(const v1::ExportColumn& column) {
  const std::string word = absl::AsciiStrToLower(v1::ColumnType_Name(column.type()));
  return column.list() ? absl::StrCat("list of ", word) : word;
}

}  // namespace

const std::vector<std::string>& MetadataFiles() {
  static const auto* const names = new std::vector<std::string>{
      "README.md", "CITATION.cff", "croissant.json", "data-dictionary.md", "queries.sql"};
  return *names;
}

std::string Manifest(const ExportSummary& summary) {
  Json manifest;
  manifest["format"] = WordOf(summary.format);
  manifest["first_sequence"] = summary.first_sequence;
  manifest["last_sequence"] = summary.last_sequence;
  manifest["last_recorded_at"] = common::FormatMicros(summary.last_recorded_at_us);
  manifest["with_texts"] = summary.with_texts;
  manifest["tables_version"] = ExportTables().version();
  manifest["schema_version"] = summary.schema_version;
  manifest["program_version"] = summary.program_version;
  if (!summary.writer.empty()) manifest["writer"] = summary.writer;
  manifest["files"] = Json::array();
  for (const ExportedFile& file : summary.files) {
    Json entry;
    entry["name"] = file.name;
    entry["table"] = file.table;
    if (!file.recorded_date.empty()) entry["recorded_date"] = file.recorded_date;
    entry["rows"] = file.rows;
    entry["bytes"] = file.bytes;
    entry["sha256"] = file.sha256;
    if (file.last_sequence != 0) {
      entry["first_sequence"] = file.first_sequence;
      entry["last_sequence"] = file.last_sequence;
    }
    manifest["files"].push_back(std::move(entry));
  }
  return manifest.dump(2) + "\n";
}

std::string DatasetCard(const ExportSummary& summary, const DatasetWords& words) {
  std::string card = absl::StrCat("---\nlicense: ", absl::AsciiStrToLower(words.license),
                                  "\npretty_name: ", Quoted(words.name),
                                  "\ntags:\n- licensing\n- model-releases\n- modelwatch\n");
  uint64_t most = 0;
  for (const std::string& table : summary.tables) most = std::max(most, RowsOf(summary, table));
  absl::StrAppend(&card, "size_categories:\n- ", SizeCategory(most), "\nconfigs:\n");
  const std::string ending = FileEnding(summary.format);
  for (const std::string& name : summary.tables) {
    const bool daily = FindTable(name)->daily();
    absl::StrAppendFormat(&card, "- config_name: %s\n  data_files: \"%s%s.%s\"\n", name, name,
                          daily ? "/**/*" : "", ending);
    if (name == "releases") {
      absl::StrAppendFormat(&card,
                            "  default: true\n- config_name: teaser\n"
                            "  data_files: \"teaser/releases.%s\"\n",
                            ending);
    }
  }
  absl::StrAppendFormat(
      &card,
      "---\n# %s\n\nThe terms under which open models are released, as modelwatch %s recorded them "
      "up to "
      "sequence %d (%s).\nVerdicts are indicators with evidence, never legal advice.\n\n"
      "| table | rows | one row is |\n|---|---:|---|\n",
      words.name, summary.program_version, summary.last_sequence,
      common::FormatMicros(summary.last_recorded_at_us));
  for (const std::string& name : summary.tables) {
    absl::StrAppendFormat(&card, "| `%s` | %d | %s |\n", name, RowsOf(summary, name),
                          FindTable(name)->meaning());
  }
  absl::StrAppendFormat(
      &card,
      "\nColumns: [data-dictionary.md](data-dictionary.md). Example queries for DuckDB: "
      "[queries.sql](queries.sql).\nFiles with their digests: `manifest.json`. `teaser` holds "
      "1,000 "
      "releases, chosen by a hash of their keys.\n\nThe facts are under %s. %s\n",
      words.license,
      summary.with_texts
          ? "The column `text` of `licence_texts` holds the words of others, under their own terms."
          : "The licence texts themselves belong to others and are not included; `sha256` names "
            "them.");
  return card;
}

std::string Citation(const ExportSummary& summary, const DatasetWords& words) {
  return absl::StrFormat(
      "cff-version: 1.2.0\nmessage: \"Please cite this dataset as below.\"\ntype: dataset\n"
      "title: %s\nauthors:\n- name: %s\nversion: \"%d\"\ndate-released: \"%s\"\nlicense: %s\nurl: "
      "%s\n",
      Quoted(words.name), Quoted(words.creator), summary.last_sequence, DayOf(summary),
      words.license, Quoted(words.url));
}

std::string DataDictionary() {
  std::string text =
      "# Data dictionary\n\nThe tables of `modelwatch export`, from "
      "`indexer/export/tables.textproto`; "
      "this page is made by\n`modelwatch export --dictionary`. Tables and columns are added, at "
      "the end of "
      "a table; none is renamed, changes its\ntype or goes, so a query that runs today runs on "
      "later "
      "exports.\n\nTimes are microseconds, UTC. A list is never null. `hub` and `_id` name a "
      "release for "
      "ever; `id` is its name at\nthat moment. Tables marked *daily* have a file for each day of "
      "`recorded_at`, which does not change once the day\nis over.\n";
  for (const v1::ExportTable& table : ExportTables().tables()) {
    absl::StrAppendFormat(&text,
                          "\n## %s%s\n%s; %s.\n\n| column | type | null | meaning | from |\n"
                          "|---|---|---|---|---|\n",
                          table.name(), table.daily() ? " (daily)" : "", table.meaning(),
                          table.order());
    for (const v1::ExportColumn& column : table.columns()) {
      absl::StrAppendFormat(&text, "| `%s` | %s | %s | %s | %s |\n", column.name(),
                            TypeWord(column), column.nullable() ? "yes" : "", column.meaning(),
                            column.source());
    }
  }
  return text;
}

std::string ExampleQueries() { return evaluator::kQueriesData; }

}  // namespace modelwatch::indexer
