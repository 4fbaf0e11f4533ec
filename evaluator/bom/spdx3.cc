// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "common/digest.h"
#include "common/url.h"
#include "evaluator/bom/address.h"
#include "evaluator/bom/bom.h"
#include "evaluator/bom/licence_claim.h"
#include "evaluator/bom/record_time.h"
#include "proto/release_id.h"

namespace modelwatch::evaluator {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kContext[] = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld";
constexpr char kCreationInfo[] = "_:creation";
constexpr char kNoAssertion[] =
    "https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoAssertionLicense";

// Where the words of a licence are that SPDX does not list: the format asks for the words, which
// belong to others.
std::string WordsOf(const UnlistedLicence& licence) {
  std::string words = absl::StrCat(licence.name, ". The words are not included");
  if (!licence.url.empty()) absl::StrAppend(&words, "; see ", licence.url);
  if (!licence.sha256.empty()) absl::StrAppend(&words, "; SHA-256 ", licence.sha256);
  return words + ".";
}

// The elements of a document, each with an id that the same part has in every BOM of the release.
class Document {
 public:
  explicit Document(const BomSource& source) : source_(source) {
    const v1::Version& version = source.release.version();
    const v1::ReleaseKey& key = version.observation().key();
    space_ = absl::StrCat("urn:modelwatch:bom:", common::PercentEncode(key.hub()), ":",
                          common::PercentEncode(key.id()), ":", version.sequence(), ":",
                          source.release.assessment().sequence(), "#");
  }

  std::string Made() {
    Json creation = {{"type", "CreationInfo"},
                     {"@id", kCreationInfo},
                     {"specVersion", "3.0.1"},
                     {"created", SecondsOf(RecordedAt(source_.release))},
                     {"createdBy", {space_ + "producer"}}};
    AddElement("SoftwareAgent", "producer")["name"] =
        absl::StrCat("modelwatch ", source_.program_version);
    AddPackage(source_.release, "model");
    const size_t listed = std::min(source_.bases.size(), kMostBomBases);
    for (size_t i = 0; i < listed; ++i) AddBase(source_.bases[i], absl::StrCat("base-", i + 1));
    AddDocument(source_.bases.size() - listed);
    Json graph = Json::array({std::move(creation)});
    for (Json& element : elements_) graph.push_back(std::move(element));
    const Json whole = {{"@context", kContext}, {"@graph", std::move(graph)}};
    return whole.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  }

 private:
  // Valid until the next one is added.
  Json& AddElement(const char* type, const std::string& id) {
    elements_.push_back(
        {{"type", type}, {"spdxId", absl::StrCat(space_, id)}, {"creationInfo", kCreationInfo}});
    return elements_.back();
  }

  // `id` is its own: a package has several of a type.
  void Relate(const std::string& id, const char* type, const std::string& from,
              const std::string& to, std::string_view comment) {
    Json& relation = AddElement("Relationship", id);
    if (!comment.empty()) relation["comment"] = Plain(comment);
    relation["from"] = space_ + from;
    relation["relationshipType"] = type;
    relation["to"] = {to};
  }

  void AddLicence(const LicenceClaim& claim, const char* relation, const std::string& package) {
    if (claim.expression.empty()) {
      Relate(absl::StrCat(package, "-", relation), relation, package, kNoAssertion, claim.comment);
      return;
    }
    const std::string id = absl::StrCat(package, "-", relation, "-licence");
    Json uris = Json::array();
    for (const UnlistedLicence& unlisted : claim.unlisted) {
      const std::string text_id = absl::StrCat(id, "-", unlisted.ref);
      Json& text = AddElement("simplelicensing_SimpleLicensingText", text_id);
      text["name"] = unlisted.name;
      text["simplelicensing_licenseText"] = WordsOf(unlisted);
      uris.push_back(
          {{"type", "DictionaryEntry"}, {"key", unlisted.ref}, {"value", space_ + text_id}});
    }
    Json& expression = AddElement("simplelicensing_LicenseExpression", id);
    expression["simplelicensing_licenseExpression"] = claim.expression;
    if (!uris.empty()) expression["simplelicensing_customIdToUri"] = std::move(uris);
    Relate(absl::StrCat(package, "-", relation), relation, package, space_ + id, claim.comment);
  }

  std::string AddSupplier(const v1::Observation& seen, const std::string& package) {
    const std::string owner(proto::Owner(seen.name()));
    const std::string id = package + "-supplier";
    AddElement("Agent", id)["name"] = Plain(owner.empty() ? seen.key().hub() : owner);
    return space_ + id;
  }

  // The commit's own date may lie anywhere; then the first sight of the release stands for it.
  static std::string ReleaseTime(const v1::GetReleaseResponse& release) {
    const v1::Observation& seen = release.version().observation();
    const bool is_past = seen.last_modified_us() > 0 && seen.observed_at_us() > 0 &&
                         seen.last_modified_us() <= seen.observed_at_us();
    return SecondsOf(is_past ? seen.last_modified_us() : release.first_seen_us());
  }

  [[nodiscard]] Json Identifiers(const std::string& name, const std::string& revision) const {
    return Json::array({{{"type", "ExternalIdentifier"},
                         {"externalIdentifierType", "packageUrl"},
                         {"identifier", PackageUrl(source_.endpoint, name, revision)}}});
  }

  [[nodiscard]] Json References(const v1::Observation& seen) const {
    Json references = Json::array();
    for (const v1::File& file : seen.files()) {
      const std::string url = FileAddress(source_.endpoint, seen, file.path());
      if (url.empty() || file.outcome() != v1::FETCHED || references.size() == 256) continue;
      const char* type = file.path() == "README.md" ? "documentation" : "license";
      references.push_back(
          {{"type", "ExternalRef"},
           {"externalRefType", type},
           {"locator", {url}},
           {"comment", absl::StrCat("SHA-256 ", common::ToHex(file.digest()).substr(0, 64))}});
    }
    return references;
  }

  void AddPackage(const v1::GetReleaseResponse& release, const std::string& id) {
    const v1::Observation& seen = release.version().observation();
    const std::string supplier = AddSupplier(seen, id);
    Json& package = AddElement("ai_AIPackage", id);
    package["name"] = Plain(seen.name());
    package["externalIdentifier"] = Identifiers(seen.name(), seen.revision());
    Json references = References(seen);
    if (!references.empty()) package["externalRef"] = std::move(references);
    package["suppliedBy"] = supplier;
    package["releaseTime"] = ReleaseTime(release);
    package["software_primaryPurpose"] = "model";
    package["software_packageVersion"] =
        seen.revision().empty() ? "NOASSERTION" : Plain(seen.revision());
    package["software_downloadLocation"] = TreeAddress(source_.endpoint, seen);
    package["software_homePage"] = ReleaseAddress(source_.endpoint, seen.name());
    package["software_packageUrl"] = PackageUrl(source_.endpoint, seen.name(), seen.revision());
    AddLicence(DeclaredClaim(release, source_.endpoint), "hasDeclaredLicense", id);
    AddLicence(ConcludedClaim(release, source_.endpoint), "hasConcludedLicense", id);
  }

  // A base that the index does not have is no package of the AI profile, which asks for what only
  // a record can tell.
  void AddBase(const BomBase& base, const std::string& id) {
    std::string comment = base.relation.empty() ? "" : "relation: " + base.relation;
    if (base.release) {
      AddPackage(*base.release, id);
      if (!comment.empty()) comment += "; ";
      comment += "the revision is the one recorded, not known to be the one it was made from";
    } else {
      Json& package = AddElement("software_Package", id);
      package["name"] = Plain(base.name);
      package["externalIdentifier"] = Identifiers(base.name, "");
      package["software_primaryPurpose"] = "model";
      package["software_homePage"] = ReleaseAddress(source_.endpoint, base.name);
      package["software_packageUrl"] = PackageUrl(source_.endpoint, base.name, "");
    }
    Relate("model-descendantOf-" + id, "descendantOf", "model", space_ + id, comment);
  }

  void AddDocument(size_t bases_left_out) {
    Json ids = Json::array();
    for (const Json& element : elements_) ids.push_back(element["spdxId"]);
    const v1::Observation& seen = source_.release.version().observation();
    Json& document = AddElement("SpdxDocument", "document");
    document["name"] = Plain(seen.name());
    if (bases_left_out > 0) {
      document["comment"] = absl::StrCat("bases left out: ", bases_left_out);
    }
    document["profileConformance"] = {"core", "software", "simpleLicensing", "ai"};
    document["rootElement"] = {space_ + "model"};
    document["element"] = std::move(ids);
  }

  const BomSource& source_;
  std::string space_;
  std::vector<Json> elements_;
};

}  // namespace

std::string Spdx3Bom(const BomSource& source) { return Document(source).Made(); }

}  // namespace modelwatch::evaluator
