// SPDX-License-Identifier: Apache-2.0
#include "evaluator/feed/words.h"

#include <gtest/gtest.h>

namespace modelwatch::evaluator {
namespace {

ScenarioWords Sample() {
  v1::ScenarioTable table;
  for (const auto& [id, is_core] : {std::pair{"personal", false}, {"com_tiny", true}}) {
    v1::Scenario& scenario = *table.add_scenario();
    scenario.set_id(id);
    scenario.set_title(std::string("title of ") + id);
    scenario.set_is_core(is_core);
  }
  return ScenarioWords(table);
}

v1::Shift Losing(std::initializer_list<const char*> scenarios) {
  v1::Shift shift;
  for (const char* scenario : scenarios) shift.add_lost()->set_scenario(scenario);
  return shift;
}

TEST(WhoLostWhatTest, NamesCoreUsesFirst) {
  EXPECT_EQ(WhoLostWhat(Losing({"personal", "com_tiny"}), Sample()),
            "Lost: title of com_tiny; title of personal.");
}

TEST(WhoLostWhatTest, CountsWhatItDoesNotName) {
  EXPECT_EQ(WhoLostWhat(Losing({"a", "b", "c", "d", "e_f"}), Sample()),
            "Lost: a; b; c; and 2 more.");
}

TEST(WhoLostWhatTest, SaysTogetherWhatIsLostTogether) {
  v1::PolicyRuleTable policy;
  v1::PolicyPhrase& phrase = *policy.add_phrase();
  phrase.add_scenario("b");
  phrase.add_scenario("c");
  phrase.set_words("b and c");
  const ScenarioWords words(v1::ScenarioTable(), policy);
  EXPECT_EQ(WhoLostWhat(Losing({"a", "b", "c"}), words), "Lost: b and c; a.");
  EXPECT_EQ(WhoLostWhat(Losing({"a", "b"}), words), "Lost: a; b.");
}

TEST(WhoLostWhatTest, SaysWhenNobodyLost) {
  EXPECT_EQ(WhoLostWhat(v1::Shift(), Sample()), "Nobody lost anything for certain.");
}

TEST(IntervalWordsTest, TellsCertainFromUnknown) {
  v1::Interval interval;
  EXPECT_EQ(IntervalWords(interval), "free");
  interval.set_high(3);
  EXPECT_EQ(IntervalWords(interval), "unknown");
  interval.set_low(2);
  EXPECT_EQ(IntervalWords(interval), "needs a licence to prohibited");
}

TEST(SideWordsTest, PrefersTheLicenceButTellsAccessForAnAccessShift) {
  v1::Alert alert;
  v1::Evidence side;
  EXPECT_EQ(SideWords(alert, side), "no known licence");
  side.set_declared("other");
  EXPECT_EQ(SideWords(alert, side), "other");
  side.set_licence("MIT");
  side.set_access("gated (manual)");
  EXPECT_EQ(SideWords(alert, side), "MIT");
  alert.mutable_shift()->set_kind(v1::ACCESS);
  EXPECT_EQ(SideWords(alert, side), "gated (manual)");
}

TEST(BecameWordsTest, TellsAnEditUnderTheSameName) {
  v1::Alert alert;
  alert.mutable_shift()->set_kind(v1::EDIT);
  alert.mutable_before()->set_licence("Qwen");
  alert.mutable_after()->set_licence("Qwen");
  EXPECT_EQ(BecameWords(alert), "same name, edited text");
  alert.mutable_after()->set_licence("Other");
  EXPECT_EQ(BecameWords(alert), "Other");
}

TEST(WatchedWordsTest, SaysPlainlyWhetherTheHubIsTheLiveOne) {
  v1::HubStatus hub;
  hub.set_endpoint("https://huggingface.co/");
  EXPECT_EQ(WatchedWords(hub), "Watching the live Hugging Face Hub at https://huggingface.co/.");
  hub.set_endpoint("http://127.0.0.1:8600");
  hub.set_label("recorded history 2022-2026");
  EXPECT_EQ(WatchedWords(hub),
            "Not the live Hugging Face Hub: replay or mirror at http://127.0.0.1:8600 (recorded "
            "history 2022-2026).");
  hub.set_endpoint("https://huggingface.co.evil.example");
  EXPECT_FALSE(IsLiveHub(hub.endpoint()));
}

TEST(TimeWordsTest, SpeaksUtc) {
  EXPECT_EQ(DayWords(1'690'000'000'000'000), "22 July 2023");
  EXPECT_EQ(TimeWords(1'690'000'000'000'000), "2023-07-22 04:26 UTC");
  EXPECT_EQ(DayWords(0), "unknown");
}

TEST(CountWordsTest, GroupsByThousands) {
  EXPECT_EQ(CountWords(0), "0");
  EXPECT_EQ(CountWords(999), "999");
  EXPECT_EQ(CountWords(1234567), "1,234,567");
}

}  // namespace
}  // namespace modelwatch::evaluator
