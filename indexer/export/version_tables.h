// SPDX-License-Identifier: Apache-2.0
// VersionTables: the tables that are made from the versions of releases, in one pass over them.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "indexer/client/index.h"
#include "indexer/export/export_files.h"
#include "indexer/export/rows.h"
#include "modelwatch/v1/scan.pb.h"

namespace modelwatch::indexer {

// A table and how its rows are made.
template <typename Record>
struct TableOf {
  TableOf(const v1::ExportTable& table, const ExportFiles& files, bool is_teaser = false)
      : rows(table), output(table, files, is_teaser) {}

  [[nodiscard]] absl::Status Add(const Record& record) { return output.Add(rows.Make(record)); }

  RowMaker<Record> rows;
  TableOutput output;
};

// releases, observations, licences, licence_texts, openness, lineage, those of them that are
// wanted. Takes versions in the order of ScanVersions; one thread.
class VersionTables {
 public:
  // `files` must outlive it.
  VersionTables(const std::set<std::string>& wanted, const ExportFiles& files);

  // Whether any of them is wanted.
  [[nodiscard]] bool any() const;
  // What ScanVersions must send.
  [[nodiscard]] v1::ScanVersionsRequest Request(uint64_t as_of) const;

  [[nodiscard]] absl::Status Add(const v1::ScanVersionsResponse& chunk);
  // After the last chunk. Reads the texts from `reader` when `with_texts`.
  [[nodiscard]] absl::Status Close(Reader& reader, bool with_texts,
                                   std::vector<ExportedFile>& written);

 private:
  [[nodiscard]] absl::Status AddVersion(const v1::ScannedVersion& scanned,
                                        const v1::ScannedVersion* next);
  [[nodiscard]] absl::Status AddNewest(const VersionRecord& record);
  [[nodiscard]] absl::Status AddFinding(const VersionRecord& record, const v1::Finding& finding);
  void ConsiderForTeaser(const v1::ScannedVersion& scanned);
  [[nodiscard]] absl::Status CloseTeaser(std::vector<ExportedFile>& written);
  [[nodiscard]] absl::Status CloseTexts(Reader& reader, bool with_texts,
                                        std::vector<ExportedFile>& written);
  [[nodiscard]] absl::Status AddTexts(Reader& reader, std::vector<TextRecord*> records);

  const ExportFiles& files_;
  std::unique_ptr<TableOf<VersionRecord>> releases_;  // each null when not wanted
  std::unique_ptr<TableOf<VersionRecord>> observations_;
  std::unique_ptr<TableOf<FindingRecord>> licences_;
  std::unique_ptr<TableOf<TextRecord>> texts_;
  std::unique_ptr<TableOf<VerdictRecord>> openness_;
  std::unique_ptr<TableOf<BaseRecord>> lineage_;
  std::optional<v1::ScannedVersion> waiting_;  // last of a chunk: what follows it is not known yet
  std::map<std::string, TextRecord> by_digest_;
  // The releases whose keys hash lowest: a sample that stays as the index grows.
  std::map<uint64_t, v1::ScannedVersion> teaser_;
};

}  // namespace modelwatch::indexer
