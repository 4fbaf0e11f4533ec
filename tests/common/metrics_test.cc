// SPDX-License-Identifier: Apache-2.0
#include "common/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace modelwatch::common {
namespace {

using ::testing::HasSubstr;

TEST(MetricsTest, NothingCountedIsNothingSaid) { EXPECT_EQ(Metrics().Text(), ""); }

TEST(MetricsTest, ACounterAddsUpForEachLabel) {
  Metrics metrics;
  metrics.Count("modelwatch_pages_total", "Pages read.", {{"hub", "a"}});
  metrics.Count("modelwatch_pages_total", "", {{"hub", "a"}}, 2);
  metrics.Count("modelwatch_pages_total", "", {{"hub", "b"}});
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("# HELP modelwatch_pages_total Pages read."));
  EXPECT_THAT(text, HasSubstr("# TYPE modelwatch_pages_total counter"));
  EXPECT_THAT(text, HasSubstr("modelwatch_pages_total{hub=\"a\"} 3"));
  EXPECT_THAT(text, HasSubstr("modelwatch_pages_total{hub=\"b\"} 1"));
}

TEST(MetricsTest, AGaugeHoldsTheLastValue) {
  Metrics metrics;
  metrics.Set("modelwatch_backlog", "Waiting.", 7);
  metrics.Set("modelwatch_backlog", "Waiting.", 3);
  EXPECT_THAT(metrics.Text(), HasSubstr("modelwatch_backlog 3\n"));
}

TEST(MetricsTest, AHistogramCountsIntoItsBuckets) {
  Metrics metrics;
  metrics.Observe("modelwatch_commit_seconds", "Commits.", 0.0005);
  metrics.Observe("modelwatch_commit_seconds", "Commits.", 0.003);
  metrics.Observe("modelwatch_commit_seconds", "Commits.", 100);
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("modelwatch_commit_seconds_count 3"));
  EXPECT_THAT(text, HasSubstr("modelwatch_commit_seconds_bucket{le=\"0.001\"} 1"));
  EXPECT_THAT(text, HasSubstr("modelwatch_commit_seconds_bucket{le=\"0.004\"} 2"));
  EXPECT_THAT(text, HasSubstr("modelwatch_commit_seconds_bucket{le=\"+Inf\"} 3"));
}

TEST(MetricsTest, ALabelWithQuotesIsEscaped) {
  Metrics metrics;
  metrics.Count("modelwatch_errors_total", "Errors.", {{"code", "a\"b\n"}});
  EXPECT_THAT(metrics.Text(), HasSubstr("code=\"a\\\"b\\n\""));
}

TEST(MetricsTest, ManyThreadsCountTogether) {
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&metrics, t] {
      for (int i = 0; i < 250; ++i) {
        metrics.Count("modelwatch_x_total", "X.");
        metrics.Count("modelwatch_y_total", "Y.", {{"thread", std::to_string(t)}});
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(metrics.Text(), HasSubstr("modelwatch_x_total 1000"));
  EXPECT_THAT(metrics.Text(), HasSubstr("modelwatch_y_total{thread=\"3\"} 250"));
}

}  // namespace
}  // namespace modelwatch::common
