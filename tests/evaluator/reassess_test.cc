// SPDX-License-Identifier: Apache-2.0
#include "evaluator/reassess.h"

#include <gmock/gmock.h>

#include "evaluator/small_world.h"
#include "evaluator/terms/terms_table.h"

namespace modelwatch::evaluator {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class ReassessTest : public SmallWorld {
 protected:
  // As an evaluator of an earlier version would have judged: everything free.
  void JudgeAsBefore() {
    v1::PutAssessmentsRequest request;
    request.set_evaluator("evaluator");
    for (const v1::LogEntry& entry : index_.Entries()) {
      request.set_cursor(entry.sequence());
      if (!entry.has_change()) continue;
      v1::Judgement& judgement = *request.add_judgements();
      *judgement.mutable_key() = entry.change().key();
      v1::Assessment& old = *judgement.mutable_assessment();
      *old.mutable_key() = entry.change().key();
      old.set_name(entry.change().name());
      old.set_version(entry.sequence());
      old.set_evaluator_version("0.0.1");
      *old.mutable_terms() = TermsTable::Builtin().Uniform(0, 0, "", "");
    }
    ASSERT_OK(index_.PutAssessments(request));
  }
  ReassessReport Reassess(uint32_t threads = 2) {
    EvaluatorOptions options = Options();
    options.threads = threads;
    Evaluator evaluator(options, index_, nullptr, metrics_, nullptr, clock_);
    const auto report = evaluator.Reassess(stopper_, 100, nullptr);
    EXPECT_OK(report);
    return report.ok() ? *report : ReassessReport();
  }
};

TEST_F(ReassessTest, JudgesAgainWhatAnotherVersionJudgedAndRaisesNothing) {
  Put({{.name = "a/a"}, {.name = "a/b", .tag = "cc-by-nc-4.0"}});
  Put({{.name = "a/a", .hour = 1, .tag = "cc-by-nc-4.0"},
       {.name = "a/b", .hour = 1, .presence = v1::REMOVED}});
  JudgeAsBefore();
  const ReassessReport report = Reassess();
  EXPECT_EQ(report.judged, 4u);
  EXPECT_EQ(report.changed, 4u);
  EXPECT_THAT(Alerts(), IsEmpty());
  EXPECT_EQ(index_.ListHeld({})->held_size(), 0);
  ASSERT_THAT(Assessments(), SizeIs(8));
  for (size_t i = 4; i < 8; ++i) EXPECT_TRUE(Assessments()[i].is_reassessment());
  // The history says what it would have said: a tighter licence is a shift, no alert.
  EXPECT_EQ(Assessments()[6].shift().direction(), v1::TIGHTER);
}

TEST_F(ReassessTest, DoesNothingASecondTime) {
  Put({{.name = "a/a"}});
  JudgeAsBefore();
  EXPECT_EQ(Reassess().judged, 1u);
  EXPECT_EQ(Reassess().versions, 0u);
  EXPECT_THAT(Assessments(), SizeIs(2));
}

TEST_F(ReassessTest, PassesOverWhatThisVersionJudgedOrNobodyDid) {
  Put({{.name = "a/a"}});
  Evaluate();
  Put({{.name = "a/b"}});
  EXPECT_EQ(Reassess().judged, 0u);
  EXPECT_THAT(Assessments(), SizeIs(1));
}

TEST_F(ReassessTest, StoresOnlyWhatComesOutOtherwise) {
  Put({{.name = "a/a"}, {.name = "a/b"}});
  Evaluate();
  v1::PutAssessmentsRequest request;  // the same conclusion by another version, but for one
  request.set_evaluator("evaluator");
  request.set_cursor(index_.Entries().size());
  for (const v1::Assessment& assessment : Assessments()) {
    v1::Judgement& judgement = *request.add_judgements();
    *judgement.mutable_key() = assessment.key();
    *judgement.mutable_assessment() = assessment;
    judgement.mutable_assessment()->set_evaluator_version("0.0.1");
  }
  request.mutable_judgements(1)->mutable_assessment()->set_licence("Apache-2.0");
  Put({{.name = "a/c"}});
  request.set_cursor(index_.Entries().size());
  ASSERT_OK(index_.PutAssessments(request));
  const ReassessReport report = Reassess();
  EXPECT_EQ(report.judged, 2u);
  EXPECT_EQ(report.changed, 1u);
  EXPECT_EQ(Assessments().back().licence(), "MIT");
}

TEST_F(ReassessTest, IsTheSameOnAnyNumberOfThreads) {
  std::vector<Sight> sights;
  for (int i = 0; i < 300; ++i) {
    sights.push_back({.name = "a/m" + std::to_string(i), .tag = i % 3 == 0 ? "mit" : "llama3"});
  }
  Put(sights);
  JudgeAsBefore();
  EXPECT_EQ(Reassess(7).changed, 300u);
  std::vector<uint64_t> versions;
  for (const v1::Assessment& assessment : Assessments()) {
    if (assessment.is_reassessment()) versions.push_back(assessment.version());
  }
  EXPECT_TRUE(std::is_sorted(versions.begin(), versions.end()));
  EXPECT_THAT(versions, SizeIs(300));
}

TEST_F(ReassessTest, RunsBesideTheWatch) {
  Put({{.name = "a/a"}});
  JudgeAsBefore();
  EvaluatorOptions options = Options();
  options.reassess_percent = 50;
  Evaluator evaluator(options, index_, nullptr, metrics_, nullptr, clock_);
  std::thread running([&] { EXPECT_OK(evaluator.Run(stopper_)); });
  for (int round = 0; round < 10'000 && Assessments().size() < 2; ++round) {
    stopper_.WaitFor(absl::Milliseconds(1));
  }
  stopper_.Stop();
  running.join();
  ASSERT_THAT(Assessments(), SizeIs(2));
  EXPECT_TRUE(Assessments()[1].is_reassessment());
}

}  // namespace
}  // namespace modelwatch::evaluator
