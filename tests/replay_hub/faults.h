// SPDX-License-Identifier: Apache-2.0
// Faults: how this hub misbehaves on request.
//
// A fault is written as a query, for `--fault` and for POST /_replay/fault alike:
//
//   kind=status&code=504&only=deep&count=2        504 on two pages that carry a cursor
//   kind=status&code=429&retry_after=5            429 with a Retry-After
//   kind=truncate&at=1000&match=/resolve-cache/   Content-Length says more than is sent
//   kind=gzip_truncate                            a whole answer whose gzip stream ends early
//   kind=drip&bytes=64&pause_ms=50                a slow body
//   kind=reset&at=1000                            TCP reset after so many body bytes
//   kind=length&delta=100                         Content-Length too large (or, negative, too
//   small) kind=duplicate_link                           the Link header twice kind=invalid_utf8
//   bytes FF FE in a tag kind=huge_card_data&bytes=10485760            a card as long as that in
//   the first row kind=huge_file&bytes=52428800                 a file body as long as that
//   kind=deep_json&depth=1000                     card data nested so deep in the first row
//   kind=html                                     200 text/html where JSON was asked for
//   kind=error_object                             200 {"error":"We had to rate limit your IP..."}
//   kind=gzip_bomb&bytes=209715200                a gzip of some 200 KB that is so long unpacked
//   kind=looping_link                             the Link leads back to the listing's first page
//   kind=foreign_link                             the Link leads to another origin
//
// Common to all: match=TEXT (part of the path; default all but /_replay/), only=deep (requests with
// a cursor), min_limit=N (listings of at least that page size), skip=N (let so many matching
// requests pass first), count=N (spoil so many, default 1; 0 = until cleared).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mutex.h"
#include "replay_hub/http_message.h"

namespace modelwatch::replay_hub {

enum class FaultKind {
  kStatus,
  kTruncate,
  kGzipTruncate,
  kDrip,
  kReset,
  kLength,
  kDuplicateLink,
  kInvalidUtf8,
  kHugeCardData,
  kHugeFile,
  kDeepJson,
  kHtml,
  kErrorObject,
  kGzipBomb,
  kLoopingLink,
  kForeignLink
};

struct Fault {
  FaultKind kind = FaultKind::kStatus;
  std::string match;
  bool only_deep = false;
  int64_t min_limit = 0;
  int64_t skip = 0;
  int64_t count = 1;  // 0 = no end
  int64_t code = 503;
  std::optional<int64_t> retry_after;
  int64_t at = 0;     // truncate, reset: body bytes sent
  int64_t bytes = 0;  // drip, huge_*
  int64_t pause_ms = 20;
  int64_t delta = 1;
  int64_t depth = 1000;
};

// INVALID_ARGUMENT names an unknown kind.
[[nodiscard]] absl::StatusOr<Fault> ParseFault(std::string_view query);

// The faults that are on. Thread-safe.
class Faults {
 public:
  void Add(Fault fault);
  void Clear();
  // The fault that spoils this request, counted down; nullopt for a sound answer.
  std::optional<Fault> Take(const Request& request);
  [[nodiscard]] size_t active() const;

 private:
  mutable common::Mutex mutex_;
  std::vector<Fault> faults_ ABSL_GUARDED_BY(mutex_);
};

// An answer given instead of the sound one; nullopt when the fault spoils the sound one.
[[nodiscard]] std::optional<Response> AnswerInstead(const Fault& fault, const Request& request);

// Spoils what the answer says, before it is compressed.
void SpoilContent(const Fault& fault, Response& response);

// Spoils how the answer is sent, after it was compressed.
void SpoilWire(const Fault& fault, Response& response);

}  // namespace modelwatch::replay_hub
