// SPDX-License-Identifier: Apache-2.0
#include "proto/json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace modelwatch::proto {
namespace {

using nlohmann::json;

v1::Shift Tightening() {
  v1::Shift shift;
  shift.set_direction(v1::TIGHTER);
  shift.set_kind(v1::SWAP);
  shift.set_from_licence("MIT");
  shift.set_to_licence("CC-BY-NC-4.0");
  v1::Move* move = shift.add_lost();
  move->set_scenario("com_small");
  move->mutable_to()->set_low(3);
  move->mutable_to()->set_high(3);
  return shift;
}

TEST(ShiftJsonTest, HasTheKeysOfTheDiffContract) {
  const json shift = json::parse(ShiftJson(Tightening()));
  EXPECT_EQ(shift["direction"], "tighter");
  EXPECT_EQ(shift["kind"], "swap");
  EXPECT_EQ(shift["lost"][0]["scenario"], "com_small");
  EXPECT_EQ(shift["lost"][0]["from"], (json{{"low", 0}, {"high", 0}}));
  EXPECT_EQ(shift["lost"][0]["to"], (json{{"low", 3}, {"high", 3}}));
  EXPECT_TRUE(shift["gained"].is_array());
}

TEST(FindingJsonTest, HasTheKeysOfTheIdentifyContract) {
  v1::Finding finding;
  finding.set_path("LICENSE");
  finding.set_status(v1::MODIFIED);
  finding.set_base("MIT");
  v1::ResidueSpan* added = finding.add_added();
  added->set_text("for non-commercial use");
  added->set_line(3);
  added->set_clause("purpose.noncommercial");
  v1::LicenceMatch* match = finding.add_licences();
  match->set_licence("MIT");
  match->set_role(v1::CHANGE_LICENCE);
  match->set_scope(v1::WEIGHTS);
  const json line = json::parse(FindingJson(finding));
  for (const char* key :
       {"path", "expression", "status", "base", "score", "licences", "residue", "reason"}) {
    EXPECT_TRUE(line.contains(key)) << key;
  }
  EXPECT_EQ(line["status"], "MODIFIED");
  EXPECT_EQ(line["residue"]["added"][0]["line"], 3);
  for (const char* key :
       {"licence", "spdx", "status", "role", "scope", "score", "start_line", "end_line"}) {
    EXPECT_TRUE(line["licences"][0].contains(key)) << key;
  }
  EXPECT_EQ(line["licences"][0]["role"], "change-licence");
  EXPECT_EQ(line["licences"][0]["scope"], "weights");
  EXPECT_EQ(line["residue"]["added"][0]["clause"], "purpose.noncommercial");
}

TEST(AlertJsonTest, CarriesTheShiftTheEvidenceAndReadableTimes) {
  v1::Alert alert;
  alert.set_sequence(7);
  alert.set_severity(v1::CRITICAL);
  alert.set_name("a/b");
  alert.set_observed_at_us(1'787'124'991'000'000);
  *alert.mutable_shift() = Tightening();
  alert.mutable_after()->set_path("LICENSE");
  alert.mutable_after()->set_digest(std::string(32, '\xAB'));
  const json line = json::parse(AlertJson(alert));
  EXPECT_EQ(line["sequence"], 7);
  EXPECT_EQ(line["severity"], "critical");
  EXPECT_EQ(line["direction"], "tighter");
  EXPECT_EQ(line["observed_at"], "2026-08-19T07:36:31Z");
  EXPECT_EQ(line["after"]["path"], "LICENSE");
  EXPECT_EQ(line["after"]["digest"].get<std::string>().substr(0, 4), "abab");
  EXPECT_TRUE(line["recorded_at"].is_null());
}

TEST(VersionJsonTest, SurvivesTextThatIsNotUtf8) {
  v1::Version version;
  version.mutable_observation()->set_name("a/\xFF");
  EXPECT_TRUE(json::accept(VersionJson(version)));
}

}  // namespace
}  // namespace modelwatch::proto
