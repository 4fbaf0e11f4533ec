// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "bom_sources.h"

namespace modelwatch::evaluator {
namespace {

using ::nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

json Component(const BomSource& source) {
  return json::parse(CycloneDxBom(source)).at("metadata").at("component");
}

TEST(CycloneDxTest, AModelHasItsNameRevisionPackageUrlAndTheTimeOfTheRecord) {
  const BomSource source = Judged("a", "mit", "MIT", "MIT");
  const json bom = json::parse(CycloneDxBom(source));
  EXPECT_EQ(bom["specVersion"], "1.6");
  EXPECT_EQ(bom["metadata"]["timestamp"], "2023-11-14T22:13:26Z");
  const json& model = bom["metadata"]["component"];
  EXPECT_EQ(model["type"], "machine-learning-model");
  EXPECT_EQ(model["group"], "owner");
  EXPECT_EQ(model["name"], "a");
  const std::string revision = source.release.version().observation().revision();
  EXPECT_EQ(model["version"], revision);
  EXPECT_EQ(model["purl"], "pkg:huggingface/owner/a@" + revision);
  EXPECT_THAT(model["modelCard"]["properties"].dump(), HasSubstr("modelwatch:scenario:sell"));
}

TEST(CycloneDxTest, DeclaredAndConcludedStandSideBySide) {
  const json licences = Component(Judged("a", "mit", "MIT", "Apache-2.0"))["licenses"];
  EXPECT_EQ(licences, json::parse(R"([
    {"license":{"id":"MIT","acknowledgement":"declared"}},
    {"license":{"id":"Apache-2.0","acknowledgement":"concluded"}}])"));
}

TEST(CycloneDxTest, AnExpressionStandsAloneAndTheDeclarationIsEvidence) {
  const json model = Component(Judged("a", "mit", "MIT", "MIT OR Apache-2.0"));
  EXPECT_EQ(model["licenses"], json::parse(R"([
    {"expression":"MIT OR Apache-2.0","acknowledgement":"concluded"}])"));
  EXPECT_EQ(model["evidence"]["licenses"], json::parse(R"([
    {"license":{"id":"MIT","acknowledgement":"declared"}}])"));
}

TEST(CycloneDxTest, AnUnknownLicenceIsANameWithItsWordsAndNeverAnId) {
  for (const char* concluded : {"unknown", ""}) {
    const json licences = Component(Judged("a", "other", "", concluded))["licenses"];
    ASSERT_THAT(licences, SizeIs(1));
    const json& licence = licences[0]["license"];
    EXPECT_FALSE(licence.contains("id"));
    EXPECT_THAT(licence["name"], HasSubstr("unknown"));
    EXPECT_THAT(licence["url"], HasSubstr("/LICENSE"));
  }
}

TEST(CycloneDxTest, BasesAreAncestorsWithTheirLicencesWhereTheyAreKnown) {
  const json ancestors = Component(Derived())["pedigree"]["ancestors"];
  ASSERT_THAT(ancestors, SizeIs(2));
  EXPECT_EQ(ancestors[0]["purl"], "pkg:huggingface/owner/known");
  EXPECT_EQ(ancestors[0]["licenses"][0]["license"]["id"], "MIT");
  EXPECT_EQ(ancestors[1]["name"], "unknown");
  EXPECT_FALSE(ancestors[1].contains("licenses"));
}

TEST(CycloneDxTest, LicenceFilesAndTheCardAreEvidenceWithTheirDigests) {
  const std::string references =
      Component(Judged("a", "mit", "MIT", "MIT"))["externalReferences"].dump();
  EXPECT_THAT(references, HasSubstr(common::ToHex(common::Sha256(kText))));
  EXPECT_THAT(references, HasSubstr("EXACT MIT: read"));
  EXPECT_THAT(references, HasSubstr("model-card"));
}

TEST(CycloneDxTest, TheSameSourceGivesTheSameBytesAndAnotherAnotherNumber) {
  EXPECT_EQ(CycloneDxBom(Derived()), CycloneDxBom(Derived()));
  EXPECT_NE(json::parse(CycloneDxBom(Derived()))["serialNumber"],
            json::parse(CycloneDxBom(Unjudged("a", "mit")))["serialNumber"]);
}

TEST(CycloneDxTest, HostileTextStaysInertAndBounded) {
  const std::string bom = CycloneDxBom(Hostile());
  EXPECT_LT(bom.size(), size_t{1} << 20);
  EXPECT_THAT(bom, Not(HasSubstr("\\u0001")));
  EXPECT_THAT(bom, Not(HasSubstr("\\u001b")));
  EXPECT_THAT(bom, HasSubstr("bases_left_out"));
}

}  // namespace
}  // namespace modelwatch::evaluator
