// SPDX-License-Identifier: Apache-2.0
// Dated moves of real families: which are found by names and terms alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "evaluator/assess/family.h"
#include "replay_hub/csv_table.h"
#include "testing/shared_data.h"
#include "testing/status_matchers.h"

namespace modelwatch::evaluator {
namespace {

using replay_hub::CsvTable;

struct Row {
  std::string family, model, label;
  v1::Assessment assessment;
};

std::vector<Row> Timeline(const CsvTable& table) {
  std::vector<Row> rows;
  for (size_t i = 0; i < table.rows(); ++i) {
    Row row;
    row.family = table.at(i, "family");
    row.model = table.at(i, "model_or_event");
    row.label = table.at(i, "direction_vs_previous");
    row.assessment.set_name(row.family + "/" +
                            absl::StrReplaceAll(row.model, {{" ", "-"}, {"/", "-"}}));
    row.assessment.set_licence(table.at(i, "licence_id"));
    const v1::LicenceTerms* terms = TermsTable::Builtin().Find(table.at(i, "licence_id"));
    *row.assessment.mutable_terms() = terms == nullptr ? TermsTable::Builtin().Unknown("")
                                                       : TermsTable::Builtin().TermsOf(*terms);
    rows.push_back(std::move(row));
  }
  return rows;
}

TEST(FamilyRealdataTest, FindsTheMovesThatNamesAndTermsShow) {
  SKIP_WITHOUT_SHARED_DATA();
  ASSERT_OK_AND_ASSIGN(const CsvTable table,
                       CsvTable::Read(testing::SharedData("family_timeline.csv")));
  const std::vector<Row> rows = Timeline(table);
  std::vector<std::string> found, wrong, missed;
  std::map<std::string, std::vector<FamilyMember>> members;
  int64_t day = 0;
  for (const Row& row : rows) {
    std::vector<FamilyMember>& before = members[row.family];
    const FamilyMember* predecessor = FindPredecessor(row.assessment, ++day, before);
    const bool is_told =
        predecessor != nullptr &&
        RegressionEvent(TermsTable::Builtin(), row.assessment, *predecessor->assessment)
            .has_value();
    const bool is_tighter = absl::StartsWith(row.label, "MORE");
    const std::string words = row.family + " " + row.model;
    if (is_told) (is_tighter ? found : wrong).push_back(words);
    if (is_tighter && !is_told) missed.push_back(words);
    before.push_back({&row.assessment, day});
  }
  std::string report =
      absl::StrFormat("%d found, %d wrong, %d missed:", found.size(), wrong.size(), missed.size());
  for (const std::string& words : missed) report += "\n  missed " + words;
  for (const std::string& words : wrong) report += "\n  wrong " + words;
  for (const std::string& words : found) report += "\n  found " + words;
  EXPECT_THAT(wrong, ::testing::IsEmpty()) << report;
  EXPECT_GE(found.size(), 7u) << report;  // of 21; most others change no version of a line
  RecordProperty("report", report);
  if (std::getenv("MODELWATCH_REPORT") != nullptr) std::fprintf(stderr, "%s\n", report.c_str());
}

}  // namespace
}  // namespace modelwatch::evaluator
