// SPDX-License-Identifier: Apache-2.0
// Real events of confidence A: the direction that tags and gates give, against the label. Where the
// two disagree, expected/events_disagree.csv says which, and why.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "evaluator/assess/assessor.h"
#include "evaluator/assess/shift.h"
#include "proto/json.h"
#include "replay_hub/csv_table.h"
#include "testing/shared_data.h"
#include "testing/status_matchers.h"

namespace modelwatch::evaluator {
namespace {

using replay_hub::CsvTable;

v1::Version VersionOf(const std::string& terms, uint64_t sequence) {
  v1::Version version;
  version.set_sequence(sequence);
  v1::Observation& seen = *version.mutable_observation();
  seen.set_name("acme/model");
  seen.mutable_access()->set_presence(v1::PRESENT);
  seen.mutable_access()->set_gate(terms == "gated=True" ? v1::AUTO : v1::OPEN);
  if (absl::StrContains(terms, "disabled:true")) seen.mutable_access()->set_presence(v1::DISABLED);
  if (absl::StartsWith(terms, "gated=")) {
    seen.mutable_declared()->add_tag_licences("mit");
  } else if (absl::StartsWith(terms, "apache-2.0, public") ||
             absl::StrContains(terms, "disabled:true")) {
    seen.mutable_declared()->add_tag_licences("apache-2.0");
  } else if (terms != "(none)") {
    // "gpl-3.0 (inference code)", "apache-2.0 + BSD-3 notice blocks": the name, and a remark.
    const size_t end = std::min(terms.find(" ("), terms.find(" + "));
    seen.mutable_declared()->add_tag_licences(terms.substr(0, end));
  }
  return version;
}

std::string DirectionOf(const std::string& from, const std::string& to) {
  const Assessor assessor(nullptr, TermsTable::Builtin());
  const v1::Assessment then = assessor.Assess(VersionOf(from, 1), {}, nullptr);
  const v1::Assessment now = assessor.Assess(VersionOf(to, 2), {}, &then);
  return std::string(proto::Word(ShiftBetween(assessor.judge(), then, now, {}).direction()));
}

// What a label asks for. "lateral" asks only that nobody is accused of a plain tightening.
bool Agrees(const std::string& label, const std::string& direction) {
  static const std::map<std::string, std::set<std::string>> kDirections = {
      {"restrictive", {"tighter", "mixed"}},
      {"permissive", {"looser"}},
      {"cosmetic", {"same"}},
      {"gate_on", {"tighter"}},
      {"gate_off", {"looser"}},
      {"lateral", {"same", "mixed", "unclear", "looser"}}};
  const auto found = kDirections.find(label);
  return found != kDirections.end() && found->second.count(direction) > 0;
}

TEST(EventsRealdataTest, HaveTheLabelledDirectionOrAReason) {
  SKIP_WITHOUT_SHARED_DATA();
  ASSERT_OK_AND_ASSIGN(const CsvTable events, CsvTable::Read(testing::SharedData("events.csv")));
  ASSERT_OK_AND_ASSIGN(const CsvTable reasons,
                       CsvTable::Read(std::filesystem::path(MODELWATCH_SOURCE_DIR) /
                                      "tests/evaluator/assess/expected/events_disagree.csv"));
  std::map<std::string, std::string> expected, found;
  for (size_t row = 0; row < reasons.rows(); ++row) {
    EXPECT_NE(reasons.at(row, "why"), "") << reasons.at(row, "event_id");
    expected[reasons.at(row, "event_id")] = reasons.at(row, "ours");
  }
  int agreed = 0;
  for (size_t row = 0; row < events.rows(); ++row) {
    if (events.at(row, "confidence") != "A") continue;
    const std::string direction =
        DirectionOf(events.at(row, "from_terms"), events.at(row, "to_terms"));
    if (Agrees(events.at(row, "direction"), direction)) {
      ++agreed;
    } else {
      found[events.at(row, "event_id")] = direction;
    }
  }
  EXPECT_THAT(found, ::testing::ContainerEq(expected));
  RecordProperty("agreed", agreed);
}

}  // namespace
}  // namespace modelwatch::evaluator
