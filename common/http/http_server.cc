// SPDX-License-Identifier: Apache-2.0
#include "common/http/http_server.h"

#include <httplib.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <thread>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "common/digest.h"
#include "common/http/bounded_stream.h"
#include "common/log.h"
#include "common/mutex.h"
#include "common/status_macros.h"

namespace modelwatch::common {
namespace {

constexpr size_t kMinGzipBytes = 1024;
constexpr char kHttpDate[] = "%a, %d %b %Y %H:%M:%S GMT";

// Nothing but our own style sheet and images may load, nothing may run, nobody may frame us.
constexpr char kContentSecurityPolicy[] =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'";

std::string Gzip(std::string_view body) {
  z_stream stream{};
  // 15 window bits, +16 asks for the gzip wrapper.
  if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) return "";
  std::string packed(deflateBound(&stream, static_cast<uLong>(body.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int result = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return result == Z_STREAM_END ? packed : "";
}

// True when the Accept-Encoding value allows gzip with a weight above 0.
bool AcceptsGzip(const std::string& accepted) {
  for (absl::string_view part : absl::StrSplit(accepted, ',')) {
    const std::vector<std::string> words = absl::StrSplit(part, ';');
    const auto coding = absl::StripAsciiWhitespace(words[0]);
    if (!absl::EqualsIgnoreCase(coding, "gzip") && coding != "*") continue;
    if (words.size() < 2) return true;
    const std::vector<std::string> weight = absl::StrSplit(words[1], '=');
    double q = 1;
    if (weight.size() == 2 && !absl::SimpleAtod(weight[1], &q)) q = 0;
    return q > 0;
  }
  return false;
}

bool TagMatches(const std::string& if_none_match, const std::string& tag) {
  for (absl::string_view part : absl::StrSplit(if_none_match, ',')) {
    const auto one = absl::StripAsciiWhitespace(part);
    if (one == "*" || one == tag) return true;
  }
  return false;
}

bool StillHolds(const httplib::Request& request, const std::string& tag, absl::Time modified) {
  if (request.has_header("If-None-Match")) {
    return TagMatches(request.get_header_value("If-None-Match"), tag);
  }
  absl::Time since;
  std::string error;
  return modified > absl::UnixEpoch() && request.has_header("If-Modified-Since") &&
         absl::ParseTime(kHttpDate, request.get_header_value("If-Modified-Since"), &since,
                         &error) &&
         absl::ToUnixSeconds(modified) <= absl::ToUnixSeconds(since);
}

void SetSecurityHeaders(httplib::Response& out) {
  out.set_header("Content-Security-Policy", kContentSecurityPolicy);
  out.set_header("X-Content-Type-Options", "nosniff");
  out.set_header("X-Frame-Options", "DENY");
  out.set_header("Referrer-Policy", "no-referrer");
  out.set_header("Cross-Origin-Opener-Policy", "same-origin");
  out.set_header("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
}

void SetBody(httplib::Response& out, const std::string& type, std::string body) {
  if (body.empty()) {
    out.set_header("Content-Type", type);
    return;
  }
  // Through a provider of known length, because the library would compress a plain body again.
  const size_t size = body.size();
  out.set_content_provider(
      size, type, [held = std::move(body)](size_t offset, size_t length, httplib::DataSink& sink) {
        return sink.write(held.data() + offset, length);
      });
}

void Fill(const httplib::Request& request, HttpServer::Response answer, httplib::Response& out) {
  out.status = answer.status;
  SetSecurityHeaders(out);
  out.set_header("Cache-Control", answer.cache_control);
  out.set_header("Vary", "Accept-Encoding");
  if (answer.allow_any_origin) out.set_header("Access-Control-Allow-Origin", "*");
  if (answer.last_modified > absl::UnixEpoch()) {
    out.set_header("Last-Modified",
                   absl::FormatTime(kHttpDate, answer.last_modified, absl::UTCTimeZone()));
  }
  if (answer.status == 200) {
    // Weak: the same tag stands for the plain and the compressed bytes.
    const std::string tag = absl::StrFormat("W/\"%s\"", ToHex(Sha256(answer.body)).substr(0, 32));
    out.set_header("ETag", tag);
    if (StillHolds(request, tag, answer.last_modified)) {
      out.status = 304;
      return;
    }
  }
  if (answer.body.size() >= kMinGzipBytes &&
      AcceptsGzip(request.get_header_value("Accept-Encoding"))) {
    if (std::string packed = Gzip(answer.body); !packed.empty()) {
      answer.body = std::move(packed);
      out.set_header("Content-Encoding", "gzip");
    }
  }
  SetBody(out, answer.content_type, std::move(answer.body));
}

HttpServer::Response PlainText(int status, std::string_view words) {
  HttpServer::Response response;
  response.status = status;
  response.body = absl::StrFormat("%s\n", words);
  response.cache_control = "no-store";
  return response;
}

std::string HostForUrl(const std::string& host) {
  if (host.find(':') != std::string::npos) return absl::StrFormat("[%s]", host);
  return host;
}

// The library's server with bounded connections, one request each: a kept connection would hold a
// thread while its visitor reads, and an unread body could be taken for the next request.
class BoundedServer final : public httplib::Server {
 public:
  explicit BoundedServer(const HttpServer::Options& options) : options_(options) {}

  // The library closes its socket only when it stops serving.
  void CloseUnserved() {
    const socket_t socket = svr_sock_.exchange(INVALID_SOCKET);
    if (socket != INVALID_SOCKET) ::close(socket);
  }

 private:
  bool process_and_close_socket(socket_t socket) override {
    StreamBounds bounds;
    bounds.max_read_bytes = options_.max_request_bytes;
    bounds.read_deadline = absl::Now() + options_.request_timeout;
    bounds.write_timeout = options_.response_timeout;
    const auto stream = MakeBoundedStream(socket, bounds);
    bool closed = false;
    const bool done = process_request(*stream, /*close_connection=*/true, closed, nullptr);
    ::shutdown(socket, SHUT_WR);
    DrainBriefly(socket);
    ::close(socket);
    return done;
  }

  // Closing with unread bytes resets the connection, and the visitor may lose the answer.
  static void DrainBriefly(socket_t socket) {
    char unread[4096];
    for (int round = 0; round < 16; ++round) {
      if (::recv(socket, unread, sizeof(unread), MSG_DONTWAIT) <= 0) return;
    }
  }

  const HttpServer::Options options_;
};

class HttplibServer final : public HttpServer {
 public:
  explicit HttplibServer(const Options& options) : options_(options), server_(options) {}
  ~HttplibServer() override { Stop(); }

  absl::Status Bind();
  absl::Status Serve(Handler handler) override;
  void Stop() override;
  const std::string& address() const override { return address_; }
  int port() const override { return port_; }

 private:
  void Answer(const httplib::Request& request, httplib::Response& out) const;

  // Constant after Bind.
  const Options options_;
  std::string address_;
  int port_ = 0;
  // Constant after Serve.
  Handler handler_;
  // Its own synchronization.
  BoundedServer server_;

  Mutex mutex_;
  std::thread accepting_ ABSL_GUARDED_BY(mutex_);
};

absl::Status HttplibServer::Bind() {
  if (options_.port < 0 || options_.port > 65535) {
    return absl::InvalidArgumentError(
        absl::StrFormat("listen on port %d: not a port; give 0 to 65535", options_.port));
  }
  // The library's default is SO_REUSEPORT, with which two servers silently share a port.
  server_.set_socket_options([](socket_t socket) {
    const int yes = 1;
    (void)::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  });
  server_.set_tcp_nodelay(true);
  errno = 0;
  if (options_.port == 0) {
    port_ = server_.bind_to_any_port(options_.host);
  } else if (server_.bind_to_port(options_.host, options_.port)) {
    port_ = options_.port;
  } else {
    port_ = -1;
  }
  const int error = errno;
  if (port_ <= 0) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "listen on %s:%d: %s; stop the other program or choose another address", options_.host,
        options_.port, error != 0 ? std::strerror(error) : "address not usable"));
  }
  address_ = absl::StrFormat("http://%s:%d", HostForUrl(options_.host), port_);
  return absl::OkStatus();
}

void HttplibServer::Answer(const httplib::Request& request, httplib::Response& out) const {
  // Parts of a page are of no use, and many ranges in one request are an old attack. The library's
  // request object is not const itself.
  const_cast<httplib::Request&>(request).ranges.clear();
  if (request.method != "GET" && request.method != "HEAD") {
    out.set_header("Allow", "GET, HEAD");
    return Fill(request, PlainText(405, "Only GET and HEAD are answered here."), out);
  }
  Request asked;
  asked.path = request.path;
  for (const auto& [name, value] : request.params) asked.query.emplace(name, value);
  try {
    Fill(request, handler_(asked), out);
  } catch (const std::exception& thrown) {
    LogError("http.handler", {{"path", OneLine(asked.path)}, {"why", OneLine(thrown.what())}});
    Fill(request, PlainText(500, "This page could not be made; the log says why."), out);
  }
}

absl::Status HttplibServer::Serve(Handler handler) {
  handler_ = std::move(handler);
  const int threads = std::max(1, options_.threads);
  server_.new_task_queue = [threads] {
    return new httplib::ThreadPool(static_cast<size_t>(threads));
  };
  server_.set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& out) {
    Answer(request, out);
    return httplib::Server::HandlerResponse::Handled;
  });
  MutexLock lock(mutex_);
  accepting_ = std::thread([this] { server_.listen_after_bind(); });
  for (int round = 0; round < 5000 && !server_.is_running(); ++round) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  if (!server_.is_running()) return absl::InternalError("serve on " + address_ + ": no start");
  return absl::OkStatus();
}

void HttplibServer::Stop() {
  MutexLock lock(mutex_);
  if (!accepting_.joinable()) return server_.CloseUnserved();
  server_.stop();
  accepting_.join();
}

}  // namespace

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Listen(const Options& options) {
  auto server = std::make_unique<HttplibServer>(options);
  RETURN_IF_ERROR(server->Bind());
  return server;
}

}  // namespace modelwatch::common
