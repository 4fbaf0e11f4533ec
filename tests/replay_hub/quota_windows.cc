// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/quota_windows.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"

namespace modelwatch::replay_hub {
namespace {

constexpr int64_t kUnlimited = 100'000'000;

}  // namespace

std::string_view BucketWord(Bucket bucket) {
  static constexpr std::string_view kWords[] = {"api", "resolvers", "pages"};
  return kWords[static_cast<size_t>(bucket)];
}

absl::StatusOr<Quotas> ParseQuotas(std::string_view text) {
  Quotas quotas = {};
  std::string_view rest = text;
  for (size_t i = 0; i < kBuckets; ++i) {
    const size_t comma = rest.find(',');
    const bool is_last = i + 1 == kBuckets;
    if (is_last != (comma == std::string_view::npos) ||
        !absl::SimpleAtoi(std::string(rest.substr(0, comma)), &quotas[i]) || quotas[i] < 0) {
      return absl::InvalidArgumentError(absl::StrFormat(
          "quota \"%s\": not three numbers API,RESOLVERS,PAGES such as 500,3000,100", text));
    }
    rest.remove_prefix(is_last ? rest.size() : comma + 1);
  }
  return quotas;
}

QuotaPlan UnlimitedPlan() {
  QuotaPlan plan;
  plan.anonymous.fill(kUnlimited);
  plan.token.fill(kUnlimited);
  return plan;
}

QuotaWindows::QuotaWindows(QuotaPlan plan, const common::Clock& clock)
    : plan_(plan), clock_(clock), start_(clock.Now()) {}

QuotaWindows::Grant QuotaWindows::Take(const std::string& identity, bool has_token, Bucket bucket) {
  const auto slot = static_cast<size_t>(bucket);
  const absl::Duration since = clock_.Now() - start_;
  absl::Duration into;
  const int64_t number = absl::IDivDuration(since, plan_.window, &into);
  Grant grant;
  grant.quota = has_token ? plan_.token[slot] : plan_.anonymous[slot];
  grant.window_seconds = absl::ToInt64Seconds(plan_.window);
  grant.reset_seconds = absl::ToInt64Seconds(absl::Ceil(plan_.window - into, absl::Seconds(1)));

  common::MutexLock lock(mutex_);
  Window& window = windows_[{identity, bucket}];
  if (window.number != number) window = {number, 0};
  grant.admitted = window.used < grant.quota;
  if (grant.admitted) {
    ++window.used;
    ++totals_.admitted[slot];
    totals_.max_in_window[slot] = std::max(totals_.max_in_window[slot], window.used);
  } else {
    ++totals_.refused[slot];
  }
  grant.remaining = grant.quota - window.used;
  return grant;
}

QuotaWindows::Totals QuotaWindows::totals() const {
  common::MutexLock lock(mutex_);
  return totals_;
}

std::string RateLimitText(Bucket bucket, const QuotaWindows::Grant& grant) {
  return absl::StrFormat("\"%s\";r=%d;t=%d", BucketWord(bucket), grant.remaining,
                         grant.reset_seconds);
}

std::string RateLimitPolicyText(Bucket bucket, const QuotaWindows::Grant& grant) {
  return absl::StrFormat("\"fixed window\";\"%s\";q=%d;w=%d", BucketWord(bucket), grant.quota,
                         grant.window_seconds);
}

}  // namespace modelwatch::replay_hub
