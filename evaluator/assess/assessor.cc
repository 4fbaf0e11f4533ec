// SPDX-License-Identifier: Apache-2.0
#include "evaluator/assess/assessor.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "common/digest.h"
#include "evaluator/assess/access_terms.h"
#include "evaluator/assess/card_riders.h"
#include "evaluator/assess/events.h"
#include "evaluator/assess/exhibition.h"
#include "evaluator/assess/sources.h"
#include "evaluator/assess/stand.h"
#include "evaluator/assess/terms_class.h"
#include "evaluator/license/matcher.h"
#include "evaluator/openness/frameworks.h"
#include "evaluator/openness/openness_table.h"
#include "evaluator/terms/lattice.h"
#include "evaluator/terms/text_terms.h"
#include "proto/release_id.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kMaxFilesRead = 32;

}  // namespace

struct Assessor::State {
  State(const Corpus* given_corpus, const TermsTable& given_table, IdentifyText identify)
      : table(given_table) {
    if (given_corpus != nullptr) {
      matcher = std::make_unique<Matcher>(*given_corpus);
      reader = std::make_unique<TextReader>(judge(), std::move(identify));
      corpus_version = given_corpus->version();
    }
    evaluator_version = absl::StrFormat(
        "%s+%s+%s", MODELWATCH_VERSION, JudgingDataDigest(),
        common::ToHex(common::Sha256(OpennessDataDigest() + RiderDataDigest())).substr(0, 16));
  }

  // constant after construction
  const TermsTable& table;
  std::unique_ptr<Matcher> matcher;
  std::unique_ptr<TextReader> reader;  // null without a corpus
  std::string corpus_version, evaluator_version;

  [[nodiscard]] Judge judge() const { return {matcher.get(), &table}; }
};

namespace {

// A removed release says nothing any more: what was known of its licence stands.
bool KeepsFormer(const v1::Observation& seen, const v1::Assessment* previous) {
  return previous != nullptr && IsGone(seen.access());
}

// The same git blob was read before; the hub only refuses it now.
bool IsFormerText(const v1::Observation& seen, const v1::Assessment* previous) {
  if (previous == nullptr || previous->text_digest().empty()) return false;
  for (const v1::File* file : GoverningFiles(seen)) {
    for (const v1::Finding& finding : previous->findings()) {
      if (finding.digest() == previous->text_digest() && finding.path() == file->path() &&
          finding.oid() == file->oid() && !file->oid().empty()) {
        return true;
      }
    }
  }
  return false;
}

LicenceStanding StandingOf(const Stand& stand) {
  StandingGround ground;
  ground.licence = stand.licence.empty() ? stand.base : stand.licence;
  ground.expression = stand.expression;
  ground.status = stand.status;
  ground.terms = &stand.terms;
  ground.dimensions = &stand.dimensions;
  ground.is_stated = stand.is_stated;
  ground.where = !stand.path.empty()               ? stand.path
                 : stand.source == v1::GATE_PROMPT ? "the gate's prompt"
                 : stand.is_stated                 ? "declared"
                                                   : "";
  return evaluator::StandingOf(ground);
}

void AddComponent(v1::LicenceScope scope, const Stand& stand, v1::Assessment& assessment) {
  v1::ComponentTerms& component = *assessment.add_components();
  component.set_scope(scope);
  component.set_licence(stand.licence);
  component.set_expression(stand.expression);
  *component.mutable_terms() = stand.terms;
}

// The licence's terms, with what access adds to them.
void AddTerms(const TermsTable& table, const v1::Observation& seen, const v1::Terms& of_licence,
              v1::Assessment& assessment) {
  *assessment.mutable_terms() = of_licence;
  if (!HasAccessTerms(seen.access(), seen.declared())) return;
  *assessment.mutable_terms() =
      Join(of_licence, AccessTerms(table, seen.access(), seen.declared()));
  const v1::Shift added = CompareTerms(of_licence, assessment.terms());
  if (added.direction() != v1::SAME) *assessment.mutable_licence_terms() = of_licence;
}

}  // namespace

Assessor::Assessor(const Corpus* corpus, const TermsTable& table, IdentifyText identify)
    : state_(std::make_unique<State>(corpus, table, std::move(identify))) {}
Assessor::~Assessor() = default;

const std::string& Assessor::evaluator_version() const { return state_->evaluator_version; }
const std::string& Assessor::corpus_version() const { return state_->corpus_version; }

Judge Assessor::judge() const { return state_->judge(); }

std::vector<const v1::File*> Assessor::FilesToRead(const v1::Observation& observation) {
  std::vector<const v1::File*> wanted = GoverningFiles(observation);
  for (const auto& more : {CodeLicences(observation), UsePolicies(observation)}) {
    wanted.insert(wanted.end(), more.begin(), more.end());
  }
  for (const v1::File& file : observation.files()) {
    if (RoleOf(file.path()) == FileRole::kCard) wanted.push_back(&file);
  }
  if (const v1::File* header = HeaderOf(observation)) wanted.push_back(header);
  std::erase_if(wanted, [](const v1::File* file) { return file->outcome() != v1::FETCHED; });
  if (wanted.size() > kMaxFilesRead) wanted.resize(kMaxFilesRead);
  return wanted;
}

std::vector<const v1::File*> Assessor::FilesToIdentify(const v1::Observation& observation) {
  std::vector<const v1::File*> files = GoverningFiles(observation);
  const std::vector<const v1::File*> of_code = CodeLicences(observation);
  files.insert(files.end(), of_code.begin(), of_code.end());
  std::erase_if(files, [](const v1::File* file) { return file->outcome() != v1::FETCHED; });
  return files;
}

bool Assessor::NeedsText(const v1::Observation& /*observation*/, const v1::File& file,
                         const v1::Finding* known) const {
  switch (RoleOf(file.path())) {
    case FileRole::kCard:
      return true;  // its own words may narrow the licence
    case FileRole::kLicence:
    case FileRole::kCodeLicence:
      return known == nullptr || evaluator::NeedsText(judge(), *known);
    default:
      return true;
  }
}

v1::Assessment Assessor::Assess(const v1::Version& version, std::span<const FileText> files,
                                const v1::Assessment* previous,
                                const std::vector<std::string>* paths) const {
  const v1::Observation& seen = version.observation();
  v1::Assessment assessment;
  *assessment.mutable_key() = seen.key();
  assessment.set_name(seen.name());
  assessment.set_version(version.sequence());
  assessment.set_observed_at_us(seen.observed_at_us());
  assessment.set_evaluator_version(state_->evaluator_version);
  assessment.set_corpus_version(state_->corpus_version);
  *assessment.mutable_access() = seen.access();

  const StandSources sources{state_->table, state_->reader.get(), seen, files};
  bool is_former = KeepsFormer(seen, previous);
  Stand stand = is_former ? FormerStand(*previous) : WeightsStand(sources, assessment);
  if (stand.has_unread && stand.text_digest.empty() && IsFormerText(seen, previous)) {
    is_former = true;
    stand = FormerStand(*previous);
  }
  const Stand code = CodeStand(sources);
  for (const v1::Finding& finding : stand.findings) *assessment.add_findings() = finding;
  if (!is_former) {  // else they are among the former findings
    for (const v1::Finding& finding : code.findings) *assessment.add_findings() = finding;
  }
  if (code.is_stated) AddComponent(v1::CODE, code, assessment);
  assessment.set_licence(stand.licence);
  assessment.set_expression(stand.expression);
  assessment.set_status(stand.status);
  assessment.set_text_digest(stand.text_digest);
  assessment.set_is_memory_only(stand.is_memory_only);

  assessment.set_terms_class(ClassOfTerms(stand.terms, seen.access()));
  AddTerms(state_->table, seen, stand.terms, assessment);

  const FileText* card = TextOf(files, "README.md");
  Exhibit exhibit = ExhibitOf(seen, assessment, paths, card == nullptr ? "" : card->bytes);
  exhibit.weights = StandingOf(stand);
  exhibit.code = code.is_stated ? StandingOf(code) : exhibit.weights;
  if (proto::KindPrefix(seen.name()).empty()) {  // the frameworks are about models
    for (v1::FrameworkVerdict& verdict : JudgeFrameworks(state_->table, exhibit)) {
      *assessment.add_verdicts() = std::move(verdict);
    }
  }
  AddEvents(seen, exhibit, previous, assessment);
  return assessment;
}

}  // namespace modelwatch::evaluator
