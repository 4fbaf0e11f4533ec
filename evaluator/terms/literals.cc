// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/literals.h"

#include <algorithm>

namespace modelwatch::evaluator {

Literals::Literals(std::span<const std::string> literals) {
  for (const std::string& literal : literals) {
    for (const char c : literal) {
      uint16_t& letter = letter_of_[static_cast<uint8_t>(c)];
      if (letter == 0) letter = static_cast<uint16_t>(letters_++);
    }
  }
  AddAll(literals);
  LinkSuffixes();
}

void Literals::AddAll(std::span<const std::string> literals) {
  nodes_.resize(1);
  next_.resize(letters_, 0);
  for (size_t i = 0; i < literals.size(); ++i) {
    State state = 0;
    for (const char c : literals[i]) {
      State next = Next(state, letter_of_[static_cast<uint8_t>(c)]);
      if (next == 0) {
        next = static_cast<State>(nodes_.size());
        Next(state, letter_of_[static_cast<uint8_t>(c)]) = next;
        nodes_.emplace_back();
        next_.resize(nodes_.size() * letters_, 0);
      }
      state = next;
    }
    if (state != 0) nodes_[state].literal = static_cast<int>(i);
  }
}

// Breadth first: the state of the longest proper suffix is complete when a state is reached.
void Literals::LinkSuffixes() {
  std::vector<State> suffix(nodes_.size(), 0), reached = {0};
  for (size_t done = 0; done < reached.size(); ++done) {
    const State state = reached[done];
    for (size_t letter = 1; letter < letters_; ++letter) {
      State& next = Next(state, static_cast<uint16_t>(letter));
      const State behind = state == 0 ? 0 : Next(suffix[state], static_cast<uint16_t>(letter));
      if (next == 0) {
        next = behind;
        continue;
      }
      suffix[next] = behind;
      nodes_[next].longest_end = nodes_[behind].literal >= 0 ? behind : nodes_[behind].longest_end;
      reached.push_back(next);
    }
  }
}

std::vector<int> Literals::FindIn(std::string_view text) const {
  std::vector<int> found;
  State state = 0;
  for (const char c : text) {
    state = next_[state * letters_ + letter_of_[static_cast<uint8_t>(c)]];
    State end = nodes_[state].literal >= 0 ? state : nodes_[state].longest_end;
    for (; end != 0; end = nodes_[end].longest_end) found.push_back(nodes_[end].literal);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace modelwatch::evaluator
