// SPDX-License-Identifier: Apache-2.0
// Rows: what stands in each column of each table, taken from our records. Pure.
//
// Each table of tables.textproto has the columns of one kind of record here; a test holds the two
// together, so a column that is named there and made nowhere does not pass.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/export/row.h"
#include "modelwatch/v1/alert.pb.h"
#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/change.pb.h"
#include "modelwatch/v1/export.pb.h"

namespace modelwatch::indexer {

// A version and what was concluded of it. Borrows.
struct VersionRecord {
  const v1::Version& version;
  const v1::Assessment* assessment = nullptr;  // null = not judged
  int64_t valid_to_us = 0;                     // 0 = it is the newest
};
// One of the findings, verdicts or base models of a release's newest version. Borrows.
struct FindingRecord {
  const VersionRecord& of;
  const v1::Finding& finding;
};
struct VerdictRecord {
  const VersionRecord& of;
  const v1::FrameworkVerdict& verdict;
};
struct BaseRecord {
  const VersionRecord& of;
  const v1::BaseModel& base;
};
// A licence text that newest versions hold.
struct TextRecord {
  std::string digest;     // 32 raw bytes
  v1::Finding finding;    // of its first holder, cut to what stands in the table
  v1::ReleaseKey holder;  // the first, by hub and id
  uint64_t releases = 0;
  uint64_t last_version = 0;  // sequence of the version counted last
  std::string text;           // UTF-8; empty unless wanted
};

// How the cells of a table are filled from a `Record`. Made once a table, for its columns in their
// order. Aborts where the table names a column that such a record does not have: a bug that the
// tests find.
template <typename Record>
class RowMaker {
 public:
  using Fill = void (*)(const Record& record, Cell& cell);
  struct Column {
    std::string_view name;
    Fill fill;
  };

  explicit RowMaker(const v1::ExportTable& table);
  // Valid until the next call, as long as the record lives.
  [[nodiscard]] const Row& Make(const Record& record) {
    for (size_t i = 0; i < fills_.size(); ++i) {
      row_[i].Clear();
      fills_[i](record, row_[i]);
    }
    return row_;
  }

  // Everything that can be told of a record, for tests.
  [[nodiscard]] static const std::vector<Column>& Columns();

 private:
  std::vector<Fill> fills_;
  Row row_;
};

// For the tables releases and observations, licences, licence_texts, changes, assessments, alerts,
// openness, lineage:
template <>
const std::vector<RowMaker<VersionRecord>::Column>& RowMaker<VersionRecord>::Columns();
template <>
const std::vector<RowMaker<FindingRecord>::Column>& RowMaker<FindingRecord>::Columns();
template <>
const std::vector<RowMaker<TextRecord>::Column>& RowMaker<TextRecord>::Columns();
template <>
const std::vector<RowMaker<v1::Change>::Column>& RowMaker<v1::Change>::Columns();
template <>
const std::vector<RowMaker<v1::Assessment>::Column>& RowMaker<v1::Assessment>::Columns();
template <>
const std::vector<RowMaker<v1::Alert>::Column>& RowMaker<v1::Alert>::Columns();
template <>
const std::vector<RowMaker<VerdictRecord>::Column>& RowMaker<VerdictRecord>::Columns();
template <>
const std::vector<RowMaker<BaseRecord>::Column>& RowMaker<BaseRecord>::Columns();

}  // namespace modelwatch::indexer
