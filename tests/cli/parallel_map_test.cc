// SPDX-License-Identifier: Apache-2.0
#include "cli/parallel_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <numeric>

#include "cli/finding_cache.h"

namespace modelwatch::cli {
namespace {

using ::testing::ElementsAre;

// Work of very different length, so that answers overtake each other.
int Spin(int item) {
  std::atomic<int> turns = item % 7 == 0 ? 20'000 : 10;
  while (turns > 0) --turns;
  return item * 2;
}

TEST(ParallelMapTest, AnswersInTheOrderOfTheItems) {
  std::vector<int> answers;
  ParallelMap<int, int> map({.jobs = 4, .max_items = 8}, Spin,
                            [&](int answer) { answers.push_back(answer); });
  for (int i = 0; i < 2000; ++i) map.Put(i, 1);
  map.Finish();
  std::vector<int> expected(2000);
  for (int i = 0; i < 2000; ++i) expected[static_cast<size_t>(i)] = i * 2;
  EXPECT_EQ(answers, expected);
}

TEST(ParallelMapTest, AnswersAtOnceWithOneJob) {
  std::vector<int> answers;
  ParallelMap<int, int> map({.jobs = 1}, Spin, [&](int answer) { answers.push_back(answer); });
  map.Put(1, 1);
  EXPECT_THAT(answers, ElementsAre(2));
  map.Put(2, 1);
  EXPECT_THAT(answers, ElementsAre(2, 4));
}

TEST(ParallelMapTest, HoldsNoMoreThanItMay) {
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  ParallelMap<int, int> map(
      {.jobs = 3, .max_items = 100, .max_weight = 50},
      [&](int item) {
        int seen = most;
        while (seen < inside && !most.compare_exchange_weak(seen, inside)) {
        }
        return item;
      },
      [&](int) { --inside; });
  for (int i = 0; i < 500; ++i) {
    ++inside;
    map.Put(i, 10);
  }
  map.Finish();
  EXPECT_LE(most, 6) << "five of weight 10, and the one that waits";
}

TEST(ParallelMapTest, LetsAHeavyItemIn) {
  std::vector<int> answers;
  ParallelMap<int, int> map({.jobs = 2, .max_items = 4, .max_weight = 10}, Spin,
                            [&](int answer) { answers.push_back(answer); });
  map.Put(1, 1000);
  map.Put(2, 1000);
  map.Finish();
  EXPECT_THAT(answers, ElementsAre(2, 4));
}

TEST(ParallelMapTest, EndsWithAnswersOutstanding) {
  ParallelMap<int, int> map({.jobs = 2}, Spin, [](int) {});
  for (int i = 0; i < 100; ++i) map.Put(i, 1);
}

TEST(FindingCacheTest, MakesEachFindingOnce) {
  FindingCache cache;
  std::atomic<int> made = 0;
  std::vector<std::string> answers;
  ParallelMap<int, std::string> map(
      {.jobs = 4},
      [&](int item) {
        const std::string key = std::to_string(item % 10);
        const auto finding = cache.Get(key, [&] {
          ++made;
          v1::Finding fresh;
          fresh.set_licence(key);
          return fresh;
        });
        return finding->licence();
      },
      [&](std::string answer) { answers.push_back(std::move(answer)); });
  for (int i = 0; i < 1000; ++i) map.Put(i, 1);
  map.Finish();
  EXPECT_EQ(made, 10);
  for (size_t i = 0; i < answers.size(); ++i) EXPECT_EQ(answers[i], std::to_string(i % 10));
}

}  // namespace
}  // namespace modelwatch::cli
