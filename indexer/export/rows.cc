// SPDX-License-Identifier: Apache-2.0
#include "indexer/export/rows.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "common/clock.h"
#include "indexer/export/csv.h"
#include "proto/json.h"

namespace modelwatch::indexer {
namespace {

using Fields = std::vector<std::string>;

const std::map<std::string, Fields>& Columns() {
  static const auto* const columns = new std::map<std::string, Fields>{
      {"releases",
       {"hub", "id", "name", "sequence", "observed_at", "recorded_at", "revision", "created_at",
        "last_modified", "presence", "gate", "is_private", "tag_licences", "card_licences",
        "license_name", "license_link", "base_models", "files"}},
      {"changes",
       {"sequence", "hub", "id", "name", "kinds", "previous_version", "observed_at", "recorded_at",
        "revision", "previous_revision"}},
      {"assessments",
       {"sequence", "hub", "id", "name", "version", "observed_at", "recorded_at",
        "evaluator_version", "corpus_version", "is_reassessment", "expression", "licence", "status",
        "terms_class", "direction", "terms"}},
      {"alerts",
       {"sequence", "hub", "id", "name", "severity", "rule", "title", "direction", "kind",
        "from_licence", "to_licence", "lost", "observed_at", "recorded_at", "assessment"}}};
  return *columns;
}

template <typename Texts>
Fields ListOf(const Texts& texts) {
  return {texts.begin(), texts.end()};
}

std::string Flag(bool value) { return value ? "true" : "false"; }

std::string BaseModels(const v1::Declared& declared) {
  Fields bases;
  for (const v1::BaseModel& base : declared.base_models()) {
    bases.push_back(base.relation().empty() ? base.name()
                                            : absl::StrCat(base.relation(), ":", base.name()));
  }
  return CsvList(bases);
}

std::string Files(const v1::Observation& observation) {
  Fields files;
  for (const v1::File& file : observation.files()) {
    files.push_back(absl::StrCat(file.path(), "@", file.oid()));
  }
  return CsvList(files);
}

std::string Kinds(const v1::Change& change) {
  Fields kinds;
  for (const int kind : change.kinds()) {
    kinds.emplace_back(proto::Word(static_cast<v1::ChangeKind>(kind)));
  }
  return CsvList(kinds);
}

std::string Lost(const v1::Shift& shift) {
  Fields lost;
  for (const v1::Move& move : shift.lost()) lost.push_back(move.scenario());
  return CsvList(lost);
}

std::string DirectionWord(bool has_shift, const v1::Shift& shift) {
  return has_shift ? std::string(proto::Word(shift.direction())) : "";
}

}  // namespace

std::string HeaderRow(ExportFormat format, const std::string& table) {
  return format == ExportFormat::kCsv ? CsvLine(Columns().at(table)) : "";
}

std::string Row(ExportFormat format, const v1::Version& version) {
  if (format == ExportFormat::kJsonl) return proto::VersionJson(version) + "\n";
  const v1::Observation& seen = version.observation();
  return CsvLine({seen.key().hub(), seen.key().id(), seen.name(), absl::StrCat(version.sequence()),
                  common::FormatMicros(seen.observed_at_us()),
                  common::FormatMicros(version.recorded_at_us()), seen.revision(),
                  common::FormatMicros(seen.created_at_us()),
                  common::FormatMicros(seen.last_modified_us()),
                  std::string(proto::Word(seen.access().presence())),
                  std::string(proto::Word(seen.access().gate())), Flag(seen.access().is_private()),
                  CsvList(ListOf(seen.declared().tag_licences())),
                  CsvList(ListOf(seen.declared().card_licences())), seen.declared().license_name(),
                  seen.declared().license_link(), BaseModels(seen.declared()), Files(seen)});
}

std::string Row(ExportFormat format, const v1::Change& change) {
  if (format == ExportFormat::kJsonl) return proto::ChangeJson(change) + "\n";
  return CsvLine({absl::StrCat(change.sequence()), change.key().hub(), change.key().id(),
                  change.name(), Kinds(change), absl::StrCat(change.previous_version()),
                  common::FormatMicros(change.observed_at_us()),
                  common::FormatMicros(change.recorded_at_us()), change.revision(),
                  change.previous_revision()});
}

std::string Row(ExportFormat format, const v1::Assessment& assessment) {
  if (format == ExportFormat::kJsonl) return proto::AssessmentJson(assessment) + "\n";
  return CsvLine({absl::StrCat(assessment.sequence()), assessment.key().hub(),
                  assessment.key().id(), assessment.name(), absl::StrCat(assessment.version()),
                  common::FormatMicros(assessment.observed_at_us()),
                  common::FormatMicros(assessment.recorded_at_us()), assessment.evaluator_version(),
                  assessment.corpus_version(), Flag(assessment.is_reassessment()),
                  assessment.expression(), assessment.licence(),
                  std::string(proto::Word(assessment.status())), assessment.terms_class(),
                  DirectionWord(assessment.has_shift(), assessment.shift()),
                  proto::TermsJson(assessment.terms())});
}

std::string Row(ExportFormat format, const v1::Alert& alert) {
  if (format == ExportFormat::kJsonl) return proto::AlertJson(alert) + "\n";
  return CsvLine({absl::StrCat(alert.sequence()), alert.key().hub(), alert.key().id(), alert.name(),
                  std::string(proto::Word(alert.severity())), alert.rule(), alert.title(),
                  std::string(proto::Word(alert.shift().direction())),
                  std::string(proto::Word(alert.shift().kind())), alert.shift().from_licence(),
                  alert.shift().to_licence(), Lost(alert.shift()),
                  common::FormatMicros(alert.observed_at_us()),
                  common::FormatMicros(alert.recorded_at_us()), absl::StrCat(alert.assessment())});
}

}  // namespace modelwatch::indexer
