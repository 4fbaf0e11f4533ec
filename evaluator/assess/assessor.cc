// SPDX-License-Identifier: Apache-2.0
#include "evaluator/assess/assessor.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_format.h"
#include "common/digest.h"
#include "common/mutex.h"
#include "evaluator/assess/access_terms.h"
#include "evaluator/assess/declared.h"
#include "evaluator/assess/sources.h"
#include "evaluator/assess/terms_class.h"
#include "evaluator/license/decode.h"
#include "evaluator/license/front_matter.h"
#include "evaluator/license/matcher.h"
#include "evaluator/terms/clauses.h"
#include "evaluator/terms/lattice.h"
#include "evaluator/terms/text_terms.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kMaxFilesRead = 32;
// Texts remembered: a few KiB each, and the common ones recur within any thousand releases.
constexpr size_t kMaxRemembered = 2048;

std::string DigestOf(const v1::File& file, std::string_view bytes) {
  return file.digest().empty() ? common::Sha256(bytes) : file.digest();
}

bool IsTextKnown(v1::FindingStatus status) {
  return status == v1::EXACT || status == v1::MODIFIED || status == v1::FAMILY ||
         status == v1::UNKNOWN_LICENCE || status == v1::MENTION;
}

// The licence side of a judgement, before access.
struct Stand {
  std::vector<v1::Finding> findings;
  v1::Terms terms;
  std::string licence;
  std::string expression;
  std::string text_digest;
  v1::FindingStatus status = v1::NONE;
  bool is_memory_only = false;
  bool has_unread = false;  // a governing file whose bytes are not here
};

}  // namespace

struct Assessor::State {
  State(const Corpus* given_corpus, const TermsTable& given_table, IdentifyText given_identify)
      : corpus(given_corpus), table(given_table), identify(std::move(given_identify)) {
    if (corpus != nullptr) matcher = std::make_unique<Matcher>(*corpus);
    corpus_version = corpus == nullptr ? "" : corpus->version();
    evaluator_version = absl::StrFormat("%s+%s", MODELWATCH_VERSION, JudgingDataDigest());
  }

  // constant after construction
  const Corpus* corpus;
  const TermsTable& table;
  const IdentifyText identify;  // empty: the matcher
  std::unique_ptr<Matcher> matcher;
  std::string corpus_version, evaluator_version;

  common::Mutex mutex;
  absl::flat_hash_map<std::string, std::shared_ptr<const TextTerms>> remembered
      ABSL_GUARDED_BY(mutex);

  [[nodiscard]] Judge judge() const { return {matcher.get(), &table}; }

  std::shared_ptr<const TextTerms> Read(const std::string& digest, std::string_view bytes) {
    {
      common::MutexLock lock(mutex);
      const auto at = remembered.find(digest);
      if (at != remembered.end()) return at->second;
    }
    v1::Finding finding = identify ? identify(digest, bytes) : matcher->Identify(bytes);
    // The clauses are read in the text that the bytes stand for; UTF-16 has no words as it is.
    const Decoded decoded = Decode(bytes);
    auto read = std::make_shared<const TextTerms>(
        TermsOfFinding(judge(), std::move(finding), decoded.text()));
    common::MutexLock lock(mutex);
    if (remembered.size() >= kMaxRemembered) remembered.clear();
    remembered.emplace(digest, read);
    return read;
  }

  void ReadLicenceFiles(const v1::Observation& seen, std::span<const FileText> files, Stand& stand);
  void ReadUsePolicies(const v1::Observation& seen, std::span<const FileText> files, Stand& stand);
  void AddText(const v1::File& file, const std::string& digest, const TextTerms& read, Stand& stand,
               bool is_first);
  Stand LicenceStand(const v1::Observation& seen, std::span<const FileText> files,
                     v1::Assessment& assessment);
};

namespace {

const FileText* TextOf(std::span<const FileText> files, std::string_view path) {
  const auto at = std::find_if(files.begin(), files.end(),
                               [&](const FileText& file) { return file.path == path; });
  return at == files.end() ? nullptr : &*at;
}

void SetPath(v1::Terms& terms, const std::string& path) {
  for (v1::Outcome& outcome : *terms.mutable_outcomes()) {
    for (v1::Because& because : *outcome.mutable_because()) {
      because.set_source(v1::LICENCE_FILE_TEXT);
      because.set_path(path);
    }
  }
}

std::vector<std::string> TighterScenarios(const v1::Terms& looser, const v1::Terms& tighter) {
  std::vector<std::string> scenarios;
  const v1::Shift shift = CompareTerms(looser, tighter);
  for (const v1::Move& move : shift.lost()) scenarios.push_back(move.scenario());
  return scenarios;
}

void AddConflict(v1::Assessment& assessment, v1::FindingSource claims, const std::string& claimed,
                 v1::FindingSource shows, const std::string& shown,
                 const std::vector<std::string>& scenarios) {
  if (scenarios.empty()) return;
  v1::Conflict& conflict = *assessment.add_conflicts();
  conflict.set_claims(claims);
  conflict.set_claimed_licence(claimed);
  conflict.set_shows(shows);
  conflict.set_shown_licence(shown);
  for (const std::string& scenario : scenarios) conflict.add_scenarios(scenario);
}

// The card repeats one source as another: a text that is named and a tag that disagrees.
void CompareSources(const DeclaredTerms& declared, const Stand& text, v1::Assessment& assessment) {
  if (!declared.is_stated || declared.findings.empty()) return;
  const v1::FindingSource source = declared.findings.front().source();
  const std::string& claimed =
      declared.licence.empty() ? declared.findings.front().declared() : declared.licence;
  const std::string& shown = text.licence.empty() ? text.expression : text.licence;
  AddConflict(assessment, source, claimed, v1::LICENCE_FILE_TEXT, shown,
              TighterScenarios(declared.terms, text.terms));
  AddConflict(assessment, v1::LICENCE_FILE_TEXT, shown, source, claimed,
              TighterScenarios(text.terms, declared.terms));
}

// Text outranks tag. Where the declared licence is tighter the text may not be all there is: the
// interval reaches up to it.
void ReachUp(v1::Terms& terms, const v1::Terms& declared) {
  for (v1::Outcome& outcome : *terms.mutable_outcomes()) {
    const v1::Outcome* other = FindOutcome(declared, outcome.scenario());
    if (other != nullptr && other->interval().low() > outcome.interval().high()) {
      outcome.mutable_interval()->set_high(other->interval().high());
      outcome.mutable_because()->MergeFrom(other->because());
    }
  }
}

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

Stand FormerStand(const v1::Assessment& previous) {
  Stand stand;
  stand.findings.assign(previous.findings().begin(), previous.findings().end());
  stand.terms = previous.has_licence_terms() ? previous.licence_terms() : previous.terms();
  stand.licence = previous.licence();
  stand.expression = previous.expression();
  stand.text_digest = previous.text_digest();
  stand.status = previous.status();
  stand.is_memory_only = previous.is_memory_only();
  return stand;
}

}  // namespace

void Assessor::State::AddText(const v1::File& file, const std::string& digest,
                              const TextTerms& read, Stand& stand, bool is_first) {
  v1::Finding finding = read.finding;
  finding.set_source(v1::LICENCE_FILE_TEXT);
  finding.set_path(file.path());
  finding.set_digest(digest);
  finding.set_oid(file.oid());
  stand.findings.push_back(finding);
  if (!IsTextKnown(finding.status())) return;
  v1::Terms terms = read.terms;
  SetPath(terms, file.path());
  stand.terms = is_first ? std::move(terms) : Join(stand.terms, terms);
  stand.licence = is_first || stand.licence == finding.licence() ? finding.licence() : "";
  if (is_first) {
    stand.expression = finding.expression();
    stand.status = finding.status();
    stand.text_digest = digest;
  } else if (stand.expression != finding.expression()) {
    stand.expression += " AND " + finding.expression();
    // The weaker statement decides: EXACT only when all are.
    stand.status = std::max(stand.status, finding.status());
  }
  stand.is_memory_only = stand.is_memory_only || read.is_memory_only;
}

void Assessor::State::ReadLicenceFiles(const v1::Observation& seen, std::span<const FileText> files,
                                       Stand& stand) {
  if (matcher == nullptr) return;
  for (const v1::File* file : GoverningFiles(seen)) {
    const FileText* text = TextOf(files, file->path());
    if (text == nullptr) {
      stand.has_unread = true;
      continue;
    }
    const std::string digest = DigestOf(*file, text->bytes);
    AddText(*file, digest, *Read(digest, text->bytes), stand, stand.status == v1::NONE);
  }
}

// Bans by reference. Only what a use policy is for is taken from it, and only where the licence's
// row does not hold it already.
void Assessor::State::ReadUsePolicies(const v1::Observation& seen, std::span<const FileText> files,
                                      Stand& stand) {
  const v1::LicenceTerms* row = table.Find(stand.licence);
  for (const v1::File* file : UsePolicies(seen)) {
    const FileText* text = TextOf(files, file->path());
    if (text == nullptr) continue;
    v1::Finding finding;
    finding.set_source(v1::LICENCE_FILE_TEXT);
    finding.set_path(file->path());
    finding.set_digest(DigestOf(*file, text->bytes));
    finding.set_oid(file->oid());
    finding.set_status(v1::MENTION);
    finding.set_reason("a use policy");
    stand.findings.push_back(finding);
    if (row != nullptr && row->dimensions().use_policy() > 0) continue;
    const Reading reading = ReadClauses(text->bytes);
    v1::Dimensions taken;
    taken.set_field(reading.dimensions.field());
    taken.set_military_ban(reading.dimensions.military_ban());
    taken.set_geography(reading.dimensions.geography());
    *taken.mutable_regions() = reading.dimensions.regions();
    v1::Terms said = table.TermsOf(taken, "");
    CiteHits(said, reading.hits, v1::LICENCE_FILE_TEXT, file->path());
    stand.terms = Join(stand.terms, said);
  }
}

Stand Assessor::State::LicenceStand(const v1::Observation& seen, std::span<const FileText> files,
                                    v1::Assessment& assessment) {
  const FileText* card = TextOf(files, "README.md");
  const DeclaredTerms declared =
      JudgeDeclared(table, seen.declared(), card == nullptr ? std::string_view() : card->bytes);
  Stand stand;
  ReadLicenceFiles(seen, files, stand);
  const bool has_text = stand.status != v1::NONE;
  if (has_text) {
    CompareSources(declared, stand, assessment);
    if (declared.is_stated) ReachUp(stand.terms, declared.terms);
  } else {
    stand.terms = declared.terms;
    stand.licence = declared.licence;
    stand.expression = declared.expression;
    stand.is_memory_only = declared.is_memory_only;
    if (declared.is_stated) {
      stand.status =
          declared.licence.empty() && declared.expression.empty() ? v1::NONE : v1::MENTION;
    }
    if (stand.has_unread)
      stand.terms = Join(stand.terms, table.Unknown("the licence file was not read"));
  }
  stand.findings.insert(stand.findings.begin(), declared.findings.begin(), declared.findings.end());
  ReadUsePolicies(seen, files, stand);
  return stand;
}

Assessor::Assessor(const Corpus* corpus, const TermsTable& table, IdentifyText identify)
    : state_(std::make_unique<State>(corpus, table, std::move(identify))) {}
Assessor::~Assessor() = default;

const std::string& Assessor::evaluator_version() const { return state_->evaluator_version; }
const std::string& Assessor::corpus_version() const { return state_->corpus_version; }

Judge Assessor::judge() const { return state_->judge(); }

std::vector<const v1::File*> Assessor::FilesToRead(const v1::Observation& observation) {
  std::vector<const v1::File*> wanted = GoverningFiles(observation);
  const std::vector<const v1::File*> policies = UsePolicies(observation);
  wanted.insert(wanted.end(), policies.begin(), policies.end());
  for (const v1::File& file : observation.files()) {
    if (RoleOf(file.path()) == FileRole::kCard) wanted.push_back(&file);
  }
  std::erase_if(wanted, [](const v1::File* file) { return file->outcome() != v1::FETCHED; });
  if (wanted.size() > kMaxFilesRead) wanted.resize(kMaxFilesRead);
  return wanted;
}

std::vector<const v1::File*> Assessor::FilesToIdentify(const v1::Observation& observation) {
  std::vector<const v1::File*> files = GoverningFiles(observation);
  std::erase_if(files, [](const v1::File* file) { return file->outcome() != v1::FETCHED; });
  return files;
}

bool Assessor::NeedsText(const v1::Observation& observation, const v1::File& file,
                         const v1::Finding* known) const {
  const v1::Declared& declared = observation.declared();
  switch (RoleOf(file.path())) {
    case FileRole::kCard:
      return declared.tag_licences().empty() && declared.card_licences().empty();
    case FileRole::kLicence:
    case FileRole::kCodeLicence:
      return known == nullptr || evaluator::NeedsText(judge(), *known);
    default:
      return true;
  }
}

v1::Assessment Assessor::Assess(const v1::Version& version, std::span<const FileText> files,
                                const v1::Assessment* previous) const {
  const v1::Observation& seen = version.observation();
  v1::Assessment assessment;
  *assessment.mutable_key() = seen.key();
  assessment.set_name(seen.name());
  assessment.set_version(version.sequence());
  assessment.set_observed_at_us(seen.observed_at_us());
  assessment.set_evaluator_version(state_->evaluator_version);
  assessment.set_corpus_version(state_->corpus_version);
  *assessment.mutable_access() = seen.access();

  Stand stand = KeepsFormer(seen, previous) ? FormerStand(*previous)
                                            : state_->LicenceStand(seen, files, assessment);
  if (stand.has_unread && stand.text_digest.empty() && IsFormerText(seen, previous)) {
    stand = FormerStand(*previous);
  }
  for (v1::Finding& finding : stand.findings) *assessment.add_findings() = std::move(finding);
  assessment.set_licence(stand.licence);
  assessment.set_expression(stand.expression);
  assessment.set_status(stand.status);
  assessment.set_text_digest(stand.text_digest);
  assessment.set_is_memory_only(stand.is_memory_only);

  const v1::Terms access = AccessTerms(state_->table, seen.access(), seen.declared());
  *assessment.mutable_terms() = Join(stand.terms, access);
  assessment.set_terms_class(ClassOfTerms(stand.terms, seen.access()));
  const v1::Shift added = CompareTerms(stand.terms, assessment.terms());
  if (added.direction() != v1::SAME) *assessment.mutable_licence_terms() = std::move(stand.terms);
  return assessment;
}

}  // namespace modelwatch::evaluator
