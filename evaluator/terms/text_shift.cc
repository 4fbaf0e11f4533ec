// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <unordered_map>
#include <utility>

#include "evaluator/license/residue.h"
#include "evaluator/license/text_diff.h"
#include "evaluator/license/tokens.h"
#include "evaluator/terms/clauses.h"
#include "evaluator/terms/lattice.h"
#include "evaluator/terms/outcome_rules.h"
#include "evaluator/terms/text_terms.h"

namespace modelwatch::evaluator {
namespace {

// Two texts that share less of their words in order are two licences, not an edit of one.
constexpr double kEditScore = 0.6;

struct Aligned {
  std::vector<Token> then, now;
  std::vector<ResidueHunk> hunks;  // then -> now
  std::vector<ResidueHunk> back;   // the same hunks judged as now -> then
  double score = 0;

  [[nodiscard]] bool is_neutral(size_t i) const {
    return hunks[i].is_neutral || back[i].is_neutral;
  }
};

std::vector<uint32_t> Number(const std::vector<Token>& tokens,
                             std::unordered_map<std::string_view, uint32_t>& numbers) {
  std::vector<uint32_t> out;
  out.reserve(tokens.size());
  for (const Token& token : tokens) {
    out.push_back(
        numbers.try_emplace(token.word, static_cast<uint32_t>(numbers.size())).first->second);
  }
  return out;
}

Aligned Align(std::string_view then, std::string_view now) {
  Aligned aligned;
  aligned.then = Tokenise(then);
  aligned.now = Tokenise(now);
  std::unordered_map<std::string_view, uint32_t> numbers;
  const std::vector<uint32_t> a = Number(aligned.then, numbers), b = Number(aligned.now, numbers);
  const std::vector<Hunk> hunks = DiffSequences(a, b);
  aligned.hunks = JudgeResidue(aligned.then, aligned.now, hunks);
  std::vector<Hunk> mirrored;
  size_t gone = 0;
  for (const Hunk& hunk : hunks) {
    mirrored.push_back({hunk.b_begin, hunk.b_end, hunk.a_begin, hunk.a_end});
    gone += hunk.a_end - hunk.a_begin;
  }
  aligned.back = JudgeResidue(aligned.now, aligned.then, mirrored);
  const size_t both = a.size() + b.size();
  aligned.score =
      both == 0 ? 1 : 2.0 * static_cast<double>(a.size() - gone) / static_cast<double>(both);
  return aligned;
}

// Sentences of one side that a counting hunk touches.
std::vector<Sentence> Touched(const Aligned& aligned, const std::vector<Sentence>& sentences,
                              bool is_now) {
  std::vector<Sentence> touched;
  for (const Sentence& sentence : sentences) {
    for (size_t i = 0; i < aligned.hunks.size(); ++i) {
      if (aligned.is_neutral(i)) continue;
      const Hunk& hunk = aligned.hunks[i].hunk;
      const size_t begin = is_now ? hunk.b_begin : hunk.a_begin;
      const size_t end = is_now ? hunk.b_end : hunk.a_end;
      // An empty side still touches the sentence that it lies in.
      if (std::max(end, begin + 1) <= sentence.begin || begin >= sentence.end) continue;
      touched.push_back(sentence);
      break;
    }
  }
  return touched;
}

// Whether a dimension that explains the move is read differently from the touched sentences.
bool IsTouched(const v1::Outcome& outcome, const Reading& then, const Reading& now) {
  const auto names = [&](const Reading& reading, const std::string& clause) {
    const std::string group = clause.substr(0, clause.find('.'));
    return std::any_of(reading.hits.begin(), reading.hits.end(), [&](const ClauseHit& hit) {
      return hit.id.substr(0, hit.id.find('.')) == group;
    });
  };
  return std::any_of(outcome.because().begin(), outcome.because().end(), [&](const auto& because) {
    return names(then, because.clause()) || names(now, because.clause());
  });
}

// Keeps the moves that the changed sentences explain; the rest is the reader's noise.
void KeepTouched(google::protobuf::RepeatedPtrField<v1::Move>& moves, const Reading& then,
                 const Reading& now) {
  google::protobuf::RepeatedPtrField<v1::Move> kept;
  for (const v1::Move& move : moves) {
    v1::Outcome outcome;
    *outcome.mutable_because() = move.because();
    if (IsTouched(outcome, then, now)) *kept.Add() = move;
  }
  moves = kept;
}

// The words that come or go carry a permission, a duty or a ban that no clause pattern understood.
bool IsTelling(const Aligned& aligned) {
  const auto telling = [](const std::vector<Token>& tokens, size_t begin, size_t end) {
    return !IsInert(std::span(tokens).subspan(begin, end - begin));
  };
  for (size_t i = 0; i < aligned.hunks.size(); ++i) {
    if (aligned.is_neutral(i)) continue;
    const Hunk& hunk = aligned.hunks[i].hunk;
    if (telling(aligned.then, hunk.a_begin, hunk.a_end)) return true;
    if (telling(aligned.now, hunk.b_begin, hunk.b_end)) return true;
  }
  return false;
}

void SetDirection(v1::Shift& shift, bool is_open) {
  const bool lost = shift.lost_size() > 0, gained = shift.gained_size() > 0;
  shift.set_direction(lost && gained ? v1::MIXED
                      : lost         ? v1::TIGHTER
                      : gained       ? v1::LOOSER
                      : is_open      ? v1::UNCLEAR
                                     : v1::SAME);
}

// Two states of one text: what the changed sentences say, read alike on both sides.
v1::Shift OfEdit(const Judge& judge, const Aligned& aligned, std::string_view then,
                 std::string_view now) {
  const std::vector<Sentence> then_all = SplitSentences(then), now_all = SplitSentences(now);
  const Reading then_whole = ReadClauses(then_all), now_whole = ReadClauses(now_all);
  const Reading then_touched = ReadClauses(Touched(aligned, then_all, false));
  const Reading now_touched = ReadClauses(Touched(aligned, now_all, true));
  v1::Terms then_terms = judge.table->TermsOf(then_whole.dimensions, "");
  v1::Terms now_terms = judge.table->TermsOf(now_whole.dimensions, "");
  CiteHits(then_terms, then_touched.hits, v1::LICENCE_FILE_TEXT, "");
  CiteHits(now_terms, now_touched.hits, v1::LICENCE_FILE_TEXT, "");
  v1::Shift shift = CompareTerms(then_terms, now_terms);
  KeepTouched(*shift.mutable_lost(), then_touched, now_touched);
  KeepTouched(*shift.mutable_gained(), then_touched, now_touched);
  SetDirection(shift, IsTelling(aligned));
  shift.set_kind(shift.direction() == v1::SAME ? v1::COSMETIC : v1::EDIT);
  return shift;
}

std::string NameOf(const v1::Finding& finding) {
  return finding.licence().empty() ? finding.expression() : finding.licence();
}

}  // namespace

v1::Shift CompareTexts(const Judge& judge, std::string_view then, std::string_view now) {
  return CompareTexts(judge, {judge.matcher->Identify(then), then},
                      {judge.matcher->Identify(now), now});
}

v1::Shift CompareTexts(const Judge& judge, const IdentifiedText& then_text,
                       const IdentifiedText& now_text) {
  const std::string_view then = then_text.text, now = now_text.text;
  const TextTerms before = TermsOfFinding(judge, then_text.finding, then);
  const TextTerms after = TermsOfFinding(judge, now_text.finding, now);
  const bool both_known =
      before.finding.status() == v1::EXACT && after.finding.status() == v1::EXACT;
  v1::Shift shift;
  if (both_known) {
    shift = CompareTerms(before.terms, after.terms);
    const bool is_same_licence = before.finding.expression() == after.finding.expression();
    if (is_same_licence) SetDirection(shift, false);
    shift.set_kind(is_same_licence ? v1::COSMETIC : v1::SWAP);
  } else {
    const Aligned aligned = Align(then, now);
    bool is_cosmetic = true;
    for (size_t i = 0; i < aligned.hunks.size(); ++i)
      is_cosmetic = is_cosmetic && aligned.is_neutral(i);
    if (is_cosmetic) {
      shift.set_direction(v1::SAME);
      shift.set_kind(v1::COSMETIC);
    } else if (aligned.score >= kEditScore) {
      shift = OfEdit(judge, aligned, then, now);
    } else {
      shift = CompareTerms(before.terms, after.terms);
      shift.set_kind(v1::SWAP);
    }
  }
  shift.set_from_licence(NameOf(before.finding));
  shift.set_to_licence(NameOf(after.finding));
  return shift;
}

}  // namespace modelwatch::evaluator
