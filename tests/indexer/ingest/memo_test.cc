// SPDX-License-Identifier: Apache-2.0
#include "indexer/ingest/memo.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "common/digest.h"
#include "indexer/service/reads.h"
#include "ingest/committer_fixture.h"

namespace modelwatch::indexer {
namespace {

using absl::StatusCode;
using testing::KeyOf;
using testing::ObservationOf;
using testing::StatusIs;

class MemoTest : public CommitterFixture {
 protected:
  void SetUp() override {
    CommitterFixture::SetUp();
    Put(ObservationOf("a", 1));
    Put(ObservationOf("b", 1));
    Put(ObservationOf("c", 1));
  }

  static v1::PutAssessmentsRequest Request(uint64_t cursor, const std::string& version,
                                           const std::map<std::string, std::string>& licences) {
    v1::PutAssessmentsRequest request;
    request.set_evaluator("evaluator");
    request.set_cursor(cursor);
    v1::Judgement& judgement = *request.add_judgements();
    *judgement.mutable_key() = KeyOf("a");
    *judgement.mutable_assessment()->mutable_key() = KeyOf("a");
    judgement.mutable_assessment()->set_version(1);
    if (!version.empty()) request.set_identifier_version(version);
    for (const auto& [text, licence] : licences) {
      v1::ContentFinding& content = *request.add_findings();
      content.set_digest(common::Sha256(text));
      content.mutable_finding()->set_status(v1::EXACT);
      content.mutable_finding()->set_licence(licence);
    }
    return request;
  }
  absl::Status Judge(uint64_t cursor, const std::string& version,
                     const std::map<std::string, std::string>& licences) {
    return committer_->PutAssessments(Request(cursor, version, licences), Soon()).status();
  }

  // "" when the memo does not have it.
  std::string Licence(const std::string& version, const std::string& text) {
    v1::GetFindingsRequest request;
    request.set_identifier_version(version);
    request.add_digests(common::Sha256(text));
    const auto response = ReadFindings(*store_, request);
    if (!response.ok()) return std::string(response.status().message());
    return response->findings(0).found() ? response->findings(0).finding().licence() : "";
  }
  uint64_t Rows() {
    uint64_t rows = 0;
    EXPECT_OK(store_->Scan(Table::kFinding, "", "", [&](std::string_view, std::string_view) {
      ++rows;
      return true;
    }));
    return rows;
  }
};

TEST_F(MemoTest, FindsWhatWasStoredWithTheJudgementsInTheOrderAsked) {
  ASSERT_OK(Judge(1, "v1", {{"x", "MIT"}, {"y", "Zlib"}}));
  v1::GetFindingsRequest request;
  request.set_identifier_version("v1");
  for (const char* text : {"y", "unknown", "x"}) request.add_digests(common::Sha256(text));
  ASSERT_OK_AND_ASSIGN(const auto response, ReadFindings(*store_, request));
  ASSERT_EQ(response.findings_size(), 3);
  EXPECT_EQ(response.findings(0).finding().licence(), "Zlib");
  EXPECT_FALSE(response.findings(1).found());
  EXPECT_EQ(response.findings(2).finding().licence(), "MIT");
}

TEST_F(MemoTest, KeepsTheVersionsApart) {
  ASSERT_OK(Judge(1, "v1", {{"x", "MIT"}}));
  ASSERT_OK(Judge(2, "v2", {{"x", "Zlib"}}));
  EXPECT_EQ(Licence("v1", "x"), "MIT");
  EXPECT_EQ(Licence("v2", "x"), "Zlib");
  EXPECT_EQ(Licence("v3", "x"), "");
}

TEST_F(MemoTest, KeepsTheFirstFindingOfAText) {
  ASSERT_OK(Judge(1, "v1", {{"x", "MIT"}}));
  ASSERT_OK(Judge(2, "v1", {{"x", "Zlib"}, {"y", "ISC"}}));
  EXPECT_EQ(Licence("v1", "x"), "MIT");
  EXPECT_EQ(State().findings(), 2u);
}

TEST_F(MemoTest, IsIgnoredWithACallThatWasAlreadyTaken) {
  ASSERT_OK(Judge(2, "v1", {{"x", "MIT"}}));
  ASSERT_OK(Judge(2, "v1", {{"y", "MIT"}}));
  ASSERT_OK(Judge(1, "v2", {{"y", "MIT"}}));
  EXPECT_EQ(Licence("v1", "y"), "");
  EXPECT_EQ(Rows(), 1u);
}

TEST_F(MemoTest, DropsAllButTheTwoVersionsWrittenLast) {
  ASSERT_OK(Judge(1, "v1", {{"x", "MIT"}, {"y", "MIT"}}));
  ASSERT_OK(Judge(2, "v2", {{"x", "MIT"}}));
  ASSERT_OK(Judge(3, "v1", {{"z", "MIT"}}));  // gone back to: it is the last one now
  ASSERT_OK(Judge(4, "v3", {{"x", "ISC"}}));
  EXPECT_EQ(Licence("v1", "y"), "MIT");
  EXPECT_EQ(Licence("v2", "x"), "");
  EXPECT_EQ(Licence("v3", "x"), "ISC");
  EXPECT_EQ(Rows(), 4u);
  // What comes again starts afresh, under a number of its own.
  ASSERT_OK(Judge(5, "v2", {{"y", "Zlib"}}));
  EXPECT_EQ(Licence("v2", "x"), "");
  EXPECT_EQ(Licence("v2", "y"), "Zlib");
  EXPECT_EQ(Licence("v1", "y"), "");
  ASSERT_OK_AND_ASSIGN(const auto stored, GetIdentifiers(*store_));
  EXPECT_EQ(stored.last_number(), 4u);
}

TEST_F(MemoTest, AccountsForItsSize) {
  ASSERT_OK(Judge(1, "v1", {{"x", "MIT"}, {"y", "MIT"}}));
  ASSERT_OK(Judge(2, "v2", {{"x", "MIT"}}));
  ASSERT_OK(Judge(3, "v3", {{"x", "MIT"}, {"z", "Apache-2.0"}}));
  uint64_t bytes = 0;
  ASSERT_OK(store_->Scan(Table::kFinding, "", "", [&](std::string_view key, std::string_view row) {
    bytes += key.size() + row.size();
    return true;
  }));
  EXPECT_EQ(State().findings(), 3u);
  EXPECT_EQ(State().finding_bytes(), bytes);
  ASSERT_OK_AND_ASSIGN(const auto status, ReadStatus(*store_, {}, 0));
  EXPECT_EQ(status.findings(), 3u);
  EXPECT_EQ(status.finding_bytes(), bytes);
}

TEST_F(MemoTest, StandsAfterARestart) {
  ASSERT_OK(Judge(1, "v1", {{"x", "MIT"}}));
  Restart();
  EXPECT_EQ(Licence("v1", "x"), "MIT");
  EXPECT_EQ(State().findings(), 1u);
}

TEST_F(MemoTest, RefusesTheWholeCallForAnUnsoundFinding) {
  const auto refused = [&](v1::PutAssessmentsRequest request) {
    EXPECT_THAT(committer_->PutAssessments(request, Soon()),
                StatusIs(StatusCode::kInvalidArgument, "put assessments"));
  };
  refused(Request(1, "", {{"x", "MIT"}}));
  refused(Request(1, std::string(201, 'v'), {{"x", "MIT"}}));
  auto request = Request(1, "v1", {{"x", "MIT"}});
  request.mutable_findings(0)->set_digest("short");
  refused(request);
  request = Request(1, "v1", {{"x", "MIT"}});
  request.mutable_findings(0)->mutable_finding()->clear_status();
  refused(request);
  request = Request(1, "v1", {});
  for (int i = 0; i <= kMaxFindings; ++i) request.add_findings();
  refused(request);
  EXPECT_EQ(State().assessments(), 0u);
  EXPECT_EQ(Rows(), 0u);
}

TEST_F(MemoTest, RefusesMoreQuestionsThanALimit) {
  v1::GetFindingsRequest request;
  for (int i = 0; i <= kMaxFindingsAsked; ++i) request.add_digests(common::Sha256("x"));
  EXPECT_THAT(ReadFindings(*store_, request), StatusIs(StatusCode::kInvalidArgument));
}

TEST_F(MemoTest, AnswersInPartsWhenFindingsAreLarge) {
  v1::PutAssessmentsRequest stored = Request(1, "v1", {});
  v1::GetFindingsRequest request;
  request.set_identifier_version("v1");
  for (int i = 0; i < 20; ++i) {
    v1::ContentFinding& content = *stored.add_findings();
    content.set_digest(common::Sha256(std::to_string(i)));
    content.mutable_finding()->set_status(v1::MODIFIED);
    content.mutable_finding()->set_reason(std::string(size_t{1} << 20, 'r'));
    request.add_digests(content.digest());
  }
  ASSERT_OK(committer_->PutAssessments(stored, Soon()));
  ASSERT_OK_AND_ASSIGN(const auto first, ReadFindings(*store_, request));
  EXPECT_GT(first.findings_size(), 1);
  EXPECT_LT(first.findings_size(), 20);
}

}  // namespace
}  // namespace modelwatch::indexer
