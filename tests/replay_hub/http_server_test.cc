// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/http_server.h"

#include <gtest/gtest.h>

#include "testing/loopback_http.h"
#include "testing/status_matchers.h"

namespace modelwatch::replay_hub {
namespace {

using ::modelwatch::testing::StatusIs;

Response Echo(const Request& request) {
  Response response;
  response.body = request.method + " " + request.path + " " + request.peer;
  return response;
}

TEST(HttpServerTest, AnswersOnAnEphemeralPort) {
  HttpServer server(Echo);
  ASSERT_OK_AND_ASSIGN(const int port, server.Start("127.0.0.1", 0));
  ASSERT_OK_AND_ASSIGN(const auto answer, testing::LoopbackGet(port, "/x?y=1"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "GET /x 127.0.0.1");
}

TEST(HttpServerTest, SaysWhenThePortIsInUse) {
  HttpServer first(Echo);
  ASSERT_OK_AND_ASSIGN(const int port, first.Start("127.0.0.1", 0));
  HttpServer second(Echo);
  EXPECT_THAT(second.Start("127.0.0.1", port), StatusIs(absl::StatusCode::kUnavailable, "in use"));
  EXPECT_THAT(second.Start("nowhere", 0), StatusIs(absl::StatusCode::kInvalidArgument, "IPv4"));
}

TEST(HttpServerTest, RefusesAMalformedRequest) {
  HttpServer server(Echo);
  ASSERT_OK_AND_ASSIGN(const int port, server.Start("127.0.0.1", 0));
  ASSERT_OK_AND_ASSIGN(const auto answer, testing::LoopbackGet(port, "not-a-path"));
  EXPECT_EQ(answer.status, 400);
}

TEST(HttpServerTest, StopsWithClientsConnectedAndStopsTwice) {
  HttpServer server(Echo);
  ASSERT_OK_AND_ASSIGN(const int port, server.Start("127.0.0.1", 0));
  ASSERT_OK(testing::LoopbackGet(port, "/"));
  server.Stop();
  server.Stop();
  EXPECT_THAT(testing::LoopbackGet(port, "/"), StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace modelwatch::replay_hub
