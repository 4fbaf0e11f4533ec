// SPDX-License-Identifier: Apache-2.0
#include "indexer/service/as_of_reads.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/committer_fixture.h"

namespace modelwatch::indexer {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using testing::KeyOf;
using testing::ObservationOf;
using testing::StatusIs;

constexpr absl::Duration kLater = absl::Minutes(10);

class AsOfTest : public CommitterFixture {
 protected:
  // Judges a version; with an alert unless it is a re-assessment.
  void Judge(const std::string& id, uint64_t version, const std::string& corpus,
             bool is_reassessment = false) {
    v1::PutAssessmentsRequest request;
    request.set_evaluator(is_reassessment ? "reassess" : "evaluator");
    request.set_cursor(State().newest_sequence());
    v1::Judgement& judgement = *request.add_judgements();
    *judgement.mutable_key() = KeyOf(id);
    v1::Assessment& assessment = *judgement.mutable_assessment();
    *assessment.mutable_key() = KeyOf(id);
    assessment.set_version(version);
    assessment.set_corpus_version(corpus);
    assessment.set_is_reassessment(is_reassessment);
    if (!is_reassessment) *judgement.add_alerts()->mutable_key() = KeyOf(id);
    ASSERT_OK(committer_->PutAssessments(request, Soon()));
  }
  int64_t NowUs() { return common::ToMicros(clock_.Now()); }

  static v1::Moment At(uint64_t sequence) {
    v1::Moment moment;
    moment.set_sequence(sequence);
    return moment;
  }
  absl::StatusOr<v1::GetReleaseAsOfResponse> Release(const std::string& name,
                                                     const v1::Moment& moment) {
    v1::GetReleaseAsOfRequest request;
    request.set_name(name);
    *request.mutable_moment() = moment;
    return ReadReleaseAsOf(*store_, request, NowUs());
  }
  std::string IdOf(const std::string& name, uint64_t sequence) {
    const auto found = Release(name, At(sequence));
    if (!found.ok()) return std::string(absl::StatusCodeToString(found.status().code()));
    return found->release().version().observation().key().id();
  }
  // Every answer there is about "owner/a", as bytes.
  std::string Bytes(const v1::Moment& moment) {
    v1::GetHistoryAsOfRequest history;
    history.set_name("owner/a");
    *history.mutable_moment() = moment;
    v1::ListAlertsAsOfRequest alerts;
    *alerts.mutable_moment() = moment;
    const auto release = Release("owner/a", moment);
    const auto rows = ReadHistoryAsOf(*store_, history, NowUs());
    const auto told = ReadAlertsAsOf(*store_, alerts, NowUs());
    EXPECT_OK(release);
    EXPECT_OK(rows);
    EXPECT_OK(told);
    return release->SerializeAsString() + "|" + rows->SerializeAsString() + "|" +
           told->SerializeAsString();
  }
  static v1::Observation Named(v1::Observation observation, const std::string& name) {
    observation.set_name(name);
    return observation;
  }
};

TEST_F(AsOfTest, AnswersTheSameBytesWhateverIsWrittenLater) {
  Put(ObservationOf("a", 1, "mit"));
  Judge("a", 1, "first");
  Put(ObservationOf("a", 2, "other"));
  const uint64_t then = State().newest_sequence();
  v1::Moment by_time;
  by_time.set_recorded_at_us(NowUs());
  clock_.Advance(kLater);
  const std::string by_sequence_before = Bytes(At(then));
  const std::string by_time_before = Bytes(by_time);

  Judge("a", then, "first");
  Judge("a", 1, "second", true);
  Put(ObservationOf("a", 3, "third"));
  Put(Named(ObservationOf("a", 4, "third"), "owner/renamed"));
  Put(Named(ObservationOf("b", 5, "mit"), "owner/a"));
  EXPECT_EQ(Bytes(At(then)), by_sequence_before);
  EXPECT_EQ(Bytes(by_time), by_time_before);
  EXPECT_EQ(by_sequence_before, by_time_before);
}

TEST_F(AsOfTest, TellsWhatWasSaidFirstUnlessReassessmentsAreAskedFor) {
  Put(ObservationOf("a", 1));
  Judge("a", 1, "first");
  Judge("a", 1, "second", true);
  v1::Moment moment = At(State().newest_sequence());
  ASSERT_OK_AND_ASSIGN(const auto first, Release("owner/a", moment));
  EXPECT_EQ(first.release().assessment().corpus_version(), "first");
  moment.set_reassessments(true);
  ASSERT_OK_AND_ASSIGN(const auto second, Release("owner/a", moment));
  EXPECT_EQ(second.release().assessment().corpus_version(), "second");
}

TEST_F(AsOfTest, KnowsNoAssessmentBeforeItWasMade) {
  Put(ObservationOf("a", 1));
  Judge("a", 1, "first");
  ASSERT_OK_AND_ASSIGN(const auto release, Release("owner/a", At(1)));
  EXPECT_FALSE(release.release().has_assessment());
}

TEST_F(AsOfTest, LeadsANameToWhoHeldItThen) {
  Put(Named(ObservationOf("a", 1), "owner/n"));        // 1
  Put(Named(ObservationOf("a", 2), "owner/renamed"));  // 2
  Put(Named(ObservationOf("b", 3), "owner/n"));        // 3
  EXPECT_EQ(IdOf("owner/n", 1), KeyOf("a").id());
  EXPECT_EQ(IdOf("Owner/N", 2), KeyOf("a").id());
  EXPECT_EQ(IdOf("owner/n", 3), KeyOf("b").id());
  EXPECT_EQ(IdOf("owner/renamed", 1), "NOT_FOUND");
  EXPECT_EQ(IdOf("owner/renamed", 3), KeyOf("a").id());
  ASSERT_OK_AND_ASSIGN(const auto later, Release("owner/renamed", At(3)));
  EXPECT_THAT(later.release().former_names(), ElementsAre("owner/n"));
  ASSERT_OK_AND_ASSIGN(const auto earlier, Release("owner/n", At(1)));
  EXPECT_THAT(earlier.release().former_names(), ElementsAre());
}

TEST_F(AsOfTest, PagesAHistoryNewestFirst) {
  for (int i = 1; i <= 5; ++i) Put(ObservationOf("a", i, "licence-" + std::to_string(i)));
  v1::GetHistoryAsOfRequest request;
  *request.mutable_key() = KeyOf("a");
  *request.mutable_moment() = At(4);
  request.set_limit(3);
  std::vector<uint64_t> sequences;
  while (true) {
    ASSERT_OK_AND_ASSIGN(const auto page, ReadHistoryAsOf(*store_, request, NowUs()));
    if (page.rows().empty()) break;
    for (const v1::HistoryRow& row : page.rows()) sequences.push_back(row.version().sequence());
    request.set_before_version(sequences.back());
  }
  EXPECT_THAT(sequences, ElementsAre(4, 3, 2, 1));
}

TEST_F(AsOfTest, ListsTheAlertsOfThatTimeAPageAtATime) {
  for (int i = 1; i <= 3; ++i) {
    const uint64_t version = Put(ObservationOf("a", i, "licence-" + std::to_string(i))).sequence();
    Judge("a", version, "first");  // alerts 3, 6 and 9
  }
  v1::ListAlertsAsOfRequest request;
  *request.mutable_moment() = At(8);
  request.set_limit(1);
  ASSERT_OK_AND_ASSIGN(const auto first, ReadAlertsAsOf(*store_, request, NowUs()));
  ASSERT_EQ(first.alerts_size(), 1);
  EXPECT_EQ(first.alerts(0).sequence(), 3u);
  EXPECT_TRUE(first.has_more());
  request.set_after_sequence(3);
  ASSERT_OK_AND_ASSIGN(const auto second, ReadAlertsAsOf(*store_, request, NowUs()));
  ASSERT_EQ(second.alerts_size(), 1);
  EXPECT_EQ(second.alerts(0).sequence(), 6u);
  EXPECT_FALSE(second.has_more());
}

TEST_F(AsOfTest, RefusesAMomentThatIsNotOver) {
  Put(ObservationOf("a", 1));
  v1::Moment now;
  now.set_recorded_at_us(NowUs());
  EXPECT_THAT(Release("owner/a", now), StatusIs(StatusCode::kOutOfRange));
  EXPECT_THAT(Release("owner/a", At(2)), StatusIs(StatusCode::kOutOfRange));
  EXPECT_THAT(Release("owner/a", {}), StatusIs(StatusCode::kInvalidArgument));
  clock_.Advance(kLater);
  EXPECT_OK(Release("owner/a", now));
  v1::Moment before;
  before.set_recorded_at_us(now.recorded_at_us() - 1);
  EXPECT_THAT(Release("owner/a", before), StatusIs(StatusCode::kNotFound));
}

}  // namespace
}  // namespace modelwatch::indexer
