// SPDX-License-Identifier: Apache-2.0
// Hub health: how the watch itself stands, in words for people and in numbers for machines.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/metrics.h"
#include "modelwatch/v1/read.pb.h"

namespace modelwatch::evaluator {

// One line of a hub's health: "Canary", "openai-community/gpt2 came through 4 min ago ...".
struct HealthFact {
  std::string name;
  std::string words;
  bool is_bad = false;  // a person should look
};

// When it was heard, what waits, what is left of its allowance, what went wrong, how much of it is
// known, and whether the canary comes through. Pure. REQUIRES: the status was asked with `health`.
[[nodiscard]] std::vector<HealthFact> HealthFacts(const v1::HubStatus& hub, int64_t now_us);

// "4 min ago", "3 h 20 min ago", "not yet" for 0.
[[nodiscard]] std::string AgoWords(int64_t at_us, int64_t now_us);

// 0..1 of `of`; negative when there is nothing to measure by.
[[nodiscard]] double Part(uint64_t known, uint64_t of);

// The same as gauges modelwatch_hub_*, for /metrics.
void SetHealthMetrics(const v1::GetStatusResponse& status, common::Metrics& metrics);

}  // namespace modelwatch::evaluator
