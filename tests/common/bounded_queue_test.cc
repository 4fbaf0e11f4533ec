// SPDX-License-Identifier: Apache-2.0
#include "common/bounded_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <thread>

namespace modelwatch::common {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

TEST(BoundedQueueTest, GivesItemsBackInTheOrderTheyCame) {
  BoundedQueue<int> queue(4);
  for (int i = 1; i <= 3; ++i) ASSERT_TRUE(queue.Push(i));
  EXPECT_EQ(queue.size(), 3U);
  EXPECT_THAT(queue.Pop(), Optional(1));
  EXPECT_THAT(queue.PopBatch(10), ElementsAre(2, 3));
}

TEST(BoundedQueueTest, TakesAtMostAsManyAsAsked) {
  BoundedQueue<int> queue(4);
  for (int i = 1; i <= 4; ++i) ASSERT_TRUE(queue.Push(i));
  EXPECT_THAT(queue.PopBatch(3), ElementsAre(1, 2, 3));
  EXPECT_EQ(queue.size(), 1U);
}

TEST(BoundedQueueTest, LeavesAnItemUntouchedThatDoesNotFit) {
  BoundedQueue<std::unique_ptr<int>> queue(1);
  ASSERT_TRUE(queue.Push(std::make_unique<int>(1)));
  auto item = std::make_unique<int>(2);
  EXPECT_FALSE(queue.TryPush(item));
  ASSERT_NE(item, nullptr);
  EXPECT_EQ(*item, 2);
}

TEST(BoundedQueueTest, GivesNothingWhenTheTimeoutPasses) {
  BoundedQueue<int> queue(1);
  EXPECT_EQ(queue.Pop(absl::ZeroDuration()), std::nullopt);
  EXPECT_THAT(queue.PopBatch(5, absl::Milliseconds(1)), IsEmpty());
}

TEST(BoundedQueueTest, AfterCloseGivesTheRestAndTakesNothing) {
  BoundedQueue<int> queue(2);
  ASSERT_TRUE(queue.Push(1));
  queue.Close();
  EXPECT_TRUE(queue.closed());
  EXPECT_FALSE(queue.Push(2));
  int item = 3;
  EXPECT_FALSE(queue.TryPush(item));
  EXPECT_THAT(queue.Pop(), Optional(1));
  EXPECT_EQ(queue.Pop(), std::nullopt);
}

TEST(BoundedQueueTest, CloseWakesOneWhoWaitsForAnItem) {
  BoundedQueue<int> queue(1);
  std::optional<int> got = 7;
  std::thread waiter([&] { got = queue.Pop(); });
  queue.Close();
  waiter.join();
  EXPECT_EQ(got, std::nullopt);
}

TEST(BoundedQueueTest, CloseWakesOneWhoWaitsForRoom) {
  BoundedQueue<int> queue(1);
  ASSERT_TRUE(queue.Push(1));
  bool pushed = true;
  std::thread waiter([&] { pushed = queue.Push(2); });
  queue.Close();
  waiter.join();
  EXPECT_FALSE(pushed);
}

TEST(BoundedQueueTest, RoomMadeByAPopLetsAWaitingPushThrough) {
  BoundedQueue<int> queue(1);
  ASSERT_TRUE(queue.Push(1));
  std::thread waiter([&] { EXPECT_TRUE(queue.Push(2)); });
  EXPECT_THAT(queue.Pop(), Optional(1));
  EXPECT_THAT(queue.Pop(absl::Seconds(30)), Optional(2));
  waiter.join();
}

TEST(BoundedQueueTest, ManyThreadsLoseAndRepeatNothing) {
  constexpr int kProducers = 4;
  constexpr int kEach = 2000;
  BoundedQueue<int> queue(8);
  std::vector<std::thread> producers;
  for (int p = 0; p < kProducers; ++p) {
    producers.emplace_back([&queue, p] {
      for (int i = 0; i < kEach; ++i) ASSERT_TRUE(queue.Push(p * kEach + i));
    });
  }
  std::vector<std::vector<int>> taken(2);
  std::vector<std::thread> consumers;
  for (std::vector<int>& mine : taken) {
    consumers.emplace_back([&queue, &mine] {
      while (const std::optional<int> item = queue.Pop()) mine.push_back(*item);
    });
  }
  for (std::thread& producer : producers) producer.join();
  queue.Close();
  for (std::thread& consumer : consumers) consumer.join();
  std::set<int> seen(taken[0].begin(), taken[0].end());
  seen.insert(taken[1].begin(), taken[1].end());
  EXPECT_EQ(seen.size(), static_cast<size_t>(kProducers * kEach));
  EXPECT_EQ(taken[0].size() + taken[1].size(), static_cast<size_t>(kProducers * kEach));
}

}  // namespace
}  // namespace modelwatch::common
