// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/world.h"

#include <gtest/gtest.h>

#include "common/clock.h"
#include "common/digest.h"
#include "testing/status_matchers.h"

namespace modelwatch::replay_hub {
namespace {

using ::modelwatch::testing::StatusIs;

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kT0 = 1'700'000'000 * kSecond;

Release Make(World& world, const std::string& name, int64_t created_us = kT0) {
  Release release;
  release.name = name;
  release.created_at_us = created_us;
  Commit commit;
  commit.date_us = created_us + kSecond;
  commit.title = "Release";
  commit.files = {world.AddFile("b.txt", "b"), world.AddFile("a.txt", "a of " + name)};
  release.commits = {commit};
  return release;
}

std::string Put(World& world, const std::string& name, int64_t created_us = kT0) {
  auto id = world.Add(Make(world, name, created_us));
  EXPECT_OK(id);
  return id.ok() ? *id : "";
}

std::vector<std::string> Names(const World& world, World::Listing listing) {
  std::vector<std::string> names;
  for (const ReleasePtr& state : world.List(listing)) names.push_back(state->release.name);
  return names;
}

TEST(WorldTest, DerivesIdsFromCreationAndNameAndCommitsFromFacts) {
  World world;
  const std::string id = Put(world, "acme/one");
  EXPECT_EQ(id.size(), 24u);
  EXPECT_EQ(id.substr(0, 8), "6553f100");  // 1700000000
  const Release& release = world.FindById(id)->release;
  EXPECT_TRUE(common::IsGitOid(release.head().sha));
  EXPECT_EQ(release.head().files[0].path, "a.txt");
  EXPECT_EQ(release.last_modified_us, kT0 + kSecond);
}

TEST(WorldTest, RefusesAReleaseWithoutCommitAndATakenName) {
  World world;
  Release empty;
  empty.name = "acme/empty";
  EXPECT_THAT(world.Add(empty), StatusIs(absl::StatusCode::kInvalidArgument, "commit"));
  Put(world, "acme/one");
  Release again = Make(world, "acme/one");
  again.id = "00000000000000000000000a";
  EXPECT_THAT(world.Add(again), StatusIs(absl::StatusCode::kInvalidArgument, "taken"));
}

TEST(WorldTest, KeepsBlobsByTheirGitOid) {
  World world;
  const RepoFile file = world.AddFile("LICENSE", "text\n");
  ASSERT_NE(world.Blob(file.oid), nullptr);
  EXPECT_EQ(*world.Blob(file.oid), "text\n");
  EXPECT_EQ(world.Blob("nothing"), nullptr);
}

TEST(WorldTest, HoldsThePointerOfAnLfsFileAsItsBlob) {
  World world;
  const RepoFile file = world.AddLfsContent("w.bin", "weights");
  EXPECT_EQ(file.size, 7u);
  EXPECT_EQ(*world.Blob(file.oid), PointerText(*file.lfs));
  EXPECT_EQ(*world.LfsBytes(file.lfs->sha256), "weights");
}

TEST(WorldTest, ListsEqualSecondsByIdAndPagesThroughThem) {
  World world;
  std::vector<std::string> ids;
  for (int i = 0; i < 10; ++i) ids.push_back(Put(world, "acme/" + std::to_string(i)));
  std::sort(ids.begin(), ids.end());
  World::Listing listing{SortField::kCreatedAt, true, std::nullopt, 3, nullptr};
  std::vector<std::string> seen;
  while (true) {
    const auto page = world.List(listing);
    if (page.empty()) break;
    for (const ReleasePtr& state : page) seen.push_back(state->release.id);
    listing.after = Position{kT0 / kSecond, page.back()->release.id};
  }
  EXPECT_EQ(seen, ids);
}

TEST(WorldTest, MovesARowToTheTopOfTheFeedWithAPush) {
  World world;
  const std::string old_id = Put(world, "acme/old", kT0);
  Put(world, "acme/new", kT0 + 100 * kSecond);
  const World::Listing feed{SortField::kLastModified, false, std::nullopt, 10, nullptr};
  EXPECT_EQ(Names(world, feed), (std::vector<std::string>{"acme/new", "acme/old"}));
  Commit commit;
  commit.date_us = kT0 + 200 * kSecond;
  world.At(kT0 + 200 * kSecond, Push{old_id, commit, std::nullopt});
  world.ApplyThrough(kT0 + 200 * kSecond);
  EXPECT_EQ(Names(world, feed), (std::vector<std::string>{"acme/old", "acme/new"}));
  EXPECT_EQ(world.FindById(old_id)->release.commits.size(), 2u);
}

TEST(WorldTest, LeavesABackDatedPushBelowTheTop) {
  World world;
  const std::string id = Put(world, "acme/one", kT0);
  Put(world, "acme/two", kT0 + 10 * kSecond);
  Commit commit;
  commit.date_us = kT0 - 500 * kSecond;
  world.At(kT0 + 20 * kSecond, Push{id, commit, std::nullopt});
  world.ApplyThrough(kT0 + 20 * kSecond);
  const World::Listing feed{SortField::kLastModified, false, std::nullopt, 10, nullptr};
  EXPECT_EQ(Names(world, feed), (std::vector<std::string>{"acme/two", "acme/one"}));
}

TEST(WorldTest, AppliesNothingBeforeItsMoment) {
  World world;
  const std::string id = Put(world, "acme/one");
  world.At(kT0 + 50 * kSecond, SetGate{id, Gate::kManual});
  EXPECT_EQ(world.next_us(), kT0 + 50 * kSecond);
  EXPECT_TRUE(world.ApplyThrough(kT0 + 49 * kSecond).applied.empty());
  EXPECT_EQ(world.FindById(id)->release.gate, Gate::kOpen);
  EXPECT_EQ(world.ApplyThrough(kT0 + 50 * kSecond).applied.size(), 1u);
  EXPECT_EQ(world.FindById(id)->release.gate, Gate::kManual);
  EXPECT_EQ(world.next_us(), std::nullopt);
}

TEST(WorldTest, GateAndTakedownMoveNoLastModified) {
  World world;
  const std::string id = Put(world, "acme/one");
  const int64_t before = world.FindById(id)->release.last_modified_us;
  world.At(1, SetGate{id, Gate::kAuto});
  world.At(1, SetDisabled{id, true});
  world.ApplyThrough(1);
  EXPECT_EQ(world.FindById(id)->release.last_modified_us, before);
}

TEST(WorldTest, HidesARemovedReleaseAndBringsItBack) {
  World world;
  const std::string id = Put(world, "acme/one");
  world.At(1, Delete{id});
  world.At(2, Restore{id});
  world.ApplyThrough(1);
  EXPECT_EQ(world.Find("acme/one").release, nullptr);
  EXPECT_EQ(world.visible_count(), 0u);
  world.ApplyThrough(2);
  EXPECT_EQ(world.Find("acme/one").release->release.id, id);
}

TEST(WorldTest, RedirectsAnOldNameAlsoOverTwoRenames) {
  World world;
  const std::string id = Put(world, "acme/one");
  world.At(1, Rename{id, "acme/two"});
  world.At(2, Rename{id, "corp/three"});
  world.ApplyThrough(2);
  EXPECT_EQ(world.Find("acme/one").moved_to, "corp/three");
  EXPECT_EQ(world.Find("corp/three").moved_to, "");
}

TEST(WorldTest, GivesAReusedNameToTheNewRelease) {
  World world;
  const std::string old_id = Put(world, "acme/one");
  Release newcomer = Make(world, "acme/one", kT0 + kSecond);
  newcomer.id = DeriveReleaseId("acme/one", kT0 + kSecond, "new");
  world.At(1, Rename{old_id, "acme/moved"});
  world.At(2, Create{newcomer});
  EXPECT_TRUE(world.ApplyThrough(2).refused.empty());
  const NameLookup found = world.Find("acme/one");
  EXPECT_EQ(found.moved_to, "");
  EXPECT_EQ(found.release->release.id, newcomer.id);
}

TEST(WorldTest, RedirectsOtherLetterCaseAndLegacyNames) {
  World world;
  Put(world, "Acme/One");
  world.AddAlias("one", "Acme/One");
  EXPECT_EQ(world.Find("acme/one").moved_to, "Acme/One");
  EXPECT_EQ(world.Find("one").moved_to, "Acme/One");
}

TEST(WorldTest, TellsAMutationOfAnUnknownReleaseAndGoesOn) {
  World world;
  const std::string id = Put(world, "acme/one");
  world.At(1, Delete{"ffffffffffffffffffffffff"});
  world.At(1, SetGate{id, Gate::kAuto});
  const World::Outcome outcome = world.ApplyThrough(1);
  ASSERT_EQ(outcome.refused.size(), 1u);
  EXPECT_EQ(outcome.applied.size(), 1u);
}

TEST(WorldTest, StartsJustBeforeItsFirstMoment) {
  World world;
  const std::string id = Put(world, "acme/one");
  EXPECT_EQ(world.start_us(), kT0 + kSecond);
  world.At(kT0 + 90 * kSecond, Delete{id});
  EXPECT_EQ(world.start_us(), kT0 + 89 * kSecond);
  world.At(kT0 + 95 * kSecond, Restore{id});
  world.ApplyThrough(kT0 + 90 * kSecond);
  EXPECT_EQ(world.start_us(), kT0 + 89 * kSecond);
  world.SetStart(kT0);
  EXPECT_EQ(world.start_us(), kT0);
}

}  // namespace
}  // namespace modelwatch::replay_hub
