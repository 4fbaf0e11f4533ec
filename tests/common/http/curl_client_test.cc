// SPDX-License-Identifier: Apache-2.0
#include "common/http/curl_client.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <zlib.h>

#include <cstring>

#include "absl/strings/str_format.h"
#include "common/http/address.h"
#include "testing/raw_http_server.h"
#include "testing/status_matchers.h"

namespace modelwatch::common {
namespace {

using ::modelwatch::testing::RawHttpServer;
using ::modelwatch::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

std::string Plain(const std::string& body, const std::string& headers = "") {
  return absl::StrFormat("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%s\r\n%s", body.size(), headers,
                         body);
}

std::string Gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

class CurlClientTest : public ::testing::Test {
 protected:
  absl::StatusOr<HttpResponse> Get(const std::string& target) {
    HttpRequest request;
    request.url = server_.Url(target);
    request.timeout = absl::Seconds(10);
    return Send(*client_, std::move(request));
  }

  static CurlClientOptions Options() {
    CurlClientOptions options;
    options.user_agent = "modelwatch/test";
    options.allow_private_addresses = true;
    return options;
  }

  RawHttpServer server_;
  std::unique_ptr<HttpClient> client_ = NewCurlClient(Options());
};

TEST_F(CurlClientTest, GivesStatusHeadersAndBody) {
  server_.Set("/a", {Plain("hello", "X-Thing: one\r\nx-thing: two\r\n")});
  ASSERT_OK_AND_ASSIGN(const HttpResponse response, Get("/a"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "hello");
  EXPECT_EQ(response.headers.GetAll("x-thing").size(), 2u);
  EXPECT_GE(response.body.capacity(), response.body.size() + 64);
  EXPECT_THAT(server_.requests()[0], HasSubstr("User-Agent: modelwatch/test"));
  EXPECT_THAT(server_.requests()[0], HasSubstr("Accept-Encoding: gzip"));
}

TEST_F(CurlClientTest, ErrorStatusesAreAnswersToo) {
  ASSERT_OK_AND_ASSIGN(const HttpResponse response, Get("/none"));
  EXPECT_EQ(response.status, 404);
}

TEST_F(CurlClientTest, KeepsItsConnection) {
  server_.Set("/a", {Plain("x")});
  for (int i = 0; i < 20; ++i) ASSERT_OK(Get("/a"));
  EXPECT_EQ(server_.connections(), 1);
}

TEST_F(CurlClientTest, DoesManyAtOnce) {
  server_.Set("/a", {Plain(std::string(5000, 'x'))});
  int done = 0;
  for (int i = 0; i < 300; ++i) {
    HttpRequest request;
    request.url = server_.Url("/a");
    client_->Start(std::move(request), [&](const absl::StatusOr<HttpResponse>& response) {
      ASSERT_OK(response);
      ++done;
    });
  }
  EXPECT_EQ(client_->in_flight(), 300u);
  while (client_->in_flight() > 0) client_->Poll(absl::Milliseconds(50));
  EXPECT_EQ(done, 300);
  EXPECT_LE(server_.connections(), 32);
}

TEST_F(CurlClientTest, NeverFollowsARedirect) {
  server_.Set("/a", {"HTTP/1.1 307 X\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"});
  ASSERT_OK_AND_ASSIGN(const HttpResponse response, Get("/a"));
  EXPECT_EQ(response.status, 307);
  EXPECT_EQ(response.headers.Get("location"), "/b");
  EXPECT_EQ(server_.requests().size(), 1u);
}

TEST_F(CurlClientTest, Unzips) {
  const std::string body(100'000, 'z');
  server_.Set("/a", {Plain(Gzip(body), "Content-Encoding: gzip\r\n")});
  ASSERT_OK_AND_ASSIGN(const HttpResponse response, Get("/a"));
  EXPECT_EQ(response.body, body);
}

TEST_F(CurlClientTest, CutsAGzipBombAtItsDecodedSize) {
  server_.Set("/a", {Plain(Gzip(std::string(20 << 20, 'z')), "Content-Encoding: gzip\r\n")});
  ASSERT_OK_AND_ASSIGN(const HttpResponse response, Get("/a"));
  EXPECT_EQ(response.body_is, HttpBody::kTooLarge);
  EXPECT_TRUE(response.body.empty());
}

TEST_F(CurlClientTest, RefusesATooLargeBodyBeforeItComes) {
  server_.Set("/a", {"HTTP/1.1 200 OK\r\nContent-Length: 52428800\r\n\r\n", true});
  ASSERT_OK_AND_ASSIGN(const HttpResponse response, Get("/a"));
  EXPECT_EQ(response.body_is, HttpBody::kTooLarge);
  EXPECT_EQ(response.body_bytes, 52'428'800u);
}

TEST_F(CurlClientTest, AsksForAHeaderAlone) {
  server_.Set("/a", {"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\nETag: \"known\"\r\n\r\n", true});
  HttpRequest request;
  request.url = server_.Url("/a");
  request.method = "HEAD";
  ASSERT_OK_AND_ASSIGN(const HttpResponse response, Send(*client_, std::move(request)));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.Get("etag"), "\"known\"");
  EXPECT_EQ(response.body_bytes, 0u);
}

TEST_F(CurlClientTest, TellsATransferThatBroke) {
  server_.Set("/short", {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", true});
  EXPECT_THAT(Get("/short"), StatusIs(absl::StatusCode::kUnavailable));
  server_.Set("/nothing", {"", true});
  EXPECT_THAT(Get("/nothing"), StatusIs(absl::StatusCode::kUnavailable));
  server_.Set("/gzip", {Plain("this is no gzip", "Content-Encoding: gzip\r\n")});
  EXPECT_THAT(Get("/gzip"), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(CurlClientTest, GivesUpASlowTransfer) {
  server_.Set("/slow", {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"});
  HttpRequest request;
  request.url = server_.Url("/slow");
  request.timeout = absl::Milliseconds(100);
  EXPECT_THAT(Send(*client_, std::move(request)), StatusIs(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(CurlClientTest, RefusesAHeaderBomb) {
  server_.Set("/a", {Plain("x", "X-Bomb: " + std::string(60'000, 'b') + "\r\n")});
  HttpRequest request;
  request.url = server_.Url("/a");
  request.max_header_bytes = 10'000;
  EXPECT_THAT(Send(*client_, std::move(request)),
              StatusIs(absl::StatusCode::kInvalidArgument, "header"));
}

TEST_F(CurlClientTest, SpeaksOnlyHttp) {
  HttpRequest request;
  request.url = "file:///etc/passwd";
  EXPECT_THAT(Send(*client_, std::move(request)), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(CurlClientTest, RefusesPrivateAddressesUnlessAllowed) {
  server_.Set("/a", {Plain("secret")});
  const auto client = NewCurlClient({});
  for (const std::string& url : {server_.Url("/a"), std::string("http://localhost:1/")}) {
    HttpRequest request;
    request.url = url;
    EXPECT_THAT(Send(*client, std::move(request)),
                StatusIs(absl::StatusCode::kPermissionDenied, "private address"));
  }
  EXPECT_EQ(server_.connections(), 0);
}

TEST_F(CurlClientTest, NamesTheTroubleInAWord) {
  const auto word = [this](const std::string& target) { return TroubleOf(Get(target).status()); };
  server_.Set("/short", {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", true});
  EXPECT_EQ(word("/short"), "cut_short");
  server_.Set("/nothing", {"", true});
  EXPECT_EQ(word("/nothing"), "reset");
  server_.Set("/gzip", {Plain("this is no gzip", "Content-Encoding: gzip\r\n")});
  EXPECT_EQ(word("/gzip"), "encoding");
  server_.Set("/good", {Plain("x")});
  EXPECT_EQ(word("/good"), "");
  HttpRequest nowhere;
  nowhere.url = "http://nobody.invalid/";
  EXPECT_EQ(TroubleOf(Send(*client_, nowhere).status()), "dns");
  nowhere.url = "http://127.0.0.1:1/";
  EXPECT_EQ(TroubleOf(Send(*client_, nowhere).status()), "connect");
}

// A handle is used again: nothing of one request may show in the next.
TEST_F(CurlClientTest, EveryRequestIsItsOwnWhateverTheHandleDidBefore) {
  server_.Set("/a", {Plain("body")});
  HttpRequest posted;
  posted.method = "POST";
  posted.url = server_.Url("/hook");
  posted.body = "{}";
  posted.headers = {{"X-Secret", "token"}};
  HttpRequest asked;
  asked.url = server_.Url("/a");
  asked.headers = {{"X-Secret", "token"}};
  HttpRequest headed = asked;
  headed.method = "HEAD";
  HttpRequest bare;
  bare.url = server_.Url("/a");
  ASSERT_OK(Send(*client_, asked));
  server_.Set("/a", {"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"});
  ASSERT_OK_AND_ASSIGN(const HttpResponse head, Send(*client_, headed));
  EXPECT_EQ(head.body, "");
  server_.Set("/a", {Plain("body")});
  server_.Set("/hook", {Plain("ok"), true});
  ASSERT_OK(Send(*client_, posted));
  ASSERT_OK_AND_ASSIGN(const HttpResponse last, Send(*client_, bare));
  EXPECT_EQ(last.body, "body");
  const std::vector<std::string> requests = server_.requests();
  ASSERT_EQ(requests.size(), 4u);
  EXPECT_THAT(requests[1], ::testing::StartsWith("HEAD /a"));
  EXPECT_THAT(requests[2], ::testing::StartsWith("POST /hook"));
  EXPECT_THAT(requests[3], ::testing::StartsWith("GET /a"));
  EXPECT_THAT(requests[2], HasSubstr("X-Secret"));
  EXPECT_THAT(requests[3], Not(HasSubstr("X-Secret"))) << "a header of another request";
  EXPECT_THAT(requests[3], Not(HasSubstr("Content-Length")));
}

// Without TLS there is no HTTP/2, so nothing may wait for a connection to be shared.
// The address is kept between transfers, curl's own reading of it is not to be seen through.
TEST_F(CurlClientTest, AsksForTheSameAfterAnyOtherAddress) {
  const std::vector<std::string> targets = {
      "/a",       "/a?b=c",    "/",        "/a/../b",     "/a/./b?x=1", "/a?",       "/a?x#part",
      "/a#part",  "/%2F/b%41", "/a?x=%3D", "/a?b[]=c&d",  "/a//b",      "/a/..",     "?q=1",
      "/a?b?c=d", "/a\\b",     "",         "/a.b/...c/d", "/.hidden",   "/a?x=/../y"};
  std::vector<std::string> expected;
  for (const std::string& target : targets) {
    client_ = NewCurlClient(Options());
    ASSERT_OK(Get(target)) << target;
    expected.push_back(server_.requests().back());
  }
  for (size_t i = 0; i < targets.size(); ++i) {
    for (size_t k = 0; k < targets.size(); ++k) {
      ASSERT_OK(Get(targets[i])) << targets[i];
      ASSERT_OK(Get(targets[k])) << targets[k];
      EXPECT_EQ(server_.requests().back(), expected[k]) << targets[k] << " after " << targets[i];
    }
  }
}

TEST_F(CurlClientTest, RefusesABadAddressAndTakesTheNext) {
  ASSERT_OK(Get("/a"));
  for (const char* url : {"http://", "http://a b/", "ftp://127.0.0.1/a", "http://127.0.0.1:x/"}) {
    HttpRequest request;
    request.url = url;
    EXPECT_THAT(Send(*client_, request), StatusIs(absl::StatusCode::kInvalidArgument)) << url;
    ASSERT_OK(Get("/b")) << url;
    EXPECT_THAT(server_.requests().back(), HasSubstr("GET /b HTTP")) << url;
  }
}

TEST_F(CurlClientTest, LeavesWhatTheCallerSaysOfTheEncoding) {
  HttpRequest request;
  request.url = server_.Url("/a");
  request.headers = {{"accept-encoding", "identity"}};
  ASSERT_OK(Send(*client_, request));
  EXPECT_THAT(server_.requests().back(), HasSubstr("accept-encoding: identity"));
  EXPECT_THAT(server_.requests().back(), Not(HasSubstr("gzip")));
}

TEST_F(CurlClientTest, AsksOverManyConnectionsWhereOneCannotBeShared) {
  server_.Set("/a", {Plain(std::string(5000, 'x'))});
  for (int i = 0; i < 100; ++i) {
    HttpRequest request;
    request.url = server_.Url("/a");
    client_->Start(std::move(request), [](const absl::StatusOr<HttpResponse>&) {});
  }
  while (client_->in_flight() > 0) client_->Poll(absl::Milliseconds(50));
  EXPECT_GT(server_.connections(), 8);
}

TEST_F(CurlClientTest, PostsABodyWithoutExpectingToBeAsked) {
  server_.Set("/hook", {Plain("ok")});
  HttpRequest request;
  request.method = "POST";
  request.url = server_.Url("/hook");
  request.headers = {{"Content-Type", "application/json"}};
  request.body = "{}";
  ASSERT_OK_AND_ASSIGN(const HttpResponse response, Send(*client_, std::move(request)));
  EXPECT_EQ(response.body, "ok");
  EXPECT_THAT(server_.requests()[0], HasSubstr("POST /hook"));
  EXPECT_THAT(server_.requests()[0], Not(HasSubstr("Expect")));
}

TEST(AddressTest, KnowsPrivateAddresses) {
  const auto is_private = [](const char* text) {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    if (inet_pton(AF_INET6, text, &v6.sin6_addr) == 1) {
      sockaddr_storage storage{};
      std::memcpy(&storage, &v6, sizeof(v6));
      return IsPrivateAddress(reinterpret_cast<const sockaddr&>(storage));
    }
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    EXPECT_EQ(inet_pton(AF_INET, text, &v4.sin_addr), 1) << text;
    sockaddr_storage storage{};
    std::memcpy(&storage, &v4, sizeof(v4));
    return IsPrivateAddress(reinterpret_cast<const sockaddr&>(storage));
  };
  for (const char* address :
       {"127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "255.255.255.255", "224.0.0.1", "::1", "::", "fe80::1", "fd00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1"}) {
    EXPECT_TRUE(is_private(address)) << address;
  }
  for (const char* address : {"8.8.8.8", "172.32.0.1", "100.128.0.1", "192.169.0.1", "1.1.1.1",
                              "2001:4860:4860::8888", "::ffff:8.8.8.8"}) {
    EXPECT_FALSE(is_private(address)) << address;
  }
}

}  // namespace
}  // namespace modelwatch::common
