// SPDX-License-Identifier: Apache-2.0
#include "indexer/ingest/diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "testing/observations.h"

namespace modelwatch::indexer {
namespace {

using ::testing::ElementsAre;

v1::Observation Before() {
  v1::PutItem item;
  *item.mutable_observation() = testing::ObservationOf("a", 1);
  testing::AddFile(item, "LICENSE", "Permission is granted");
  testing::AddFile(item, "README.md", "# a");
  v1::BaseModel& base = *item.mutable_observation()->mutable_declared()->add_base_models();
  base.set_name("owner/base");
  return item.observation();
}

struct Case {
  const char* name;
  std::function<void(v1::Observation&)> edit;
  v1::ChangeKind kind;
};

class DiffTest : public ::testing::TestWithParam<Case> {};

TEST_P(DiffTest, NamesTheOneKindThatDiffers) {
  v1::Observation after = Before();
  GetParam().edit(after);
  EXPECT_THAT(Diff(Before(), after), ElementsAre(GetParam().kind));
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, DiffTest,
    ::testing::Values(
        Case{"Revision", [](auto& o) { o.set_revision(testing::OidOf("other")); }, v1::REVISION},
        Case{"DatesAlone", [](auto& o) { o.set_last_modified_us(9); }, v1::REVISION},
        Case{"Tag", [](auto& o) { o.mutable_declared()->set_tag_licences(0, "other"); },
             v1::DECLARED_LICENCE},
        Case{"LicenceName", [](auto& o) { o.mutable_declared()->set_license_name("x"); },
             v1::DECLARED_LICENCE},
        Case{"LicenceText",
             [](auto& o) { o.mutable_files(0)->set_digest(common::Sha256("other")); },
             v1::LICENCE_FILE},
        Case{"LicenceRenamed", [](auto& o) { o.mutable_files(0)->set_path("LICENCE"); },
             v1::LICENCE_FILE},
        Case{"Card", [](auto& o) { o.mutable_files(1)->set_digest(common::Sha256("other")); },
             v1::CARD},
        Case{"Gate", [](auto& o) { o.mutable_access()->set_gate(v1::MANUAL); }, v1::GATE},
        Case{"Removed", [](auto& o) { o.mutable_access()->set_presence(v1::REMOVED); },
             v1::REMOVAL},
        Case{"Disabled", [](auto& o) { o.mutable_access()->set_presence(v1::DISABLED); },
             v1::REMOVAL},
        Case{"Name", [](auto& o) { o.set_name("owner/b"); }, v1::RENAME},
        Case{"Redirect", [](auto& o) { o.set_moved_to("owner/b"); }, v1::RENAME},
        Case{"Base", [](auto& o) { o.mutable_declared()->clear_base_models(); }, v1::BASE_MODEL},
        Case{"Prompt", [](auto& o) { o.mutable_declared()->set_gated_prompt("agree"); },
             v1::GATE_TERMS},
        Case{"NoEu", [](auto& o) { o.mutable_declared()->set_excludes_eu(true); }, v1::GATE_TERMS},
        Case{"Private", [](auto& o) { o.mutable_access()->set_is_private(true); }, v1::VISIBILITY}),
    [](const auto& named) { return named.param.name; });

TEST(DiffTest, NamesEveryKindOnceInAscendingOrder) {
  v1::Observation after = Before();
  after.mutable_access()->set_gate(v1::MANUAL);
  after.mutable_declared()->set_license_name("x");
  after.mutable_declared()->set_license_link("y");
  after.set_revision(testing::OidOf("other"));
  EXPECT_THAT(Diff(Before(), after), ElementsAre(v1::REVISION, v1::DECLARED_LICENCE, v1::GATE));
}

TEST(DiffTest, CallsTheReturnOfAReleaseAReappearance) {
  v1::Observation removed = Before();
  removed.mutable_access()->set_presence(v1::REMOVED);
  EXPECT_THAT(Diff(removed, Before()), ElementsAre(v1::REAPPEARANCE));
}

TEST(DiffTest, DoesNotMindTheOrderOfTags) {
  v1::Observation before = Before();
  before.mutable_declared()->add_tag_licences("apache-2.0");
  v1::Observation after = before;
  after.mutable_declared()->mutable_tag_licences()->SwapElements(0, 1);
  after.mutable_access()->set_gate(v1::AUTO);
  EXPECT_THAT(Diff(before, after), ElementsAre(v1::GATE));
}

TEST(CarryContentOverTest, GivesARemovedReleaseWhatItHeld) {
  v1::Observation after;
  *after.mutable_key() = Before().key();
  after.set_name("owner/a");
  after.mutable_access()->set_presence(v1::REMOVED);
  CarryContentOver(Before(), after);
  EXPECT_EQ(after.files_size(), 2);
  EXPECT_THAT(Diff(Before(), after), ElementsAre(v1::REMOVAL));
}

TEST(CarryContentOverTest, LeavesAPresentReleaseAlone) {
  v1::Observation after;
  after.mutable_access()->set_presence(v1::PRESENT);
  CarryContentOver(Before(), after);
  EXPECT_EQ(after.files_size(), 0);
}

}  // namespace
}  // namespace modelwatch::indexer
