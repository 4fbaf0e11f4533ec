// SPDX-License-Identifier: Apache-2.0
#include "common/http/http_server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <thread>

#include "absl/time/clock.h"
#include "tests/testing/status_matchers.h"

namespace modelwatch::common {
namespace {

using ::modelwatch::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::StartsWith;

HttpServer::Response Echo(const HttpServer::Request& request) {
  HttpServer::Response response;
  response.content_type = "text/html; charset=utf-8";
  response.body = "path=" + request.path;
  for (const auto& [name, value] : request.query) response.body += " " + name + "=" + value;
  return response;
}

std::unique_ptr<HttpServer> Start(HttpServer::Handler handler, HttpServer::Options options = {}) {
  auto server = HttpServer::Listen(options);
  EXPECT_OK(server);
  EXPECT_OK((*server)->Serve(std::move(handler)));
  return *std::move(server);
}

int Connect(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<uint16_t>(port));
  ::inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
  EXPECT_EQ(::connect(socket, reinterpret_cast<sockaddr*>(&to), sizeof(to)), 0);
  return socket;
}

// Everything the server answers until it closes.
std::string ReadAll(int socket) {
  std::string all;
  char piece[4096];
  for (ssize_t got; (got = ::recv(socket, piece, sizeof(piece), 0)) > 0;) {
    all.append(piece, static_cast<size_t>(got));
  }
  return all;
}

std::string Raw(int port, const std::string& request) {
  const int socket = Connect(port);
  (void)::send(socket, request.data(), request.size(), MSG_NOSIGNAL);
  std::string answer = ReadAll(socket);
  ::close(socket);
  return answer;
}

TEST(HttpServerTest, AnswersOnAnyFreePortAndReportsIt) {
  const auto server = Start(Echo);
  EXPECT_GT(server->port(), 0);
  EXPECT_EQ(server->address(), "http://127.0.0.1:" + std::to_string(server->port()));
  httplib::Client client("127.0.0.1", server->port());
  const auto got = client.Get("/a%20b?x=1&y=%26&x=2");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body, "path=/a b x=1 y=&");
}

TEST(HttpServerTest, RefusesAPortInUseWithOneClearSentence) {
  const auto first = Start(Echo);
  HttpServer::Options same;
  same.port = first->port();
  const auto second = HttpServer::Listen(same);
  EXPECT_THAT(second, StatusIs(absl::StatusCode::kFailedPrecondition, "already in use"));
}

TEST(HttpServerTest, RefusesANumberThatIsNoPort) {
  HttpServer::Options options;
  options.port = 70000;
  EXPECT_THAT(HttpServer::Listen(options), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(HttpServerTest, SendsTheSecurityHeadersWithEveryAnswer) {
  const auto server = Start([](const HttpServer::Request&) {
    HttpServer::Response response;
    response.status = 404;
    return response;
  });
  httplib::Client client("127.0.0.1", server->port());
  const auto got = client.Get("/");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 404);
  EXPECT_THAT(got->get_header_value("Content-Security-Policy"), StartsWith("default-src 'none'"));
  EXPECT_EQ(got->get_header_value("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(got->get_header_value("X-Frame-Options"), "DENY");
  EXPECT_EQ(got->get_header_value("Referrer-Policy"), "no-referrer");
}

TEST(HttpServerTest, AnswersGetAndHeadAlone) {
  const auto server = Start(Echo);
  httplib::Client client("127.0.0.1", server->port());
  for (const auto& got : {client.Post("/", "a=b", "text/plain"), client.Delete("/"),
                          client.Put("/", "x", "text/plain"), client.Options("/")}) {
    ASSERT_TRUE(got);
    EXPECT_EQ(got->status, 405);
    EXPECT_EQ(got->get_header_value("Allow"), "GET, HEAD");
  }
}

TEST(HttpServerTest, AnswersHeadWithTheHeadersOfGetAndNoBody) {
  const auto server = Start(Echo);
  httplib::Client client("127.0.0.1", server->port());
  const auto head = client.Head("/abc");
  const auto get = client.Get("/abc");
  ASSERT_TRUE(head && get);
  EXPECT_EQ(head->status, 200);
  EXPECT_TRUE(head->body.empty());
  EXPECT_EQ(head->get_header_value("Content-Length"), get->get_header_value("Content-Length"));
  EXPECT_EQ(head->get_header_value("ETag"), get->get_header_value("ETag"));
}

TEST(HttpServerTest, AnswersAKnownEntityTagWithNotModified) {
  const auto server = Start(Echo);
  httplib::Client client("127.0.0.1", server->port());
  const auto first = client.Get("/abc");
  ASSERT_TRUE(first);
  const std::string tag = first->get_header_value("ETag");
  const auto again = client.Get("/abc", {{"If-None-Match", "\"other\", " + tag}});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->status, 304);
  EXPECT_TRUE(again->body.empty());
  EXPECT_EQ(again->get_header_value("ETag"), tag);
  const auto other = client.Get("/abcd", {{"If-None-Match", tag}});
  ASSERT_TRUE(other);
  EXPECT_EQ(other->status, 200);
}

TEST(HttpServerTest, AnswersADateThatStillHoldsWithNotModified) {
  const auto server = Start([](const HttpServer::Request& request) {
    HttpServer::Response response = Echo(request);
    response.last_modified = absl::FromUnixSeconds(1'700'000'000);
    return response;
  });
  httplib::Client client("127.0.0.1", server->port());
  const auto first = client.Get("/");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->get_header_value("Last-Modified"), "Tue, 14 Nov 2023 22:13:20 GMT");
  const auto same = client.Get("/", {{"If-Modified-Since", "Tue, 14 Nov 2023 22:13:20 GMT"}});
  const auto older = client.Get("/", {{"If-Modified-Since", "Tue, 14 Nov 2023 22:13:19 GMT"}});
  const auto nonsense = client.Get("/", {{"If-Modified-Since", "yesterday"}});
  ASSERT_TRUE(same && older && nonsense);
  EXPECT_EQ(same->status, 304);
  EXPECT_EQ(older->status, 200);
  EXPECT_EQ(nonsense->status, 200);
}

TEST(HttpServerTest, CompressesLongBodiesOnlyForThoseWhoAccept) {
  const std::string page(50'000, 'x');
  const auto server = Start([&](const HttpServer::Request&) {
    HttpServer::Response response;
    response.body = page;
    response.content_type = "application/atom+xml";
    return response;
  });
  httplib::Client client("127.0.0.1", server->port());
  client.set_decompress(false);
  const auto packed = client.Get("/", {{"Accept-Encoding", "br, gzip;q=0.5"}});
  const auto plain = client.Get("/", {{"Accept-Encoding", "gzip;q=0"}});
  ASSERT_TRUE(packed && plain);
  EXPECT_EQ(packed->get_header_value("Content-Encoding"), "gzip");
  EXPECT_LT(packed->body.size(), 1000u);
  EXPECT_FALSE(plain->has_header("Content-Encoding"));
  EXPECT_EQ(plain->body, page);
  EXPECT_EQ(packed->get_header_value("ETag"), plain->get_header_value("ETag"));
  client.set_decompress(true);
  const auto unpacked = client.Get("/", {{"Accept-Encoding", "gzip"}});
  ASSERT_TRUE(unpacked);
  EXPECT_EQ(unpacked->body, page);
}

TEST(HttpServerTest, IgnoresRanges) {
  const auto server = Start(Echo);
  httplib::Client client("127.0.0.1", server->port());
  const auto got = client.Get("/abc", {{"Range", "bytes=0-1,2-3"}});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body, "path=/abc");
}

TEST(HttpServerTest, AnswersAHandlerThatThrowsWith500AndGoesOn) {
  const auto server = Start([](const HttpServer::Request& request) -> HttpServer::Response {
    if (request.path == "/bad") throw std::runtime_error("no");
    return Echo(request);
  });
  httplib::Client client("127.0.0.1", server->port());
  const auto bad = client.Get("/bad");
  const auto good = client.Get("/good");
  ASSERT_TRUE(bad && good);
  EXPECT_EQ(bad->status, 500);
  EXPECT_THAT(bad->body, Not(HasSubstr("no\n")));
  EXPECT_EQ(good->status, 200);
}

TEST(HttpServerTest, HandsHostilePathsToTheHandlerAsTheyAre) {
  const auto server = Start(Echo);
  const std::string answer =
      Raw(server->port(), "GET /../../etc/passwd%00%ff HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("path=/../../etc/passwd"));
}

TEST(HttpServerTest, CutsOffARequestThatIsTooLong) {
  const auto server = Start(Echo);
  const std::string endless = "GET / HTTP/1.1\r\nX: " + std::string(200'000, 'a');
  const std::string answer = Raw(server->port(), endless);
  EXPECT_THAT(answer, HasSubstr(" 400 "));
  EXPECT_THAT(Raw(server->port(), "GET /ok HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr(" 200 "));
}

TEST(HttpServerTest, CutsOffAVisitorWhoNeverFinishesTheRequest) {
  HttpServer::Options options;
  options.threads = 1;
  options.request_timeout = absl::Milliseconds(100);
  const auto server = Start(Echo, options);
  const int slow = Connect(server->port());
  (void)::send(slow, "GET / HT", 8, MSG_NOSIGNAL);
  const std::string answer = ReadAll(slow);
  ::close(slow);
  EXPECT_THAT(answer, Not(HasSubstr("200")));
  EXPECT_THAT(Raw(server->port(), "GET /ok HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr(" 200 "));
}

TEST(HttpServerTest, AnswersNonsenseWithoutHarm) {
  const auto server = Start(Echo);
  for (const std::string& nonsense :
       {std::string("\r\n\r\n"), std::string("\x16\x03\x01\x02\x00\x01", 6),
        std::string("GET\r\n\r\n"), std::string("GET / HTTP/9.9\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\nRange: bytes=x\r\n\r\n"),
        std::string("POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n")}) {
    const int socket = Connect(server->port());
    (void)::send(socket, nonsense.data(), nonsense.size(), MSG_NOSIGNAL);
    ::shutdown(socket, SHUT_WR);
    EXPECT_THAT(ReadAll(socket), Not(HasSubstr(" 200 OK")));
    ::close(socket);
  }
  EXPECT_THAT(Raw(server->port(), "GET /ok HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr(" 200 "));
}

TEST(HttpServerTest, TakesOneRequestAConnection) {
  const auto server = Start(Echo);
  const std::string answer = Raw(server->port(),
                                 "GET /one HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\n\r\n"
                                 "GET /two HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("path=/one"));
  EXPECT_THAT(answer, Not(HasSubstr("/two")));
  EXPECT_THAT(answer, HasSubstr("Connection: close"));
}

TEST(HttpServerTest, StopsWhileVisitorsAreAnsweredAndMayStopTwice) {
  const auto server = Start(Echo);
  std::thread visitor([port = server->port()] {
    for (int i = 0; i < 20; ++i) {
      httplib::Client client("127.0.0.1", port);
      (void)client.Get("/");
    }
  });
  server->Stop();
  server->Stop();
  visitor.join();
  httplib::Client client("127.0.0.1", server->port());
  EXPECT_FALSE(client.Get("/"));
}

TEST(HttpServerTest, FreesThePortThatWasNeverServed) {
  int port = 0;
  {
    auto server = HttpServer::Listen({});
    ASSERT_OK(server);
    port = (*server)->port();
  }
  HttpServer::Options same;
  same.port = port;
  EXPECT_OK(HttpServer::Listen(same));
}

}  // namespace
}  // namespace modelwatch::common
