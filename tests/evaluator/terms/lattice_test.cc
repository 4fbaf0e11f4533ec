// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/lattice.h"

#include <gtest/gtest.h>

namespace modelwatch::evaluator {
namespace {

v1::Terms Make(std::initializer_list<std::pair<uint32_t, uint32_t>> intervals) {
  v1::Terms terms;
  int i = 0;
  for (const auto& [low, high] : intervals) {
    v1::Outcome& outcome = *terms.add_outcomes();
    outcome.set_scenario("s" + std::to_string(i++));
    outcome.mutable_interval()->set_low(low);
    outcome.mutable_interval()->set_high(high);
  }
  return terms;
}

std::string Show(const v1::Terms& terms) {
  std::string out;
  for (const auto& outcome : terms.outcomes()) {
    out +=
        std::to_string(outcome.interval().low()) + std::to_string(outcome.interval().high()) + " ";
  }
  return out;
}

TEST(LatticeTest, JoinsToTheWorseAndMeetsAtTheBetter) {
  const v1::Terms a = Make({{0, 0}, {1, 3}, {2, 2}}), b = Make({{3, 3}, {2, 2}, {0, 1}});
  EXPECT_EQ(Show(Join(a, b)), "33 23 22 ");
  EXPECT_EQ(Show(Meet(a, b)), "00 12 01 ");
}

TEST(LatticeTest, CallsALossOnlyWhatIsBeyondDoubt) {
  EXPECT_EQ(CompareTerms(Make({{0, 0}}), Make({{1, 3}})).direction(), v1::TIGHTER);
  EXPECT_EQ(CompareTerms(Make({{0, 1}}), Make({{1, 3}})).direction(), v1::UNCLEAR);
  EXPECT_EQ(CompareTerms(Make({{0, 3}}), Make({{3, 3}})).direction(), v1::UNCLEAR);
  EXPECT_EQ(CompareTerms(Make({{2, 3}}), Make({{0, 1}})).direction(), v1::LOOSER);
  EXPECT_EQ(CompareTerms(Make({{0, 0}, {3, 3}}), Make({{3, 3}, {0, 0}})).direction(), v1::MIXED);
  EXPECT_EQ(CompareTerms(Make({{0, 3}}), Make({{0, 3}})).direction(), v1::SAME);
}

TEST(LatticeTest, NamesTheScenariosThatMoved) {
  const v1::Shift shift = CompareTerms(Make({{0, 0}, {1, 1}}), Make({{2, 2}, {1, 1}}));
  ASSERT_EQ(shift.lost_size(), 1);
  EXPECT_EQ(shift.lost(0).scenario(), "s0");
  EXPECT_EQ(shift.lost(0).from().high(), 0u);
  EXPECT_EQ(shift.lost(0).to().low(), 2u);
}

}  // namespace
}  // namespace modelwatch::evaluator
