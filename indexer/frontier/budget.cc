// SPDX-License-Identifier: Apache-2.0
#include "indexer/frontier/budget.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "indexer/frontier/revisit.h"
#include "indexer/frontier/trouble.h"
#include "indexer/store/keys.h"
#include "indexer/store/records.h"
#include "proto/validate.h"

namespace modelwatch::indexer {
namespace {

constexpr int64_t kSecond = 1'000'000;
// The server rounds t down to seconds; the official client sleeps t + 1 as well.
constexpr int64_t kGuard = kSecond;
constexpr int64_t kDefaultWindow = 300 * kSecond;
constexpr int64_t kForgiven = 30 * 60 * kSecond;
constexpr int64_t kMostBlocked = 24 * 3600 * kSecond;
// Open at once before a window has told what is left; after a strike, one.
constexpr int64_t kFirstRequests = 4;
// In one share: a sixteenth of a window, so that a crawler that dies costs no more, within these.
constexpr int64_t kMostAtOnce = 1024;
constexpr int64_t kShareOfWindow = 16;
// Percent of a window that a priority leaves to those before it, at the window's start.
constexpr std::array<int64_t, 4> kHeldPercent = {0, 5, 15, 30};

int64_t OpenSince(const v1::StoredBudget& budget, uint64_t token) {
  int64_t open = 0;
  for (const v1::BudgetShare& share : budget.shares()) {
    if (share.token() >= token) open += share.open();
  }
  return open;
}

void BeUnsure(v1::StoredBudget& budget, uint64_t token) {
  budget.set_is_unsure(true);
  budget.set_unsure_token(token);
}

// Shares that nobody renewed are spent.
void Expire(v1::StoredBudget& budget, int64_t now_us) {
  auto& shares = *budget.mutable_shares();
  const int64_t latest = now_us + absl::ToInt64Microseconds(kShareValid + kShareGrace);
  for (int i = shares.size() - 1; i >= 0; --i) {
    // Later than any share lasts: our clock went back.
    if (shares[i].expires_us() > now_us && shares[i].expires_us() <= latest) continue;
    budget.set_left(budget.left() - shares[i].open());
    shares.DeleteSubrange(i, 1);
  }
}

// Windows follow each other without gaps, so the next ones are known from the last that was told.
// One that ends later than a whole window from now was told before our clock went back: forgotten,
// until the hub tells where it stands.
void Roll(v1::StoredBudget& budget, uint64_t token, int64_t now_us) {
  if (!budget.is_metered()) return;
  if (budget.ends_us() > now_us + budget.window_us() + kGuard) {
    budget.set_ends_us(now_us + budget.window_us());
    BeUnsure(budget, token);
  }
  if (now_us < budget.ends_us() + kGuard) return;
  const int64_t windows = (now_us - kGuard - budget.ends_us()) / budget.window_us() + 1;
  budget.set_ends_us(budget.ends_us() + windows * budget.window_us());
  budget.set_left(budget.quota() > 0 ? budget.quota() : kFirstRequests);
  BeUnsure(budget, token);
}

// Not found: its call was overtaken, or it expired and is spent. Then nothing is given back.
void Close(v1::StoredBudget& budget, uint64_t token) {
  auto& shares = *budget.mutable_shares();
  for (int i = shares.size() - 1; i >= 0; --i) {
    if (shares[i].token() == token) shares.DeleteSubrange(i, 1);
  }
}

void Learn(v1::StoredBudget& budget, const v1::Allowance& told, int64_t now_us) {
  if (told.quota() > 0) budget.set_quota(told.quota());
  if (told.window_ms() > 0) budget.set_window_us(told.window_ms() * 1000);
  if (budget.window_us() <= 0) budget.set_window_us(kDefaultWindow);
  const int64_t ends = now_us + told.resets_in_ms() * 1000;
  bool is_other = !budget.is_metered() || ends > budget.ends_us() + budget.window_us() / 2;
  if (!is_other && ends < budget.ends_us() - budget.window_us() / 2) {
    // Told late, of a window that is over; unless our guess of the window was wrong.
    if (!budget.is_unsure() || told.resets_in_ms() < 2000) return;
    is_other = true;
  }
  const bool is_first = is_other || budget.is_unsure();
  budget.set_left(is_first ? told.remaining() : std::min(budget.left(), told.remaining()));
  budget.set_ends_us(is_first ? ends : std::max(budget.ends_us(), ends));
  budget.set_is_metered(true);
  budget.set_is_unsure(false);
}

void Limit(v1::StoredBudget& budget, const v1::ShareBudgetRequest& request, uint64_t token,
           int64_t now_us) {
  BeUnsure(budget, token);
  int64_t until = now_us + std::min(request.limited_ms() * 1000, kMostBlocked);
  if (request.limited_ms() <= 0) {
    // What was sent before the block began is answered the same way: one strike, not thirty.
    if (budget.blocked_until_us() > now_us) return;
    if (now_us - budget.blocked_until_us() > kForgiven) budget.set_strikes(0);
    budget.set_strikes(budget.strikes() + 1);
    until = now_us + absl::ToInt64Microseconds(
                         StrikeDelay(budget.strikes(), absl::StrCat(request.key().hub(), token)));
  }
  budget.set_blocked_until_us(std::max(budget.blocked_until_us(), until));
}

int64_t Held(const v1::StoredBudget& budget, size_t priority, int64_t now_us) {
  const int64_t rest = std::clamp<int64_t>(budget.ends_us() - now_us, 0, budget.window_us());
  const int64_t whole = budget.quota() * kHeldPercent[priority] / 100;
  return whole * (rest / 1000) / std::max<int64_t>(budget.window_us() / 1000, 1);
}

// How many of the wanted fit, the first priority first.
int64_t Fit(const v1::StoredBudget& budget, const v1::ShareBudgetRequest& request, int64_t room,
            int64_t now_us) {
  int64_t fit = 0;
  for (int i = 0; i < request.wanted_size(); ++i) {
    const auto priority = std::min<size_t>(static_cast<size_t>(i), kHeldPercent.size() - 1);
    const int64_t free = room - Held(budget, priority, now_us) - fit;
    fit += std::clamp<int64_t>(free, 0, request.wanted(i));
  }
  return fit;
}

int64_t MostInOneShare(const v1::StoredBudget& budget, int64_t unanswered, int64_t room) {
  if (budget.is_unsure() || !budget.is_answered()) {
    const int64_t first = budget.strikes() > 0 ? 1 : kFirstRequests;
    const int64_t open = OpenSince(budget, budget.unsure_token()) + unanswered;
    return std::max<int64_t>(first - open, 0);
  }
  if (!budget.is_metered()) return kMostAtOnce;
  const int64_t part = std::clamp(budget.quota() / kShareOfWindow, kFirstRequests, kMostAtOnce);
  return std::min(part, std::max<int64_t>(room / (budget.shares_size() + 1), 1));
}

int64_t Grant(const v1::StoredBudget& budget, const v1::ShareBudgetRequest& request,
              int64_t now_us) {
  if (now_us < budget.blocked_until_us()) return 0;
  int64_t room = kMostAtOnce;
  if (budget.is_metered()) {
    if (now_us >= budget.ends_us()) return 0;  // which window the hub is in, nobody knows
    const int64_t reserve = (budget.quota() * std::min(request.reserve_percent(), 90u) + 99) / 100;
    room = budget.left() - OpenSince(budget, 0) - reserve - request.unanswered();
  }
  return std::min(Fit(budget, request, room, now_us),
                  MostInOneShare(budget, request.unanswered(), room));
}

// Nothing was granted: when that may change.
void Defer(const v1::StoredBudget& budget, int64_t now_us, v1::ShareBudgetResponse& response) {
  response.set_ask_after_answer(true);
  int64_t wait = kSecond;
  if (now_us < budget.blocked_until_us()) {
    wait = budget.blocked_until_us() - now_us;
    response.set_ask_after_answer(false);
  } else if (budget.is_metered() && !budget.is_unsure()) {
    const int64_t next = budget.ends_us() + kGuard - now_us;
    const bool is_held = budget.left() > 0 && now_us < budget.ends_us();
    wait = is_held ? std::min(next, budget.window_us() / 32) : next;
  }
  response.set_wait_ms(wait / 1000 + 1);
}

}  // namespace

v1::ShareBudgetResponse Share(v1::StoredBudget& budget, const v1::ShareBudgetRequest& request,
                              uint64_t token, int64_t now_us) {
  Expire(budget, now_us);
  Roll(budget, token, now_us);
  Close(budget, request.token());
  if (request.has_told()) Learn(budget, request.told(), now_us);
  budget.set_left(budget.left() - request.untold());
  if (request.has_told() || request.answered() > 0) {
    budget.set_is_answered(true);
    if (!budget.is_metered()) budget.set_is_unsure(false);
  }
  if (request.limited()) Limit(budget, request, token, now_us);

  v1::ShareBudgetResponse response;
  const int64_t granted = Grant(budget, request, now_us);
  response.set_granted(static_cast<uint32_t>(granted));
  int64_t valid = absl::ToInt64Microseconds(kShareValid);
  if (budget.is_metered()) valid = std::min(valid, budget.ends_us() - now_us);
  response.set_valid_ms(std::max<int64_t>(valid, 0) / 1000);
  if (granted == 0) Defer(budget, now_us, response);
  if (granted + request.unanswered() > 0) {
    v1::BudgetShare& share = *budget.add_shares();
    share.set_token(token);
    share.set_open(static_cast<uint32_t>(granted) + request.unanswered());
    share.set_expires_us(now_us + absl::ToInt64Microseconds(kShareValid + kShareGrace));
    response.set_token(token);
  }
  response.set_blocked_ms(std::max<int64_t>(budget.blocked_until_us() - now_us, 0) / 1000);
  response.set_quota(budget.is_metered() ? budget.quota() : 0);
  response.set_left(std::max<int64_t>(budget.left() - OpenSince(budget, 0), 0));
  return response;
}

absl::StatusOr<v1::ShareBudgetResponse> ShareBudget(Draft& draft,
                                                    const v1::ShareBudgetRequest& request,
                                                    int64_t now_us) {
  const v1::BudgetKey& key = request.key();
  v1::ReleaseKey hub;
  hub.set_hub(key.hub());
  hub.set_id("any");
  if (!proto::ValidateKey(hub).ok() || key.quota_class().empty() ||
      key.quota_class().size() + key.account().size() > 128) {
    return absl::InvalidArgumentError(
        absl::StrCat("share budget: bad hub or class: ", key.hub(), " ", key.quota_class()));
  }
  const std::string at = BudgetKeyBytes(key.hub(), key.quota_class(), key.account());
  auto budget = GetRecord<v1::StoredBudget>(draft, Table::kMeta, at);
  if (absl::IsNotFound(budget.status())) budget = v1::StoredBudget();
  RETURN_IF_ERROR(budget.status());
  const uint64_t token = draft.state().last_token() + 1;
  draft.state().set_last_token(token);
  v1::ShareBudgetResponse response = Share(*budget, request, token, now_us);
  draft.Put(Table::kMeta, at, budget->SerializeAsString());
  RETURN_IF_ERROR(KeepTrouble(draft, request, now_us));
  return response;
}

v1::BudgetStatus BudgetAt(v1::StoredBudget budget, int64_t now_us) {
  Expire(budget, now_us);
  Roll(budget, budget.unsure_token(), now_us);
  v1::BudgetStatus status;
  if (budget.blocked_until_us() > now_us) status.set_blocked_until_us(budget.blocked_until_us());
  if (!budget.is_metered()) return status;
  status.set_quota(budget.quota());
  status.set_left(std::max<int64_t>(budget.left() - OpenSince(budget, 0), 0));
  status.set_window_ends_us(budget.ends_us());
  return status;
}

}  // namespace modelwatch::indexer
