// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/faults.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_format.h"
#include "replay_hub/gzip.h"
#include "replay_hub/hub_errors.h"
#include "replay_hub/json_text.h"
#include "replay_hub/url_text.h"

namespace modelwatch::replay_hub {
namespace {

constexpr std::array<std::pair<std::string_view, FaultKind>, 16> kKinds = {{
    {"status", FaultKind::kStatus},
    {"truncate", FaultKind::kTruncate},
    {"gzip_truncate", FaultKind::kGzipTruncate},
    {"drip", FaultKind::kDrip},
    {"reset", FaultKind::kReset},
    {"length", FaultKind::kLength},
    {"duplicate_link", FaultKind::kDuplicateLink},
    {"invalid_utf8", FaultKind::kInvalidUtf8},
    {"huge_card_data", FaultKind::kHugeCardData},
    {"huge_file", FaultKind::kHugeFile},
    {"deep_json", FaultKind::kDeepJson},
    {"html", FaultKind::kHtml},
    {"error_object", FaultKind::kErrorObject},
    {"gzip_bomb", FaultKind::kGzipBomb},
    {"looping_link", FaultKind::kLoopingLink},
    {"foreign_link", FaultKind::kForeignLink},
}};
constexpr int64_t kHugeCardBytes = 10 * 1024 * 1024;
constexpr int64_t kHugeFileBytes = 50 * 1024 * 1024;
constexpr int64_t kBombBytes = 200 * 1024 * 1024;
constexpr int64_t kDripBytes = 64;

int64_t DefaultBytes(FaultKind kind) {
  if (kind == FaultKind::kHugeCardData) return kHugeCardBytes;
  if (kind == FaultKind::kGzipBomb) return kBombBytes;
  return kind == FaultKind::kHugeFile ? kHugeFileBytes : kDripBytes;
}

bool Matches(const Fault& fault, const Request& request) {
  if (request.path.find(fault.match) == std::string::npos) return false;
  if (!fault.only_deep && fault.min_limit == 0) return true;
  const Query query(request.query);
  if (fault.only_deep && !query.Get("cursor")) return false;
  return fault.min_limit == 0 || query.Number("limit", 1000) >= fault.min_limit;
}

// Puts `text` right after the first `anchor`; false when there is none.
bool InsertAfter(std::string_view anchor, std::string_view text, std::string& body) {
  const size_t at = body.find(anchor);
  if (at == std::string::npos) return false;
  body.insert(at + anchor.size(), text);
  return true;
}

// Adds a member to the first cardData of a body that has one, else to its first object.
void InsertCardMember(const std::string& member, std::string& body) {
  if (InsertAfter("\"cardData\":{", member + ",", body)) return;
  InsertAfter("{", "\"cardData\":{" + member + "},", body);
}

std::string Nested(int64_t depth) {
  std::string text;
  for (int64_t i = 0; i < depth; ++i) text += "{\"a\":";
  text += "1";
  text.append(static_cast<size_t>(depth), '}');
  return text;
}

Response StatusAnswer(const Fault& fault, const Request& request) {
  const int status = static_cast<int>(fault.code);
  if (status != 429) {
    return TextAnswer(
        absl::StrFormat("<html><body>%d %s</body></html>", status, ReasonPhrase(status)), status);
  }
  const bool has_token = !request.Get("authorization").empty();
  Response response = JsonAnswer(
      "{\"error\":" +
          JsonString(RateLimitedText(has_token, request.peer, Bucket::kApi, 1000, 300)) + "}",
      status);
  if (fault.retry_after) response.Set("Retry-After", std::to_string(*fault.retry_after));
  return response;
}

}  // namespace

absl::StatusOr<Fault> ParseFault(std::string_view text) {
  const Query query(text);
  const std::string_view word = query.Get("kind").value_or("");
  const auto* kind = std::find_if(kKinds.begin(), kKinds.end(),
                                  [&](const auto& entry) { return entry.first == word; });
  if (kind == kKinds.end()) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "fault \"%s\": unknown kind \"%s\"; see tests/replay_hub/faults.h", text, word));
  }
  Fault fault;
  fault.kind = kind->second;
  fault.match = std::string(query.Get("match").value_or("/"));
  fault.only_deep = query.Get("only") == "deep";
  fault.min_limit = query.Number("min_limit", 0);
  fault.skip = query.Number("skip", 0);
  fault.count = query.Number("count", 1);
  fault.code = query.Number("code", fault.code);
  if (query.Get("retry_after")) fault.retry_after = query.Number("retry_after", 1);
  fault.at = query.Number("at", 0);
  fault.bytes = query.Number("bytes", DefaultBytes(fault.kind));
  fault.pause_ms = query.Number("pause_ms", fault.pause_ms);
  fault.delta = query.Number("delta", fault.delta);
  fault.depth = query.Number("depth", fault.depth);
  return fault;
}

void Faults::Add(Fault fault) {
  common::MutexLock lock(mutex_);
  faults_.push_back(std::move(fault));
}

void Faults::Clear() {
  common::MutexLock lock(mutex_);
  faults_.clear();
}

std::optional<Fault> Faults::Take(const Request& request) {
  common::MutexLock lock(mutex_);
  for (auto at = faults_.begin(); at != faults_.end(); ++at) {
    if (!Matches(*at, request)) continue;
    if (at->skip > 0) {
      --at->skip;
      continue;
    }
    Fault taken = *at;
    if (at->count > 0 && --at->count == 0) faults_.erase(at);
    return taken;
  }
  return std::nullopt;
}

size_t Faults::active() const {
  common::MutexLock lock(mutex_);
  return faults_.size();
}

std::optional<Response> AnswerInstead(const Fault& fault, const Request& request) {
  switch (fault.kind) {
    case FaultKind::kStatus:
      return StatusAnswer(fault, request);
    case FaultKind::kHtml: {
      Response page = TextAnswer("<!doctype html><html><body>Sign in</body></html>", 200);
      page.headers[0].second = "text/html; charset=utf-8";
      return page;
    }
    case FaultKind::kErrorObject:
      return JsonAnswer(
          "{\"error\":" + JsonString(RateLimitedText(false, request.peer, Bucket::kApi, 500, 300)) +
          "}");
    default:
      return std::nullopt;
  }
}

// Rewrites the target of a Link header "<http://HOST:PORT/path?query>; rel=...".
void ChangeLink(const Fault& fault, Response& response) {
  for (Header& header : response.headers) {
    if (header.first != "Link") continue;
    std::string& link = header.second;
    const size_t end = link.find('>');
    if (fault.kind == FaultKind::kForeignLink) {
      const size_t path = link.find('/', link.find("//") + 2);
      link.replace(1, path - 1, "http://169.254.169.254");
    } else if (const size_t cursor = link.find("cursor="); cursor < end) {
      const size_t after = std::min(link.find('&', cursor), end);
      link.erase(cursor - 1, after - cursor + 1);
    }
  }
}

void SpoilContent(const Fault& fault, Response& response) {
  const auto bytes = static_cast<size_t>(std::max<int64_t>(fault.bytes, 0));
  switch (fault.kind) {
    case FaultKind::kDuplicateLink: {
      const std::string link(response.Get("Link"));
      if (!link.empty()) response.Set("Link", link);
      break;
    }
    case FaultKind::kLoopingLink:
    case FaultKind::kForeignLink:
      ChangeLink(fault, response);
      break;
    case FaultKind::kInvalidUtf8:
      InsertAfter("\"tags\":[\"", "\xff\xfe", response.body);
      break;
    case FaultKind::kHugeCardData:
      InsertCardMember("\"padding\":\"" + std::string(bytes, 'x') + "\"", response.body);
      break;
    case FaultKind::kDeepJson:
      InsertCardMember("\"deep\":" + Nested(fault.depth), response.body);
      break;
    case FaultKind::kHugeFile:
      response.borrowed_body.reset();
      response.body.assign(bytes, 'x');
      break;
    default:
      break;
  }
}

void SpoilWire(const Fault& fault, Response& response) {
  WireFault wire;
  switch (fault.kind) {
    case FaultKind::kTruncate:
      wire.cut_after = static_cast<size_t>(fault.at);
      break;
    case FaultKind::kReset:
      wire.cut_after = static_cast<size_t>(fault.at);
      wire.reset = true;
      break;
    case FaultKind::kDrip:
      wire.drip_bytes = static_cast<size_t>(std::max<int64_t>(fault.bytes, 1));
      wire.drip_pause_ms = static_cast<int>(fault.pause_ms);
      break;
    case FaultKind::kLength:
      wire.claimed_length = static_cast<uint64_t>(
          std::max<int64_t>(static_cast<int64_t>(response.body_size()) + fault.delta, 0));
      break;
    case FaultKind::kGzipBomb:
      if (response.Get("Content-Encoding").empty()) response.Set("Content-Encoding", "gzip");
      response.borrowed_body.reset();
      response.body = Gzip(std::string(static_cast<size_t>(fault.bytes), ' '));
      return;
    case FaultKind::kGzipTruncate:
      if (response.Get("Content-Encoding") == "gzip") {
        response.body.resize(response.body.size() / 2);
      }
      return;
    default:
      return;
  }
  response.fault = wire;
}

}  // namespace modelwatch::replay_hub
