// SPDX-License-Identifier: Apache-2.0
// Which of many strings stand in a text.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace modelwatch::evaluator {

// An automaton (Aho, Corasick, CACM 1975) over the bytes that the strings use. Immutable; threads
// may share it.
class Literals {
 public:
  // Of distinct strings; empty ones are never found.
  explicit Literals(std::span<const std::string> literals);

  // Their places in the list, ascending, each once. Linear in the text and in what is found.
  [[nodiscard]] std::vector<int> FindIn(std::string_view text) const;

 private:
  using State = uint32_t;
  struct Node {
    int literal = -1;       // that ends here
    State longest_end = 0;  // of the shorter ones that end here, too, the longest; 0: none
  };

  [[nodiscard]] State& Next(State state, uint16_t letter) {
    return next_[state * letters_ + letter];
  }
  void AddAll(std::span<const std::string> literals);
  void LinkSuffixes();

  std::array<uint16_t, 256> letter_of_ = {};  // 0: of no literal
  size_t letters_ = 1;
  std::vector<State> next_;  // by state and letter
  std::vector<Node> nodes_;
};

}  // namespace modelwatch::evaluator
