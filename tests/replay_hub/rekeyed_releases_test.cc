// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/rekeyed_releases.h"

#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_format.h"
#include "replay_hub/world.h"
#include "testing/status_matchers.h"

namespace modelwatch::replay_hub {
namespace {

using ::modelwatch::testing::StatusIs;

constexpr int64_t kSecond = 1'000'000;
constexpr RowKeys kEveryKey = ~RowKeys{0};

int64_t CreatedAt(uint64_t number) {
  return (1'700'000'000 + static_cast<int64_t>(number / 2)) * kSecond;
}

// Seven originals, of which one is private, in a world.
class RekeyedReleasesTest : public ::testing::Test {
 protected:
  RekeyedReleasesTest() {
    for (int i = 0; i < 7; ++i) {
      Release release;
      release.name = i == 3 ? "Legacy" : absl::StrFormat("acme/model-%d", i);
      release.created_at_us = CreatedAt(static_cast<uint64_t>(i));
      release.downloads = static_cast<uint64_t>(i % 3);
      release.is_private = i == 5;
      release.metadata.tags = {"license:mit"};
      Commit commit;
      commit.date_us = (1'600'000'000 + i * 5 % 7) * kSecond;
      commit.files = {world_.AddFile("README.md", "card"), world_.AddLfsFile("w.bin", "", 9)};
      release.commits = {commit};
      originals_.push_back(world_.FindById(*world_.Add(std::move(release))));
    }
  }

  std::unique_ptr<RekeyedReleases> Of(uint64_t count) {
    auto made = RekeyedReleases::Of(originals_, count, &CreatedAt);
    EXPECT_OK(made);
    return *std::move(made);
  }

  // The listing page by page.
  std::vector<ReleasePtr> Walk(SortField sort, bool ascending, size_t limit) {
    World::Listing listing{sort, ascending, std::nullopt, limit, nullptr};
    std::vector<ReleasePtr> all;
    for (;;) {
      const std::vector<ReleasePtr> page = world_.List(listing);
      if (page.empty()) return all;
      all.insert(all.end(), page.begin(), page.end());
      listing.after = Position{SortValue(page.back()->release, sort), page.back()->release.id};
    }
  }

  World world_;
  std::vector<ReleasePtr> originals_;
};

TEST_F(RekeyedReleasesTest, AreTheirOriginalsUnderOtherKeys) {
  const auto made = Of(20);
  ASSERT_EQ(made->size(), 13u);
  const Release& original = originals_[0]->release;
  const ReleasePtr copy = made->Make(7);  // the first of the second round
  EXPECT_EQ(copy->release.name, "acme/model-0-again-2");
  EXPECT_EQ(copy->release.created_at_us, CreatedAt(14));
  EXPECT_EQ(copy->release.id, DeriveReleaseId("acme/model-0-again-2", CreatedAt(14)));
  EXPECT_NE(copy->release.head().sha, original.head().sha);
  EXPECT_EQ(copy->release.head().files[0].oid, original.head().files[0].oid);
  EXPECT_EQ(copy->release.last_modified_us, original.last_modified_us);
  EXPECT_EQ(copy->release.metadata.tags, original.metadata.tags);
}

TEST_F(RekeyedReleasesTest, HaveTheRowsThatRenderingThemWouldGive) {
  const auto made = Of(20);
  for (uint32_t i = 0; i < made->size(); ++i) {
    const ReleasePtr copy = made->Make(i);
    std::string given, rendered;
    copy->rows.AppendRow(kEveryKey, given);
    Rows(copy->release).AppendRow(kEveryKey, rendered);
    EXPECT_EQ(given, rendered);
  }
}

TEST_F(RekeyedReleasesTest, AreFoundByIdAndByName) {
  ASSERT_OK(world_.AddRekeyed(Of(20)));
  const auto made = Of(20);
  for (uint32_t i = 0; i < made->size(); ++i) {
    const ReleasePtr copy = made->Make(i);
    ASSERT_NE(world_.FindById(copy->release.id), nullptr);
    EXPECT_EQ(world_.FindById(copy->release.id)->release.name, copy->release.name);
    const NameLookup found = world_.Find(copy->release.name);
    EXPECT_EQ(found.release != nullptr, copy->release.visible());
    EXPECT_EQ(found.moved_to, "");
  }
  EXPECT_EQ(world_.Find("legacy-AGAIN-1").moved_to, "Legacy-again-1");
  for (const char* name :
       {"acme/model-6-again-2", "acme/model-0-again-0", "acme/model-0-again-01",
        "acme/none-again-1", "acme/model-0-again-", "-again-1", "acme/model-0-again-99999999999"}) {
    EXPECT_EQ(world_.Find(name).release, nullptr) << name;
  }
  EXPECT_EQ(world_.FindById("ffffffffffffffffffffffff"), nullptr);
  EXPECT_EQ(world_.FindById("ff"), nullptr);
}

// As a world that holds each of them does.
TEST_F(RekeyedReleasesTest, StandInEveryOrderAmongTheOthers) {
  World whole;
  for (const ReleasePtr& original : originals_) ASSERT_OK(whole.Add(original->release));
  const auto made = Of(20);
  for (uint32_t i = 0; i < made->size(); ++i) ASSERT_OK(whole.Add(made->Make(i)->release));
  ASSERT_OK(world_.AddRekeyed(Of(20)));
  EXPECT_EQ(world_.size(), whole.size());
  EXPECT_EQ(world_.visible_count(), whole.visible_count());
  for (const SortField sort : {SortField::kTrendingScore, SortField::kCreatedAt,
                               SortField::kLastModified, SortField::kDownloads}) {
    for (const bool ascending : {false, true}) {
      const std::vector<ReleasePtr> expected =
          whole.List({sort, ascending, std::nullopt, 100, nullptr});
      for (const size_t limit : {1, 3, 100}) {
        const std::vector<ReleasePtr> walked = Walk(sort, ascending, limit);
        ASSERT_EQ(walked.size(), expected.size());
        for (size_t i = 0; i < walked.size(); ++i) {
          EXPECT_EQ(walked[i]->release.name, expected[i]->release.name);
          EXPECT_EQ(walked[i]->release.head().sha, expected[i]->release.head().sha);
        }
      }
    }
  }
}

TEST_F(RekeyedReleasesTest, TakeNoKeyThatIsTakenAndGiveNoneAway) {
  Release release = originals_[0]->release;
  release.name = "acme/model-1-again-1";
  release.id = "00000000000000000000000a";
  World other;
  ASSERT_OK(other.Add(release));
  EXPECT_THAT(other.AddRekeyed(Of(20)), StatusIs(absl::StatusCode::kInvalidArgument, "again-1"));
  EXPECT_EQ(other.size(), 1u);
  ASSERT_OK(world_.AddRekeyed(Of(20)));
  EXPECT_THAT(world_.Add(release), StatusIs(absl::StatusCode::kInvalidArgument, "taken"));
  EXPECT_THAT(world_.AddRekeyed(Of(20)), StatusIs(absl::StatusCode::kInvalidArgument, "enough"));
}

TEST_F(RekeyedReleasesTest, AreRefusedWhenThereIsNothingToMakeThemOf) {
  EXPECT_FALSE(RekeyedReleases::Of({}, 3, &CreatedAt).ok());
  EXPECT_FALSE(RekeyedReleases::Of(originals_, 7, &CreatedAt).ok());
}

}  // namespace
}  // namespace modelwatch::replay_hub
