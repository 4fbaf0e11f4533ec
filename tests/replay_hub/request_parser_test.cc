// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/request_parser.h"

#include <gtest/gtest.h>

#include "testing/status_matchers.h"

namespace modelwatch::replay_hub {
namespace {

TEST(RequestParserTest, ReadsARequestAndLeavesTheNext) {
  const std::string bytes =
      "GET /api/models?limit=2 HTTP/1.1\r\nHost: x\r\nAccept-Encoding:  gzip \r\n\r\nGET /";
  ASSERT_OK_AND_ASSIGN(const auto parsed, ParseRequest(bytes));
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->request.method, "GET");
  EXPECT_EQ(parsed->request.path, "/api/models");
  EXPECT_EQ(parsed->request.query, "limit=2");
  EXPECT_EQ(parsed->request.Get("accept-encoding"), "gzip");
  EXPECT_TRUE(parsed->request.keep_alive);
  EXPECT_EQ(bytes.substr(parsed->consumed), "GET /");
}

TEST(RequestParserTest, WaitsForTheWholeBody) {
  const std::string head = "POST /x HTTP/1.1\r\nContent-Length: 3\r\n\r\n";
  ASSERT_OK_AND_ASSIGN(const auto part, ParseRequest(head + "ab"));
  EXPECT_FALSE(part.has_value());
  ASSERT_OK_AND_ASSIGN(const auto whole, ParseRequest(head + "abc"));
  EXPECT_EQ(whole->request.body, "abc");
}

TEST(RequestParserTest, ClosesWhenAskedTo) {
  ASSERT_OK_AND_ASSIGN(const auto parsed,
                       ParseRequest("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(parsed->request.keep_alive);
  ASSERT_OK_AND_ASSIGN(const auto old, ParseRequest("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_FALSE(old->request.keep_alive);
}

TEST(RequestParserTest, RefusesWhatIsNoRequest) {
  for (const char* text :
       {"GET /\r\n\r\n", "\r\n\r\n", "GET x HTTP/1.1\r\n\r\n", "GET / HTTP/2\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n", "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"}) {
    EXPECT_THAT(ParseRequest(text), testing::StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  }
  EXPECT_THAT(ParseRequest(std::string(kMaxHeadBytes + 1, 'x')),
              testing::StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace modelwatch::replay_hub
