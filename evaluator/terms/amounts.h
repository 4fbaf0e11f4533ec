// SPDX-License-Identifier: Apache-2.0
// Amounts as licences write them: "700 million", "seven hundred million", "100,000,000", "100M",
// "$20M", "USD 1 million", "1.000.000 Euro", "1 亿".
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace modelwatch::evaluator {

enum class Currency { kNone, kUsd, kOther };

struct Amount {
  double value = 0;     // as written; other currencies in US dollars, at a rate that is rough
  double at_least = 0;  // the same within what a rate moves
  double at_most = 0;
  Currency currency = Currency::kNone;
  size_t begin = 0;  // [begin, end) of the words
  size_t end = 0;
};

// Amounts of 1000 or more, or with a currency, in reading order. `words` are tokens (tokens.h).
// A year ("2024") is none. Linear.
[[nodiscard]] std::vector<Amount> AmountsIn(std::span<const std::string_view> words);

}  // namespace modelwatch::evaluator
