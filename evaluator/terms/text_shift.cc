// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>

#include "evaluator/terms/clauses.h"
#include "evaluator/terms/lattice.h"
#include "evaluator/terms/outcome_rules.h"
#include "evaluator/terms/shift_align.h"
#include "evaluator/terms/shift_judge.h"
#include "evaluator/terms/shift_topics.h"
#include "evaluator/terms/shift_units.h"
#include "evaluator/terms/text_terms.h"

namespace modelwatch::evaluator {
namespace {

using Moves = google::protobuf::RepeatedPtrField<v1::Move>;

// Two texts that share less of their words are two licences, not an edit of one.
constexpr double kEditScore = 0.6;
// Unless nearly all of the shorter one stands in the longer.
constexpr double kContained = 0.85;

// Changed clauses that are looked up for whom they concern.
constexpr size_t kMaxToldGrounds = 100;

// A number of users or of money, not of days.
constexpr double kLeastThreshold = 10000;

// Sentences that a change touches, so that a clause is read whole.
struct TouchedSentences {
  std::vector<Sentence> then, now;
};

TouchedSentences TouchedBy(const ClauseText& a, const ClauseText& b,
                           const ClauseAlignment& alignment) {
  std::vector<size_t> then, now;
  for (const uint32_t unit : alignment.gone) then.push_back(a.units[unit].sentence);
  for (const uint32_t unit : alignment.added) now.push_back(b.units[unit].sentence);
  for (const ChangedPair& pair : alignment.pairs) {
    if (pair.changes.empty()) continue;
    then.push_back(a.units[pair.a].sentence);
    now.push_back(b.units[pair.b].sentence);
  }
  const auto pick = [](const ClauseText& text, std::vector<size_t>& indices) {
    std::sort(indices.begin(), indices.end());
    indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
    std::vector<Sentence> picked;
    for (const size_t i : indices) picked.push_back(text.sentences[i]);
    return picked;
  };
  return {pick(a, then), pick(b, now)};
}

// Whether a dimension that explains the move is read in the touched sentences.
bool IsTouched(const v1::Move& move, const Reading& then, const Reading& now) {
  const auto names = [&](const Reading& reading, const std::string& clause) {
    const std::string group = clause.substr(0, clause.find('.'));
    return std::any_of(reading.hits.begin(), reading.hits.end(), [&](const ClauseHit& hit) {
      return hit.id.substr(0, hit.id.find('.')) == group;
    });
  };
  return std::any_of(move.because().begin(), move.because().end(), [&](const auto& because) {
    return names(then, because.clause()) || names(now, because.clause());
  });
}

// Keeps the moves that the changed sentences explain; the rest is the reader's noise.
void KeepTouched(Moves& moves, const Reading& then, const Reading& now) {
  Moves kept;
  for (const v1::Move& move : moves) {
    if (IsTouched(move, then, now)) *kept.Add() = move;
  }
  moves = std::move(kept);
}

void AddMissing(Moves& moves, const Moves& more) {
  for (const v1::Move& move : more) {
    const bool has = std::any_of(moves.begin(), moves.end(), [&](const v1::Move& other) {
      return other.scenario() == move.scenario();
    });
    if (!has) *moves.Add() = move;
  }
}

v1::Shift Mirrored(v1::Shift shift) {
  shift.mutable_lost()->Swap(shift.mutable_gained());
  for (auto* moves : {shift.mutable_lost(), shift.mutable_gained()}) {
    for (v1::Move& move : *moves) move.mutable_from()->Swap(move.mutable_to());
  }
  const v1::Direction direction = shift.direction();
  shift.set_direction(direction == v1::TIGHTER  ? v1::LOOSER
                      : direction == v1::LOOSER ? v1::TIGHTER
                                                : direction);
  return shift;
}

class EditComparison {
 public:
  EditComparison(const TermsTable& table, const ClauseText& a, const ClauseText& b,
                 const ClauseAlignment& alignment)
      : table_(table),
        a_(a),
        b_(b),
        alignment_(alignment),
        judgement_(JudgeChanges(a, b, alignment)) {}

  v1::Shift Run() {
    const bool strong_loss = Has(-1, false), strong_gain = Has(1, false);
    bool lost = strong_loss || (Has(-1, true) && !strong_gain);
    bool gained = strong_gain || (Has(1, true) && !strong_loss);
    const bool is_contested = lost && gained && !(strong_loss && strong_gain);
    if (!lost && !gained && !judgement_.is_open) return Same();
    v1::Shift shift = ByReading();
    if (!lost && !gained) return Open(std::move(shift));
    if (is_contested) return Open(v1::Shift());
    AddTopics(shift, lost, gained, then_, now_);
    if (!lost) shift.clear_lost();
    if (!gained) shift.clear_gained();
    // Taken already by another clause, as far as that is read: the subject is named all the same.
    const bool is_unnamed = (lost && shift.lost().empty()) || (gained && shift.gained().empty());
    if (is_unnamed) {
      AddTopics(shift, lost && shift.lost().empty(), gained && shift.gained().empty(), {}, {});
    }
    shift.set_direction(lost && gained ? v1::MIXED : lost ? v1::TIGHTER : v1::LOOSER);
    shift.set_kind(v1::EDIT);
    return shift;
  }

 private:
  [[nodiscard]] bool Has(int direction, bool is_weak) const {
    return std::any_of(judgement_.grounds.begin(), judgement_.grounds.end(),
                       [&](const Ground& ground) {
                         return ground.direction == direction && ground.is_weak == is_weak;
                       });
  }

  static v1::Shift Same() {
    v1::Shift shift;
    shift.set_direction(v1::SAME);
    shift.set_kind(v1::COSMETIC);
    return shift;
  }

  // Words of force changed and their force did not tell: the reading may.
  static v1::Shift Open(v1::Shift shift) {
    const bool lost = shift.lost_size() > 0, gained = shift.gained_size() > 0;
    shift.set_direction(lost && gained ? v1::MIXED
                        : lost         ? v1::TIGHTER
                        : gained       ? v1::LOOSER
                                       : v1::UNCLEAR);
    shift.set_kind(v1::EDIT);
    return shift;
  }

  // What known wordings say before and after.
  v1::Shift ByReading() {
    const TouchedSentences touched = TouchedBy(a_, b_, alignment_);
    const Reading then = ReadClauses(touched.then), now = ReadClauses(touched.now);
    then_ = ReadClauses(a_.sentences).dimensions;
    now_ = ReadClauses(b_.sentences).dimensions;
    v1::Terms then_terms = table_.TermsOf(then_, ""), now_terms = table_.TermsOf(now_, "");
    CiteHits(then_terms, then.hits, v1::LICENCE_FILE_TEXT, "");
    CiteHits(now_terms, now.hits, v1::LICENCE_FILE_TEXT, "");
    v1::Shift shift = CompareTerms(then_terms, now_terms);
    KeepTouched(*shift.mutable_lost(), then, now);
    KeepTouched(*shift.mutable_gained(), then, now);
    return shift;
  }

  // Whom the subject of a changed clause concerns, where no known wording named them.
  void AddTopics(v1::Shift& shift, bool lost, bool gained, const v1::Dimensions& then,
                 const v1::Dimensions& now) const {
    size_t told = 0;
    for (const Ground& ground : judgement_.grounds) {
      const bool is_loss = ground.direction < 0;
      if (told == kMaxToldGrounds) break;
      if (ground.is_weak || (is_loss ? !lost : !gained)) continue;
      const ClauseText& text = ground.is_in_b ? b_ : a_;
      const ClauseUnit& unit = text.units[ground.unit];
      v1::Dimensions tight = is_loss ? then : now;
      if (AddThreshold(shift, ground, unit, text)) continue;
      // Above a threshold: for whom is read, not guessed.
      const bool is_bounded =
          std::any_of(text.words.begin() + static_cast<ptrdiff_t>(unit.begin),
                      text.words.begin() + static_cast<ptrdiff_t>(unit.end),
                      [](const ShiftWord& word) { return word.value >= kLeastThreshold; });
      if (is_bounded && (is_loss ? shift.lost_size() : shift.gained_size()) > 0) continue;
      if (!RaiseByTopic(ground, text.words_of(unit), tight)) continue;
      ++told;
      const v1::Terms before = table_.TermsOf(is_loss ? then : now, "");
      v1::Terms after = table_.TermsOf(tight, "");
      Cite(after, text.sentences[unit.sentence]);
      if (is_loss)
        AddMissing(*shift.mutable_lost(), CompareTerms(before, after).lost());
      else
        AddMissing(*shift.mutable_gained(), CompareTerms(after, before).gained());
    }
  }

  // A threshold that moved concerns those between its two values.
  bool AddThreshold(v1::Shift& shift, const Ground& ground, const ClauseUnit& unit,
                    const ClauseText& text) const {
    double least = 0, most = 0;
    for (const ShiftWord* word : ground.words) {
      if (word->value < kLeastThreshold) continue;
      least = least == 0 ? word->value : std::min(least, word->value);
      most = std::max(most, word->value);
    }
    if (least == most) return false;
    const bool is_of_users = std::any_of(
        text.words.begin() + static_cast<ptrdiff_t>(unit.begin),
        text.words.begin() + static_cast<ptrdiff_t>(unit.end),
        [](const ShiftWord& word) { return word.word == "users" || word.word == "active"; });
    const auto terms_of = [&](double threshold) {
      v1::Dimensions dimensions;
      dimensions.set_scale(2);
      dimensions.set_scale_effect("licence");
      const auto value = static_cast<uint64_t>(threshold);
      is_of_users ? dimensions.set_scale_mau(value) : dimensions.set_scale_revenue_usd(value);
      v1::Terms terms = table_.TermsOf(dimensions, "");
      Cite(terms, text.sentences[unit.sentence]);
      return terms;
    };
    const v1::Shift moved = CompareTerms(terms_of(most), terms_of(least));
    if (ground.direction < 0) {
      if (shift.lost().empty()) *shift.mutable_lost() = moved.lost();
    } else if (shift.gained().empty()) {
      *shift.mutable_gained() = Mirrored(moved).gained();
    }
    return true;
  }

  static void Cite(v1::Terms& terms, const Sentence& sentence) {
    for (v1::Outcome& outcome : *terms.mutable_outcomes()) {
      for (v1::Because& because : *outcome.mutable_because()) {
        because.set_source(v1::LICENCE_FILE_TEXT);
        because.set_line(sentence.line);
        because.set_text(sentence.original);
      }
    }
  }

  const TermsTable& table_;
  const ClauseText& a_;
  const ClauseText& b_;
  const ClauseAlignment& alignment_;
  Judgement judgement_;
  v1::Dimensions then_, now_;
};

// The project's id of a known licence, else what the finding says.
std::string NameOf(const Judge& judge, const v1::Finding& finding) {
  const v1::LicenceTerms* row = judge.table->Find(finding.licence());
  if (row != nullptr) return row->id();
  return finding.licence().empty() ? finding.expression() : finding.licence();
}

// One licence for another: by their terms; of what neither is known for, by what is read.
v1::Shift CompareSwap(const Judge& judge, const IdentifiedText& then, const IdentifiedText& now) {
  const TextTerms before = TermsOfFinding(judge, then.finding, then.text);
  const TextTerms after = TermsOfFinding(judge, now.finding, now.text);
  v1::Shift shift = CompareTerms(before.terms, after.terms);
  const auto is_known = [](const v1::Finding& finding) { return finding.status() == v1::EXACT; };
  const bool is_licence = then.finding.status() != v1::NONE && now.finding.status() != v1::NONE;
  const bool both_known = is_known(then.finding) && is_known(now.finding);
  if (is_licence && !both_known && shift.direction() != v1::MIXED) {
    const v1::Shift read = CompareTerms(judge.table->TermsOf(before.dimensions, ""),
                                        judge.table->TermsOf(after.dimensions, ""));
    if (shift.direction() == v1::UNCLEAR || shift.direction() == v1::SAME) shift = read;
  }
  if (shift.direction() == v1::SAME && !both_known) shift.set_direction(v1::UNCLEAR);
  shift.set_kind(v1::SWAP);
  return shift;
}

v1::Shift CompareOrdered(const Judge& judge, const IdentifiedText& then,
                         const IdentifiedText& now) {
  const bool both_known = then.finding.status() == v1::EXACT && now.finding.status() == v1::EXACT;
  const bool is_one_licence = both_known && then.finding.expression() == now.finding.expression();
  const ClauseText a = ReadUnits(then.text), b = ReadUnits(now.text);
  const ClauseAlignment alignment = AlignClauses(a, b);
  const bool is_edit =
      is_one_licence || alignment.score >= kEditScore || alignment.contained >= kContained;
  v1::Shift shift;
  if (is_edit && (!both_known || is_one_licence)) {
    shift = EditComparison(*judge.table, a, b, alignment).Run();
  } else {
    shift = CompareSwap(judge, then, now);
    // Two known versions of a text that no scenario tells apart: the words do. Not so where a known
    // licence came or went beside another: its terms were compared.
    const bool is_version = !then.finding.licence().empty() && !now.finding.licence().empty();
    if (is_edit && is_version && shift.direction() == v1::SAME) {
      const v1::Shift words = EditComparison(*judge.table, a, b, alignment).Run();
      if (words.direction() == v1::TIGHTER || words.direction() == v1::LOOSER) shift = words;
      shift.set_kind(v1::SWAP);
    }
  }
  shift.set_from_licence(NameOf(judge, then.finding));
  shift.set_to_licence(NameOf(judge, now.finding));
  return shift;
}

}  // namespace

v1::Shift CompareTexts(const Judge& judge, std::string_view then, std::string_view now) {
  return CompareTexts(judge, {judge.matcher->Identify(then), then},
                      {judge.matcher->Identify(now), now});
}

v1::Shift CompareTexts(const Judge& judge, const IdentifiedText& then, const IdentifiedText& now) {
  // Every pair is judged in one order and told in the asked one: the way back is always the mirror.
  if (then.text <= now.text) return CompareOrdered(judge, then, now);
  v1::Shift shift = Mirrored(CompareOrdered(judge, now, then));
  shift.mutable_from_licence()->swap(*shift.mutable_to_licence());
  return shift;
}

}  // namespace modelwatch::evaluator
