// SPDX-License-Identifier: Apache-2.0
#include "evaluator/past_judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/fake_index.h"
#include "testing/observations.h"
#include "testing/status_matchers.h"

namespace modelwatch::evaluator {
namespace {

using testing::FakeIndex;
using testing::KeyOf;

class PastJudgeTest : public ::testing::Test {
 protected:
  // A commit whose card declares that; its text is in the index.
  v1::PastVersion VersionWithCard(const std::string& licence) {
    v1::PutItem item;
    *item.mutable_observation() = testing::ObservationOf("carrier-" + licence, 1);
    testing::AddFile(item, "README.md", "---\nlicense: " + licence + "\n---\n# A model\n");
    v1::PutBatchRequest request;
    *request.add_items() = item;
    EXPECT_OK(index_.PutBatch(request));
    v1::PastVersion version;
    version.set_index(next_index_--);
    version.set_revision(testing::OidOf(licence));
    version.set_committed_at_us(testing::kHubStartUs - next_index_);
    *version.mutable_files() = item.observation().files();
    return version;
  }

  FakeIndex index_{common::SystemClock()};
  uint32_t next_index_ = 9;
};

TEST_F(PastJudgeTest, SaysWhatEachCommitAskedForAndWhoLostWhat) {
  const std::vector<v1::PastVersion> past = {
      VersionWithCard("mit"), VersionWithCard("cc-by-nc-4.0"), VersionWithCard("mit")};
  const size_t entries = index_.Entries().size();
  ASSERT_OK_AND_ASSIGN(const std::vector<v1::Assessment> judged,
                       JudgePast(index_, nullptr, KeyOf("a"), "owner/a", past));
  ASSERT_EQ(judged.size(), 3u);
  EXPECT_EQ(judged[0].expression(), "MIT");
  EXPECT_FALSE(judged[0].has_shift());
  EXPECT_EQ(judged[1].shift().direction(), v1::TIGHTER);
  EXPECT_EQ(judged[1].shift().kind(), v1::SWAP);
  EXPECT_FALSE(judged[1].shift().lost().empty());
  EXPECT_EQ(judged[2].shift().direction(), v1::LOOSER);
  EXPECT_EQ(judged[2].observed_at_us(), past[2].committed_at_us());
  EXPECT_EQ(index_.Entries().size(), entries) << "judging the past writes nothing";
}

TEST_F(PastJudgeTest, ATextThatIsLostLeavesItsTermsOpen) {
  v1::PastVersion version = VersionWithCard("mit");
  index_.ForgetBlobs();
  ASSERT_OK_AND_ASSIGN(
      const std::vector<v1::Assessment> judged,
      JudgePast(index_, nullptr, KeyOf("a"), "owner/a", std::vector<v1::PastVersion>{version}));
  ASSERT_EQ(judged.size(), 1u);
  EXPECT_EQ(judged[0].expression(), "");
}

}  // namespace
}  // namespace modelwatch::evaluator
