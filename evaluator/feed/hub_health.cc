// SPDX-License-Identifier: Apache-2.0
#include "evaluator/feed/hub_health.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "evaluator/feed/words.h"

namespace modelwatch::evaluator {
namespace {

constexpr int64_t kMinuteUs = int64_t{60} * 1'000'000;
constexpr uint64_t kMostDueCounted = 10'000;  // read.proto

std::string LongWords(int64_t micros) {
  const int64_t seconds = std::max<int64_t>(micros, 0) / 1'000'000;
  if (seconds < 120) return absl::StrFormat("%d s", seconds);
  if (seconds < 7'200) return absl::StrFormat("%d min", seconds / 60);
  if (seconds < 172'800) return absl::StrFormat("%d h %d min", seconds / 3600, seconds / 60 % 60);
  return absl::StrFormat("%d days", seconds / 86'400);
}

void Append(std::string& text, const std::string& more) {
  if (!text.empty()) text += "; ";
  text += more;
}

HealthFact Heard(const v1::HubStatus& hub, int64_t now_us) {
  HealthFact fact{"Heard", "", hub.is_silent()};
  if (hub.is_silent()) {
    Append(fact.words,
           absl::StrFormat("SILENT, last %s",
                           AgoWords(std::max(hub.last_listing_us(), hub.last_page_us()), now_us)));
  }
  Append(fact.words,
         absl::StrFormat("keep-up %s (every %s)", AgoWords(hub.last_keep_up_us(), now_us),
                         LongWords(hub.keep_up_ms() * 1000)));
  Append(fact.words, absl::StrFormat("sweep %s (every %s)", AgoWords(hub.last_sweep_us(), now_us),
                                     LongWords(hub.sweep_ms() * 1000)));
  if (hub.sweep_rows() > 0) {
    Append(fact.words, absl::StrFormat("sweep under way at %s rows", CountWords(hub.sweep_rows())));
  }
  return fact;
}

HealthFact Backlog(const v1::HubStatus& hub, int64_t now_us) {
  HealthFact fact{"Due now", "", false};
  for (const v1::DueStatus& due : hub.due()) {
    if (due.due() == 0) continue;
    std::string words = absl::StrFormat("%s%s %s", due.due() >= kMostDueCounted ? "over " : "",
                                        CountWords(due.due()), Spaced(due.kind()));
    if (due.oldest_due_us() != 0) {
      words += ", the oldest for " + LongWords(now_us - due.oldest_due_us());
    }
    Append(fact.words, words);
  }
  if (fact.words.empty()) fact.words = "nothing";
  return fact;
}

HealthFact Allowance(const v1::HubStatus& hub, int64_t now_us) {
  HealthFact fact{"Allowance", "", false};
  for (const v1::BudgetStatus& budget : hub.budgets()) {
    std::string words = budget.quota_class();
    if (budget.blocked_until_us() > now_us) {
      fact.is_bad = true;
      words += absl::StrFormat(" refused until %s", TimeWords(budget.blocked_until_us()));
    } else if (budget.quota() > 0) {
      words +=
          absl::StrFormat(" %d of %d left", std::max<int64_t>(budget.left(), 0), budget.quota());
    } else {
      words += " without limit";
    }
    Append(fact.words, words);
  }
  return fact;
}

HealthFact Trouble(const v1::HubStatus& hub) {
  HealthFact fact{"Trouble", "", false};
  uint64_t day = 0;
  std::string hour;
  for (const v1::TroubleStatus& each : hub.trouble()) {
    day += each.last_day();
    if (each.last_hour() == 0) continue;
    hour += absl::StrFormat("%s%s %s", hour.empty() ? "" : ", ", each.reason(),
                            CountWords(each.last_hour()));
  }
  if (day == 0) {
    fact.words = "none in the last day";
    return fact;
  }
  fact.words = absl::StrFormat("last hour: %s; last day: %s answers that could not be used",
                               hour.empty() ? "none" : hour, CountWords(day));
  return fact;
}

std::string PartWords(uint64_t known, uint64_t of) {
  return absl::StrFormat("%.2f %% of %s", 100 * Part(known, of), CountWords(of));
}

HealthFact Known(const v1::HubStatus& hub) {
  HealthFact fact{"Known", "", false};
  if (hub.listed() > 0) {
    Append(fact.words, PartWords(hub.found(), hub.listed()) + " rows of the last sweep");
  }
  if (hub.settled() > 0) {
    Append(fact.words, PartWords(hub.settled_known(), hub.settled()) +
                           " releases over a day old in the last keep-up");
  }
  if (fact.words.empty()) fact.words = "not measured yet";
  return fact;
}

HealthFact Canary(const v1::HubStatus& hub, int64_t now_us) {
  HealthFact fact{"Canary", "", hub.is_canary_silent()};
  if (hub.canary().empty()) return fact;
  fact.words =
      absl::StrFormat("%s came through %s (every %s)", hub.canary(),
                      AgoWords(hub.canary_ok_us(), now_us), LongWords(hub.canary_ms() * 1000));
  if (hub.is_canary_silent()) fact.words = "SILENT: " + fact.words;
  return fact;
}

double Seconds(int64_t micros) { return static_cast<double>(micros) / 1e6; }

void SetTimes(const v1::HubStatus& hub, common::Metrics& metrics) {
  const auto at = [&](const char* kind, int64_t micros) {
    metrics.Set("modelwatch_hub_last_success_timestamp_seconds",
                "When a listing was last finished, or the canary came through; 0 = never.",
                Seconds(micros), {{"hub", hub.hub()}, {"kind", kind}});
  };
  at("keep_up", hub.last_keep_up_us());
  at("sweep", hub.last_sweep_us());
  at("canary", hub.canary_ok_us());
  metrics.Set("modelwatch_hub_silent", "1: nothing was heard for three intervals.",
              hub.is_silent() ? 1 : 0, {{"hub", hub.hub()}});
  metrics.Set("modelwatch_hub_canary_silent", "1: the canary did not come through for three.",
              hub.is_canary_silent() ? 1 : 0, {{"hub", hub.hub()}});
}

void SetBacklog(const v1::HubStatus& hub, int64_t now_us, common::Metrics& metrics) {
  for (const v1::DueStatus& due : hub.due()) {
    const common::Metrics::Labels labels = {{"hub", hub.hub()}, {"class", due.kind()}};
    const int64_t late_us = due.oldest_due_us() == 0 ? 0 : now_us - due.oldest_due_us();
    metrics.Set("modelwatch_hub_due", "Work that is due, by class; counted up to 10,000.",
                static_cast<double>(due.due()), labels);
    metrics.Set("modelwatch_hub_oldest_due_seconds", "How long the oldest of it has been due.",
                Seconds(late_us), labels);
  }
}

void SetBudgets(const v1::HubStatus& hub, int64_t now_us, common::Metrics& metrics) {
  for (const v1::BudgetStatus& budget : hub.budgets()) {
    const common::Metrics::Labels labels = {
        {"hub", hub.hub()}, {"class", budget.quota_class()}, {"account", budget.account()}};
    metrics.Set("modelwatch_hub_quota", "Requests the hub allows a window; 0 = not told.",
                static_cast<double>(budget.quota()), labels);
    metrics.Set("modelwatch_hub_quota_left", "What is left of the window, less what is handed out.",
                static_cast<double>(budget.left()), labels);
    metrics.Set("modelwatch_hub_blocked_seconds", "How long the hub wants to be left alone.",
                Seconds(std::max<int64_t>(budget.blocked_until_us() - now_us, 0)), labels);
  }
}

void SetKnown(const v1::HubStatus& hub, common::Metrics& metrics) {
  const auto part = [&](const char* by, uint64_t known, uint64_t of) {
    if (of == 0) return;
    metrics.Set("modelwatch_hub_known_ratio",
                "Completeness: releases found against rows of the last sweep; known ones among the "
                "settled of the last keep-up.",
                Part(known, of), {{"hub", hub.hub()}, {"by", by}});
  };
  part("sweep", hub.found(), hub.listed());
  part("keep_up", hub.settled_known(), hub.settled());
  for (const v1::TroubleStatus& each : hub.trouble()) {
    metrics.Set("modelwatch_hub_trouble", "Answers that could not be used, of all crawlers.",
                static_cast<double>(each.total()), {{"hub", hub.hub()}, {"reason", each.reason()}});
  }
}

}  // namespace

std::vector<HealthFact> HealthFacts(const v1::HubStatus& hub, int64_t now_us) {
  std::vector<HealthFact> facts = {Heard(hub, now_us), Backlog(hub, now_us), Allowance(hub, now_us),
                                   Trouble(hub),       Known(hub),           Canary(hub, now_us)};
  std::erase_if(facts, [](const HealthFact& fact) { return fact.words.empty(); });
  return facts;
}

std::string AgoWords(int64_t at_us, int64_t now_us) {
  if (at_us == 0) return "not yet";
  return now_us - at_us < kMinuteUs ? "just now" : LongWords(now_us - at_us) + " ago";
}

double Part(uint64_t known, uint64_t of) {
  if (of == 0) return -1;
  return std::min(1.0, static_cast<double>(known) / static_cast<double>(of));
}

void SetHealthMetrics(const v1::GetStatusResponse& status, common::Metrics& metrics) {
  for (const v1::HubStatus& hub : status.hubs()) {
    SetTimes(hub, metrics);
    SetBacklog(hub, status.now_us(), metrics);
    SetBudgets(hub, status.now_us(), metrics);
    SetKnown(hub, metrics);
  }
}

}  // namespace modelwatch::evaluator
