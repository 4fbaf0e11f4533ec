// SPDX-License-Identifier: Apache-2.0
#include "evaluator/bom/spdx_ids.h"

#include <gmock/gmock.h>

namespace modelwatch::evaluator {
namespace {

TEST(SpdxIdsTest, AnIdIsFoundInAnyLetterCaseAndWrittenAsSpdxDoes) {
  EXPECT_EQ(SpdxLicenceId("apache-2.0"), "Apache-2.0");
  EXPECT_EQ(SpdxLicenceId("0BSD"), "0BSD");
  EXPECT_EQ(SpdxExceptionId("llvm-exception"), "LLVM-exception");
}

TEST(SpdxIdsTest, WhatIsNotListedIsNoId) {
  for (const char* text : {"", "unknown", "other", "llama3", "mit license", "LicenseRef-x"}) {
    EXPECT_EQ(SpdxLicenceId(text), "") << text;
  }
  EXPECT_EQ(SpdxLicenceId("LLVM-exception"), "");
  EXPECT_EQ(SpdxExceptionId("MIT"), "");
}

}  // namespace
}  // namespace modelwatch::evaluator
