// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/digest.h"
#include "evaluator/bom/address.h"
#include "evaluator/bom/bom.h"
#include "evaluator/bom/licence_claim.h"
#include "evaluator/bom/record_time.h"
#include "proto/json.h"
#include "proto/release_id.h"

namespace modelwatch::evaluator {
namespace {

using Json = nlohmann::ordered_json;

Json Property(const std::string& name, std::string_view value) {
  return {{"name", absl::StrCat("modelwatch:", name)}, {"value", Plain(value)}};
}

// One id or one name; an address of the words of what has no id.
Json LicenceEntry(const LicenceClaim& claim, const char* acknowledgement) {
  Json licence;
  if (claim.unlisted.empty()) {
    licence["id"] = claim.expression;
  } else {
    licence["name"] = claim.unlisted.front().name;
  }
  licence["acknowledgement"] = acknowledgement;
  if (!claim.unlisted.empty()) {
    const UnlistedLicence& unlisted = claim.unlisted.front();
    if (!unlisted.url.empty()) licence["url"] = unlisted.url;
    licence["properties"] = {Property("spdx_ref", unlisted.ref)};
    if (!unlisted.sha256.empty()) {
      licence["properties"].push_back(Property("text_sha256", unlisted.sha256));
    }
  }
  return {{"license", std::move(licence)}};
}

Json ChoiceOf(const LicenceClaim& claim, const char* acknowledgement) {
  if (claim.is_one) return Json::array({LicenceEntry(claim, acknowledgement)});
  return Json::array({{{"expression", claim.expression}, {"acknowledgement", acknowledgement}}});
}

// The format allows a list of licences or one expression. Where an expression is needed the
// conclusion stands in `licenses` and the declaration in `evidence`.
void AddLicences(const v1::GetReleaseResponse& release, const std::string& endpoint,
                 Json& component) {
  const LicenceClaim declared = DeclaredClaim(release, endpoint);
  const LicenceClaim concluded = ConcludedClaim(release, endpoint);
  Json said = declared.expression.empty() ? Json() : ChoiceOf(declared, "declared");
  Json found = concluded.expression.empty() ? Json() : ChoiceOf(concluded, "concluded");
  if (found.is_null()) {
    if (!said.is_null()) component["licenses"] = std::move(said);
  } else if (said.is_null()) {
    component["licenses"] = std::move(found);
  } else if (declared.is_one && concluded.is_one) {
    said.push_back(found.front());
    component["licenses"] = std::move(said);
  } else {
    component["licenses"] = std::move(found);
    component["evidence"] = {{"licenses", std::move(said)}};
  }
  component["properties"].push_back(Property("licence:declared", declared.comment));
  component["properties"].push_back(Property("licence:concluded", concluded.comment));
}

Json ReferenceTo(const char* type, std::string_view url) { return {{"type", type}, {"url", url}}; }

Json FileReference(const v1::File& file, const std::string& url, const v1::Assessment& assessment) {
  Json reference = ReferenceTo(file.path() == "README.md" ? "model-card" : "license", url);
  for (const v1::Finding& finding : assessment.findings()) {
    if (finding.path() != file.path() || finding.digest() != file.digest()) continue;
    reference["comment"] = Plain(absl::StrCat(std::string(proto::Word(finding.status())), " ",
                                              finding.expression(), ": ", finding.reason()));
    break;
  }
  if (file.digest().size() == common::kSha256Bytes) {
    reference["hashes"] =
        Json::array({{{"alg", "SHA-256"}, {"content", common::ToHex(file.digest())}}});
  }
  return reference;
}

Json References(const BomSource& source) {
  const v1::Observation& seen = source.release.version().observation();
  Json references =
      Json::array({ReferenceTo("website", ReleaseAddress(source.endpoint, seen.name())),
                   ReferenceTo("vcs", TreeAddress(source.endpoint, seen))});
  int files = 0;
  for (const v1::File& file : seen.files()) {
    const std::string url = FileAddress(source.endpoint, seen, file.path());
    if (url.empty() || file.outcome() != v1::FETCHED) continue;
    if (++files > 256) break;
    references.push_back(FileReference(file, url, source.release.assessment()));
  }
  return references;
}

Json NamesOf(const std::string& name) {
  Json component = {{"type", "machine-learning-model"}};
  const std::string owner(proto::Owner(name));
  if (!owner.empty()) component["group"] = Plain(owner);
  component["name"] = Plain(owner.empty() ? name : name.substr(owner.size() + 1));
  return component;
}

// A base: which of its revisions was the start is not known.
Json Ancestor(const BomSource& source, const BomBase& base, size_t number) {
  Json component = NamesOf(base.name);
  component["bom-ref"] = absl::StrCat("base-", number);
  component["purl"] = PackageUrl(source.endpoint, base.name, "");
  component["externalReferences"] = {
      ReferenceTo("website", ReleaseAddress(source.endpoint, base.name))};
  component["properties"] = Json::array();
  if (!base.relation.empty())
    component["properties"].push_back(Property("relation", base.relation));
  if (base.release) {
    AddLicences(*base.release, source.endpoint, component);
    component["properties"].push_back(
        Property("revision_recorded", base.release->version().observation().revision()));
  } else {
    component["properties"].push_back(Property("recorded", "no"));
  }
  return component;
}

// What is known of a model beside its licence: whom its terms allow what, and what frameworks say.
Json ModelCard(const v1::Assessment& assessment) {
  Json properties = Json::array();
  for (const v1::FrameworkVerdict& verdict : assessment.verdicts()) {
    properties.push_back(Property(
        "openness:" + verdict.framework(),
        absl::StrCat(std::string(proto::Word(verdict.answer())), ": ", verdict.verdict())));
  }
  for (const v1::Outcome& outcome : assessment.terms().outcomes()) {
    const v1::Interval& interval = outcome.interval();
    std::string words(proto::OutcomeWord(interval.low()));
    if (interval.high() != interval.low()) {
      words.append(" to ").append(proto::OutcomeWord(interval.high()));
    }
    properties.push_back(Property("scenario:" + outcome.scenario(), words));
  }
  return {{"properties", std::move(properties)}};
}

void AddRecord(const v1::GetReleaseResponse& release, Json& properties) {
  const v1::Observation& seen = release.version().observation();
  properties.push_back(Property("hub", seen.key().hub()));
  properties.push_back(Property("hub_id", seen.key().id()));
  properties.push_back(Property("version", absl::StrCat(release.version().sequence())));
  properties.push_back(Property("presence", proto::Word(seen.access().presence())));
  properties.push_back(Property("gate", proto::Word(seen.access().gate())));
  if (!release.has_assessment()) return;
  const v1::Assessment& assessment = release.assessment();
  properties.push_back(Property("assessment", absl::StrCat(assessment.sequence())));
  properties.push_back(Property("terms_class", assessment.terms_class()));
  properties.push_back(Property("evaluator", assessment.evaluator_version()));
  properties.push_back(Property("corpus", assessment.corpus_version()));
}

Json Subject(const BomSource& source) {
  const v1::Observation& seen = source.release.version().observation();
  Json component = NamesOf(seen.name());
  component["bom-ref"] = "model";
  if (!seen.revision().empty()) component["version"] = Plain(seen.revision());
  component["purl"] = PackageUrl(source.endpoint, seen.name(), seen.revision());
  component["properties"] = Json::array();
  AddLicences(source.release, source.endpoint, component);
  AddRecord(source.release, component["properties"]);
  component["externalReferences"] = References(source);
  const size_t listed = std::min(source.bases.size(), kMostBomBases);
  for (size_t i = 0; i < listed; ++i) {
    component["pedigree"]["ancestors"].push_back(Ancestor(source, source.bases[i], i + 1));
  }
  if (listed < source.bases.size()) {
    component["properties"].push_back(
        Property("bases_left_out", absl::StrCat(source.bases.size() - listed)));
  }
  if (source.release.has_assessment())
    component["modelCard"] = ModelCard(source.release.assessment());
  return component;
}

// A UUID of version 8 over the bytes, so that the same BOM has the same number.
std::string SerialNumber(std::string_view bytes) {
  std::string hex = common::ToHex(common::Sha256(bytes));
  hex[12] = '8';
  hex[16] = "89ab"[static_cast<unsigned char>(hex[16]) % 4];
  return absl::StrFormat("urn:uuid:%s-%s-%s-%s-%s", hex.substr(0, 8), hex.substr(8, 4),
                         hex.substr(12, 4), hex.substr(16, 4), hex.substr(20, 12));
}

}  // namespace

std::string CycloneDxBom(const BomSource& source) {
  Json bom = {{"$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json"},
              {"bomFormat", "CycloneDX"},
              {"specVersion", "1.6"},
              {"serialNumber", ""},
              {"version", 1}};
  bom["metadata"]["timestamp"] = SecondsOf(RecordedAt(source.release));
  bom["metadata"]["tools"]["components"] = Json::array(
      {{{"type", "application"}, {"name", "modelwatch"}, {"version", source.program_version}}});
  bom["metadata"]["component"] = Subject(source);
  const auto dump = [&] { return bom.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; };
  bom["serialNumber"] = SerialNumber(dump());
  return dump();
}

}  // namespace modelwatch::evaluator
