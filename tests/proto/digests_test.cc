// SPDX-License-Identifier: Apache-2.0
#include "proto/digests.h"

#include <gtest/gtest.h>

#include <functional>

#include "common/digest.h"

namespace modelwatch::proto {
namespace {

v1::Observation Example() {
  v1::Observation seen;
  seen.mutable_key()->set_hub("huggingface");
  seen.mutable_key()->set_id("621ffdc036468d709f17434d");
  seen.set_name("owner/name");
  seen.set_observed_at_us(5);
  seen.set_revision("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
  seen.set_created_at_us(1);
  seen.set_last_modified_us(2);
  seen.mutable_access()->set_presence(v1::PRESENT);
  seen.mutable_access()->set_gate(v1::OPEN);
  seen.mutable_declared()->add_tag_licences("mit");
  seen.mutable_declared()->add_tag_licences("apache-2.0");
  v1::BaseModel* base = seen.mutable_declared()->add_base_models();
  base->set_name("base/model");
  base->set_relation("finetune");
  v1::File* file = seen.add_files();
  file->set_path("LICENSE");
  file->set_oid("ce013625030ba8dba906f756967f9e9ca394464a");
  file->set_digest(common::Sha256("hello\n"));
  file->set_outcome(v1::FETCHED);
  return seen;
}

// DO NOT CHANGE these two values: digests are stored, and another one makes every release look new.
TEST(DigestsTest, TheBytesThatAreDigestedAreFixed) {
  EXPECT_EQ(common::ToHex(ObservationRowDigest(Example())),
            "085297291f12412801999af10e801c7ede2fc6b3b10b9b3eaf8bf771dde6b0b3");
  EXPECT_EQ(common::ToHex(ObservationDigest(Example())),
            "4cb6f8a601d52fb023b3b186268d9ab097f43bf48929148ce0b1ed02f53b11a2");
}

TEST(DigestsTest, WhenItWasSeenDoesNotMatter) {
  v1::Observation later = Example();
  later.set_observed_at_us(9'999);
  EXPECT_EQ(ObservationDigest(later), ObservationDigest(Example()));
  EXPECT_EQ(ObservationRowDigest(later), ObservationRowDigest(Example()));
}

TEST(DigestsTest, TheOrderOfTagsDoesNotMatter) {
  v1::Observation turned = Example();
  turned.mutable_declared()->mutable_tag_licences()->SwapElements(0, 1);
  EXPECT_EQ(ObservationDigest(turned), ObservationDigest(Example()));
}

TEST(DigestsTest, TheOrderOfFilesDoesNotMatter) {
  v1::Observation one = Example();
  v1::File* card = one.add_files();
  card->set_path("README.md");
  card->set_outcome(v1::MISSING);
  v1::Observation turned = one;
  turned.mutable_files()->SwapElements(0, 1);
  EXPECT_EQ(ObservationDigest(turned), ObservationDigest(one));
}

TEST(DigestsTest, FilesBelongToTheWholeButNotToTheRow) {
  v1::Observation other = Example();
  other.mutable_files(0)->set_digest(common::Sha256("other"));
  EXPECT_NE(ObservationDigest(other), ObservationDigest(Example()));
  EXPECT_EQ(ObservationRowDigest(other), ObservationRowDigest(Example()));
}

TEST(DigestsTest, EverythingThatAListingRowSaysMatters) {
  const std::vector<std::function<void(v1::Observation&)>> edits = {
      [](v1::Observation& o) { o.mutable_key()->set_id("other"); },
      [](v1::Observation& o) { o.set_name("owner/renamed"); },
      [](v1::Observation& o) { o.set_revision("ce013625030ba8dba906f756967f9e9ca394464a"); },
      [](v1::Observation& o) { o.set_last_modified_us(3); },
      [](v1::Observation& o) { o.mutable_access()->set_gate(v1::MANUAL); },
      [](v1::Observation& o) { o.mutable_access()->set_presence(v1::REMOVED); },
      [](v1::Observation& o) { o.mutable_access()->set_is_private(true); },
      [](v1::Observation& o) { o.mutable_declared()->set_tag_licences(0, "other"); },
      [](v1::Observation& o) { o.mutable_declared()->add_card_licences("mit"); },
      [](v1::Observation& o) { o.mutable_declared()->set_license_name("x"); },
      [](v1::Observation& o) { o.mutable_declared()->set_license_link("x"); },
      [](v1::Observation& o) { o.mutable_declared()->set_gated_prompt("x"); },
      [](v1::Observation& o) { o.mutable_declared()->set_excludes_eu(true); },
      [](v1::Observation& o) { o.mutable_declared()->set_card_data_missing(true); },
      [](v1::Observation& o) { o.mutable_declared()->mutable_base_models(0)->set_relation("x"); },
  };
  for (size_t i = 0; i < edits.size(); ++i) {
    v1::Observation edited = Example();
    edits[i](edited);
    EXPECT_NE(ObservationRowDigest(edited), ObservationRowDigest(Example())) << "edit " << i;
    EXPECT_NE(ObservationDigest(edited), ObservationDigest(Example())) << "edit " << i;
  }
}

TEST(DigestsTest, ATextCannotMoveFromOneFieldToTheNext) {
  v1::Observation one = Example();
  one.mutable_declared()->set_license_name("ab");
  one.mutable_declared()->set_license_link("c");
  v1::Observation other = Example();
  other.mutable_declared()->set_license_name("a");
  other.mutable_declared()->set_license_link("bc");
  EXPECT_NE(ObservationRowDigest(one), ObservationRowDigest(other));
}

TEST(DigestsTest, AFileThatCouldNotBeReadIsNotTheSameAsOneThatCould) {
  v1::Observation refused = Example();
  refused.mutable_files(0)->clear_digest();
  refused.mutable_files(0)->set_outcome(v1::REFUSED);
  EXPECT_NE(ObservationDigest(refused), ObservationDigest(Example()));
}

}  // namespace
}  // namespace modelwatch::proto
