// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/csv_table.h"

#include "testing/status_matchers.h"

namespace modelwatch::replay_hub {
namespace {

using ::modelwatch::testing::StatusIs;

TEST(CsvTableTest, ReadsQuotedFieldsWithCommasQuotesAndLineEnds) {
  ASSERT_OK_AND_ASSIGN(const CsvTable table, CsvTable::Parse("a,b\n1,\"x, \"\"y\"\"\nz\"\r\n2,\n"));
  ASSERT_EQ(table.rows(), 2u);
  EXPECT_EQ(table.at(0, "b"), "x, \"y\"\nz");
  EXPECT_EQ(table.at(1, "a"), "2");
  EXPECT_EQ(table.at(1, "b"), "");
}

TEST(CsvTableTest, GivesNothingForAColumnItLacks) {
  ASSERT_OK_AND_ASSIGN(const CsvTable table, CsvTable::Parse("a\n1\n"));
  EXPECT_EQ(table.at(0, "z"), "");
  EXPECT_THAT(table.Require({"a", "z"}), StatusIs(absl::StatusCode::kInvalidArgument, "\"z\""));
}

TEST(CsvTableTest, RefusesARowWithAnotherNumberOfFields) {
  EXPECT_THAT(CsvTable::Parse("a,b\n1,2\n3\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, "record 2 has 1 fields"));
}

TEST(CsvTableTest, RefusesAnOpenQuote) {
  EXPECT_THAT(CsvTable::Parse("a\n\"1\n"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(CsvTableTest, SaysWhichFileIsMissing) {
  EXPECT_THAT(CsvTable::Read("/nowhere/table.csv"),
              StatusIs(absl::StatusCode::kNotFound, "/nowhere/table.csv"));
}

}  // namespace
}  // namespace modelwatch::replay_hub
