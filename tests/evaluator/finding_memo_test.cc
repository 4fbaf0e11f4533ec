// SPDX-License-Identifier: Apache-2.0
#include "evaluator/finding_memo.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "common/digest.h"
#include "evaluator/mortal_index.h"
#include "testing/fake_clock.h"
#include "testing/fake_index.h"
#include "testing/status_matchers.h"

namespace modelwatch::evaluator {
namespace {

using ::modelwatch::testing::FakeClock;
using ::modelwatch::testing::FakeIndex;
using ::modelwatch::testing::StatusIs;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class FindingMemoTest : public ::testing::Test {
 protected:
  FindingMemoTest() : index_(clock_) {}

  std::unique_ptr<FindingMemo> Make(indexer::Reader& reader, const std::string& version = "v1",
                                    size_t max_bytes = size_t{1} << 20) {
    return std::make_unique<FindingMemo>(
        reader, metrics_, version,
        [this](std::string_view text) {
          ++classified_[std::string(text)];
          v1::Finding finding;
          finding.set_status(v1::EXACT);
          finding.set_licence(std::string(text));
          return finding;
        },
        max_bytes);
  }
  static std::set<std::string> Digests(const std::vector<std::string>& texts) {
    std::set<std::string> digests;
    for (const std::string& text : texts) digests.insert(common::Sha256(text));
    return digests;
  }
  static std::string Identify(FindingMemo& memo, const std::string& text) {
    return memo.Identify(common::Sha256(text), text).licence();
  }
  void Store(const std::vector<v1::ContentFinding>& findings, const std::string& version = "v1") {
    v1::PutAssessmentsRequest request;
    request.set_evaluator("evaluator");
    request.set_cursor(++cursor_);
    request.set_identifier_version(version);
    for (const v1::ContentFinding& finding : findings) *request.add_findings() = finding;
    ASSERT_OK(index_.PutAssessments(request));
  }

  FakeClock clock_;
  FakeIndex index_;
  common::Metrics metrics_;
  std::map<std::string, int> classified_;
  uint64_t cursor_ = 0;
};

TEST_F(FindingMemoTest, ClassifiesATextOnce) {
  const auto memo = Make(index_);
  ASSERT_OK(memo->Load(Digests({"x"})));
  EXPECT_EQ(memo->Find(common::Sha256("x")), nullptr);
  EXPECT_EQ(Identify(*memo, "x"), "x");
  EXPECT_EQ(Identify(*memo, "x"), "x");
  EXPECT_EQ(classified_["x"], 1);
}

TEST_F(FindingMemoTest, AnswersFromTheIndexWithoutSeeingTheText) {
  const auto first = Make(index_);
  ASSERT_OK(first->Load(Digests({"x"})));
  Identify(*first, "x");
  Store(first->TakeNew(Digests({"x"})));
  const auto second = Make(index_);
  ASSERT_OK(second->Load(Digests({"x"})));
  EXPECT_EQ(second->Identify(common::Sha256("x"), "").licence(), "x");
  EXPECT_EQ(classified_["x"], 1);
}

TEST_F(FindingMemoTest, ClassifiesAgainForAnotherIdentifierVersion) {
  const auto first = Make(index_);
  Identify(*first, "x");
  Store(first->TakeNew(Digests({"x"})));
  const auto second = Make(index_, "v2");
  ASSERT_OK(second->Load(Digests({"x"})));
  Identify(*second, "x");
  EXPECT_EQ(classified_["x"], 2);
}

TEST_F(FindingMemoTest, HandsOutAFindingOnceAndAgainWhenItMayNotBeStored) {
  const auto memo = Make(index_);
  Identify(*memo, "x");
  EXPECT_THAT(memo->TakeNew(Digests({"y"})), IsEmpty());
  EXPECT_THAT(memo->TakeNew(Digests({"x", "y"})), SizeIs(1));
  EXPECT_THAT(memo->TakeNew(Digests({"x"})), IsEmpty());
  memo->GiveBack();
  EXPECT_THAT(memo->TakeNew(Digests({"x"})), SizeIs(1));
  memo->Confirm();
  memo->GiveBack();
  EXPECT_THAT(memo->TakeNew(Digests({"x"})), IsEmpty());
}

TEST_F(FindingMemoTest, HandsOutNothingThatCameFromTheIndex) {
  const auto first = Make(index_);
  Identify(*first, "x");
  Store(first->TakeNew(Digests({"x"})));
  const auto second = Make(index_);
  ASSERT_OK(second->Load(Digests({"x"})));
  EXPECT_THAT(second->TakeNew(Digests({"x"})), IsEmpty());
}

TEST_F(FindingMemoTest, KeepsWhatIsWantedOrUnstoredHoweverLittleRoomThereIs) {
  const auto memo = Make(index_, "v1", 1);
  Identify(*memo, "x");
  Identify(*memo, "y");
  ASSERT_OK(memo->Load(Digests({"z"})));
  EXPECT_NE(memo->Find(common::Sha256("x")), nullptr);  // not stored yet
  Store(memo->TakeNew(Digests({"x", "y"})));
  memo->Confirm();
  ASSERT_OK(memo->Load(Digests({"x"})));
  EXPECT_NE(memo->Find(common::Sha256("x")), nullptr);  // wanted
  EXPECT_EQ(memo->Find(common::Sha256("y")), nullptr);  // the index has it
  ASSERT_OK(memo->Load(Digests({"y"})));
  Identify(*memo, "y");
  EXPECT_EQ(classified_["y"], 1);
}

TEST_F(FindingMemoTest, AsksForManyInBatches) {
  MortalIndex checked(index_);  // fails a request over the limit
  const auto memo = Make(checked);
  std::vector<std::string> texts;
  for (int i = 0; i < 2500; ++i) texts.push_back(std::to_string(i));
  ASSERT_OK(memo->Load(Digests(texts)));
  EXPECT_EQ(checked.calls(), 3);
  for (const std::string& text : texts) Identify(*memo, text);
  Store(memo->TakeNew(Digests(texts)));
  const auto second = Make(checked);
  ASSERT_OK(second->Load(Digests(texts)));
  for (const std::string& text : texts) EXPECT_EQ(Identify(*second, text), text);
  for (const auto& [text, times] : classified_) EXPECT_EQ(times, 1) << text;
}

TEST_F(FindingMemoTest, ReturnsTheErrorOfAnIndexThatIsAway) {
  const auto memo = Make(index_);
  index_.SetAway(true);
  EXPECT_THAT(memo->Load(Digests({"x"})), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(FindingMemoTest, CountsWhereFindingsAreFrom) {
  const auto first = Make(index_);
  ASSERT_OK(first->Load(Digests({"x", "y"})));
  Identify(*first, "x");
  Identify(*first, "y");
  Store(first->TakeNew(Digests({"x", "y"})));
  ASSERT_OK(Make(index_)->Load(Digests({"x", "y", "z"})));
  ASSERT_OK(first->Load(Digests({"x"})));
  const std::string text = metrics_.Text();
  EXPECT_THAT(text, ::testing::HasSubstr("texts_total{from=\"classified\"} 2"));
  EXPECT_THAT(text, ::testing::HasSubstr("texts_total{from=\"index\"} 2"));
  EXPECT_THAT(text, ::testing::HasSubstr("texts_total{from=\"memory\"} 1"));
}

}  // namespace
}  // namespace modelwatch::evaluator
