// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/expression.h"

#include <gtest/gtest.h>

#include "evaluator/license/spdx_tag.h"
#include "testing/status_matchers.h"

namespace modelwatch::evaluator {
namespace {

using ::modelwatch::testing::StatusIs;

std::string Again(std::string_view text) {
  const auto parsed = ParseExpression(text);
  return parsed.ok() ? FormatExpression(*parsed) : "error";
}

TEST(ExpressionTest, KeepsMeaningInNormalForm) {
  EXPECT_EQ(Again("mit"), "mit");
  EXPECT_EQ(Again("MIT or (Apache-2.0 and BSD-3-Clause)"), "MIT OR Apache-2.0 AND BSD-3-Clause");
  EXPECT_EQ(Again("(MIT OR ISC) AND Zlib"), "(MIT OR ISC) AND Zlib");
  EXPECT_EQ(Again("GPL-2.0+ with Classpath-exception-2.0"),
            "GPL-2.0+ WITH Classpath-exception-2.0");
}

TEST(ExpressionTest, RefusesWhatIsNoExpression) {
  for (const char* bad :
       {"", "MIT OR", "AND MIT", "(MIT", "MIT)", "MIT ISC", "MIT WITH", "a/b", "()"}) {
    EXPECT_THAT(ParseExpression(bad), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
  }
}

TEST(ExpressionTest, RefusesDeepNestingAndGreatLength) {
  EXPECT_THAT(ParseExpression(std::string(1000, '(') + "MIT" + std::string(1000, ')')),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseExpression(std::string(10000, 'M')),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(SpdxTagTest, ReadsTheValueUpToTheEndOfTheComment) {
  const std::string text = "/* SPDX-License-Identifier: MIT OR ISC */\nint x;";
  const auto tags = FindSpdxTags(text, Tokenise(text));
  ASSERT_EQ(tags.size(), 1u);
  EXPECT_EQ(FormatExpression(tags[0].expression), "MIT OR ISC");
  EXPECT_EQ(tags[0].begin, 0u);
  EXPECT_TRUE(FindSpdxTags("no such line", Tokenise("no such line")).empty());
}

TEST(SpdxTagTest, TakesIdsSideBySideForAChoice) {
  const std::string text = "# SPDX-License-Identifier: GPL-2.0+ BSD-2-Clause";
  const auto tags = FindSpdxTags(text, Tokenise(text));
  ASSERT_EQ(tags.size(), 1u);
  EXPECT_EQ(FormatExpression(tags[0].expression), "GPL-2.0+ OR BSD-2-Clause");
}

}  // namespace
}  // namespace modelwatch::evaluator
