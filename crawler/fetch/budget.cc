// SPDX-License-Identifier: Apache-2.0
#include "crawler/fetch/budget.h"

#include <algorithm>
#include <optional>
#include <sstream>

#include "absl/strings/str_format.h"

namespace modelwatch::crawler {
namespace {

// The server rounds t down to seconds; the official client sleeps t + 1 as well.
constexpr absl::Duration kGuard = absl::Seconds(1);
constexpr absl::Duration kStrikeBase = absl::Seconds(60);
constexpr absl::Duration kStrikeCap = absl::Hours(24);
constexpr absl::Duration kForgiven = absl::Minutes(30);

std::optional<QuotaClass> ClassNamed(std::string_view name) {
  for (const QuotaClass quota : {QuotaClass::kApi, QuotaClass::kResolvers, QuotaClass::kPages}) {
    if (Word(quota) == name) return quota;
  }
  return std::nullopt;
}

}  // namespace

Budget::Budget(BudgetOptions options, uint64_t seed)
    : options_{std::clamp(options.reserve_percent, 0, 90), std::max(options.first_requests, 1)},
      backoff_(kStrikeBase, kStrikeCap, 0.1, seed) {}

int64_t Budget::Reserve(const Window& window) const {
  return (window.quota * options_.reserve_percent + 99) / 100;
}

void Budget::Roll(Window& window, absl::Time now) const {
  if (!window.is_metered || now < window.ends + kGuard) return;
  window.left = window.quota > 0 ? window.quota : options_.first_requests;
  window.ends = now + window.length;
  window.is_fresh = true;
}

absl::Time Budget::MaySendAt(QuotaClass quota, absl::Time now) {
  Window& window = At(quota);
  if (window.blocked_until > now) return window.blocked_until;
  if (!window.is_metered) {
    const bool may = window.is_answered || window.unanswered < options_.first_requests;
    return may ? now : absl::InfiniteFuture();
  }
  Roll(window, now);
  if (window.left - window.unanswered > Reserve(window)) return now;
  return window.ends + kGuard;
}

void Budget::OnSend(QuotaClass quota) { ++At(quota).unanswered; }

void Budget::OnNoAnswer(QuotaClass quota) {
  Window& window = At(quota);
  window.unanswered = std::max<int64_t>(window.unanswered - 1, 0);
  --window.left;
}

void Budget::Learn(Window& window, const RateLimit& limit, absl::Time now) {
  if (limit.quota) window.quota = *limit.quota;
  if (limit.window) window.length = *limit.window;
  const absl::Time ends = now + limit.resets_in;
  const bool is_newer = !window.is_metered || ends > window.ends + window.length / 2;
  const bool is_older = window.is_metered && ends < window.ends - window.length / 2;
  if (is_older) return;  // told late: it belongs to a window that is over
  window.left = is_newer ? limit.remaining : std::min(window.left, limit.remaining);
  window.ends = is_newer || window.is_fresh ? ends : std::max(window.ends, ends);
  window.is_metered = true;
  window.is_fresh = false;
}

void Budget::OnAnswer(QuotaClass quota, const common::HttpHeaders& headers, absl::Time now) {
  Window& asked = At(quota);
  asked.unanswered = std::max<int64_t>(asked.unanswered - 1, 0);
  asked.is_answered = true;
  const std::optional<RateLimit> limit = ParseRateLimit(headers);
  const QuotaClass told = limit ? ClassNamed(limit->name).value_or(quota) : quota;
  if (!limit || told != quota) --asked.left;  // counted somewhere without being told
  if (limit) Learn(At(told), *limit, now);
}

absl::Time Budget::OnLimited(QuotaClass quota, const common::HttpHeaders& headers, absl::Time now) {
  Window& window = At(quota);
  const std::optional<RateLimit> limit = ParseRateLimit(headers);
  absl::Time until;
  if (limit && limit->remaining == 0) {
    until = now + limit->resets_in + kGuard;
  } else if (const auto retry_after = ParseRetryAfter(headers, now)) {
    until = now + std::max(*retry_after, kGuard);
  } else {
    // What was sent before the block began is answered the same way: one strike, not thirty.
    if (window.blocked_until > now) return window.blocked_until;
    if (now - window.blocked_until > kForgiven) window.strikes = 0;
    until = now + backoff_.After(++window.strikes);
  }
  window.blocked_until = std::max(window.blocked_until, until);
  return window.blocked_until;
}

std::string Budget::Save() const {
  std::string text;
  for (int i = 0; i < kQuotaClasses; ++i) {
    const Window& window = windows_[static_cast<size_t>(i)];
    if (window.blocked_until == absl::InfinitePast()) continue;
    text += absl::StrFormat("%s %d %d\n", Word(static_cast<QuotaClass>(i)),
                            absl::ToUnixMicros(window.blocked_until), window.strikes);
  }
  return text;
}

void Budget::Restore(std::string_view text) {
  std::istringstream lines{std::string(text)};
  std::string name;
  int64_t until_us = 0;
  int strikes = 0;
  while (lines >> name >> until_us >> strikes) {
    const auto quota = ClassNamed(name);
    if (!quota || strikes < 0) return;
    At(*quota).blocked_until = absl::FromUnixMicros(until_us);
    At(*quota).strikes = strikes;
  }
}

}  // namespace modelwatch::crawler
