// SPDX-License-Identifier: Apache-2.0
// HttpServer: serves pages, feeds and metrics over HTTP/1.1 on one port.
//
// A thin shell around cpp-httplib (only its .cc file sees that library), which adds what a server
// that anyone may reach needs: GET and HEAD alone, a limit on the bytes and the time of a request,
// the security headers, gzip, entity tags and 304. It serves no files: every answer comes from the
// handler.
//
//   auto server = HttpServer::Listen({.host = "127.0.0.1", .port = 8080});   // StatusOr
//   (*server)->Serve([&](const HttpServer::Request& r) { return site.Handle(r); });
//   ...
//   (*server)->Stop();
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace modelwatch::common {

// Thread-safe. Owns its threads: one that accepts and `threads` that answer.
class HttpServer {
 public:
  struct Options {
    std::string host = "127.0.0.1";  // an address to listen on; "0.0.0.0" or "::" for all
    int port = 0;                    // 0 = any free one, see address()
    int threads = 8;                 // answers at the same time
    // A request line with its headers; a longer one is cut off. Bodies are never read.
    size_t max_request_bytes = 16 * 1024;
    // From accept to the end of the request, and again to the end of the answer. A visitor who
    // sends or reads byte by byte holds a thread no longer than this.
    absl::Duration request_timeout = absl::Seconds(10);
    absl::Duration response_timeout = absl::Seconds(60);
  };

  struct Request {
    std::string path;                          // percent-decoded, starts with "/"; any bytes
    std::map<std::string, std::string> query;  // percent-decoded; of a repeated name the first
  };

  struct Response {
    int status = 200;
    std::string content_type = "text/plain; charset=utf-8";
    std::string body{};
    // Sent as Last-Modified when later than the epoch; decides If-Modified-Since.
    absl::Time last_modified = absl::UnixEpoch();
    std::string cache_control = "no-cache";  // may be kept, must be asked about
    // Lets scripts of other origins read the answer (feeds and the API; never pages).
    bool allow_any_origin = false;
  };

  // Called on several threads at once. HEAD arrives as the GET whose headers are wanted. A handler
  // that throws is answered with 500.
  using Handler = std::function<Response(const Request&)>;

  // Takes the port, so that the address is known, and answers nobody yet. FAILED_PRECONDITION when
  // the port is taken or may not be used; INVALID_ARGUMENT when host or port cannot be one.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<HttpServer>> Listen(const Options& options);

  virtual ~HttpServer() = default;  // stops
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Starts to answer; returns at once. REQUIRES: not called before. INTERNAL when the library does
  // not start.
  //
  // Every 200 carries an ETag made from its body; If-None-Match or If-Modified-Since that still
  // hold are answered 304 without the body. Bodies of 1 KiB and more go out as gzip where accepted.
  [[nodiscard]] virtual absl::Status Serve(Handler handler) = 0;

  // No new visitors; waits for those being answered (at most response_timeout). Idempotent.
  virtual void Stop() = 0;

  // "http://127.0.0.1:8080", with the real port.
  [[nodiscard]] virtual const std::string& address() const = 0;
  [[nodiscard]] virtual int port() const = 0;

 protected:
  HttpServer() = default;
};

}  // namespace modelwatch::common
