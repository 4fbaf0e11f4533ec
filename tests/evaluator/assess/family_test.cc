// SPDX-License-Identifier: Apache-2.0
#include "evaluator/assess/family.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace modelwatch::evaluator {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const TermsTable& Table() { return TermsTable::Builtin(); }

v1::Assessment Under(const std::string& licence, const std::string& name) {
  v1::Assessment assessment;
  assessment.set_name(name);
  assessment.set_licence(licence);
  const v1::LicenceTerms* row = Table().Find(licence);
  EXPECT_NE(row, nullptr) << licence;
  if (row != nullptr) *assessment.mutable_terms() = Table().TermsOf(*row);
  return assessment;
}

// The name that FindPredecessor chooses, each member a day older than the one after it.
std::string Predecessor(const std::string& newer, const std::vector<std::string>& older) {
  std::vector<v1::Assessment> assessments;
  for (const std::string& name : older) assessments.push_back(Under("MIT", name));
  std::vector<FamilyMember> members;
  for (const v1::Assessment& assessment : assessments) {
    members.push_back({&assessment, static_cast<int64_t>(members.size()) + 1});
  }
  const FamilyMember* found = FindPredecessor(Under("MIT", newer), 1000, members);
  return found == nullptr ? "" : found->assessment->name();
}

TEST(FamilyTest, ReadsSeriesVersionSizeAndVariant) {
  const FamilyName qwen = ParseFamilyName("Qwen/Qwen2.5-72B-Instruct");
  EXPECT_EQ(qwen.publisher, "qwen");
  EXPECT_EQ(qwen.series, "qwen");
  EXPECT_THAT(qwen.version, ElementsAre(2, 5));
  EXPECT_EQ(qwen.size_b, 72);
  EXPECT_THAT(qwen.variant, ElementsAre("instruct"));
  EXPECT_FALSE(qwen.is_other_format);
  const FamilyName minimax = ParseFamilyName("MiniMaxAI/MiniMax-M2.7");
  EXPECT_EQ(minimax.series, "minimax m");
  EXPECT_THAT(minimax.version, ElementsAre(2, 7));
  const FamilyName mixture = ParseFamilyName("Qwen/Qwen3.8-2.4T-A95B");
  EXPECT_EQ(mixture.size_b, 2400);
  EXPECT_THAT(mixture.variant, IsEmpty());
  EXPECT_EQ(ParseFamilyName("mistralai/Mixtral-8x7B-v0.1").size_b, 56);
  EXPECT_THAT(ParseFamilyName("mistralai/Mixtral-8x7B-v0.1").version, ElementsAre(0, 1));
  EXPECT_EQ(ParseFamilyName("meta-llama/Meta-Llama-3-8B").series, "llama");
  EXPECT_EQ(ParseFamilyName("meta-llama/Llama-3.1-8B").series, "llama");
  EXPECT_EQ(ParseFamilyName("deepseek-ai/DeepSeek-V3.1").series, "deepseek");
  EXPECT_EQ(ParseFamilyName("zai-org/GLM-Z1-32B-0414").date, 414u);
  EXPECT_EQ(ParseFamilyName("mistralai/Mistral-Large-Instruct-2407").date, 20240700u);
}

TEST(FamilyTest, KnowsACopyInAnotherFormat) {
  for (const char* name : {"a/Qwen3-8B-GGUF", "a/Qwen3-8B-AWQ", "a/Qwen3-8B-4bit", "a/Qwen3-8B-FP8",
                           "a/Qwen3-8B-Q4_K_M", "a/Qwen3-8B-iq3_xs"}) {
    EXPECT_TRUE(ParseFamilyName(name).is_other_format) << name;
  }
  EXPECT_FALSE(ParseFamilyName("a/Qwen3-8B-hf").is_other_format);
  EXPECT_FALSE(ParseFamilyName("Qwen/QwQ-32B").is_other_format);
}

TEST(FamilyTest, TakesAnyNameAndStaysBounded) {
  for (const std::string& name :
       {std::string(), std::string("/"), std::string("a/"), std::string("a/1"),
        std::string("a/..."), std::string("a/") + std::string(100'000, '9'),
        std::string("a/") + std::string(100'000, '-'), std::string("a/\xff\xfe"),
        std::string("gpt2")}) {
    const FamilyName parsed = ParseFamilyName(name);
    EXPECT_EQ(CompareAge(parsed, parsed), 0);
  }
}

TEST(FamilyTest, OrdersByVersionThenDate) {
  const auto age = [](const char* left, const char* right) {
    return CompareAge(ParseFamilyName(left), ParseFamilyName(right));
  };
  EXPECT_EQ(age("q/Qwen2.5-72B", "q/Qwen3-72B"), -1);
  EXPECT_EQ(age("m/MiniMax-M2", "m/MiniMax-M2.7"), -1);
  EXPECT_EQ(age("y/Yi-34B", "y/Yi-1.5-34B"), -1);
  EXPECT_EQ(age("x/grok-2", "x/grok-1"), 1);
  EXPECT_EQ(age("q/Qwen2.5-7B", "q/Qwen2.5-72B"), 0);
  EXPECT_EQ(age("m/Mistral-Large-Instruct-2407", "m/Mistral-Large-Instruct-2411"), -1);
  EXPECT_EQ(age("a/X-1", "a/X-1.0"), 0);
}

TEST(FamilyTest, FindsTheNewestOlderReleaseOfTheSameLineAndSize) {
  EXPECT_EQ(Predecessor("q/Qwen3-72B", {"q/Qwen2-72B", "q/Qwen2.5-72B", "q/Qwen2.5-7B"}),
            "q/Qwen2.5-72B");
  EXPECT_EQ(Predecessor("m/MiniMax-M2.7", {"m/MiniMax-M1", "m/MiniMax-M2.5"}), "m/MiniMax-M2.5");
  EXPECT_EQ(Predecessor("q/Qwen3-72B", {"q/Qwen2.5-72B-Instruct", "q/Qwen2.5-Coder-72B"}), "");
  EXPECT_EQ(Predecessor("q/Qwen3-72B", {"other/Qwen2.5-72B"}), "");
  EXPECT_EQ(Predecessor("q/Qwen3-72B", {"q/Qwen2.5-72B-AWQ"}), "");
  EXPECT_EQ(Predecessor("q/Qwen3-72B", {"q/Qwen3-72B", "q/Qwen4-72B"}), "");
}

TEST(FamilyTest, ComparesASmallOneWithNoFlagship) {
  EXPECT_EQ(Predecessor("q/Qwen3-1B", {"q/Qwen2.5-72B"}), "");
  EXPECT_EQ(Predecessor("q/Qwen3-600B", {"q/Qwen2.5-7B", "q/Qwen2.5-72B"}), "q/Qwen2.5-72B");
}

TEST(FamilyTest, AReleaseMadeLaterIsNoPredecessor) {
  const v1::Assessment older = Under("MIT", "q/Qwen2.5-72B");
  const std::vector<FamilyMember> members = {{&older, 2000}};
  EXPECT_EQ(FindPredecessor(Under("MIT", "q/Qwen3-72B"), 1000, members), nullptr);
}

TEST(FamilyTest, TellsACoreUseThatTheNewerOneTook) {
  const v1::Assessment older = Under("MIT", "m/MiniMax-M2.5");
  const v1::Assessment newer = Under("CC-BY-NC-4.0", "m/MiniMax-M2.7");
  const auto event = RegressionEvent(Table(), newer, older);
  ASSERT_TRUE(event.has_value());
  EXPECT_EQ(event->id(), "E12");
  EXPECT_EQ(event->other_name(), "m/MiniMax-M2.5");
  EXPECT_EQ(event->text(), "CC-BY-NC-4.0 is tighter than MIT of m/MiniMax-M2.5, which it follows");
  EXPECT_FALSE(RegressionEvent(Table(), older, newer).has_value());
  EXPECT_FALSE(RegressionEvent(Table(), Under("Apache-2.0", "a/b-2"), older).has_value());
}

TEST(FamilyTest, LooksForItAmongNamesThatBeginAlike) {
  EXPECT_EQ(FamilyPrefix("Qwen/Qwen2.5-72B"), "Qwen/Qwen");
  EXPECT_EQ(FamilyPrefix("MiniMaxAI/MiniMax-M2.7"), "MiniMaxAI/MiniMax");
  EXPECT_EQ(FamilyPrefix("a/7B"), "a/");
  EXPECT_EQ(FamilyPrefix("gpt2"), "");
}

}  // namespace
}  // namespace modelwatch::evaluator
