// SPDX-License-Identifier: Apache-2.0
// A fixed set of words, to be asked about every word of a text.
//
// Most words are not in it, and most of these are told so by their first two letters and their
// length, without a hash.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

#include "absl/container/flat_hash_set.h"

namespace modelwatch::evaluator {

// Immutable; threads may share it.
class WordSet {
 public:
  // The words, none of them empty, must outlive this.
  WordSet(std::initializer_list<std::string_view> words)
      : WordSet(std::span(words.begin(), words.size())) {}
  explicit WordSet(std::span<const std::string_view> words) : words_(words.begin(), words.end()) {
    for (const std::string_view word : words) looks_[LookOf(word)] = true;
  }

  // REQUIRES: not empty.
  [[nodiscard]] bool contains(std::string_view word) const {
    return looks_[LookOf(word)] && words_.contains(word);
  }

 private:
  static constexpr size_t kLooks = 2048;
  static size_t LookOf(std::string_view word) {
    const auto first = static_cast<uint8_t>(word.front());
    const auto second = static_cast<uint8_t>(word.size() > 1 ? word[1] : 0);
    return ((first * size_t{67} + second) * 31 + word.size()) % kLooks;
  }

  std::bitset<kLooks> looks_;
  absl::flat_hash_set<std::string_view> words_;
};

}  // namespace modelwatch::evaluator
