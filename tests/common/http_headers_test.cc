// SPDX-License-Identifier: Apache-2.0
#include "common/http_headers.h"

#include <gmock/gmock.h>

namespace modelwatch::common {
namespace {

using ::testing::ElementsAre;

TEST(HttpHeadersTest, FindsFieldsWhateverTheirLetterCase) {
  HttpHeaders headers;
  headers.Add("X-Error-Code", "  GatedRepo \r\n");
  EXPECT_EQ(headers.Get("x-error-code"), "GatedRepo");
  EXPECT_FALSE(headers.Get("etag").has_value());
}

TEST(HttpHeadersTest, KeepsRepeatedFields) {
  HttpHeaders headers;
  headers.Add("Link", "a");
  headers.Add("link", "b");
  EXPECT_THAT(headers.GetAll("link"), ElementsAre("a", "b"));
}

TEST(HttpHeadersTest, ReadsTheUsualDateForm) {
  EXPECT_EQ(ParseHttpDate("Sat, 15 Aug 2026 00:46:31 GMT"), absl::FromUnixSeconds(1'786'754'791));
  EXPECT_FALSE(ParseHttpDate("2026-08-15T00:46:31Z").has_value());
  EXPECT_FALSE(ParseHttpDate("").has_value());
}

}  // namespace
}  // namespace modelwatch::common
