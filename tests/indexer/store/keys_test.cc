// SPDX-License-Identifier: Apache-2.0
#include "indexer/store/keys.h"

#include <gtest/gtest.h>

#include "common/digest.h"
#include "testing/status_matchers.h"

namespace modelwatch::indexer {
namespace {

using absl::StatusCode;
using common::ToHex;
using testing::StatusIs;

v1::ReleaseKey Key(const char* hub, const char* id) {
  v1::ReleaseKey key;
  key.set_hub(hub);
  key.set_id(id);
  return key;
}

// DO NOT CHANGE: these bytes are on disk.
TEST(KeysTest, AreTheseBytes) {
  const v1::ReleaseKey key = Key("hf", "6a");
  EXPECT_EQ(ToHex(ReleaseKeyBytes(key)), "686600366100");
  EXPECT_EQ(ToHex(HubPrefix("hf")), "686600");
  EXPECT_EQ(ToHex(SequenceKey(0x0102030405060708)), "0102030405060708");
  EXPECT_EQ(ToHex(VersionKey(key, 258)), "6866003661000000000000000102");
  EXPECT_EQ(ToHex(AssessmentKey(key, 1, 2)), "68660036610000000000000000010000000000000002");
  EXPECT_EQ(ToHex(NameKey("hf", "Own/Name")), "6866006f776e2f6e616d65");
  EXPECT_EQ(ToHex(DueKey("hf", 3, 256, "w")), "68660003000000000000010077");
  EXPECT_EQ(ToHex(FindingKey(0x01020304, std::string(32, 'a'))),
            "010203046161616161616161616161616161616161616161616161616161616161616161");
  EXPECT_EQ(ToHex(FacetKey({Facet::kLicence, "MIT", 258, key})),
            "6866006c6d697400fffffffffffffefd366100");
  EXPECT_EQ(kIdentifiersKey, "identifiers");
  EXPECT_EQ(CursorKey("evaluator"), "cursor/evaluator");
  EXPECT_EQ(BudgetKeyBytes("hub", "api", "0123"), "budget/hub/api/0123");
  EXPECT_EQ(ToHex(SeenValue({.last_seen_us = 1, .needs_visit = true, .failures = 2})),
            "00000000000000010102");
  EXPECT_EQ(ToHex(SeenValue({.last_seen_us = 1, .was_missed = true})), "00000000000000010200");
}

TEST(KeysTest, ReadBackWhatWasMade) {
  const v1::ReleaseKey key = Key("huggingface", "622fea36174feb5439c2e4be");
  ASSERT_OK_AND_ASSIGN(const auto release, ParseReleaseKey(ReleaseKeyBytes(key)));
  EXPECT_EQ(release.id(), key.id());
  ASSERT_OK_AND_ASSIGN(const auto version, ParseVersionKey(VersionKey(key, ~uint64_t{0})));
  EXPECT_EQ(version.key.hub(), key.hub());
  EXPECT_EQ(version.sequence, ~uint64_t{0});
  ASSERT_OK_AND_ASSIGN(const auto assessment, ParseAssessmentKey(AssessmentKey(key, 7, 9)));
  EXPECT_EQ(assessment.version, 7u);
  EXPECT_EQ(assessment.assessment, 9u);
  ASSERT_OK_AND_ASSIGN(const auto due, ParseDueKey(DueKey("hf", 2, 123456789, "hf/visit/x")));
  EXPECT_EQ(due.hub, "hf");
  EXPECT_EQ(due.priority, 2u);
  EXPECT_EQ(due.due_us, 123456789);
  EXPECT_EQ(due.work_id, "hf/visit/x");
  ASSERT_OK_AND_ASSIGN(const auto finding, ParseFindingKey(FindingKey(7, std::string(32, 'd'))));
  EXPECT_EQ(finding.identifier, 7u);
  EXPECT_EQ(finding.digest, std::string(32, 'd'));
  EXPECT_THAT(ParseFindingKey(FindingKey(7, "short")), StatusIs(StatusCode::kDataLoss));
  ASSERT_OK_AND_ASSIGN(const auto made, ParseDerivativeKey(DerivativeKey("hf", "A/Base", "62")));
  EXPECT_EQ(made.base, "a/base");
  EXPECT_EQ(made.derivative.id(), "62");
  EXPECT_THAT(ParseDerivativeKey(DerivativePrefix("hf", "A/Base")),
              StatusIs(StatusCode::kDataLoss));
  ASSERT_OK_AND_ASSIGN(const FacetAt facet,
                       ParseFacetKey(FacetKey({Facet::kLicence, "MIT", 258, Key("hf", "62")})));
  EXPECT_EQ(facet.facet, Facet::kLicence);
  EXPECT_EQ(facet.value, "mit");
  EXPECT_EQ(facet.sequence, 258u);
  EXPECT_EQ(facet.key.id(), "62");
  EXPECT_THAT(ParseFacetKey(FacetPrefix("hf", Facet::kLicence, "MIT")),
              StatusIs(StatusCode::kDataLoss));
  ASSERT_OK_AND_ASSIGN(const Seen seen, ParseSeenValue(SeenValue({5, false, 255})));
  EXPECT_EQ(seen.last_seen_us, 5);
  EXPECT_FALSE(seen.needs_visit);
  EXPECT_EQ(seen.failures, 255);
  EXPECT_FALSE(seen.was_missed);
  EXPECT_TRUE(ParseSeenValue(SeenValue({5, true, 0, true}))->was_missed);
}

TEST(KeysTest, AreNeverTheStartOfAnotherReleasesKey) {
  const std::string shorter = ReleaseKeyBytes(Key("hf", "ab"));
  const std::string longer = ReleaseKeyBytes(Key("hf", "abc"));
  EXPECT_NE(longer.substr(0, shorter.size()), shorter);
}

TEST(KeysTest, OrderVersionsByTheirSequence) {
  const v1::ReleaseKey key = Key("hf", "a");
  EXPECT_LT(VersionKey(key, 255), VersionKey(key, 256));
  EXPECT_LT(VersionKey(key, 1), VersionKey(key, uint64_t{1} << 63));
}

TEST(KeysTest, OrderDueWorkByPriorityThenTime) {
  EXPECT_LT(DueKey("hf", 1, 900, "z"), DueKey("hf", 2, 100, "a"));
  EXPECT_LT(DueKey("hf", 2, 100, "z"), DueKey("hf", 2, 101, "a"));
}

TEST(KeysTest, EndAPrefixAfterAllItsKeys) {
  EXPECT_EQ(ToHex(PrefixEnd(std::string("\x01\xff\xff", 3))), "02");
  EXPECT_EQ(PrefixEnd("\xff"), "");
  EXPECT_LT(ReleaseKeyBytes(Key("hf", "\x7e")), PrefixEnd(HubPrefix("hf")));
}

TEST(KeysTest, RefuseBytesThatAreNoKey) {
  EXPECT_THAT(ParseReleaseKey("hf"), StatusIs(StatusCode::kDataLoss));
  EXPECT_THAT(ParseReleaseKey(std::string("hf\0\0", 4)), StatusIs(StatusCode::kDataLoss));
  EXPECT_THAT(ParseSequenceKey("1234567"), StatusIs(StatusCode::kDataLoss));
  EXPECT_THAT(ParseSequenceKey("123456789"), StatusIs(StatusCode::kDataLoss));
  EXPECT_THAT(ParseVersionKey(ReleaseKeyBytes(Key("hf", "a"))), StatusIs(StatusCode::kDataLoss));
  EXPECT_THAT(ParseDueKey("hf"), StatusIs(StatusCode::kDataLoss));
  EXPECT_THAT(ParseSeenValue("short"), StatusIs(StatusCode::kDataLoss));
}

}  // namespace
}  // namespace modelwatch::indexer
