// SPDX-License-Identifier: Apache-2.0
#include "evaluator/assess/stand.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "common/digest.h"
#include "evaluator/assess/card_riders.h"
#include "evaluator/assess/card_sections.h"
#include "evaluator/assess/conflicts.h"
#include "evaluator/assess/declared.h"
#include "evaluator/assess/sources.h"
#include "evaluator/license/expression.h"
#include "evaluator/license/tokens.h"
#include "evaluator/terms/clauses.h"
#include "evaluator/terms/lattice.h"
#include "evaluator/terms/outcome_rules.h"
#include "proto/document_path.h"

namespace modelwatch::evaluator {
namespace {

// A section or a prompt with fewer words names a licence; it is none.
constexpr size_t kWordsOfALicence = 120;
// A section that is longer tells a story.
constexpr size_t kMaxNamingBytes = 1000;

std::string DigestOf(const v1::File& file, std::string_view bytes) {
  return file.digest().empty() ? common::Sha256(bytes) : file.digest();
}

bool IsTextKnown(v1::FindingStatus status) {
  return status == v1::EXACT || status == v1::MODIFIED || status == v1::FAMILY ||
         status == v1::UNKNOWN_LICENCE || status == v1::MENTION;
}

void SetSource(v1::Terms& terms, v1::FindingSource source, const std::string& path) {
  for (v1::Outcome& outcome : *terms.mutable_outcomes()) {
    for (v1::Because& because : *outcome.mutable_because()) {
      because.set_source(source);
      because.set_path(path);
    }
  }
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

// Adds one text to a stand: the first makes it, others apply together with it.
void AddText(v1::Finding finding, const TextTerms& read, Stand& stand) {
  const bool is_first = stand.status == v1::NONE;
  stand.findings.push_back(finding);
  if (!IsTextKnown(finding.status())) return;
  v1::Terms terms = read.terms;
  SetSource(terms, finding.source(), finding.path());
  stand.is_memory_only = stand.is_memory_only || read.is_memory_only;
  stand.base = finding.base();
  stand.is_stated = true;
  if (is_first) {
    stand.terms = std::move(terms);
    stand.dimensions = read.dimensions;
    stand.licence = finding.licence();
    stand.expression = finding.expression();
    stand.status = finding.status();
    stand.source = finding.source();
    stand.path = finding.path();
    const bool is_file =
        finding.source() == v1::LICENCE_FILE_TEXT || finding.source() == v1::LINK_TARGET;
    if (is_file) stand.text_digest = finding.digest();
    return;
  }
  stand.terms = Join(stand.terms, terms);
  stand.dimensions = JoinDimensions(stand.dimensions, read.dimensions);
  if (stand.licence != finding.licence()) stand.licence.clear();
  if (stand.expression != finding.expression()) {
    stand.expression += " AND " + finding.expression();
    // The weaker statement decides: EXACT only when all are.
    stand.status = std::max(stand.status, finding.status());
  }
}

// Its words were not read, then.
bool IsPdf(std::string_view bytes) { return bytes.substr(0, 5) == "%PDF-"; }

v1::FindingSource SourceOf(const v1::File& file) {
  return proto::IsAddressPath(file.path()) ? v1::LINK_TARGET : v1::LICENCE_FILE_TEXT;
}

v1::Finding FindingOfFile(const v1::File& file, const std::string& digest, v1::Finding finding) {
  finding.set_source(SourceOf(file));
  finding.set_path(file.path());
  finding.set_digest(digest);
  finding.set_oid(file.oid());
  return finding;
}

// "LICENSE-MIT" beside "LICENSE-APACHE", both OSI-approved: the publisher offers a choice.
bool IsChoice(const TermsTable& table, const std::vector<v1::Finding>& findings) {
  if (findings.size() < 2) return false;
  return std::all_of(findings.begin(), findings.end(), [&](const v1::Finding& finding) {
    const v1::LicenceTerms* row = table.Find(finding.licence());
    const size_t dash = finding.path().find_last_of("-._");
    if (finding.status() != v1::EXACT || row == nullptr || !row->osi()) return false;
    if (dash == std::string::npos || dash + 1 >= finding.path().size()) return false;
    const v1::LicenceTerms* named = table.Find(finding.path().substr(dash + 1));
    const bool is_apache = finding.path().size() - dash == 7 && row->id() == "Apache-2.0";
    return named == row || is_apache;
  });
}

void ReadFiles(const StandSources& sources, const std::vector<const v1::File*>& files,
               Stand& stand) {
  if (sources.reader == nullptr) return;
  std::vector<std::shared_ptr<const TextTerms>> read;
  for (const v1::File* file : files) {
    const FileText* text = TextOf(sources.files, file->path());
    if (text == nullptr || IsPdf(text->bytes)) {
      stand.has_unread = true;
      continue;
    }
    const std::string digest = DigestOf(*file, text->bytes);
    read.push_back(sources.reader->ReadFile(digest, text->bytes));
    AddText(FindingOfFile(*file, digest, read.back()->finding), *read.back(), stand);
  }
  if (stand.has_unread || !IsChoice(sources.table, stand.findings)) return;
  stand.terms = read.front()->terms;
  stand.expression.clear();
  for (const auto& one : read) {
    stand.terms = Meet(stand.terms, one->terms);
    stand.expression += (stand.expression.empty() ? "" : " OR ") + one->finding.expression();
  }
  SetSource(stand.terms, stand.source, stand.path);
}

bool IsLicenceText(const v1::Finding& finding) {
  return finding.status() == v1::EXACT || finding.status() == v1::MODIFIED ||
         finding.status() == v1::FAMILY || finding.status() == v1::UNKNOWN_LICENCE;
}

// Whether it was long enough to be a licence, and is one.
bool AddPiece(const StandSources& sources, std::string_view text, v1::FindingSource source,
              uint32_t line, Stand& stand) {
  if (text.size() < kWordsOfALicence || Tokenise(text).size() < kWordsOfALicence) return false;
  const auto read = sources.reader->ReadPiece(text);
  if (!IsLicenceText(read->finding)) return false;
  v1::Finding finding = read->finding;
  finding.set_source(source);
  if (source == v1::CARD_PROSE) {
    finding.set_path("README.md");
    finding.set_start_line(finding.start_line() + line);
    finding.set_end_line(finding.end_line() + line);
  }
  AddText(std::move(finding), *read, stand);
  return true;
}

// No licence file: the text may stand in the gate's prompt or in the card.
void ReadPieces(const StandSources& sources, std::string_view card, Stand& stand) {
  if (sources.reader == nullptr || stand.status != v1::NONE || stand.has_unread) return;
  const std::string& prompt = sources.seen.declared().gated_prompt();
  if (AddPiece(sources, prompt, v1::GATE_PROMPT, 0, stand)) return;
  for (const CardSection& section : LicenceSections(card)) {
    if (AddPiece(sources, section.text, v1::CARD_PROSE, section.line, stand)) return;
  }
}

// Says what the code, the data or the base model is under, not the release.
bool SpeaksOfOthers(std::string_view section) {
  constexpr std::string_view kOthers =
      " dataset datasets data corpus corpora code base original upstream paper tokenizer images ";
  const std::vector<Token> tokens = Tokenise(section);
  return std::any_of(tokens.begin(), tokens.end(), [&](const Token& token) {
    return kOthers.find(" " + token.word + " ") != std::string_view::npos;
  });
}

// Nothing declares a licence: a line below a licence heading of the card may, "released under X for
// research use only". It is a name, and what the line says beside it.
void ReadNamingSections(const StandSources& sources, std::string_view card, Stand& stand) {
  if (sources.reader == nullptr || stand.status != v1::NONE || stand.has_unread) return;
  for (const CardSection& section : LicenceSections(card)) {
    if (section.text.size() > kMaxNamingBytes || SpeaksOfOthers(section.text)) continue;
    const auto read = sources.reader->ReadPiece(section.text);
    v1::Finding finding = read->finding;
    const auto expression = ParseExpression(finding.expression());
    const bool names_one = finding.status() == v1::MENTION && expression.ok() &&
                           expression->kind == Expression::Kind::kLicence;
    if (!names_one) continue;
    finding.set_source(v1::CARD_PROSE);
    finding.set_path("README.md");
    finding.set_start_line(finding.start_line() + section.line);
    finding.set_end_line(finding.end_line() + section.line);
    AddText(std::move(finding), *read, stand);
    return;
  }
}

// The same words whatever their layout.
std::string WordsDigest(std::string_view text) {
  std::string words;
  for (const Token& token : Tokenise(text)) words += token.word + ' ';
  return common::ToHex(common::Sha256(words)).substr(0, 32);
}

v1::Finding PolicyFinding(const v1::File& file, std::string_view text, const Reading& reading) {
  v1::Finding finding;
  finding.set_source(SourceOf(file));
  finding.set_path(file.path());
  finding.set_digest(DigestOf(file, text));
  finding.set_oid(file.oid());
  finding.set_status(v1::MENTION);
  finding.set_reason("a use policy");
  v1::LicenceMatch& match = *finding.add_licences();
  match.set_status(v1::MENTION);
  match.set_role(v1::MENTIONED);
  v1::CapturedField& words = *match.add_captured();
  words.set_name("words");
  words.set_value(WordsDigest(text));
  constexpr size_t kMaxClauses = 32;
  for (const ClauseHit& hit : reading.hits) {
    if (finding.added_size() >= static_cast<int>(kMaxClauses)) break;
    v1::ResidueSpan& span = *finding.add_added();
    span.set_text(hit.text);
    span.set_line(hit.line);
    span.set_clause(hit.id);
  }
  return finding;
}

// Bans by reference. Only what a use policy is for is taken from it, and only where the licence's
// row does not hold it already.
void ReadUsePolicies(const StandSources& sources, Stand& stand) {
  const v1::LicenceTerms* row = sources.table.Find(stand.licence);
  for (const v1::File* file : UsePolicies(sources.seen)) {
    const FileText* text = TextOf(sources.files, file->path());
    if (text == nullptr || IsPdf(text->bytes)) continue;
    const Reading reading = ReadClauses(text->bytes);
    stand.findings.push_back(PolicyFinding(*file, text->bytes, reading));
    if (row != nullptr && row->dimensions().use_policy() > 0) continue;
    v1::Dimensions taken;
    taken.set_field(reading.dimensions.field());
    taken.set_military_ban(reading.dimensions.military_ban());
    taken.set_geography(reading.dimensions.geography());
    *taken.mutable_regions() = reading.dimensions.regions();
    v1::Terms said = sources.table.TermsOf(taken, "");
    CiteHits(said, reading.hits, SourceOf(*file), file->path());
    stand.terms = Join(stand.terms, said);
  }
}

v1::Finding RiderFinding(const CardRiders& read, std::string_view card) {
  v1::Finding finding;
  finding.set_source(v1::CARD_PROSE);
  finding.set_path("README.md");
  finding.set_digest(common::Sha256(card));
  finding.set_status(v1::MENTION);
  finding.set_reason("the card's own words narrow the licence");
  for (const Rider& rider : read.riders) {
    v1::ResidueSpan& span = *finding.add_added();
    span.set_text(rider.text);
    span.set_line(rider.line);
    span.set_clause(rider.clause);
  }
  return finding;
}

// Words of the card that narrow the licence join it.
void ReadCardRiders(const StandSources& sources, std::string_view card, Stand& stand,
                    v1::Assessment& assessment) {
  const CardRiders read = ReadRiders(card);
  if (read.riders.empty()) return;
  stand.findings.push_back(RiderFinding(read, card));
  v1::Terms said = sources.table.TermsOf(read.dimensions, "");
  std::vector<ClauseHit> hits;
  for (const Rider& rider : read.riders) {
    hits.push_back({rider.dimension + ".rider", rider.dimension, rider.line, rider.text});
  }
  CiteHits(said, hits, v1::CARD_PROSE, "README.md");
  v1::Terms joined = Join(stand.terms, said);
  if (stand.is_stated) {
    const std::string& name = stand.licence.empty() ? stand.expression : stand.licence;
    AddWhereTighter({stand.source, name, stand.terms},
                    {v1::CARD_PROSE, "the card's own words", joined}, assessment);
  }
  stand.terms = std::move(joined);
}

// What the tag and the card's front matter say of each other.
void CompareDeclared(const StandSources& sources, std::string_view card,
                     v1::Assessment& assessment) {
  const v1::Declared& declared = sources.seen.declared();
  if (declared.tag_licences().empty() || declared.card_licences().empty()) return;
  if (std::equal(declared.tag_licences().begin(), declared.tag_licences().end(),
                 declared.card_licences().begin(), declared.card_licences().end())) {
    return;  // as nearly always: the hub makes the tag of the card
  }
  v1::Declared of_tag = declared, of_card = declared;
  of_tag.clear_card_licences();
  of_card.clear_tag_licences();
  const DeclaredTerms tag = JudgeDeclared(sources.table, of_tag, card);
  const DeclaredTerms front = JudgeDeclared(sources.table, of_card, card);
  if (tag.licence == front.licence && tag.expression == front.expression) return;
  CompareSources({v1::HUB_TAG, tag.licence, tag.terms},
                 {v1::CARD_FRONT_MATTER, front.licence, front.terms}, assessment);
}

SourceTerms SaidBy(const DeclaredTerms& declared) {
  const v1::Finding& first = declared.findings.front();
  return {first.source(), declared.licence.empty() ? first.declared() : declared.licence,
          declared.terms};
}

void CompareWithText(const DeclaredTerms& declared, const Stand& text, v1::Assessment& assessment) {
  if (!declared.is_stated || declared.findings.empty()) return;
  const std::string& shown = text.licence.empty() ? text.expression : text.licence;
  CompareSources(SaidBy(declared), {text.source, shown, text.terms}, assessment);
}

void TakeDeclared(const TermsTable& table, const DeclaredTerms& declared, Stand& stand) {
  stand.terms = declared.terms;
  stand.licence = declared.licence;
  stand.expression = declared.expression;
  stand.is_memory_only = declared.is_memory_only;
  stand.is_stated = declared.is_stated;
  if (!declared.findings.empty()) stand.source = declared.findings.front().source();
  if (const v1::LicenceTerms* row = table.Find(declared.licence)) {
    stand.dimensions = row->dimensions();
  }
  if (declared.is_stated) {
    const bool is_named = !declared.licence.empty() || !declared.expression.empty();
    stand.status = is_named ? v1::MENTION : v1::NONE;
  }
  if (stand.has_unread) {
    stand.terms = Join(stand.terms, table.Unknown("the licence file was not read"));
  }
}

// The header of a weights file is often its maker's copy of the base's: it speaks where nothing
// else does, and is compared where something does.
void TakeHeader(const StandSources& sources, const DeclaredTerms& declared, Stand& stand,
                v1::Assessment& assessment) {
  const DeclaredTerms header = JudgeHeader(sources.table, sources.seen, sources.files);
  if (!header.is_stated) return;
  const bool rests_on_text = stand.status != v1::NONE && stand.source != v1::HUB_TAG &&
                             stand.source != v1::CARD_FRONT_MATTER;
  if (rests_on_text) CompareWithText(header, stand, assessment);
  if (declared.is_stated && !declared.findings.empty()) {
    CompareSources(SaidBy(declared), SaidBy(header), assessment);
  }
  if (stand.status == v1::NONE) {
    TakeDeclared(sources.table, header, stand);
    stand.path = header.findings.front().path();
  }
  stand.findings.insert(stand.findings.begin(), header.findings.begin(), header.findings.end());
}

}  // namespace

const FileText* TextOf(std::span<const FileText> files, std::string_view path) {
  const auto at = std::find_if(files.begin(), files.end(),
                               [&](const FileText& file) { return file.path == path; });
  return at == files.end() ? nullptr : &*at;
}

Stand WeightsStand(const StandSources& sources, v1::Assessment& assessment) {
  const FileText* file = TextOf(sources.files, "README.md");
  const std::string_view card = file == nullptr ? std::string_view() : file->bytes;
  const DeclaredTerms declared = JudgeDeclared(sources.table, sources.seen.declared(), card);
  Stand stand;
  ReadFiles(sources, GoverningFiles(sources.seen), stand);
  ReadPieces(sources, card, stand);
  CompareDeclared(sources, card, assessment);
  if (stand.status != v1::NONE) {
    CompareWithText(declared, stand, assessment);
    if (declared.is_stated) ReachUp(stand.terms, declared.terms);
  } else {
    TakeDeclared(sources.table, declared, stand);
    ReadNamingSections(sources, card, stand);
  }
  TakeHeader(sources, declared, stand, assessment);
  stand.findings.insert(stand.findings.begin(), declared.findings.begin(), declared.findings.end());
  ReadUsePolicies(sources, stand);
  ReadCardRiders(sources, card, stand, assessment);
  return stand;
}

Stand CodeStand(const StandSources& sources) {
  Stand stand;
  ReadFiles(sources, CodeLicences(sources.seen), stand);
  return stand;
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
  stand.is_stated = previous.status() != v1::NONE;
  for (const v1::Finding& finding : previous.findings()) {
    if (!finding.digest().empty() && finding.digest() == previous.text_digest()) {
      stand.source = finding.source();
      stand.path = finding.path();
    }
  }
  return stand;
}

}  // namespace modelwatch::evaluator
