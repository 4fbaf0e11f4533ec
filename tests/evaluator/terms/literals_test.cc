// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/literals.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace modelwatch::evaluator {
namespace {

std::vector<int> SearchEach(const std::vector<std::string>& literals, std::string_view text) {
  std::vector<int> found;
  for (size_t i = 0; i < literals.size(); ++i) {
    const bool is_there = text.find(literals[i]) != std::string_view::npos;
    if (!literals[i].empty() && is_there) found.push_back(static_cast<int>(i));
  }
  return found;
}

std::string RandomText(std::mt19937& random, size_t size) {
  std::string text;
  while (text.size() < size) text += static_cast<char>("ab \xE7"[random() % 4]);
  return text;
}

TEST(LiteralsTest, FindsEachStringThatStandsInTheText) {
  const std::vector<std::string> literals = {"he", "she", "his", "hers", "", "s"};
  const Literals automaton(literals);
  EXPECT_EQ(automaton.FindIn("ushers"), (std::vector<int>{0, 1, 3, 5}));
  EXPECT_EQ(automaton.FindIn("hi"), std::vector<int>());
  EXPECT_EQ(automaton.FindIn(""), std::vector<int>());
  EXPECT_EQ(automaton.FindIn("h\x01"
                             "e he"),
            std::vector<int>{0});
}

TEST(LiteralsTest, FindsWhatASearchForEachFinds) {
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    std::set<std::string> distinct;
    for (size_t i = random() % 12; i > 0; --i) {
      distinct.insert(RandomText(random, 1 + random() % 5));
    }
    const std::vector<std::string> literals(distinct.begin(), distinct.end());
    const std::string text = RandomText(random, random() % 40);
    EXPECT_EQ(Literals(literals).FindIn(text), SearchEach(literals, text)) << text;
  }
}

TEST(LiteralsTest, FindsNothingWhenThereIsNothingToFind) {
  EXPECT_EQ(Literals({}).FindIn("any text"), std::vector<int>());
}

}  // namespace
}  // namespace modelwatch::evaluator
