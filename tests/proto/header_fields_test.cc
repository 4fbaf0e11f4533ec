// SPDX-License-Identifier: Apache-2.0
#include "proto/header_fields.h"

#include <gtest/gtest.h>

namespace modelwatch::proto {
namespace {

TEST(HeaderFieldsTest, AreReadBackAsTheyWereWritten) {
  HeaderFields fields;
  fields.licence = "First line\nlicense_name: not a field\n\n  indented";
  fields.link = "https://example.com/licence";
  fields.bases = {"Base 7B https://hub.example/acme/base", "Other"};
  const HeaderFields read = ParseHeaderFields(FormatHeaderFields(fields));
  EXPECT_EQ(read.licence, fields.licence);
  EXPECT_EQ(read.name, "");
  EXPECT_EQ(read.link, fields.link);
  EXPECT_EQ(read.bases, fields.bases);
}

TEST(HeaderFieldsTest, AreNoTextWhenThereAreNone) {
  EXPECT_EQ(FormatHeaderFields({}), "");
  EXPECT_TRUE(ParseHeaderFields("").is_empty());
  EXPECT_TRUE(ParseHeaderFields("  lost line\nsomething else\n").is_empty());
}

}  // namespace
}  // namespace modelwatch::proto
