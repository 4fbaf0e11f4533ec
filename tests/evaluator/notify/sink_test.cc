// SPDX-License-Identifier: Apache-2.0
#include "evaluator/notify/sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace modelwatch::evaluator {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

v1::Alert Sample() {
  v1::Alert alert;
  alert.set_sequence(7);
  alert.set_name("acme/model");
  alert.set_severity(v1::CRITICAL);
  alert.set_title("Commercial use is no longer free");
  alert.set_observed_at_us(int64_t{1'690'000'000} * 1000 * 1000);
  return alert;
}

TEST(AlertLineTest, IsOneSentenceWithTheDayAndTheSeverity) {
  EXPECT_EQ(AlertLine(Sample()),
            "2023-07-22 CRITICAL acme/model: Commercial use is no longer free");
}

TEST(AlertLineTest, DoesNotSayTheNameTwice) {
  v1::Alert alert = Sample();
  alert.set_title("acme/model: MIT -> CC-BY-NC-4.0: commercial use lost");
  EXPECT_EQ(AlertLine(alert),
            "2023-07-22 CRITICAL acme/model: MIT -> CC-BY-NC-4.0: commercial use lost");
}

TEST(AlertLineTest, CannotBreakATerminal) {
  v1::Alert alert = Sample();
  alert.set_title("a\x1b[2Jb\nc");
  EXPECT_EQ(AlertLine(alert), "2023-07-22 CRITICAL acme/model: a?[2Jb c");
}

TEST(StreamSinkTest, WritesALineForEachAlert) {
  std::ostringstream out;
  StreamSink sink(out, StreamSink::Format::kText);
  sink.Tell(Sample());
  sink.Tell(Sample());
  EXPECT_EQ(out.str(), AlertLine(Sample()) + "\n" + AlertLine(Sample()) + "\n");
}

TEST(StreamSinkTest, WritesJsonAsTheCommandLineDoes) {
  std::ostringstream out;
  StreamSink sink(out, StreamSink::Format::kJson);
  sink.Tell(Sample());
  EXPECT_THAT(out.str(), StartsWith("{\"sequence\":7,"));
  EXPECT_THAT(out.str(), HasSubstr("\"severity\":\"critical\""));
}

}  // namespace
}  // namespace modelwatch::evaluator
