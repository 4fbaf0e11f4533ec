// SPDX-License-Identifier: Apache-2.0
#include "evaluator/blob_cache.h"

#include <gtest/gtest.h>

#include "common/digest.h"
#include "testing/fake_clock.h"
#include "testing/fake_index.h"
#include "testing/status_matchers.h"

namespace modelwatch::evaluator {
namespace {

class BlobCacheTest : public ::testing::Test {
 protected:
  BlobCacheTest() : index_(clock_) {}

  std::string Keep(const std::string& text) {
    v1::PutBatchRequest request;
    v1::PutItem& item = *request.add_items();
    item.mutable_observation()->mutable_key()->set_hub("huggingface");
    item.mutable_observation()->mutable_key()->set_id("x");
    v1::Blob& blob = *item.add_blobs();
    blob.set_digest(common::Sha256(text));
    blob.set_content(text);
    EXPECT_OK(index_.PutBatch(request));
    return blob.digest();
  }

  testing::FakeClock clock_;
  testing::FakeIndex index_;
};

TEST_F(BlobCacheTest, AsksOnceForWhatItKeeps) {
  BlobCache cache(index_, 1000);
  const std::string digest = Keep("one text");
  ASSERT_OK(cache.Load({digest}));
  index_.SetAway(true);
  ASSERT_OK(cache.Load({digest}));
  ASSERT_NE(cache.Find(digest), nullptr);
  EXPECT_EQ(*cache.Find(digest), "one text");
}

TEST_F(BlobCacheTest, DropsWhatWasWantedLongestAgoWhenItIsFull) {
  BlobCache cache(index_, 150);
  const std::string first = Keep(std::string(100, 'a'));
  const std::string second = Keep(std::string(100, 'b'));
  const std::string third = Keep(std::string(100, 'c'));
  ASSERT_OK(cache.Load({first}));
  ASSERT_OK(cache.Load({second}));
  ASSERT_OK(cache.Load({third}));
  EXPECT_EQ(cache.Find(first), nullptr);
  EXPECT_NE(cache.Find(third), nullptr);
}

TEST_F(BlobCacheTest, KeepsWhatIsWantedNowHoweverLarge) {
  BlobCache cache(index_, 10);
  std::set<std::string> all;
  for (int i = 0; i < 600; ++i) all.insert(Keep(std::to_string(i) + std::string(50, 'x')));
  ASSERT_OK(cache.Load(all));
  for (const std::string& digest : all) EXPECT_NE(cache.Find(digest), nullptr);
}

TEST_F(BlobCacheTest, TellsWhatTheIndexDoesNotHave) {
  BlobCache cache(index_, 1000);
  ASSERT_OK(cache.Load({common::Sha256("never kept")}));
  EXPECT_EQ(cache.Find(common::Sha256("never kept")), nullptr);
}

TEST_F(BlobCacheTest, PassesOnTheIndexsErrors) {
  BlobCache cache(index_, 1000);
  index_.SetAway(true);
  EXPECT_THAT(cache.Load({common::Sha256("x")}), testing::StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace modelwatch::evaluator
