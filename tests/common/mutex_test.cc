// SPDX-License-Identifier: Apache-2.0
#include "common/mutex.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace modelwatch::common {
namespace {

struct Guarded {
  Mutex mutex;
  CondVar changed;
  int value ABSL_GUARDED_BY(mutex) = 0;
};

TEST(MutexTest, KeepsThreadsApart) {
  Guarded guarded;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&guarded] {
      for (int i = 0; i < 1000; ++i) {
        MutexLock lock(guarded.mutex);
        ++guarded.value;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  MutexLock lock(guarded.mutex);
  EXPECT_EQ(guarded.value, 4000);
}

TEST(CondVarTest, SaysThatTheTimeoutPassed) {
  Guarded guarded;
  MutexLock lock(guarded.mutex);
  EXPECT_FALSE(guarded.changed.WaitFor(guarded.mutex, absl::Milliseconds(1)));
}

TEST(CondVarTest, TheLockIsHeldAgainAfterAWait) {
  Guarded guarded;
  std::thread setter([&guarded] {
    MutexLock lock(guarded.mutex);
    guarded.value = 1;
    guarded.changed.NotifyOne();
  });
  {
    MutexLock lock(guarded.mutex);
    while (guarded.value == 0) guarded.changed.Wait(guarded.mutex);
    guarded.value = 2;
  }
  setter.join();
  MutexLock lock(guarded.mutex);
  EXPECT_EQ(guarded.value, 2);
}

}  // namespace
}  // namespace modelwatch::common
