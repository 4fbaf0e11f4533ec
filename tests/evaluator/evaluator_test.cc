// SPDX-License-Identifier: Apache-2.0
#include "evaluator/evaluator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_format.h"
#include "common/digest.h"
#include "evaluator/mortal_index.h"
#include "evaluator/terms/terms_table.h"
#include "testing/fake_clock.h"
#include "testing/fake_index.h"
#include "testing/status_matchers.h"

namespace modelwatch::evaluator {
namespace {

using ::modelwatch::testing::FakeClock;
using ::modelwatch::testing::FakeIndex;
using ::modelwatch::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int64_t kHour = int64_t{3600} * 1000 * 1000;
constexpr int64_t kStart = int64_t{1'690'000'000} * 1000 * 1000;

class Collect final : public Sink {
 public:
  void Tell(const v1::Alert& alert) override { told.push_back(alert); }
  std::vector<v1::Alert> told;
};

// What a release looked like at an hour of hub time.
struct Look {
  std::string id;
  int hour = 0;
  std::string tag = "mit";
  v1::Gate gate = v1::OPEN;
  v1::Presence presence = v1::PRESENT;
  std::string text{};  // of LICENSE
};

v1::PutItem ItemOf(const Look& look) {
  v1::PutItem item;
  v1::Observation& seen = *item.mutable_observation();
  seen.mutable_key()->set_hub("huggingface");
  seen.mutable_key()->set_id(look.id);
  seen.set_name("acme/" + look.id);
  seen.set_observed_at_us(kStart + look.hour * kHour);
  seen.set_revision(common::GitBlobOid(absl::StrFormat("%s at %d", look.id, look.hour)));
  seen.mutable_access()->set_presence(look.presence);
  seen.mutable_access()->set_gate(look.gate);
  if (!look.tag.empty()) {
    seen.mutable_declared()->add_tag_licences(look.tag);
    seen.mutable_declared()->add_card_licences(look.tag);
  }
  if (!look.text.empty()) {
    v1::File& file = *seen.add_files();
    file.set_path("LICENSE");
    file.set_oid(common::GitBlobOid(look.text));
    file.set_digest(common::Sha256(look.text));
    file.set_size(look.text.size());
    file.set_outcome(v1::FETCHED);
    v1::Blob& blob = *item.add_blobs();
    blob.set_digest(file.digest());
    blob.set_content(look.text);
  }
  return item;
}

EvaluatorOptions Impatient() {
  EvaluatorOptions options;
  options.idle_pause = absl::Milliseconds(1);
  options.first_backoff = absl::ZeroDuration();
  options.longest_backoff = absl::ZeroDuration();
  return options;
}

class EvaluatorTest : public ::testing::Test {
 protected:
  EvaluatorTest() : index_(clock_) { Declare(index_); }

  static void Declare(FakeIndex& index) {
    v1::DeclareHubRequest hub;
    hub.set_hub("huggingface");
    ASSERT_OK(index.DeclareHub(hub));
  }

  static void Put(FakeIndex& index, const std::vector<Look>& looks) {
    for (const Look& look : looks) {
      v1::PutBatchRequest request;
      *request.add_items() = ItemOf(look);
      ASSERT_OK(index.PutBatch(request));
    }
  }
  void Put(const std::vector<Look>& looks) { Put(index_, looks); }

  // A new evaluator every time, as after a restart.
  absl::Status Evaluate(indexer::Index& index) {
    Evaluator evaluator(Impatient(), index, nullptr, metrics_, &sink_, clock_);
    return evaluator.RunOnce(stopper_);
  }
  void Evaluate() { ASSERT_OK(Evaluate(index_)); }

  static std::vector<v1::Alert> AlertsOf(FakeIndex& index) {
    std::vector<v1::Alert> alerts;
    for (const v1::LogEntry& entry : index.Entries()) {
      if (entry.has_alert()) alerts.push_back(entry.alert());
    }
    return alerts;
  }
  std::vector<v1::Alert> Alerts() { return AlertsOf(index_); }

  std::vector<v1::Assessment> Assessments() {
    std::vector<v1::Assessment> assessments;
    for (const v1::LogEntry& entry : index_.Entries()) {
      if (entry.has_assessment()) assessments.push_back(entry.assessment());
    }
    return assessments;
  }

  int Held() { return index_.ListHeld({})->held_size(); }

  FakeClock clock_;
  FakeIndex index_;
  common::Metrics metrics_;
  common::Stopper stopper_;
  Collect sink_;
};

TEST_F(EvaluatorTest, JudgesEveryVersionOnceAndReachesTheEndOfTheLog) {
  Put({{.id = "a"}, {.id = "b", .tag = "cc-by-nc-4.0"}, {.id = "c", .tag = ""}});
  Evaluate();
  EXPECT_THAT(Assessments(), SizeIs(3));
  Evaluate();
  EXPECT_THAT(Assessments(), SizeIs(3));
  v1::GetStatusRequest request;
  request.set_evaluator("evaluator");
  const auto status = index_.GetStatus(request);
  EXPECT_EQ(status->evaluator_cursor(), status->newest_sequence());
}

TEST_F(EvaluatorTest, RaisesNothingAtFirstSight) {
  Put({{.id = "a", .tag = "cc-by-nc-4.0"},
       {.id = "b", .gate = v1::MANUAL},
       {.id = "c", .presence = v1::REMOVED}});
  Evaluate();
  Put({{.id = "z", .hour = 1000}});
  Evaluate();
  EXPECT_THAT(Alerts(), IsEmpty());
  EXPECT_EQ(Held(), 0);
}

TEST_F(EvaluatorTest, RaisesNothingWhenTheTermsStayAsTheyAre) {
  Put({{.id = "a"}, {.id = "a", .hour = 1}, {.id = "a", .hour = 2, .tag = "MIT"}});
  Evaluate();
  EXPECT_THAT(Alerts(), IsEmpty());
}

TEST_F(EvaluatorTest, RaisesOneAlertWhenATagTightensAndTellsTheSink) {
  Put({{.id = "a"}, {.id = "a", .hour = 5, .tag = "cc-by-nc-4.0"}});
  Evaluate();
  const auto alerts = Alerts();
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].key().id(), "a");
  EXPECT_EQ(alerts[0].name(), "acme/a");
  EXPECT_EQ(alerts[0].observed_at_us(), kStart + 5 * kHour);
  EXPECT_EQ(alerts[0].shift().from_version(), 1u);
  EXPECT_EQ(alerts[0].shift().to_version(), 2u);
  EXPECT_GT(alerts[0].shift().lost_size(), 0);
  EXPECT_FALSE(alerts[0].title().empty());
  EXPECT_NE(alerts[0].assessment(), 0u);
  ASSERT_THAT(sink_.told, SizeIs(1));
  EXPECT_EQ(sink_.told[0].sequence(), alerts[0].sequence());
}

TEST_F(EvaluatorTest, JudgesTheVersionsOfAReleaseInOrderAlsoWithinABatch) {
  Put({{.id = "a"},
       {.id = "a", .hour = 1, .tag = "cc-by-nc-4.0"},
       {.id = "a", .hour = 2},
       {.id = "a", .hour = 3, .tag = "cc-by-nc-4.0"}});
  Evaluate();
  std::vector<uint64_t> to;
  for (const v1::Alert& alert : Alerts()) to.push_back(alert.shift().to_version());
  EXPECT_THAT(to, ElementsAre(2, 4));
}

TEST_F(EvaluatorTest, ComparesAcrossARestart) {
  Put({{.id = "a"}});
  Evaluate();
  Put({{.id = "a", .hour = 1, .tag = "cc-by-nc-4.0"}});
  Evaluate();
  EXPECT_THAT(Alerts(), SizeIs(1));
}

TEST_F(EvaluatorTest, TakesNoBetterJudgementForAChangeOfTerms) {
  Put({{.id = "a", .tag = "cc-by-nc-4.0"}});
  // What an older evaluator made of it: it took the release for free everywhere.
  v1::Assessment old;
  old.mutable_key()->set_hub("huggingface");
  old.mutable_key()->set_id("a");
  old.set_name("acme/a");
  old.set_version(1);
  old.set_licence("MIT");
  old.set_evaluator_version("0.0.1");
  *old.mutable_terms() = TermsTable::Builtin().Uniform(0, 0, "", "");
  v1::PutAssessmentsRequest request;
  request.set_evaluator("evaluator");
  request.set_cursor(1);
  v1::Judgement& judgement = *request.add_judgements();
  *judgement.mutable_key() = old.key();
  *judgement.mutable_assessment() = old;
  ASSERT_OK(index_.PutAssessments(request));
  Put({{.id = "a", .hour = 1, .tag = "cc-by-nc-4.0"}});
  Evaluate();
  EXPECT_THAT(Alerts(), SizeIs(0));
  // A true tightening is still told.
  Put({{.id = "a", .hour = 2, .tag = "cc-by-nc-nd-4.0"}});
  Evaluate();
  EXPECT_THAT(Alerts(), SizeIs(1));
}

TEST_F(EvaluatorTest, HoldsAGateUntilTheHubsOwnClockHasPassedItsTime) {
  Put({{.id = "a"}, {.id = "a", .hour = 1, .gate = v1::MANUAL}});
  Evaluate();
  EXPECT_THAT(Alerts(), IsEmpty());
  EXPECT_EQ(Held(), 1);
  Put({{.id = "other", .hour = 12}});
  clock_.Advance(absl::Hours(1000));  // ours plays no part
  Evaluate();
  EXPECT_THAT(Alerts(), IsEmpty());
  Put({{.id = "another", .hour = 14}});
  Evaluate();
  ASSERT_THAT(Alerts(), SizeIs(1));
  EXPECT_EQ(Alerts()[0].key().id(), "a");
  EXPECT_EQ(Held(), 0);
  Evaluate();
  EXPECT_THAT(Alerts(), SizeIs(1));
}

TEST_F(EvaluatorTest, ForgetsARemovalWhoseReleaseReturnsInTime) {
  Put({{.id = "a"}, {.id = "a", .hour = 1, .presence = v1::REMOVED}});
  Evaluate();
  EXPECT_EQ(Held(), 1);
  Put({{.id = "a", .hour = 3}, {.id = "other", .hour = 400}});
  Evaluate();
  EXPECT_THAT(Alerts(), IsEmpty());
  EXPECT_EQ(Held(), 0);
}

TEST_F(EvaluatorTest, ForgetsAFlapReadInOneGo) {
  Put({{.id = "a"},
       {.id = "a", .hour = 1, .gate = v1::AUTO},
       {.id = "a", .hour = 2},
       {.id = "a", .hour = 3, .gate = v1::AUTO},
       {.id = "a", .hour = 4},
       {.id = "other", .hour = 400}});
  Evaluate();
  EXPECT_THAT(Alerts(), IsEmpty());
}

TEST_F(EvaluatorTest, TellsAReleaseThatComesAndGoesOnceWithTheCount) {
  for (int day = 0; day < 5; ++day) {
    Put({{.id = "a", .hour = 10 * day}, {.id = "a", .hour = 10 * day + 1, .gate = v1::MANUAL}});
    if (day % 2 == 0) Evaluate();  // in one go or in several, it is the same
  }
  Put({{.id = "a", .hour = 42}, {.id = "other", .hour = 400}});
  Evaluate();
  ASSERT_THAT(Alerts(), SizeIs(1));
  EXPECT_EQ(Alerts()[0].times(), 3u);
  EXPECT_EQ(Alerts()[0].rule(), "gate-manual");
}

TEST_F(EvaluatorTest, CountsNoLossThatIsLongAgo) {
  for (int month = 0; month < 4; ++month) {
    Put({{.id = "a", .hour = 700 * month}, {.id = "a", .hour = 700 * month + 1, .gate = v1::AUTO}});
  }
  Put({{.id = "a", .hour = 2102}});
  Evaluate();
  for (const v1::Alert& alert : Alerts()) EXPECT_EQ(alert.times(), 0u);
}

TEST_F(EvaluatorTest, RaisesARemovalWhoseReleaseReturnsTooLate) {
  Put({{.id = "a"}, {.id = "a", .hour = 1, .presence = v1::REMOVED}, {.id = "a", .hour = 50}});
  Evaluate();
  ASSERT_THAT(Alerts(), SizeIs(1));
  EXPECT_EQ(Alerts()[0].shift().to_version(), 2u);
}

TEST_F(EvaluatorTest, TellsATighterLicenceAtOnceWhileAGateWaits) {
  Put({{.id = "a"},
       {.id = "a", .hour = 1, .gate = v1::MANUAL},
       {.id = "a", .hour = 2, .tag = "cc-by-nc-4.0", .gate = v1::MANUAL}});
  Evaluate();
  ASSERT_THAT(Alerts(), SizeIs(1));
  EXPECT_EQ(Alerts()[0].shift().to_version(), 3u);
  Put({{.id = "other", .hour = 100}});
  Evaluate();
  EXPECT_THAT(Alerts(), SizeIs(2));
}

TEST_F(EvaluatorTest, JudgesMoreThanABatchHolds) {
  std::vector<Look> looks;
  for (int i = 0; i < 1500; ++i) looks.push_back({.id = absl::StrFormat("r%04d", i)});
  for (int i = 0; i < 1500; i += 100) {
    looks.push_back({.id = absl::StrFormat("r%04d", i), .hour = 1, .tag = "cc-by-nc-4.0"});
  }
  Put(looks);
  MortalIndex checked(index_);
  ASSERT_OK(Evaluate(checked));
  EXPECT_THAT(Assessments(), SizeIs(1515));
  EXPECT_THAT(Alerts(), SizeIs(15));
}

TEST_F(EvaluatorTest, JudgesAVersionWhoseTextIsLostByWhatIsLeft) {
  Put({{.id = "a", .text = "Permission is granted to everyone."}, {.id = "b"}});
  index_.ForgetBlobs();
  Evaluate();
  EXPECT_THAT(Assessments(), SizeIs(2));
}

// One history with everything in it, killed at every single call, before and after it took effect.
TEST_F(EvaluatorTest, LosesNoAlertAndRaisesNoneTwiceWhereverItIsKilled) {
  const std::vector<std::vector<Look>> chapters = {
      {{.id = "a"}, {.id = "b"}, {.id = "c"}, {.id = "d"}},
      {{.id = "a", .hour = 1, .tag = "cc-by-nc-4.0"},
       {.id = "b", .hour = 1, .gate = v1::MANUAL},
       {.id = "c", .hour = 1, .presence = v1::REMOVED},
       {.id = "d", .hour = 1, .presence = v1::REMOVED}},
      {{.id = "c", .hour = 2}, {.id = "e", .hour = 3, .tag = "cc-by-nc-4.0"}},
      {{.id = "b", .hour = 50, .tag = "cc-by-nc-4.0", .gate = v1::MANUAL},
       {.id = "e", .hour = 60, .tag = "mit"}},
  };
  const auto tell = [](const v1::Alert& alert) {
    return absl::StrFormat("%s %d->%s", alert.key().id(), alert.observed_at_us(), alert.rule());
  };
  std::multiset<std::string> expected;
  for (int call = 0, ended = 0; ended < 2; ++call) {
    ended = 0;
    for (const auto death : {MortalIndex::Death::kBefore, MortalIndex::Death::kAfter}) {
      FakeIndex index(clock_);
      Declare(index);
      MortalIndex mortal(index);
      if (call > 0) mortal.DieAt(call, death);
      for (const std::vector<Look>& chapter : chapters) {
        Put(index, chapter);
        const bool is_done = !mortal.died() && Evaluate(mortal).ok();
        if (!is_done) {
          ASSERT_OK(Evaluate(index));  // the next start
        }
      }
      std::multiset<std::string> raised;
      for (const v1::Alert& alert : AlertsOf(index)) raised.insert(tell(alert));
      if (call == 0) expected = raised;
      EXPECT_EQ(raised, expected) << "killed at call " << call;
      EXPECT_EQ(index.ListHeld({})->held_size(), 0) << "killed at call " << call;
      if (call > 0 && !mortal.died()) ++ended;
    }
  }
  // a's tag, b's gate and b's tag, d's removal; c came back in time, e only loosened.
  EXPECT_THAT(expected, SizeIs(4));
}

TEST_F(EvaluatorTest, ReturnsTheErrorOfAnIndexThatStaysAway) {
  index_.SetAway(true);
  EXPECT_THAT(Evaluate(index_), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(EvaluatorTest, GoesOnByItselfWhenTheIndexComesBack) {
  index_.SetAway(true);
  Evaluator evaluator(Impatient(), index_, nullptr, metrics_, &sink_, clock_);
  std::thread running([&] { EXPECT_OK(evaluator.Run(stopper_)); });
  index_.SetAway(false);
  Put({{.id = "a"}, {.id = "a", .hour = 1, .tag = "cc-by-nc-4.0"}});
  for (int round = 0; round < 10'000 && Alerts().empty(); ++round) {
    stopper_.WaitFor(absl::Milliseconds(1));
  }
  stopper_.Stop();
  running.join();
  EXPECT_THAT(Alerts(), SizeIs(1));
}

TEST_F(EvaluatorTest, TellsOfASilenceOfTheHubOnceAndOfItsEnd) {
  Put({{.id = "a"}});
  Evaluate();
  index_.SetSilent("huggingface", true);
  Evaluate();
  Evaluate();
  ASSERT_THAT(Alerts(), SizeIs(1));
  EXPECT_TRUE(Alerts()[0].is_about_hub());
  EXPECT_EQ(Alerts()[0].rule(), "hub-silent");
  index_.SetSilent("huggingface", false);
  Evaluate();
  Evaluate();
  ASSERT_THAT(Alerts(), SizeIs(2));
  EXPECT_EQ(Alerts()[1].rule(), "hub-heard");
}

TEST_F(EvaluatorTest, CountsWhatItDoes) {
  Put({{.id = "a"}, {.id = "a", .hour = 1, .tag = "cc-by-nc-4.0"}, {.id = "g"}});
  Put({{.id = "g", .hour = 2, .gate = v1::MANUAL}});
  Evaluate();
  const std::string text = metrics_.Text();
  EXPECT_THAT(text, HasSubstr("modelwatch_evaluate_versions_total 4"));
  EXPECT_THAT(text, HasSubstr("modelwatch_evaluate_alerts_total{severity="));
  EXPECT_THAT(text, HasSubstr("modelwatch_evaluate_held 1"));
  EXPECT_THAT(text, HasSubstr("modelwatch_evaluate_lag 0"));
  EXPECT_THAT(text, HasSubstr("modelwatch_evaluate_last_success_timestamp_seconds"));
  EXPECT_THAT(text, HasSubstr("modelwatch_evaluate_seconds_count"));
}

}  // namespace
}  // namespace modelwatch::evaluator
