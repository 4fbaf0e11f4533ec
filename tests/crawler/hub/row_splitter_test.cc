// SPDX-License-Identifier: Apache-2.0
#include "crawler/hub/row_splitter.h"

#include <gmock/gmock.h>

#include "testing/status_matchers.h"

namespace modelwatch::crawler {
namespace {

using ::modelwatch::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(RowSplitterTest, CutsAtTheElements) {
  ASSERT_OK_AND_ASSIGN(const auto rows, SplitRows(" [ {\"a\":[1,{}]} ,2,\n\"x,]\" ] "));
  EXPECT_THAT(rows, ElementsAre("{\"a\":[1,{}]}", "2", "\"x,]\""));
  ASSERT_OK_AND_ASSIGN(const auto none, SplitRows("[]"));
  EXPECT_THAT(none, IsEmpty());
}

TEST(RowSplitterTest, IsNotFooledByQuotedBrackets) {
  ASSERT_OK_AND_ASSIGN(const auto rows, SplitRows(R"([{"a":"}]\"[{\\"},{"b":1}])"));
  EXPECT_THAT(rows, ElementsAre(R"({"a":"}]\"[{\\"})", R"({"b":1})"));
}

TEST(RowSplitterTest, KeepsABrokenElementApart) {
  ASSERT_OK_AND_ASSIGN(const auto rows, SplitRows("[{\"a\":},{\"b\":1},nonsense,{\"c\":2}]"));
  EXPECT_THAT(rows, ElementsAre("{\"a\":}", "{\"b\":1}", "nonsense", "{\"c\":2}"));
}

TEST(RowSplitterTest, GoesAnyDepth) {
  const std::string deep = "{\"a\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  ASSERT_OK_AND_ASSIGN(const auto rows, SplitRows("[" + deep + ",1]"));
  EXPECT_EQ(rows.size(), 2u);
}

TEST(RowSplitterTest, RefusesWhatIsNoArrayOrCutShort) {
  EXPECT_THAT(SplitRows(""), StatusIs(absl::StatusCode::kInvalidArgument, "empty"));
  EXPECT_THAT(SplitRows("<html>"), StatusIs(absl::StatusCode::kInvalidArgument, "<html>"));
  for (const char* cut : {"[", "[{\"a\":1}", "[{\"a\":1", "[\"abc", "[1,2", "[{\"a\":\"\\"}) {
    EXPECT_THAT(SplitRows(cut), StatusIs(absl::StatusCode::kInvalidArgument, "cut short")) << cut;
  }
}

TEST(RowSplitterTest, EndsOnStrayClosingBrackets) { EXPECT_OK(SplitRows("[}}},1]")); }

}  // namespace
}  // namespace modelwatch::crawler
