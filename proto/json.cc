// SPDX-License-Identifier: Apache-2.0
#include "proto/json.h"

#include <nlohmann/json.hpp>

#include "common/clock.h"
#include "common/digest.h"

namespace modelwatch::proto {
namespace {

using Json = nlohmann::ordered_json;

// Texts come from hubs: what is not UTF-8 is replaced, never thrown at.
std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json Time(int64_t micros) {
  return micros == 0 ? Json(nullptr) : Json(common::FormatMicros(micros));
}

Json KeyOf(const v1::ReleaseKey& key, const std::string& name) {
  return {{"hub", key.hub()}, {"id", key.id()}, {"name", name}};
}

Json Strings(const google::protobuf::RepeatedPtrField<std::string>& values) {
  return Json(std::vector<std::string>(values.begin(), values.end()));
}

Json Of(const v1::Because& because) {
  Json json = {{"clause", because.clause()}, {"line", because.line()}, {"text", because.text()}};
  if (because.source() != v1::FINDING_SOURCE_UNSPECIFIED) json["source"] = Word(because.source());
  if (!because.path().empty()) json["path"] = because.path();
  if (!because.licence().empty()) json["licence"] = because.licence();
  return json;
}

Json Of(const google::protobuf::RepeatedPtrField<v1::Because>& because) {
  Json json = Json::array();
  for (const v1::Because& one : because) json.push_back(Of(one));
  return json;
}

Json Of(const v1::Interval& interval) {
  return {{"low", interval.low()}, {"high", interval.high()}};
}

Json Of(const v1::Terms& terms) {
  Json json = Json::object();
  for (const v1::Outcome& outcome : terms.outcomes()) {
    Json one = Of(outcome.interval());
    one["because"] = Of(outcome.because());
    json[outcome.scenario()] = std::move(one);
  }
  return json;
}

Json Of(const google::protobuf::RepeatedPtrField<v1::Move>& moves) {
  Json json = Json::array();
  for (const v1::Move& move : moves) {
    json.push_back({{"scenario", move.scenario()},
                    {"from", Of(move.from())},
                    {"to", Of(move.to())},
                    {"because", Of(move.because())}});
  }
  return json;
}

Json Of(const v1::Shift& shift) {
  Json json = {{"direction", Word(shift.direction())},
               {"lost", Of(shift.lost())},
               {"gained", Of(shift.gained())},
               {"kind", Word(shift.kind())}};
  if (!shift.from_licence().empty()) json["from_licence"] = shift.from_licence();
  if (!shift.to_licence().empty()) json["to_licence"] = shift.to_licence();
  if (shift.from_version() != 0) json["from_version"] = shift.from_version();
  if (shift.to_version() != 0) json["to_version"] = shift.to_version();
  return json;
}

Json Of(const v1::LicenceMatch& match) {
  Json json = {{"licence", match.licence()},       {"spdx", match.spdx()},
               {"status", Word(match.status())},   {"role", Word(match.role())},
               {"scope", Word(match.scope())},     {"score", match.score()},
               {"start_line", match.start_line()}, {"end_line", match.end_line()}};
  if (match.captured_size() == 0) return json;
  Json captured = Json::array();
  for (const v1::CapturedField& field : match.captured()) {
    captured.push_back({{"name", field.name()}, {"value", field.value()}, {"line", field.line()}});
  }
  json["captured"] = std::move(captured);
  return json;
}

Json Of(const v1::Finding& finding) {
  Json licences = Json::array();
  for (const v1::LicenceMatch& match : finding.licences()) licences.push_back(Of(match));
  Json added = Json::array();
  for (const v1::ResidueSpan& span : finding.added()) {
    added.push_back({{"text", span.text()}, {"line", span.line()}});
    if (!span.clause().empty()) added.back()["clause"] = span.clause();
  }
  Json missing = Json::array();
  for (const v1::ResidueSpan& span : finding.missing()) {
    missing.push_back({{"text", span.text()}});
    if (!span.clause().empty()) missing.back()["clause"] = span.clause();
  }
  Json json = {{"path", finding.path()},
               {"expression", finding.expression()},
               {"status", Word(finding.status())},
               {"base", finding.base()},
               {"score", finding.score()},
               {"licences", std::move(licences)},
               {"residue", {{"added", std::move(added)}, {"missing", std::move(missing)}}},
               {"reason", finding.reason()}};
  if (finding.source() != v1::FINDING_SOURCE_UNSPECIFIED) json["source"] = Word(finding.source());
  if (!finding.declared().empty()) json["declared"] = finding.declared();
  if (!finding.oid().empty()) json["oid"] = finding.oid();
  if (!finding.digest().empty()) json["digest"] = common::ToHex(finding.digest());
  return json;
}

Json Of(const v1::Evidence& evidence) {
  return {{"version", evidence.version()},   {"revision", evidence.revision()},
          {"licence", evidence.licence()},   {"source", Word(evidence.source())},
          {"declared", evidence.declared()}, {"path", evidence.path()},
          {"oid", evidence.oid()},           {"digest", common::ToHex(evidence.digest())},
          {"line", evidence.line()},         {"text", evidence.text()},
          {"access", evidence.access()}};
}

Json Of(const v1::Declared& declared) {
  Json bases = Json::array();
  for (const v1::BaseModel& base : declared.base_models()) {
    bases.push_back({{"name", base.name()}, {"relation", base.relation()}});
  }
  return {{"tag_licences", Strings(declared.tag_licences())},
          {"card_licences", Strings(declared.card_licences())},
          {"license_name", declared.license_name()},
          {"license_link", declared.license_link()},
          {"base_models", std::move(bases)},
          {"gated_prompt", declared.gated_prompt()},
          {"excludes_eu", declared.excludes_eu()},
          {"card_data_missing", declared.card_data_missing()}};
}

Json Of(const v1::File& file) {
  return {{"path", file.path()},
          {"oid", file.oid()},
          {"size", file.size()},
          {"digest", common::ToHex(file.digest())},
          {"outcome", Word(file.outcome())}};
}

Json Of(const v1::Version& version) {
  const v1::Observation& seen = version.observation();
  Json json = {{"sequence", version.sequence()}};
  json.update(KeyOf(seen.key(), seen.name()));
  Json files = Json::array();
  for (const v1::File& file : seen.files()) files.push_back(Of(file));
  json["revision"] = seen.revision();
  json["observed_at"] = Time(seen.observed_at_us());
  json["recorded_at"] = Time(version.recorded_at_us());
  json["created_at"] = Time(seen.created_at_us());
  json["last_modified"] = Time(seen.last_modified_us());
  json["presence"] = Word(seen.access().presence());
  json["gate"] = Word(seen.access().gate());
  json["private"] = seen.access().is_private();
  json["declared"] = Of(seen.declared());
  json["files"] = std::move(files);
  if (!seen.moved_to().empty()) json["moved_to"] = seen.moved_to();
  return json;
}

Json Of(const v1::PastVersion& version) {
  Json files = Json::array();
  for (const v1::File& file : version.files()) files.push_back(Of(file));
  return {{"past", true},
          {"sequence", nullptr},
          {"revision", version.revision()},
          {"observed_at", Time(version.committed_at_us())},
          {"recorded_at", Time(version.recorded_at_us())},
          {"files", std::move(files)}};
}

Json Of(const v1::Change& change) {
  Json json = {{"sequence", change.sequence()}};
  json.update(KeyOf(change.key(), change.name()));
  Json kinds = Json::array();
  for (const int kind : change.kinds()) kinds.push_back(Word(static_cast<v1::ChangeKind>(kind)));
  json["kinds"] = std::move(kinds);
  json["revision"] = change.revision();
  json["previous_revision"] = change.previous_revision();
  json["previous_version"] = change.previous_version();
  json["observed_at"] = Time(change.observed_at_us());
  json["recorded_at"] = Time(change.recorded_at_us());
  return json;
}

Json Of(const v1::Conflict& conflict) {
  return {{"claims", Word(conflict.claims())},
          {"claimed_licence", conflict.claimed_licence()},
          {"shows", Word(conflict.shows())},
          {"shown_licence", conflict.shown_licence()},
          {"scenarios", Strings(conflict.scenarios())}};
}

Json Of(const v1::Event& event) {
  Json json = {{"id", event.id()},
               {"text", event.text()},
               {"because", Of(event.because())},
               {"scenarios", Strings(event.scenarios())}};
  if (!event.other_name().empty()) json["other"] = KeyOf(event.other(), event.other_name());
  if (event.derivatives() > 0) json["derivatives"] = event.derivatives();
  return json;
}

Json Of(const v1::FrameworkVerdict& verdict) {
  Json criteria = Json::array();
  for (const v1::CriterionResult& result : verdict.criteria()) {
    criteria.push_back({{"criterion", result.criterion()},
                        {"title", result.title()},
                        {"answer", Word(result.answer())},
                        {"is_advisory", result.is_advisory()},
                        {"text", result.text()},
                        {"because", Of(result.because())}});
  }
  return {{"framework", verdict.framework()},
          {"answer", Word(verdict.answer())},
          {"verdict", verdict.verdict()},
          {"criteria", std::move(criteria)}};
}

Json Of(const v1::ComponentTerms& component) {
  return {{"scope", Word(component.scope())},
          {"licence", component.licence()},
          {"expression", component.expression()},
          {"scenarios", Of(component.terms())}};
}

template <typename Message>
Json ListOf(const google::protobuf::RepeatedPtrField<Message>& messages) {
  Json json = Json::array();
  for (const Message& message : messages) json.push_back(Of(message));
  return json;
}

Json Of(const v1::Assessment& assessment) {
  Json json = {{"sequence", assessment.sequence()}};
  json.update(KeyOf(assessment.key(), assessment.name()));
  json["version"] = assessment.version();
  json["observed_at"] = Time(assessment.observed_at_us());
  json["recorded_at"] = Time(assessment.recorded_at_us());
  json["licence"] = assessment.licence();
  json["expression"] = assessment.expression();
  json["status"] = Word(assessment.status());
  json["terms_class"] = assessment.terms_class();
  json["scenarios"] = Of(assessment.terms());
  Json findings = Json::array();
  for (const v1::Finding& finding : assessment.findings()) findings.push_back(Of(finding));
  json["findings"] = std::move(findings);
  Json conflicts = Json::array();
  for (const v1::Conflict& conflict : assessment.conflicts()) conflicts.push_back(Of(conflict));
  json["conflicts"] = std::move(conflicts);
  json["components"] = ListOf(assessment.components());
  json["events"] = ListOf(assessment.events());
  json["verdicts"] = ListOf(assessment.verdicts());
  if (assessment.has_shift()) json["shift"] = Of(assessment.shift());
  json["is_reassessment"] = assessment.is_reassessment();
  json["evaluator_version"] = assessment.evaluator_version();
  json["corpus_version"] = assessment.corpus_version();
  return json;
}

Json Of(const v1::Alert& alert) {
  Json json = {{"sequence", alert.sequence()}, {"severity", Word(alert.severity())}};
  json.update(KeyOf(alert.key(), alert.name()));
  json["title"] = alert.title();
  json["rule"] = alert.rule();
  json["event"] = alert.event();
  if (alert.has_cause()) json["cause"] = Of(alert.cause());
  if (alert.times() > 0) json["times"] = alert.times();
  if (alert.is_about_hub()) json["is_about_hub"] = true;
  json.update(Of(alert.shift()));
  json["before"] = Of(alert.before());
  json["after"] = Of(alert.after());
  json["observed_at"] = Time(alert.observed_at_us());
  json["recorded_at"] = Time(alert.recorded_at_us());
  json["assessment"] = alert.assessment();
  return json;
}

}  // namespace

std::string VersionJson(const v1::Version& version) { return Dump(Of(version)); }
std::string PastVersionJson(const v1::PastVersion& version) { return Dump(Of(version)); }
std::string ChangeJson(const v1::Change& change) { return Dump(Of(change)); }
std::string AssessmentJson(const v1::Assessment& assessment) { return Dump(Of(assessment)); }
std::string AlertJson(const v1::Alert& alert) { return Dump(Of(alert)); }
std::string TermsJson(const v1::Terms& terms) { return Dump(Of(terms)); }
std::string ShiftJson(const v1::Shift& shift) { return Dump(Of(shift)); }
std::string FindingJson(const v1::Finding& finding) { return Dump(Of(finding)); }

}  // namespace modelwatch::proto
