// SPDX-License-Identifier: Apache-2.0
// Budget: when the next request may be sent, so that a hub's quota is never exceeded.
//
// A hub counts requests in fixed windows, one count for each class of request, and says in every
// answer how many are left (r) and when the window ends (t). What it says is the truth; what is
// still on its way is subtracted:  may send = r(least told in this window) - unanswered - reserve >
// 0.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "common/backoff.h"
#include "common/http_headers.h"
#include "crawler/hub/hub.h"
#include "crawler/hub/rate_limit.h"

namespace modelwatch::crawler {

struct BudgetOptions {
  int reserve_percent = 10;  // of every window left unused, for people who share our address; 0..90
  int first_requests = 4;    // unanswered at once before a class has told its quota
};

// The quotas of one (hub, credential). Pure but for what it remembers: the time is given. A quota
// that no answer ever mentions is not limited, but for 429s. Not thread-safe.
class Budget {
 public:
  Budget(BudgetOptions options, uint64_t seed);

  // The moment from which one more request of this class may be sent; not after `now` when it may
  // be sent now. InfiniteFuture: only an answer can tell.
  [[nodiscard]] absl::Time MaySendAt(QuotaClass quota, absl::Time now);

  // A request went out. Follow it with exactly one of OnAnswer and OnNoAnswer.
  void OnSend(QuotaClass quota);
  void OnAnswer(QuotaClass quota, const common::HttpHeaders& headers, absl::Time now);
  // It may have been counted or not; taken as counted.
  void OnNoAnswer(QuotaClass quota);

  // The hub refused for asking too much (429), after OnAnswer. Blocks the class until the window
  // ends (r = 0), or for Retry-After, or, when neither is said, for 60 s, doubling each time up to
  // 24 h, jittered by a tenth, forgiven after 30 quiet minutes. Returns until when.
  absl::Time OnLimited(QuotaClass quota, const common::HttpHeaders& headers, absl::Time now);

  // Blocks as text, to be kept over a restart: a Retry-After must not be forgotten. Unreadable text
  // restores nothing.
  [[nodiscard]] std::string Save() const;
  void Restore(std::string_view text);

 private:
  struct Window {
    bool is_metered = false;   // some answer told r and t
    bool is_answered = false;  // some answer came at all
    bool is_fresh = false;     // began by our clock; no answer of it yet
    int64_t quota = 0;         // q; 0 = never told
    absl::Duration length = absl::Minutes(5);
    absl::Time ends = absl::InfinitePast();
    int64_t left = 0;  // least told in this window, less what was lost without an answer
    int64_t unanswered = 0;
    absl::Time blocked_until = absl::InfinitePast();
    int strikes = 0;  // 429s without a time, in a row
  };

  [[nodiscard]] Window& At(QuotaClass quota) { return windows_[static_cast<size_t>(quota)]; }
  void Roll(Window& window, absl::Time now) const;
  static void Learn(Window& window, const RateLimit& limit, absl::Time now);
  [[nodiscard]] int64_t Reserve(const Window& window) const;

  const BudgetOptions options_;
  common::Backoff backoff_;
  std::array<Window, kQuotaClasses> windows_;
};

}  // namespace modelwatch::crawler
