// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/text_terms.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "evaluator/license/decode.h"
#include "evaluator/license/tokens.h"
#include "evaluator/terms/clauses.h"
#include "evaluator/terms/edited_terms.h"
#include "evaluator/terms/lattice.h"
#include "evaluator/terms/outcome_rules.h"
#include "evaluator/terms/reading_terms.h"

namespace modelwatch::evaluator {
namespace {

// From here on an edited text still says what its base says, apart from the residue.
constexpr double kReadAsBase = 0.85;
// A short notice that names a licence and adds no clause gives that licence's terms.
constexpr size_t kMaxNoticeWords = 250;

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

bool IsNumber(const Token& token) {
  static const auto* words = new absl::flat_hash_set<std::string>(
      {"hundred", "thousand", "million", "billion", "trillion", "one", "two", "three", "four",
       "five", "six", "seven", "eight", "nine", "ten", "twenty", "fifty"});
  return absl::ascii_isdigit(static_cast<unsigned char>(token.word[0])) ||
         words->contains(token.word);
}

// Numbers gave way to numbers, and nothing else changed.
bool IsNumberSwap(const v1::Finding& finding) {
  const auto are_numbers = [](const v1::ResidueSpan& span) {
    const std::vector<Token> tokens = Tokenise(span.text());
    return std::all_of(tokens.begin(), tokens.end(), IsNumber);
  };
  return finding.added_size() > 0 &&
         std::all_of(finding.added().begin(), finding.added().end(), are_numbers) &&
         std::all_of(finding.missing().begin(), finding.missing().end(), are_numbers);
}

// Words were put into sentences of the licence: these say something else now. Not so where all that
// was added makes sentences of its own.
bool IsBrokenInto(const v1::Finding& finding, const std::vector<Sentence>& touched) {
  return std::any_of(finding.added().begin(), finding.added().end(), [&](const auto& span) {
    const std::vector<Token> tokens = Tokenise(span.text());
    std::string words = " ";
    for (const Token& token : tokens) words += token.word + " ";
    size_t whole = 0;
    for (const Sentence& sentence : touched) {
      const bool is_whole = words.find(" " + sentence.words + " ") != std::string::npos;
      whole += is_whole ? sentence.end - sentence.begin : 0;
    }
    return whole < tokens.size();
  });
}

// A restriction whose words are missing may be gone; a fragment may be of any sentence.
void LowerMissing(const TermsTable& table, const v1::Finding& finding, const v1::Terms& still,
                  v1::Terms& terms) {
  const Reading missing = ReadClauses(SpansText(finding.missing()));
  const v1::Terms gone =
      Join(table.TermsOf(missing.dimensions, ""), table.TermsOf(missing.most, ""));
  for (v1::Outcome& outcome : *terms.mutable_outcomes()) {
    const v1::Outcome* of_missing = FindOutcome(gone, outcome.scenario());
    const bool may_be_gone =
        missing.hits.empty() || (of_missing != nullptr && of_missing->interval().high() > 0);
    const uint32_t low = FindOutcome(still, outcome.scenario())->interval().low();
    if (may_be_gone && low < outcome.interval().low()) outcome.mutable_interval()->set_low(low);
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

struct TouchedReading {
  const std::vector<Sentence>& sentences;
  const Reading& reading;
};

// Sentences of the licence that were cut or broken into bound nothing from above any more, and
// those that were cut nothing from below.
void OpenEdited(const TermsTable& table, const v1::Finding& finding, const TouchedReading& touched,
                v1::Terms& terms) {
  if (finding.missing_size() > 0) {
    const v1::Terms still = TermsOfAddition(table, v1::Dimensions(), "", touched.reading);
    LowerMissing(table, finding, still, terms);
    OpenUpwards("words of the licence are missing: " + finding.missing(0).text().substr(0, 200),
                terms);
  } else if (IsBrokenInto(finding, touched.sentences)) {
    OpenUpwards(
        "words were put into a sentence of the licence: " + finding.added(0).text().substr(0, 200),
        terms);
  }
}

TextTerms OfModified(const Judge& judge, v1::Finding finding, std::string_view text) {
  const v1::LicenceTerms* base = judge.table->Find(finding.base());
  if (base == nullptr || !base->is_resolved() || finding.score() < kReadAsBase) {
    return OfReading(judge, std::move(finding), text);
  }
  const std::optional<Licence> licence = judge.matcher->corpus().Find(finding.base());
  finding.set_base(base->id());
  TextTerms out;
  const std::vector<Sentence> touched = SentencesAround(SplitSentences(text), finding);
  const Reading added = ReadClauses(touched);
  v1::Dimensions stands = base->dimensions();
  const bool is_number_swap = IsNumberSwap(finding);
  if (is_number_swap && added.dimensions.scale() > 0) {
    stands.clear_scale();
    stands.clear_scale_mau();
    stands.clear_scale_revenue_usd();
  }
  out.dimensions = JoinDimensions(stands, added.dimensions);
  std::optional<EditedTerms> edited;
  if (!is_number_swap && licence.has_value()) {
    edited = TermsOfEdit(*judge.table, *base, licence->text, text);
  }
  if (edited.has_value()) {
    out.dimensions = std::move(edited->dimensions);
    out.terms = std::move(edited->terms);
  } else {
    out.terms = TermsOfAddition(*judge.table, stands, base->id(), added);
    if (!is_number_swap) OpenEdited(*judge.table, finding, {touched, added}, out.terms);
  }
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
  // A name without known terms says nothing; what the text itself says does.
  const bool is_known =
      std::any_of(named.outcomes().begin(), named.outcomes().end(), [](const v1::Outcome& outcome) {
        return outcome.interval().low() > kFree || outcome.interval().high() < kProhibited;
      });
  if (!is_known) return OfReading(judge, std::move(finding), text);
  const Reading reading = ReadClauses(text);
  const v1::Terms said = TermsOfAddition(*judge.table, v1::Dimensions(), "", reading);
  out.dimensions = JoinDimensions(out.dimensions, reading.dimensions);
  out.terms = Join(named, said);
  if (Tokenise(text).size() > kMaxNoticeWords) {
    OpenUpwards("the text names a licence and says more than that", out.terms);
  }
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
  v1::Finding finding = judge.matcher->Identify(text);
  // Whoever asks gives the text as terms, also where nothing in it says that it is a licence.
  const bool is_prose = finding.status() == v1::NONE && Decode(text).kind == ContentKind::kText;
  if (is_prose && !ReadClauses(text).hits.empty()) {
    return OfReading(judge, std::move(finding), text);
  }
  return TermsOfFinding(judge, std::move(finding), text);
}

}  // namespace modelwatch::evaluator
