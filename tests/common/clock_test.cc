// SPDX-License-Identifier: Apache-2.0
#include "common/clock.h"

#include <gtest/gtest.h>

#include "testing/fake_clock.h"
#include "testing/status_matchers.h"

namespace modelwatch::common {
namespace {

using ::modelwatch::testing::FakeClock;
using ::modelwatch::testing::StatusIs;

constexpr int64_t kSecond = 1'000'000;

TEST(ClockTest, FormatsMicrosecondsAsUtc) {
  EXPECT_EQ(FormatMicros(1'787'132'191 * kSecond), "2026-08-19T09:36:31Z");
  EXPECT_EQ(FormatMicros(1'787'132'191 * kSecond + 250'000), "2026-08-19T09:36:31.25Z");
}

TEST(ClockTest, AnUnknownTimeIsEmpty) { EXPECT_EQ(FormatMicros(0), ""); }

TEST(ClockTest, ReadsWhatItWrites) {
  for (const int64_t micros : {int64_t{1}, int64_t{-1}, 1'787'132'191 * kSecond + 123'456}) {
    ASSERT_OK_AND_ASSIGN(const int64_t back, ParseMicros(FormatMicros(micros)));
    EXPECT_EQ(back, micros);
  }
}

TEST(ClockTest, ABareDateIsMidnight) {
  ASSERT_OK_AND_ASSIGN(const int64_t midnight, ParseMicros("2026-08-19"));
  EXPECT_EQ(FormatMicros(midnight), "2026-08-19T00:00:00Z");
}

TEST(ClockTest, AnOffsetIsTakenIntoAccount) {
  ASSERT_OK_AND_ASSIGN(const int64_t there, ParseMicros("2026-08-19T11:36:31+02:00"));
  EXPECT_EQ(FormatMicros(there), "2026-08-19T09:36:31Z");
}

TEST(ClockTest, RefusesWhatIsNotATime) {
  for (const char* text : {"", "yesterday", "2026-13-01", "2026-08-19T25:00:00Z", "1787132191",
                           "2026-08-19 trailing", "infinite-future", "infinite-past"}) {
    EXPECT_THAT(ParseMicros(text), StatusIs(absl::StatusCode::kInvalidArgument, "is not a time"))
        << text;
  }
}

TEST(ClockTest, TheMachinesClockMovesOn) {
  const absl::Time before = SystemClock().Now();
  EXPECT_GE(SystemClock().Now(), before);
  EXPECT_EQ(&SystemClock(), &SystemClock());
}

TEST(ClockTest, AFakeClockMovesOnlyByHand) {
  FakeClock clock(absl::FromUnixSeconds(100));
  EXPECT_EQ(ToMicros(clock.Now()), 100 * kSecond);
  clock.Advance(absl::Milliseconds(1500));
  EXPECT_EQ(ToMicros(clock.Now()), 101 * kSecond + 500'000);
  EXPECT_EQ(FromMicros(101 * kSecond + 500'000), clock.Now());
}

}  // namespace
}  // namespace modelwatch::common
