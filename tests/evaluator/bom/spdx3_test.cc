// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <set>

#include "bom_sources.h"

namespace modelwatch::evaluator {
namespace {

using ::nlohmann::json;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

std::vector<json> Elements(const BomSource& source, const std::string& type,
                           const std::string& relation = "") {
  std::vector<json> found;
  const json bom = json::parse(Spdx3Bom(source));
  for (const json& element : bom.at("@graph")) {
    if (element.at("type") != type) continue;
    if (!relation.empty() && element.at("relationshipType") != relation) continue;
    found.push_back(element);
  }
  return found;
}

// What the relation of the first package leads to: an expression, or an address.
std::string Licence(const BomSource& source, const std::string& relation) {
  const std::string to = Elements(source, "Relationship", relation).at(0).at("to").at(0);
  for (const json& one : Elements(source, "simplelicensing_LicenseExpression")) {
    if (one.at("spdxId") == to) return one.at("simplelicensing_licenseExpression");
  }
  return to;
}

TEST(Spdx3Test, AModelIsAnAiPackageWithAllThatTheProfileAsksFor) {
  const BomSource source = Judged("a", "mit", "MIT", "MIT");
  const std::vector<json> packages = Elements(source, "ai_AIPackage");
  ASSERT_THAT(packages, SizeIs(1));
  const std::string revision = source.release.version().observation().revision();
  EXPECT_EQ(packages[0]["software_packageVersion"], revision);
  EXPECT_EQ(packages[0]["software_packageUrl"], "pkg:huggingface/owner/a@" + revision);
  EXPECT_EQ(packages[0]["software_primaryPurpose"], "model");
  EXPECT_EQ(packages[0]["releaseTime"], "2023-11-14T22:13:19Z");
  EXPECT_THAT(packages[0]["software_downloadLocation"], EndsWith(revision));
  EXPECT_EQ(Elements(source, "CreationInfo")[0]["created"], "2023-11-14T22:13:26Z");
}

TEST(Spdx3Test, EveryPackageHasOneDeclaredAndOneConcludedLicence) {
  for (const auto& [name, source] : AllSources()) {
    const size_t packages = Elements(source, "ai_AIPackage").size();
    EXPECT_GT(packages, 0U) << name;
    EXPECT_THAT(Elements(source, "Relationship", "hasDeclaredLicense"), SizeIs(packages)) << name;
    EXPECT_THAT(Elements(source, "Relationship", "hasConcludedLicense"), SizeIs(packages)) << name;
  }
}

TEST(Spdx3Test, ExpressionsStayAndWhatIsNotKnownIsNotAsserted) {
  const BomSource choice = Judged("a", "mit", "MIT", "MIT OR Apache-2.0");
  EXPECT_EQ(Licence(choice, "hasDeclaredLicense"), "MIT");
  EXPECT_EQ(Licence(choice, "hasConcludedLicense"), "MIT OR Apache-2.0");
  EXPECT_THAT(Licence(Unjudged("a", "other"), "hasDeclaredLicense"),
              EndsWith("/NoAssertionLicense"));
  EXPECT_THAT(Licence(Unjudged("a", "mit"), "hasConcludedLicense"),
              EndsWith("/NoAssertionLicense"));
}

TEST(Spdx3Test, ALicenceRefIsDeclaredWithANameAndWhereItsWordsAre) {
  const BomSource source = Judged("a", "mit", "MIT", "MIT AND LicenseRef-llama3");
  const std::vector<json> texts = Elements(source, "simplelicensing_SimpleLicensingText");
  ASSERT_THAT(texts, SizeIs(1));
  EXPECT_EQ(texts[0]["name"], "llama3");
  EXPECT_THAT(texts[0]["simplelicensing_licenseText"], HasSubstr("/LICENSE; SHA-256 "));
  const json uris = Elements(source, "simplelicensing_LicenseExpression")
                        .at(1)
                        .at("simplelicensing_customIdToUri");
  EXPECT_EQ(uris[0]["key"], "LicenseRef-llama3");
  EXPECT_EQ(uris[0]["value"], texts[0]["spdxId"]);
}

TEST(Spdx3Test, AModelDescendsFromItsBases) {
  const std::vector<json> relations = Elements(Derived(), "Relationship", "descendantOf");
  ASSERT_THAT(relations, SizeIs(2));
  EXPECT_THAT(relations[0]["from"], EndsWith("#model"));
  EXPECT_THAT(relations[0]["to"], ElementsAre(EndsWith("#base-1")));
  EXPECT_THAT(relations[0]["comment"], HasSubstr("finetune"));
  EXPECT_THAT(Elements(Derived(), "ai_AIPackage"), SizeIs(2));
  EXPECT_THAT(Elements(Derived(), "software_Package"), SizeIs(1));
}

TEST(Spdx3Test, IdsAreNeverSharedAndBytesNeverDiffer) {
  for (const auto& [name, source] : AllSources()) {
    const std::string bom = Spdx3Bom(source);
    EXPECT_EQ(bom, Spdx3Bom(source)) << name;
    std::set<std::string> ids;
    const json parsed = json::parse(bom);
    for (const json& element : parsed.at("@graph")) {
      if (!element.contains("spdxId")) continue;
      EXPECT_TRUE(ids.insert(element["spdxId"]).second) << name << " " << element["spdxId"];
    }
  }
}

TEST(Spdx3Test, HostileTextStaysInertAndBounded) {
  const std::string bom = Spdx3Bom(Hostile());
  EXPECT_LT(bom.size(), size_t{1} << 20);
  EXPECT_THAT(bom, Not(HasSubstr("\\u0001")));
  EXPECT_THAT(bom, HasSubstr("bases left out: 744"));
  EXPECT_EQ(Elements(Hostile(), "ai_AIPackage")[0]["releaseTime"], "2023-11-14T22:13:23Z");
}

}  // namespace
}  // namespace modelwatch::evaluator
