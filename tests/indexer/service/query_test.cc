// SPDX-License-Identifier: Apache-2.0
#include "indexer/service/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "indexer/store/schema.h"
#include "ingest/committer_fixture.h"

namespace modelwatch::indexer {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::KeyOf;
using testing::ObservationOf;
using testing::StatusIs;

class QueryTest : public CommitterFixture {
 protected:
  // A version of `name`; the id is all before the slash and behind it.
  void See(const std::string& id, const std::string& name, int second, v1::Gate gate = v1::OPEN) {
    v1::Observation seen = ObservationOf(id, second, absl::StrCat("tag", second));
    seen.set_name(name);
    seen.mutable_access()->set_gate(gate);
    ASSERT_EQ(Put(seen).status(), v1::STORED);
  }

  void Judge(const std::string& id, const std::string& expression,
             v1::Direction direction = v1::DIRECTION_UNSPECIFIED) {
    v1::PutAssessmentsRequest request;
    request.set_evaluator("evaluator");
    request.set_cursor(State().newest_sequence());
    v1::Judgement& judgement = *request.add_judgements();
    *judgement.mutable_key() = KeyOf(id);
    v1::Assessment& assessment = *judgement.mutable_assessment();
    *assessment.mutable_key() = KeyOf(id);
    assessment.set_version(Head(id).version());
    assessment.set_expression(expression);
    assessment.set_terms_class("permissive");
    if (direction != v1::DIRECTION_UNSPECIFIED)
      assessment.mutable_shift()->set_direction(direction);
    ASSERT_OK(committer_->PutAssessments(request, Soon()));
  }

  static v1::FindReleasesRequest On(const std::string& hub = testing::kHub) {
    v1::FindReleasesRequest request;
    request.set_hub(hub);
    return request;
  }

  std::vector<std::string> Names(const v1::FindReleasesRequest& request) {
    const auto found = ReadFound(*store_, request);
    EXPECT_OK(found);
    std::vector<std::string> names;
    if (!found.ok()) return names;
    for (const v1::FoundRelease& row : found->releases()) names.push_back(row.name());
    return names;
  }
};

TEST_F(QueryTest, FindsWhatChangedLastFirst) {
  See("a", "one/a", 1);
  See("b", "two/b", 2);
  See("a", "one/a", 3);
  EXPECT_THAT(Names(On()), ElementsAre("one/a", "two/b"));
  EXPECT_THAT(Names(On("otherhub")), IsEmpty());
}

TEST_F(QueryTest, FindsByPublisherWhateverTheCaseAndFollowsARename) {
  See("a", "One/a", 1);
  See("b", "one/b", 2);
  See("c", "one-more/c", 3);
  v1::FindReleasesRequest request = On();
  request.set_publisher("ONE");
  EXPECT_THAT(Names(request), ElementsAre("one/b", "One/a"));
  See("b", "elsewhere/b", 4);
  EXPECT_THAT(Names(request), ElementsAre("One/a"));
}

TEST_F(QueryTest, FindsByEveryLicenceOfTheNewestJudgedVersion) {
  See("a", "one/a", 1);
  Judge("a", "MIT OR (Apache-2.0 WITH LLVM-exception)");
  See("b", "one/b", 2);
  v1::FindReleasesRequest request = On();
  request.set_licence("apache-2.0");
  EXPECT_THAT(Names(request), ElementsAre("one/a"));
  request.set_licence("OR");
  EXPECT_THAT(Names(request), IsEmpty());
  See("a", "one/a", 3);
  request.set_licence("mit");
  EXPECT_THAT(Names(request), ElementsAre("one/a")) << "not judged anew yet";
  Judge("a", "CC-BY-NC-4.0");
  EXPECT_THAT(Names(request), IsEmpty());
  request.set_licence("cc-by-nc-4.0");
  EXPECT_THAT(Names(request), ElementsAre("one/a"));
}

TEST_F(QueryTest, KeepsTheLastShiftUntilAnotherOne) {
  See("a", "one/a", 1);
  Judge("a", "MIT");
  See("a", "one/a", 2);
  Judge("a", "CC-BY-NC-4.0", v1::TIGHTER);
  See("a", "one/a", 3);
  Judge("a", "CC-BY-NC-4.0", v1::SAME);
  v1::FindReleasesRequest request = On();
  request.set_direction("tighter");
  ASSERT_OK_AND_ASSIGN(const auto found, ReadFound(*store_, request));
  ASSERT_EQ(found.releases_size(), 1);
  EXPECT_EQ(found.releases(0).direction(), v1::TIGHTER);
  EXPECT_LT(found.releases(0).direction_version(), found.releases(0).judged_version());
  See("a", "one/a", 4);
  Judge("a", "MIT", v1::LOOSER);
  EXPECT_THAT(Names(request), IsEmpty());
}

TEST_F(QueryTest, JoinsWhatIsAskedTogether) {
  See("a", "one/a", 1, v1::MANUAL);
  See("b", "one/b", 2, v1::OPEN);
  See("c", "two/c", 3, v1::MANUAL);
  Judge("a", "MIT");
  Judge("c", "MIT");
  v1::FindReleasesRequest request = On();
  request.set_access("manual");
  EXPECT_THAT(Names(request), ElementsAre("two/c", "one/a"));
  request.set_publisher("one");
  EXPECT_THAT(Names(request), ElementsAre("one/a"));
  request.set_licence("Apache-2.0");
  EXPECT_THAT(Names(request), IsEmpty());
}

TEST_F(QueryTest, FindsByTheStartOfANameInItsOrder) {
  See("c", "one/c", 1);
  See("a", "One/a", 2);
  See("b", "two/b", 3);
  v1::FindReleasesRequest request = On();
  request.set_name_prefix("one/");
  EXPECT_THAT(Names(request), ElementsAre("One/a", "one/c"));
}

TEST_F(QueryTest, GoesOnAtAPlaceThatStaysGood) {
  for (int i = 0; i < 5; ++i) See(absl::StrCat("r", i), absl::StrCat("one/r", i), i + 1);
  v1::FindReleasesRequest request = On();
  request.set_publisher("one");
  request.set_limit(2);
  ASSERT_OK_AND_ASSIGN(const auto first, ReadFound(*store_, request));
  EXPECT_EQ(first.releases(1).name(), "one/r3");
  See("r4", "one/r4", 6);  // moves to the front, which was read
  See("r0", "gone/r0", 7);
  request.set_page_token(first.next_page_token());
  EXPECT_THAT(Names(request), ElementsAre("one/r2", "one/r1"));
}

TEST_F(QueryTest, StopsAtWhatChangedTooLongAgo) {
  See("a", "one/a", 1);
  clock_.Advance(absl::Hours(2));
  See("b", "one/b", 2);
  v1::FindReleasesRequest request = On();
  request.set_changed_since_us(common::ToMicros(clock_.Now() - absl::Hours(1)));
  EXPECT_THAT(Names(request), ElementsAre("one/b"));
}

TEST_F(QueryTest, RefusesWhatIsNoQuestion) {
  EXPECT_THAT(ReadFound(*store_, v1::FindReleasesRequest()),
              StatusIs(StatusCode::kInvalidArgument, "name the hub"));
  v1::FindReleasesRequest request = On();
  request.set_direction("sideways");
  EXPECT_THAT(ReadFound(*store_, request),
              StatusIs(StatusCode::kInvalidArgument, "no direction 'sideways'"));
  request = On();
  request.set_page_token("abcd");
  EXPECT_THAT(ReadFound(*store_, request),
              StatusIs(StatusCode::kInvalidArgument, "of another query"));
  request = On();
  request.set_licence(std::string("MIT\0", 4));
  EXPECT_THAT(ReadFound(*store_, request), StatusIs(StatusCode::kInvalidArgument, "zero byte"));
}

// What an older program stored is found as well.
TEST_F(QueryTest, FindsInADatabaseThatWasBroughtForward) {
  See("a", "one/a", 1);
  Judge("a", "MIT");
  See("a", "one/a", 2);
  Judge("a", "CC-BY-NC-4.0", v1::TIGHTER);
  const auto keys = [&](Table table) {
    std::vector<std::string> all;
    EXPECT_OK(store_->Scan(table, "", "", [&](std::string_view key, std::string_view) {
      all.emplace_back(key);
      return true;
    }));
    return all;
  };
  const std::vector<std::string> facets = keys(Table::kFacet);
  ASSERT_EQ(facets.size(), 5u);
  Batch batch;
  batch.Put(Table::kMeta, std::string(kSchemaKey), "4");
  batch.DeleteRange(Table::kFacet, "", "\xFF");
  batch.DeleteRange(Table::kConclusion, "", "\xFF");
  ASSERT_OK(store_->Write(batch));
  ASSERT_OK(BringToSchema(*store_, kSchemaVersion, Migrations()));
  EXPECT_EQ(keys(Table::kFacet), facets);
  EXPECT_EQ(keys(Table::kConclusion).size(), 1u);
}

}  // namespace
}  // namespace modelwatch::indexer
