// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/text_terms.h"

#include <algorithm>
#include <utility>

#include "evaluator/license/residue.h"
#include "evaluator/license/tokens.h"
#include "evaluator/terms/clauses.h"
#include "evaluator/terms/lattice.h"
#include "evaluator/terms/outcome_rules.h"
#include "evaluator/terms/reading_terms.h"

namespace modelwatch::evaluator {
namespace {

// From here on an edited text still says what its base says, apart from the residue.
constexpr double kReadAsBase = 0.85;
// A short notice that names a licence and adds no clause gives that licence's terms.
constexpr size_t kMaxNoticeWords = 250;

// A long text that names a licence may say anything beside it.
void OpenUpwards(v1::Terms& terms) {
  for (v1::Outcome& outcome : *terms.mutable_outcomes()) {
    if (outcome.interval().high() == kProhibited) continue;
    outcome.mutable_interval()->set_high(kProhibited);
    v1::Because& because = *outcome.add_because();
    because.set_clause("unread");
    because.set_text("the text names a licence and says more than that");
  }
}

void SetPath(const std::string& path, v1::Terms& terms) {
  for (v1::Outcome& outcome : *terms.mutable_outcomes()) {
    for (v1::Because& because : *outcome.mutable_because()) {
      because.set_source(v1::LICENCE_FILE_TEXT);
      because.set_path(path);
    }
  }
}

std::string SpansText(const google::protobuf::RepeatedPtrField<v1::ResidueSpan>& spans) {
  std::string text;
  for (const v1::ResidueSpan& span : spans) text += span.text() + "\n\n";
  return text;
}

// The sentences of the text that an added span lies in, so that a clause is read whole.
std::vector<Sentence> SentencesAround(const std::vector<Sentence>& all,
                                      const v1::Finding& finding) {
  std::vector<Sentence> touched;
  for (size_t i = 0; i < all.size(); ++i) {
    const uint32_t next_line = i + 1 < all.size() ? all[i + 1].line : UINT32_MAX;
    for (const v1::ResidueSpan& span : finding.added()) {
      const uint32_t last = span.line() + static_cast<uint32_t>(std::count(
                                              span.text().begin(), span.text().end(), '\n'));
      if (last < all[i].line || span.line() > std::max(next_line, all[i].line)) continue;
      touched.push_back(all[i]);
      break;
    }
  }
  return touched;
}

bool AllInert(const google::protobuf::RepeatedPtrField<v1::ResidueSpan>& spans) {
  return std::all_of(spans.begin(), spans.end(),
                     [](const v1::ResidueSpan& span) { return IsInert(Tokenise(span.text())); });
}

// A restriction of the base whose words are missing may be gone, and so may a permission.
void OpenMissing(const TermsTable& table, const v1::Finding& finding, v1::Terms& terms) {
  if (AllInert(finding.missing())) return;
  const Reading missing = ReadClauses(SpansText(finding.missing()));
  const v1::Terms gone = table.TermsOf(missing.dimensions, "");
  const v1::Terms possible = table.TermsOf(missing.most, "");
  const bool is_permission =
      missing.permits_use || missing.permits_sharing || missing.permits_change;
  const bool is_restriction = !missing.hits.empty();
  for (v1::Outcome& outcome : *terms.mutable_outcomes()) {
    v1::Interval& interval = *outcome.mutable_interval();
    const auto may_be_gone = [&](const v1::Terms& said) {
      const v1::Outcome* of_missing = FindOutcome(said, outcome.scenario());
      return of_missing != nullptr && of_missing->interval().high() > 0;
    };
    if (may_be_gone(gone) || may_be_gone(possible)) interval.set_low(0);
    // Words of a permission, or of nothing that was understood: the right may be gone with them.
    if ((!is_permission && is_restriction) || interval.high() == kProhibited) continue;
    interval.set_high(kProhibited);
    v1::Because& because = *outcome.add_because();
    because.set_clause("unread");
    because.set_text("words of the licence are missing: " +
                     finding.missing(0).text().substr(0, 200));
  }
}

TextTerms OfReading(const Judge& judge, v1::Finding finding, std::string_view text) {
  TextTerms out;
  Reading reading = ReadClauses(text);
  out.terms = TermsOfReading(*judge.table, reading);
  SetPath(finding.path(), out.terms);
  out.dimensions = std::move(reading.dimensions);
  out.finding = std::move(finding);
  return out;
}

// Of an EXACT finding: otherwise its clauses are read.
bool HasKnownTerms(const Judge& judge, const v1::Finding& finding) {
  return ParseExpression(finding.expression()).ok() &&
         (finding.licence().empty() || judge.table->Find(finding.licence()) != nullptr);
}

TextTerms OfExact(const Judge& judge, v1::Finding finding, std::string_view text) {
  if (!HasKnownTerms(judge, finding)) return OfReading(judge, std::move(finding), text);
  const auto expression = ParseExpression(finding.expression());
  const v1::LicenceTerms* row = judge.table->Find(finding.licence());
  TextTerms out;
  if (row != nullptr) {
    finding.set_licence(row->id());
    out.dimensions = row->dimensions();
    out.is_memory_only = row->evidence() == v1::MEMORY;
  }
  out.terms = row != nullptr ? judge.table->TermsOf(*row) : judge.table->TermsOf(*expression);
  out.finding = std::move(finding);
  return out;
}

TextTerms OfModified(const Judge& judge, v1::Finding finding, std::string_view text) {
  const v1::LicenceTerms* base = judge.table->Find(finding.base());
  if (base == nullptr || !base->is_resolved() || finding.score() < kReadAsBase) {
    return OfReading(judge, std::move(finding), text);
  }
  finding.set_base(base->id());
  TextTerms out;
  Reading added;
  if (!AllInert(finding.added())) {
    added = ReadClauses(SentencesAround(SplitSentences(text), finding));
  }
  out.dimensions = JoinDimensions(base->dimensions(), added.dimensions);
  out.terms = TermsOfAddition(*judge.table, base->dimensions(), base->id(), added);
  OpenMissing(*judge.table, finding, out.terms);
  SetPath(finding.path(), out.terms);
  out.is_memory_only = base->evidence() == v1::MEMORY;
  out.finding = std::move(finding);
  return out;
}

TextTerms OfMention(const Judge& judge, v1::Finding finding, std::string_view text) {
  const auto expression = ParseExpression(finding.expression());
  if (!expression.ok()) return OfReading(judge, std::move(finding), text);
  TextTerms out;
  const v1::LicenceTerms* row = judge.table->Find(finding.licence());
  if (row != nullptr) {
    finding.set_licence(row->id());
    out.dimensions = row->dimensions();
    out.is_memory_only = row->evidence() == v1::MEMORY;
  }
  const v1::Terms named = judge.table->TermsOf(*expression);
  const Reading reading = ReadClauses(text);
  const v1::Terms said = TermsOfAddition(*judge.table, v1::Dimensions(), "", reading);
  out.dimensions = JoinDimensions(out.dimensions, reading.dimensions);
  out.terms = Join(named, said);
  if (Tokenise(text).size() > kMaxNoticeWords) OpenUpwards(out.terms);
  SetPath(finding.path(), out.terms);
  out.finding = std::move(finding);
  return out;
}

}  // namespace

bool NeedsText(const Judge& judge, const v1::Finding& finding) {
  switch (finding.status()) {
    case v1::EXACT:
      return !HasKnownTerms(judge, finding);
    case v1::MODIFIED:
    case v1::MENTION:
    case v1::FAMILY:
    case v1::UNKNOWN_LICENCE:
      return true;
    default:
      return false;
  }
}

TextTerms TermsOfFinding(const Judge& judge, v1::Finding finding, std::string_view text) {
  switch (finding.status()) {
    case v1::EXACT:
      return OfExact(judge, std::move(finding), text);
    case v1::MODIFIED:
      return OfModified(judge, std::move(finding), text);
    case v1::MENTION:
      return OfMention(judge, std::move(finding), text);
    case v1::FAMILY:
    case v1::UNKNOWN_LICENCE:
      return OfReading(judge, std::move(finding), text);
    default: {
      TextTerms out;
      out.terms = judge.table->Unknown(finding.reason().empty() ? "no licence is stated"
                                                                : finding.reason());
      out.finding = std::move(finding);
      return out;
    }
  }
}

TextTerms TermsOfText(const Judge& judge, std::string_view text) {
  return TermsOfFinding(judge, judge.matcher->Identify(text), text);
}

}  // namespace modelwatch::evaluator
