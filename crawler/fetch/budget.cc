// SPDX-License-Identifier: Apache-2.0
#include "crawler/fetch/budget.h"

#include <algorithm>
#include <utility>

#include "common/clock.h"
#include "common/digest.h"
#include "common/log.h"

namespace modelwatch::crawler {
namespace {

constexpr int kTooManyRequests = 429;
constexpr absl::Duration kLedgerRetry = absl::Seconds(1);
// A share is reported this long after its last answer, and at least so often while it is open.
constexpr absl::Duration kSettle = absl::Seconds(2);
constexpr absl::Duration kKeep = absl::Seconds(5);
// When the hub refuses and the ledger cannot be told.
constexpr absl::Duration kBlockAlone = absl::Seconds(60);

std::optional<QuotaClass> ClassNamed(std::string_view name) {
  for (const QuotaClass quota : {QuotaClass::kApi, QuotaClass::kResolvers, QuotaClass::kPages}) {
    if (Word(quota) == name) return quota;
  }
  return std::nullopt;
}

bool NothingWaits(const Waiting& waiting) {
  return std::all_of(waiting.begin(), waiting.end(), [](uint32_t count) { return count == 0; });
}

}  // namespace

std::string AccountOf(std::string_view token) {
  if (token.empty()) return "";
  return common::ToHex(common::Sha256("modelwatch account\n" + std::string(token))).substr(0, 16);
}

Budget::Budget(BudgetOptions options) : options_(std::move(options)) {}

absl::Time Budget::MaySendAt(QuotaClass quota, const Waiting& waiting, absl::Time now) {
  Share& share = At(quota);
  if (share.blocked_until > now) return share.blocked_until;
  const auto may = [&] { return share.in_hand > 0 && now < share.valid_until; };
  if (may()) return now;
  if (share.ask_at > now) return share.ask_at;
  Ask(quota, waiting, now);
  return may() ? now : std::max(share.ask_at, share.blocked_until);
}

void Budget::OnSend(QuotaClass quota) {
  --At(quota).in_hand;
  ++At(quota).unanswered;
}

void Budget::OnNoAnswer(QuotaClass quota, absl::Time now) {
  Share& share = At(quota);
  share.unanswered = std::max<int64_t>(share.unanswered - 1, 0);
  ++share.untold;
  share.settle_at = now + kSettle;
  if (share.ask_after_answer) share.ask_at = now;
}

// Keeps the newest window's least.
void Budget::Hear(Share& share, const RateLimit& limit, absl::Time now) {
  const absl::Time ends = now + limit.resets_in;
  const absl::Duration half = limit.window.value_or(absl::Minutes(5)) / 2;
  if (share.told && ends < share.told_ends - half) return;
  const bool is_same = share.told && ends <= share.told_ends + half;
  const int64_t least =
      is_same ? std::min(share.told->remaining, limit.remaining) : limit.remaining;
  share.told_ends = is_same ? std::max(share.told_ends, ends) : ends;
  share.told = limit;
  share.told->remaining = least;
}

void Budget::OnAnswer(QuotaClass quota, int status, const common::HttpHeaders& headers,
                      absl::Time now) {
  Share& asked = At(quota);
  asked.unanswered = std::max<int64_t>(asked.unanswered - 1, 0);
  if (status != kTooManyRequests) ++asked.answered;
  const std::optional<RateLimit> limit = ParseRateLimit(headers);
  const QuotaClass told = limit ? ClassNamed(limit->name).value_or(quota) : quota;
  if (!limit || told != quota) ++asked.untold;  // counted somewhere without being told
  if (limit) Hear(At(told), *limit, now);
  asked.settle_at = now + kSettle;
  if (asked.ask_after_answer) asked.ask_at = now;
}

absl::Time Budget::OnLimited(QuotaClass quota, const common::HttpHeaders& headers, absl::Time now) {
  Share& share = At(quota);
  const std::optional<RateLimit> limit = ParseRateLimit(headers);
  share.is_limited = true;
  share.limited_for = absl::ZeroDuration();
  // The server rounds t down to seconds; the official client sleeps t + 1 as well.
  if (limit && limit->remaining == 0) {
    share.limited_for = limit->resets_in + absl::Seconds(1);
  } else if (const auto retry_after = ParseRetryAfter(headers, now)) {
    share.limited_for = std::max(*retry_after, absl::Seconds(1));
  }
  if (!Ask(quota, {}, now)) {
    const absl::Duration alone =
        share.limited_for > absl::ZeroDuration() ? share.limited_for : kBlockAlone;
    share.blocked_until = std::max(share.blocked_until, now + alone);
  }
  return share.blocked_until;
}

absl::Time Budget::Settle(QuotaClass quota, const Waiting& waiting, absl::Time now) {
  Share& share = At(quota);
  if (now < share.settle_at) return share.settle_at;
  const bool is_over = NothingWaits(waiting) && share.unanswered == 0;
  share.settle_at = is_over ? absl::InfiniteFuture() : now + kKeep;
  if (share.token != 0) Ask(quota, waiting, now);
  return share.settle_at;
}

void Budget::OnClockBack(absl::Time now) {
  for (Share& share : shares_) {
    share.in_hand = 0;
    share.ask_at = now;
    share.settle_at = now;
    share.blocked_until = absl::InfinitePast();  // the ledger knows
  }
}

void Budget::GiveBack(absl::Time now) {
  for (int i = 0; i < kQuotaClasses; ++i) {
    const auto quota = static_cast<QuotaClass>(i);
    if (At(quota).token != 0) Ask(quota, {}, now);
  }
}

v1::ShareBudgetRequest Budget::RequestOf(QuotaClass quota, const Waiting& waiting, absl::Time now) {
  const Share& share = At(quota);
  v1::ShareBudgetRequest request;
  request.mutable_key()->set_hub(options_.hub);
  request.mutable_key()->set_account(options_.account);
  request.mutable_key()->set_quota_class(std::string(Word(quota)));
  request.set_token(share.token);
  request.set_unanswered(static_cast<uint32_t>(share.unanswered));
  request.set_untold(share.untold);
  request.set_answered(share.answered);
  request.set_limited(share.is_limited);
  request.set_limited_ms(absl::ToInt64Milliseconds(share.limited_for));
  request.set_reserve_percent(static_cast<uint32_t>(std::clamp(options_.reserve_percent, 0, 90)));
  for (const uint32_t count : waiting) request.add_wanted(count);
  request.mutable_trouble()->insert(share.trouble.begin(), share.trouble.end());
  if (!share.told) return request;
  v1::Allowance& told = *request.mutable_told();
  told.set_remaining(share.told->remaining);
  told.set_resets_in_ms(absl::ToInt64Milliseconds(share.told_ends - now));
  told.set_quota(share.told->quota.value_or(0));
  told.set_window_ms(absl::ToInt64Milliseconds(share.told->window.value_or(absl::ZeroDuration())));
  return request;
}

// False when the ledger is away: what there is to tell is kept for the next call.
bool Budget::Ask(QuotaClass quota, const Waiting& waiting, absl::Time now) {
  Share& share = At(quota);
  const auto response = options_.share(RequestOf(quota, waiting, now));
  share.in_hand = 0;
  if (!response.ok()) {
    if (!std::exchange(is_ledger_away_, true)) {
      common::LogWarning("crawl.budget_unknown",
                         {{"hub", options_.hub},
                          {"reason", std::string(response.status().message())},
                          {"next", "nothing is sent until the index answers"}});
    }
    share.ask_at = now + kLedgerRetry;
    return false;
  }
  is_ledger_away_ = false;
  share.token = response->token();
  share.in_hand = response->valid_ms() > 0 ? response->granted() : 0;
  share.valid_until = now + absl::Milliseconds(response->valid_ms());
  share.ask_at =
      share.in_hand > 0 ? now : now + absl::Milliseconds(std::max<int64_t>(response->wait_ms(), 1));
  share.ask_after_answer = response->ask_after_answer();
  share.settle_at = response->token() != 0 ? now + kKeep : absl::InfiniteFuture();
  const bool was_blocked = share.blocked_until > now;
  share.blocked_until = response->blocked_ms() > 0
                            ? now + absl::Milliseconds(response->blocked_ms() + 1)
                            : absl::InfinitePast();
  if (share.blocked_until > now && !was_blocked) {
    common::LogWarning("crawl.blocked",
                       {{"hub", options_.hub},
                        {"class", std::string(Word(quota))},
                        {"until", common::FormatMicros(common::ToMicros(share.blocked_until))},
                        {"reason", "the hub refused one of the crawlers (429)"}});
  }
  share.untold = 0;
  share.answered = 0;
  share.trouble.clear();
  share.is_limited = false;
  share.told.reset();
  return true;
}

}  // namespace modelwatch::crawler
