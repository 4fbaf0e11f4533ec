// SPDX-License-Identifier: Apache-2.0
// Link, RateLimit, RateLimit-Policy, Retry-After, Location and Date: one "name: value" a line.
#include <cstdlib>
#include <string_view>

#include "common/clock.h"
#include "crawler/fetch/budget.h"
#include "crawler/hub/huggingface.h"
#include "crawler/hub/link.h"
#include "crawler/hub/rate_limit.h"
#include "indexer/frontier/budget.h"
#include "tests/testing/http_transcript.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace modelwatch;
  static const auto* const hub =
      crawler::NewHuggingFace("huggingface", "https://hub.example")->release();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const common::HttpHeaders headers = testing::ParseHeaders(text);
  const absl::Time now = absl::FromUnixSeconds(1'790'000'000);
  static_cast<void>(crawler::NextLinks(headers));
  const auto next = hub->NextPage(headers);
  if (next.ok() && !next->empty() && next->front() != '/') std::abort();
  for (const int status : {200, 307, 401, 403, 404, 429, 503}) {
    static_cast<void>(hub->Judge(hub->endpoint(), {status, headers, text, false}));
  }
  v1::StoredBudget stored;
  uint64_t token = 0;
  crawler::BudgetOptions options;
  options.hub = "hub";
  options.share = [&](const v1::ShareBudgetRequest& request) {
    return indexer::Share(stored, request, ++token, common::ToMicros(now));
  };
  crawler::Budget budget(options);
  const crawler::Waiting waiting = {1, 1, 1, 1};
  static_cast<void>(budget.MaySendAt(crawler::QuotaClass::kApi, waiting, now));
  budget.OnSend(crawler::QuotaClass::kApi);
  budget.OnAnswer(crawler::QuotaClass::kApi, 429, headers, now);
  if (budget.OnLimited(crawler::QuotaClass::kApi, headers, now) < now) std::abort();
  if (budget.MaySendAt(crawler::QuotaClass::kApi, waiting, now) <= now) std::abort();
  return 0;
}
