// SPDX-License-Identifier: Apache-2.0
// QuotaWindows: the hub's request budget, as it counts it.
//
// Fixed windows, one count for each identity (a token, or an address) and bucket. They run on the
// machine's time even when the hub's clock is virtual, for a client waits them out in real time.
// Plans and header form: Hugging Face, docs/hub/rate-limits.md, read 2026-08-22.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "common/mutex.h"

namespace modelwatch::replay_hub {

enum class Bucket { kApi, kResolvers, kPages };
inline constexpr size_t kBuckets = 3;
[[nodiscard]] std::string_view BucketWord(Bucket bucket);

// Requests a window, one number a bucket.
using Quotas = std::array<int64_t, kBuckets>;

struct QuotaPlan {
  Quotas anonymous = {500, 3000, 100};
  Quotas token = {1000, 5000, 200};
  absl::Duration window = absl::Seconds(300);
};

// "500,3000,100" (api, resolvers, pages; each from 0). INVALID_ARGUMENT otherwise.
[[nodiscard]] absl::StatusOr<Quotas> ParseQuotas(std::string_view text);

// So high that no client reaches it: how a hub without limits says so in its headers.
[[nodiscard]] QuotaPlan UnlimitedPlan();

// Thread-safe.
class QuotaWindows {
 public:
  struct Grant {
    bool admitted = false;
    int64_t quota = 0;
    int64_t remaining = 0;
    int64_t reset_seconds = 0;  // until the window ends, rounded up
    int64_t window_seconds = 0;
  };

  // `clock` must outlive this.
  QuotaWindows(QuotaPlan plan, const common::Clock& clock);
  QuotaWindows(const QuotaWindows&) = delete;
  QuotaWindows& operator=(const QuotaWindows&) = delete;

  // Counts one request. A refused one does not count against the next window.
  Grant Take(const std::string& identity, bool has_token, Bucket bucket);

  struct Totals {
    Quotas admitted = {};
    Quotas refused = {};
    Quotas max_in_window = {};  // the fullest window of any identity
  };
  [[nodiscard]] Totals totals() const;

 private:
  struct Window {
    int64_t number = -1;
    int64_t used = 0;
  };

  const QuotaPlan plan_;
  const common::Clock& clock_;
  const absl::Time start_;
  mutable common::Mutex mutex_;
  std::map<std::pair<std::string, Bucket>, Window> windows_ ABSL_GUARDED_BY(mutex_);
  Totals totals_ ABSL_GUARDED_BY(mutex_);
};

// `"api";r=489;t=189` and `"fixed window";"api";q=500;w=300`.
[[nodiscard]] std::string RateLimitText(Bucket bucket, const QuotaWindows::Grant& grant);
[[nodiscard]] std::string RateLimitPolicyText(Bucket bucket, const QuotaWindows::Grant& grant);

}  // namespace modelwatch::replay_hub
