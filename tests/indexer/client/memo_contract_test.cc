// SPDX-License-Identifier: Apache-2.0
// What index.h promises of the memo, held against every implementation of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "common/digest.h"
#include "indexer/client/index.h"
#include "indexer/indexer.h"
#include "testing/fake_clock.h"
#include "testing/fake_index.h"
#include "testing/observations.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::indexer {
namespace {

using absl::StatusCode;
using testing::BatchOf;
using testing::KeyOf;
using testing::kHub;
using testing::ObservationOf;
using testing::StatusIs;

enum class Kind { kFake, kReal };

class MemoContractTest : public ::testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    if (GetParam() == Kind::kFake) {
      index_ = std::make_unique<testing::FakeIndex>(clock_);
    } else {
      IndexerOptions options;
      options.data_dir = dir_.Sub("data");
      ASSERT_OK_AND_ASSIGN(indexer_, Indexer::Open(options, clock_, metrics_));
      index_ = indexer_->InProcess();
    }
    v1::DeclareHubRequest hub;
    hub.set_hub(kHub);
    hub.set_keep_up_ms(1000);
    hub.set_sweep_ms(1000);
    ASSERT_OK(index_->DeclareHub(hub));
    for (int64_t second = 1; second <= 5; ++second) {
      ASSERT_OK(index_->PutBatch(BatchOf({ObservationOf(std::to_string(second), second)})));
    }
  }

  uint64_t Put(uint64_t cursor, const std::string& version, const std::vector<std::string>& texts) {
    v1::PutAssessmentsRequest request;
    request.set_evaluator("evaluator");
    request.set_cursor(cursor);
    request.set_identifier_version(version);
    v1::Judgement& judgement = *request.add_judgements();
    *judgement.mutable_key() = KeyOf("1");
    *judgement.mutable_assessment()->mutable_key() = KeyOf("1");
    judgement.mutable_assessment()->set_version(1);
    for (const std::string& text : texts) {
      v1::ContentFinding& content = *request.add_findings();
      content.set_digest(common::Sha256(text));
      content.mutable_finding()->set_status(v1::EXACT);
      content.mutable_finding()->set_licence(text + " at " + std::to_string(cursor));
    }
    const auto response = index_->PutAssessments(request);
    EXPECT_OK(response);
    return response.ok() ? response->cursor() : 0;
  }
  // The licences found, "-" for none, with blanks between.
  std::string Ask(const std::string& version, const std::vector<std::string>& texts) {
    v1::GetFindingsRequest request;
    request.set_identifier_version(version);
    for (const std::string& text : texts) request.add_digests(common::Sha256(text));
    const auto response = index_->GetFindings(request);
    EXPECT_OK(response);
    std::string words;
    for (const v1::FoundFinding& found : response->findings()) {
      words += (words.empty() ? "" : ", ") + (found.found() ? found.finding().licence() : "-");
    }
    return words;
  }

  const testing::TempDir dir_;
  testing::FakeClock clock_;
  common::Metrics metrics_;
  std::unique_ptr<Indexer> indexer_;
  std::unique_ptr<Index> index_;
};

INSTANTIATE_TEST_SUITE_P(Implementations, MemoContractTest,
                         ::testing::Values(Kind::kFake, Kind::kReal),
                         [](const ::testing::TestParamInfo<Kind>& kind) {
                           return kind.param == Kind::kFake ? "Fake" : "Real";
                         });

TEST_P(MemoContractTest, AnswersInTheOrderAsked) {
  Put(1, "v1", {"x", "y"});
  EXPECT_EQ(Ask("v1", {"y", "z", "x"}), "y at 1, -, x at 1");
  EXPECT_EQ(Ask("v2", {"x"}), "-");
  EXPECT_EQ(Ask("", {"x"}), "-");
  EXPECT_EQ(Ask("v1", {}), "");
}

TEST_P(MemoContractTest, KeepsTheFirstFindingOfAContent) {
  Put(1, "v1", {"x"});
  Put(2, "v1", {"x", "y"});
  EXPECT_EQ(Ask("v1", {"x", "y"}), "x at 1, y at 2");
}

TEST_P(MemoContractTest, IgnoresFindingsWithTheCallTheyCameWith) {
  Put(3, "v1", {"x"});
  EXPECT_EQ(Put(2, "v1", {"y"}), 3u);
  EXPECT_EQ(Ask("v1", {"x", "y"}), "x at 3, -");
}

TEST_P(MemoContractTest, KeepsTheTwoVersionsWrittenLast) {
  Put(1, "v1", {"x"});
  Put(2, "v2", {"x"});
  Put(3, "v1", {"y"});
  Put(4, "v3", {"x"});
  EXPECT_EQ(Ask("v1", {"x", "y"}), "x at 1, y at 3");
  EXPECT_EQ(Ask("v2", {"x"}), "-");
  EXPECT_EQ(Ask("v3", {"x"}), "x at 4");
  EXPECT_EQ(index_->GetStatus({})->findings(), 3u);
}

TEST_P(MemoContractTest, RefusesMoreThanItsLimit) {
  v1::GetFindingsRequest request;
  for (int i = 0; i < 1025; ++i) request.add_digests(common::Sha256("x"));
  EXPECT_THAT(index_->GetFindings(request), StatusIs(StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace modelwatch::indexer
