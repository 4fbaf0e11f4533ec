// SPDX-License-Identifier: Apache-2.0
// Budget: when the next request may be sent, so that a hub's quota is never exceeded.
//
// The ledger of a quota is kept by the index, for all crawlers that spend it (indexer/frontier/
// budget.h). This is one crawler's side: it holds the shares it was given, counts what comes of
// them, and tells the ledger when it takes the next one.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/http_headers.h"
#include "crawler/hub/hub.h"
#include "crawler/hub/rate_limit.h"
#include "modelwatch/v1/budget.pb.h"

namespace modelwatch::crawler {

// What goes first when the quota does not suffice for all.
enum class Priority { kWatched, kChanged, kSweep, kBackfill };
inline constexpr int kPriorities = 4;
// Requests that wait, by priority.
using Waiting = std::array<uint32_t, kPriorities>;

struct BudgetOptions {
  // Asks the ledger. Waits for its answer, some milliseconds.
  using ShareCall =
      std::function<absl::StatusOr<v1::ShareBudgetResponse>(const v1::ShareBudgetRequest&)>;
  ShareCall share;           // REQUIRED
  std::string hub;           // whose ledger
  std::string account;       // AccountOf(the credential)
  int reserve_percent = 10;  // of every window left unused, for people who share our address; 0..90
};

// Names the holder of a credential without telling the credential; "" for none.
[[nodiscard]] std::string AccountOf(std::string_view token);

// The quotas of one (hub, credential). The time is given. Without the ledger nothing is sent but
// what there is a share for. Not thread-safe.
class Budget {
 public:
  explicit Budget(BudgetOptions options);

  // The moment from which one more request of this class may be sent; not after `now` when it may
  // be sent now. Takes a share when there is none. InfiniteFuture: only an answer can tell.
  [[nodiscard]] absl::Time MaySendAt(QuotaClass quota, const Waiting& waiting, absl::Time now);

  // A request went out. Follow it with exactly one of OnAnswer and OnNoAnswer.
  void OnSend(QuotaClass quota);
  void OnAnswer(QuotaClass quota, int status, const common::HttpHeaders& headers, absl::Time now);
  // It may have been counted or not; taken as counted.
  void OnNoAnswer(QuotaClass quota, absl::Time now);

  // The hub refused for asking too much, after OnAnswer: tells the ledger, which blocks the class
  // until the window ends (r = 0), for Retry-After, or, when neither is said, for 60 s, doubling
  // each time up to 24 h. Returns until when.
  absl::Time OnLimited(QuotaClass quota, const common::HttpHeaders& headers, absl::Time now);

  // An answer could not be used; told with the next share.
  void OnTrouble(QuotaClass quota, const std::string& reason) { ++At(quota).trouble[reason]; }

  // Tells the ledger what came of shares that nothing waits for any more, and keeps those alive
  // whose answers take long. Returns when to call again.
  absl::Time Settle(QuotaClass quota, const Waiting& waiting, absl::Time now);

  // Our clock went back to `now`: what was due by the old one is due now.
  void OnClockBack(absl::Time now);

  // This crawler stops: what it was given and did not send goes back.
  void GiveBack(absl::Time now);

 private:
  struct Share {
    uint64_t token = 0;
    int64_t in_hand = 0;
    int64_t unanswered = 0;
    absl::Time valid_until = absl::InfinitePast();
    absl::Time ask_at = absl::InfinitePast();
    absl::Time settle_at = absl::InfiniteFuture();
    absl::Time blocked_until = absl::InfinitePast();
    bool ask_after_answer = false;
    // Since the last call:
    uint32_t untold = 0;
    uint32_t answered = 0;
    std::map<std::string, uint32_t> trouble;  // by reason
    bool is_limited = false;
    absl::Duration limited_for = absl::ZeroDuration();
    std::optional<RateLimit> told;
    absl::Time told_ends;
  };

  [[nodiscard]] Share& At(QuotaClass quota) { return shares_[static_cast<size_t>(quota)]; }
  static void Hear(Share& share, const RateLimit& limit, absl::Time now);
  [[nodiscard]] v1::ShareBudgetRequest RequestOf(QuotaClass quota, const Waiting& waiting,
                                                 absl::Time now);
  bool Ask(QuotaClass quota, const Waiting& waiting, absl::Time now);

  const BudgetOptions options_;
  std::array<Share, kQuotaClasses> shares_;
  bool is_ledger_away_ = false;  // said once
};

}  // namespace modelwatch::crawler
