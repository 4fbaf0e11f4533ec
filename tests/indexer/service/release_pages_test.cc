// SPDX-License-Identifier: Apache-2.0
#include "indexer/service/release_pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "indexer/service/reads.h"
#include "indexer/store/schema.h"
#include "ingest/committer_fixture.h"

namespace modelwatch::indexer {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using testing::ObservationOf;
using testing::StatusIs;

v1::Observation Made(const std::string& id, int hour, const std::string& base,
                     const std::string& relation = "finetune") {
  v1::Observation seen = ObservationOf(id, hour);
  if (base.empty()) return seen;
  v1::BaseModel& from = *seen.mutable_declared()->add_base_models();
  from.set_name(base);
  from.set_relation(relation);
  return seen;
}

class ReleasePagesTest : public CommitterFixture {
 protected:
  v1::ListDerivativesResponse Derivatives(uint32_t limit, const std::string& token = "") {
    v1::ListDerivativesRequest request;
    request.set_hub(ObservationOf("a", 1).key().hub());
    request.set_base("Base/Model");
    request.set_limit(limit);
    request.set_page_token(token);
    auto response = ReadDerivatives(*store_, request);
    EXPECT_OK(response);
    return response.ok() ? *response : v1::ListDerivativesResponse();
  }
};

TEST_F(ReleasePagesTest, ListsWhoIsMadeFromABaseAPageAtATime) {
  for (const char* id : {"a", "b", "c"}) Put(Made(id, 1, "base/MODEL", "quantized"));
  Put(Made("d", 1, "base/model-2"));
  Put(Made("e", 1, ""));
  EXPECT_EQ(Derivatives(0).total(), 3u);
  EXPECT_EQ(Derivatives(0).derivatives_size(), 0);
  const v1::ListDerivativesResponse first = Derivatives(2);
  ASSERT_EQ(first.derivatives_size(), 2);
  EXPECT_EQ(first.derivatives(0).name(), "owner/a");
  EXPECT_EQ(first.derivatives(0).relation(), "quantized");
  EXPECT_EQ(first.total(), 3u);
  const v1::ListDerivativesResponse second = Derivatives(2, first.next_page_token());
  ASSERT_EQ(second.derivatives_size(), 1);
  EXPECT_EQ(second.derivatives(0).name(), "owner/c");
  EXPECT_EQ(second.next_page_token(), "");
}

TEST_F(ReleasePagesTest, GoesByTheNewestVersionAlone) {
  Put(Made("a", 1, "base/model"));
  Put(Made("a", 2, "other/model"));
  EXPECT_EQ(Derivatives(0).total(), 0u);
  Put(Made("a", 3, "base/model"));
  EXPECT_EQ(Derivatives(0).total(), 1u);
  v1::Observation gone = Made("a", 4, "base/model");
  gone.mutable_access()->set_presence(v1::REMOVED);
  Put(gone);
  EXPECT_EQ(Derivatives(0).total(), 0u);
}

TEST_F(ReleasePagesTest, RefusesAQuestionWithoutHubOrBase) {
  EXPECT_THAT(ReadDerivatives(*store_, {}), StatusIs(StatusCode::kInvalidArgument));
  v1::ListReleasesRequest request;
  request.set_name_prefix("owner/");
  EXPECT_THAT(ReadReleases(*store_, request),
              StatusIs(StatusCode::kInvalidArgument, "needs a hub"));
}

TEST_F(ReleasePagesTest, FillsTheTableOfAnOlderStore) {
  Put(Made("a", 1, "base/model"));
  Batch batch;
  batch.DeleteRange(Table::kDerivative, "", "\xff");
  batch.Put(Table::kMeta, std::string(kSchemaKey), "2");
  ASSERT_OK(store_->Write(batch));
  EXPECT_EQ(Derivatives(0).total(), 0u);
  ASSERT_OK(BringToSchema(*store_, kSchemaVersion, Migrations()));
  EXPECT_EQ(Derivatives(0).total(), 1u);
}

TEST_F(ReleasePagesTest, ListsReleasesByTheStartOfTheirPresentName) {
  for (const char* id : {"a1", "a2", "a3", "b"}) Put(ObservationOf(id, 1));
  v1::Observation renamed = ObservationOf("a2", 2);
  renamed.set_name("owner/z");
  Put(renamed);
  v1::ListReleasesRequest request;
  request.set_hub(renamed.key().hub());
  request.set_name_prefix("Owner/A");
  request.set_limit(1);
  std::vector<std::string> names;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, ReadReleases(*store_, request));
    for (const auto& release : page.releases()) {
      names.push_back(release.version().observation().name());
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(names, ElementsAre("owner/a1", "owner/a3"));
}

}  // namespace
}  // namespace modelwatch::indexer
