// SPDX-License-Identifier: Apache-2.0
#include "cli/trace_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "testing/shared_data.h"
#include "testing/status_matchers.h"

namespace modelwatch::cli {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using testing::StatusIs;

constexpr double kSecond = 1.0 / 86'400;

TEST(TraceFileTest, TakesTheFirstTimeOfAReleaseForItsBirth) {
  ASSERT_OK_AND_ASSIGN(const auto trace, ParseTrace(R"({"path":"a/b","date":"2026-01-01T00:00:00Z"}
{"path":"a/b","date":"2026-01-09T00:00:00Z","weight":2}
{"path":"a/b","date":"2026-01-11T00:00:00+00:00"})",
                                                    5));
  ASSERT_EQ(trace.releases.size(), 1U);
  EXPECT_THAT(trace.releases[0].change_days,
              ElementsAre(DoubleNear(3, 2 * kSecond), DoubleNear(5, 2 * kSecond)));
  EXPECT_EQ(trace.releases[0].born_day, 0);
  EXPECT_EQ(trace.releases[0].subject.weight, 2);
  EXPECT_NEAR(trace.releases[0].subject.changes_per_day, 2.0 / 5, 0.05);
}

TEST(TraceFileTest, TakesARecordsOwnTimesBeforeTheDateOfTheLook) {
  ASSERT_OK_AND_ASSIGN(
      const auto trace,
      ParseTrace(
          R"({"path":"a","date":"2026-01-09T00:00:00Z","text":"{\"created_at\":\"2026-01-01T00:00:00Z\",\"updated_at\":\"2026-01-03T00:00:00.000Z\"}"}
{"path":"a","date":"2026-01-10T00:00:00Z","text":"{\"created_at\":\"2026-01-01T00:00:00Z\",\"updated_at\":\"2026-01-03T00:00:00.000Z\"}"})",
          7));
  EXPECT_THAT(trace.releases[0].change_days, ElementsAre(DoubleNear(7, 2 * kSecond)));
}

TEST(TraceFileTest, LeavesOutWhatIsBornAtTheVeryEnd) {
  ASSERT_OK_AND_ASSIGN(const auto trace, ParseTrace(R"({"path":"a","date":"2026-01-01T00:00:00Z"}
{"path":"b","date":"2026-01-02T00:00:00Z"})",
                                                    10));
  EXPECT_EQ(trace.releases.size(), 2U);
  for (const auto& release : trace.releases) {
    EXPECT_THAT(release.change_days, ElementsAre());
    EXPECT_LT(release.born_day, trace.days);
    EXPECT_GT(release.subject.changes_per_day, 0);
  }
}

TEST(TraceFileTest, PassesOverLinesThatAreNoChanges) {
  ASSERT_OK_AND_ASSIGN(
      const auto trace,
      ParseTrace(
          "\n[]\nnull\n{\"path\":7,\"date\":\"2026-01-01T00:00:00Z\"}\n\xff\xfe\n"
          "{\"path\":\"a\",\"date\":\"yesterday\"}\n"
          "{\"path\":\"a\",\"date\":\"2026-01-01T00:00:00Z\",\"text\":\"{\",\"weight\":\"x\"}\n"
          "{\"path\":\"a\",\"date\":\"2026-01-02T00:00:00Z\"}",
          10));
  ASSERT_EQ(trace.releases.size(), 1U);
  EXPECT_EQ(trace.releases[0].change_days.size(), 1U);
}

TEST(TraceFileTest, RefusesAFileWithoutAnyChange) {
  EXPECT_THAT(ParseTrace("", 7), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseTrace("MIT License\n", 7), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ReadTrace("/no/such/file", 7), StatusIs(absl::StatusCode::kNotFound));
}

TEST(TraceFileRealdataTest, ReadsARecordedWeekOfTheHub) {
  SKIP_WITHOUT_SHARED_DATA();
  ASSERT_OK_AND_ASSIGN(const auto trace,
                       ReadTrace(testing::SharedData("hf-2026-08/radar-history.jsonl.zst"), 7));
  EXPECT_GT(trace.releases.size(), 13'000U);
  EXPECT_GT(trace.changes_per_day() * trace.days, 10'000);
  for (const auto& release : trace.releases) {
    ASSERT_TRUE(std::is_sorted(release.change_days.begin(), release.change_days.end()));
  }
}

}  // namespace
}  // namespace modelwatch::cli
