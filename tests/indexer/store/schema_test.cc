// SPDX-License-Identifier: Apache-2.0
#include "indexer/store/schema.h"

#include <gtest/gtest.h>

#include "indexer/store/keys.h"
#include "indexer/store/rocks_store.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::indexer {
namespace {

using absl::StatusCode;
using testing::StatusIs;

class SchemaTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK_AND_ASSIGN(store_, OpenRocksStore(dir_.Sub("db"), {})); }

  void SetVersion(const std::string& text) {
    Batch batch;
    batch.Put(Table::kMeta, std::string(kSchemaKey), text);
    ASSERT_OK(store_->Write(batch));
  }

  // Notes that it ran.
  static Migration Noting(uint32_t from) {
    return {from, [from](const View&, Batch& batch) {
              batch.Put(Table::kMeta, "ran/" + std::to_string(from), "yes");
              return absl::OkStatus();
            }};
  }

  const testing::TempDir dir_;
  std::unique_ptr<Store> store_;
};

TEST_F(SchemaTest, MarksAnEmptyStore) {
  ASSERT_OK(BringToSchema(*store_, 3, {}));
  EXPECT_EQ(*ReadSchemaVersion(*store_), 3u);
  EXPECT_OK(RequireSchema(*store_, 3));
}

TEST_F(SchemaTest, RefusesANewerStore) {
  SetVersion("9");
  EXPECT_THAT(BringToSchema(*store_, kSchemaVersion, Migrations()),
              StatusIs(StatusCode::kFailedPrecondition, "use the newer modelwatch"));
  EXPECT_THAT(RequireSchema(*store_, kSchemaVersion),
              StatusIs(StatusCode::kFailedPrecondition, "schema version 9"));
}

TEST_F(SchemaTest, MigratesOneVersionAtATime) {
  SetVersion("1");
  ASSERT_OK(BringToSchema(*store_, 3, {Noting(1), Noting(2)}));
  EXPECT_EQ(*ReadSchemaVersion(*store_), 3u);
  EXPECT_OK(store_->Get(Table::kMeta, "ran/1"));
  EXPECT_OK(store_->Get(Table::kMeta, "ran/2"));
}

TEST_F(SchemaTest, LeadsFromTheFirstVersionToThePresentOne) {
  SetVersion("1");
  EXPECT_THAT(RequireSchema(*store_, kSchemaVersion),
              StatusIs(StatusCode::kFailedPrecondition, "start the indexer once"));
  ASSERT_OK(BringToSchema(*store_, kSchemaVersion, Migrations()));
  EXPECT_OK(RequireSchema(*store_, kSchemaVersion));
}

TEST_F(SchemaTest, GoesOnWhereAMigrationWasCutOff) {
  SetVersion("1");
  const Migration fails = {2, [](const View&, Batch&) { return absl::UnavailableError("full"); }};
  EXPECT_THAT(BringToSchema(*store_, 3, {Noting(1), fails}), StatusIs(StatusCode::kUnavailable));
  EXPECT_EQ(*ReadSchemaVersion(*store_), 2u);
  EXPECT_OK(BringToSchema(*store_, 3, {Noting(2)}));
}

TEST_F(SchemaTest, SaysWhenNoWayLeadsOn) {
  SetVersion("1");
  EXPECT_THAT(BringToSchema(*store_, 3, {Noting(2)}), StatusIs(StatusCode::kFailedPrecondition));
  EXPECT_EQ(*ReadSchemaVersion(*store_), 1u);
}

TEST_F(SchemaTest, RefusesAVersionThatIsNoNumber) {
  SetVersion("one");
  EXPECT_THAT(ReadSchemaVersion(*store_), StatusIs(StatusCode::kDataLoss));
}

}  // namespace
}  // namespace modelwatch::indexer
