// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/request_parser.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"

namespace modelwatch::replay_hub {
namespace {

absl::Status Malformed(std::string_view what) {
  return absl::InvalidArgumentError(absl::StrFormat("malformed request: %s", what));
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// "GET /path?query HTTP/1.1"; an absolute URL as a proxy sends it is cut to its path.
absl::Status ParseLine(std::string_view line, Request& request) {
  const size_t first = line.find(' ');
  const size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return Malformed("request line");
  const std::string_view version = line.substr(last + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return Malformed("protocol version");
  request.method = std::string(line.substr(0, first));
  request.keep_alive = version == "HTTP/1.1";
  std::string_view target = line.substr(first + 1, last - first - 1);
  if (target.empty() || target.front() != '/') return Malformed("target");
  const size_t mark = target.find('?');
  request.path = std::string(target.substr(0, mark));
  if (mark != std::string_view::npos) request.query = std::string(target.substr(mark + 1));
  return absl::OkStatus();
}

absl::Status ParseHeaderLine(std::string_view line, Request& request) {
  const size_t colon = line.find(':');
  if (colon == 0 || colon == std::string_view::npos) return Malformed("header line");
  request.headers.emplace_back(absl::AsciiStrToLower(std::string(line.substr(0, colon))),
                               std::string(Trim(line.substr(colon + 1))));
  return absl::OkStatus();
}

absl::StatusOr<size_t> BodyBytes(const Request& request) {
  if (!request.Get("transfer-encoding").empty()) return Malformed("chunked body");
  const std::string_view text = request.Get("content-length");
  if (text.empty()) return 0;
  uint64_t bytes = 0;
  if (!absl::SimpleAtoi(std::string(text), &bytes) || bytes > kMaxBodyBytes) {
    return Malformed("content-length");
  }
  return static_cast<size_t>(bytes);
}

absl::StatusOr<Request> ParseHead(std::string_view head) {
  Request request;
  bool first = true;
  while (!head.empty()) {
    const size_t end = head.find("\r\n");
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end == std::string_view::npos ? head.size() : end + 2);
    RETURN_IF_ERROR(first ? ParseLine(line, request) : ParseHeaderLine(line, request));
    first = false;
  }
  const std::string connection = absl::AsciiStrToLower(std::string(request.Get("connection")));
  if (connection == "close") request.keep_alive = false;
  if (connection == "keep-alive") request.keep_alive = true;
  return request;
}

}  // namespace

absl::StatusOr<std::optional<ParsedRequest>> ParseRequest(std::string_view buffer) {
  const size_t head_end = buffer.find("\r\n\r\n");
  if (head_end == std::string_view::npos) {
    if (buffer.size() > kMaxHeadBytes) return Malformed("head too large");
    return std::nullopt;
  }
  if (head_end > kMaxHeadBytes) return Malformed("head too large");
  ASSIGN_OR_RETURN(Request request, ParseHead(buffer.substr(0, head_end)));
  if (request.method.empty()) return Malformed("empty request");
  ASSIGN_OR_RETURN(const size_t body_bytes, BodyBytes(request));
  const size_t body_begin = head_end + 4;
  if (buffer.size() - body_begin < body_bytes) return std::nullopt;
  request.body = std::string(buffer.substr(body_begin, body_bytes));
  return ParsedRequest{std::move(request), body_begin + body_bytes};
}

}  // namespace modelwatch::replay_hub
