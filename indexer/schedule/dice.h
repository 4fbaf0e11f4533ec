// SPDX-License-Identifier: Apache-2.0
// Dice: seeded chance. The standard library's distributions differ from one library to the next;
// what a seed gives must not.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>

namespace modelwatch::indexer {

class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed) {}

  // In (0, 1).
  double Uniform() { return (static_cast<double>(engine_() >> 12) + 0.5) * 0x1p-52; }
  // Waiting time at `rate`.
  double Exponential(double rate) { return -std::log(Uniform()) / rate; }
  // Mean 0, variance 1.
  double Normal() {
    constexpr double kTwoPi = 6.283185307179586;
    const double radius = std::sqrt(-2 * std::log(Uniform()));
    return radius * std::cos(kTwoPi * Uniform());
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace modelwatch::indexer
