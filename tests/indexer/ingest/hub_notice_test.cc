// SPDX-License-Identifier: Apache-2.0
// Notices of a hub's silence through the committer: told once, whatever is repeated or restarted.
#include "indexer/ingest/hub_notice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "indexer/service/reads.h"
#include "ingest/committer_fixture.h"

namespace modelwatch::indexer {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using testing::kHub;
using testing::ObservationOf;
using testing::StatusIs;

class HubNoticeTest : public CommitterFixture {
 protected:
  void SetUp() override {
    CommitterFixture::SetUp();
    v1::DeclareHubRequest request;
    request.set_hub(kHub);
    request.set_keep_up_ms(120'000);
    request.set_sweep_ms(21'600'000);
    ASSERT_OK(committer_->DeclareHub(request, Soon()));
  }

  static v1::HubNotice Notice(v1::HubNews news) {
    v1::HubNotice notice;
    notice.set_news(news);
    notice.mutable_alert()->set_is_about_hub(true);
    notice.mutable_alert()->mutable_key()->set_hub(kHub);
    notice.mutable_alert()->set_name(kHub);
    notice.mutable_alert()->set_title("title");
    return notice;
  }
  absl::StatusOr<v1::PutAssessmentsResponse> Put(const std::vector<v1::HubNotice>& notices) {
    v1::PutAssessmentsRequest request;
    request.set_evaluator("evaluator");
    for (const v1::HubNotice& notice : notices) *request.add_hub_notices() = notice;
    return committer_->PutAssessments(request, Soon());
  }
  std::vector<uint64_t> Sequences(v1::HubNews news) {
    const auto response = Put({Notice(news)});
    EXPECT_OK(response);
    return {response->notice_sequences().begin(), response->notice_sequences().end()};
  }
  void FinishKeepUp() {
    v1::LeaseWorkRequest lease;
    lease.set_hub(kHub);
    lease.set_max(1);
    ASSERT_OK_AND_ASSIGN(const auto leased, committer_->LeaseWork(lease, Soon()));
    ASSERT_EQ(leased.work_size(), 1);
    v1::FinishWorkRequest finish;
    finish.set_id(leased.work(0).id());
    finish.set_token(leased.work(0).token());
    finish.set_outcome(v1::DONE);
    ASSERT_OK(committer_->FinishWork(finish, Soon()));
  }
};

TEST_F(HubNoticeTest, SilenceAndItsEndAreToldOnceEach) {
  EXPECT_THAT(Sequences(v1::HUB_SILENT), ElementsAre(0)) << "it is not silent";
  clock_.Advance(absl::Minutes(7));
  EXPECT_THAT(Sequences(v1::HUB_HEARD), ElementsAre(0)) << "nobody said that it is silent";
  EXPECT_THAT(Sequences(v1::HUB_SILENT), ElementsAre(1));
  EXPECT_THAT(Sequences(v1::HUB_SILENT), ElementsAre(0));
  EXPECT_THAT(Sequences(v1::HUB_HEARD), ElementsAre(0)) << "it is still silent";
  FinishKeepUp();
  EXPECT_THAT(Sequences(v1::HUB_HEARD), ElementsAre(2));
  EXPECT_THAT(Sequences(v1::HUB_HEARD), ElementsAre(0));
  clock_.Advance(absl::Minutes(7));
  EXPECT_THAT(Sequences(v1::HUB_SILENT), ElementsAre(3));
  EXPECT_EQ(State().alerts(), 3u);
}

TEST_F(HubNoticeTest, ARestartNeitherRepeatsNorLosesIt) {
  clock_.Advance(absl::Minutes(7));
  Restart();
  EXPECT_THAT(Sequences(v1::HUB_SILENT), ElementsAre(1));
  Restart();
  EXPECT_THAT(Sequences(v1::HUB_SILENT), ElementsAre(0));
  v1::ListAlertsRequest list;
  ASSERT_OK_AND_ASSIGN(const auto alerts, ReadAlerts(*store_, list));
  ASSERT_EQ(alerts.alerts_size(), 1);
  EXPECT_TRUE(alerts.alerts(0).is_about_hub());
}

TEST_F(HubNoticeTest, IsTakenWithoutProgressInTheLog) {
  CommitterFixture::Put(ObservationOf("a", 1));
  v1::PutAssessmentsRequest request;
  request.set_evaluator("evaluator");
  request.set_cursor(1);
  ASSERT_OK(committer_->PutAssessments(request, Soon()));
  clock_.Advance(absl::Minutes(7));
  *request.add_hub_notices() = Notice(v1::HUB_SILENT);
  ASSERT_OK_AND_ASSIGN(const auto response, committer_->PutAssessments(request, Soon()));
  EXPECT_THAT(response.notice_sequences(), ElementsAre(2));
  EXPECT_EQ(response.cursor(), 1u);
}

TEST_F(HubNoticeTest, RefusesWhatIsNotAboutAHub) {
  v1::HubNotice notice = Notice(v1::HUB_SILENT);
  notice.mutable_alert()->mutable_key()->set_id("a");
  EXPECT_THAT(Put({notice}), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(Put(std::vector<v1::HubNotice>(65, Notice(v1::HUB_SILENT))),
              StatusIs(StatusCode::kInvalidArgument));
}

TEST_F(HubNoticeTest, OfAHubThatNobodyDeclaredIsNoNews) {
  v1::HubNotice notice = Notice(v1::HUB_SILENT);
  notice.mutable_alert()->mutable_key()->set_hub("other");
  ASSERT_OK_AND_ASSIGN(const auto response, Put({notice}));
  EXPECT_THAT(response.notice_sequences(), ElementsAre(0));
}

}  // namespace
}  // namespace modelwatch::indexer
