// SPDX-License-Identifier: Apache-2.0
// The outcomes against the shared table, cell by cell.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "evaluator/terms/lattice.h"
#include "evaluator/terms/terms_table.h"
#include "testing/shared_data.h"

namespace modelwatch::evaluator {
namespace {

std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, ',');) {
    if (!cell.empty() && cell.back() == '\r') cell.pop_back();
    cells.push_back(cell);
  }
  return cells;
}

TEST(ScenariosRealdataTest, AgreesWithTheSharedTableInEveryCell) {
  SKIP_WITHOUT_SHARED_DATA();
  std::ifstream in(testing::SharedData("scenarios.csv"));
  std::string line;
  ASSERT_TRUE(std::getline(in, line));
  const std::vector<std::string> head = Cells(line);
  int rows = 0;
  while (std::getline(in, line)) {
    const std::vector<std::string> cells = Cells(line);
    const v1::LicenceTerms* row = TermsTable::Builtin().Find(cells[0]);
    ASSERT_NE(row, nullptr) << cells[0];
    ASSERT_EQ(row->id(), cells[0]);
    const v1::Terms terms = TermsTable::Builtin().TermsOf(*row);
    for (size_t i = 4; i < head.size(); ++i) {
      const v1::Outcome* outcome = FindOutcome(terms, head[i]);
      ASSERT_NE(outcome, nullptr) << head[i];
      EXPECT_EQ(std::to_string(outcome->interval().low()), cells[i]) << cells[0] << " " << head[i];
      EXPECT_EQ(outcome->interval().low(), outcome->interval().high());
    }
    ++rows;
  }
  EXPECT_EQ(rows, 203);
}

}  // namespace
}  // namespace modelwatch::evaluator
