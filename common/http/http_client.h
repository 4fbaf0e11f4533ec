// SPDX-License-Identifier: Apache-2.0
// HttpClient: many HTTP transfers at once on one thread, without waiting for any of them.
//
//   client.Start({.url = url}, [&](absl::StatusOr<HttpResponse> response) { ... });
//   while (client.in_flight() > 0) client.Poll(absl::Milliseconds(100));
//
// A transfer that went well says nothing about what the server thought of it: look at `status`.
// Redirects are answers like any other, never followed here: who asks decides where to go next, and
// with which credentials.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/http_headers.h"

namespace modelwatch::common {

enum class HttpBody {
  kWhole,     // `body` is everything that the server sent
  kTooLarge,  // over max_body_bytes; `body` is empty
};

struct HttpResponse {
  int status = 0;
  HttpHeaders headers;
  std::string body;  // decoded; 64 spare bytes of capacity behind it, for parsers that read ahead
  HttpBody body_is = HttpBody::kWhole;
  size_t body_bytes = 0;  // decoded bytes seen, also of a body that was cut
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;  // http or https, nothing else is spoken
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;                         // sent when not empty (POST, PUT)
  size_t max_body_bytes = size_t{4} << 20;  // decoded bytes: a small gzip may hide a large body
  size_t max_header_bytes = size_t{256} << 10;
  absl::Duration timeout = absl::Seconds(60);  // of the whole transfer
};

// Not thread-safe: Start, Poll and every callback belong to one thread, except Wake().
class HttpClient {
 public:
  using Done = std::function<void(absl::StatusOr<HttpResponse>)>;

  virtual ~HttpClient() = default;

  // Starts a transfer, or queues it when as many as allowed are under way. `done` is called exactly
  // once, from Poll(), unless the client is destroyed first; it may call Start(). Errors:
  // UNAVAILABLE (no connection, connection lost, body cut short or not decodable),
  // DEADLINE_EXCEEDED (timeout or too slow), INVALID_ARGUMENT (not an http URL, header over its
  // limit), PERMISSION_DENIED (an address that this client may not speak to), FAILED_PRECONDITION
  // (TLS certificate not trusted).
  virtual void Start(HttpRequest request, Done done) = 0;

  // Drives the transfers and calls what is done; waits up to `timeout` when nothing happens.
  virtual void Poll(absl::Duration timeout) = 0;

  // Makes a waiting Poll() return. From any thread.
  virtual void Wake() = 0;

  // Transfers started and not done yet, queued ones included.
  [[nodiscard]] virtual size_t in_flight() const = 0;
};

// In one word why a transfer failed, to count by: of an error that Start() told, "dns", "connect",
// "tls", "timeout", "reset", "cut_short", "encoding", "http2", "header_too_large",
// "private_address", "bad_url" or "other". "" for a status that did not come from there.
[[nodiscard]] std::string TroubleOf(const absl::Status& status);
// The status, with the word in it.
[[nodiscard]] absl::Status WithTrouble(absl::Status status, std::string_view word);

// One transfer, waited for. For callers that have nothing else to do. Errors as Start().
[[nodiscard]] absl::StatusOr<HttpResponse> Send(HttpClient& client, HttpRequest request);

}  // namespace modelwatch::common
