// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/titled.h"

#include <gtest/gtest.h>

#include <string>

namespace modelwatch::evaluator {
namespace {

std::string NameOf(std::string_view text) { return NameFromTitle(text, Tokenise(text)); }

TEST(TitledTest, TheWordsOfATitleNameALicence) {
  EXPECT_EQ(NameOf("Example Model License Agreement 2.0\n\nYou may run it."),
            "LicenseRef-Example-Model-License-Agreement-2.0");
}

TEST(TitledTest, AChineseTitleGivesItsLatinWords) {
  EXPECT_EQ(NameOf("Example 模型商用许可协议 2.0\n\n一、定义"), "LicenseRef-Example-2.0");
}

TEST(TitledTest, AChineseTitleWithoutOneTakesTheFirstNameBelow) {
  EXPECT_EQ(NameOf("模型许可协议\n\n本协议适用于 Example 模型。"), "LicenseRef-Example");
}

TEST(TitledTest, ATextWithoutATitleHasNoName) {
  EXPECT_EQ(NameOf("You may run it, and that is all there is to say about what you may do with it,"
                   " whatever the license of another program has in store for you or others."),
            "");
  EXPECT_EQ(NameOf("模型许可协议\n\n一、定义"), "");
  EXPECT_EQ(NameOf(""), "");
}

}  // namespace
}  // namespace modelwatch::evaluator
