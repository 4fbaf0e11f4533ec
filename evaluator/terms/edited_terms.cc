// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/edited_terms.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "evaluator/terms/clauses.h"
#include "evaluator/terms/lattice.h"
#include "evaluator/terms/outcome_rules.h"
#include "evaluator/terms/reading_rules.h"
#include "evaluator/terms/reading_terms.h"
#include "evaluator/terms/shift_align.h"
#include "evaluator/terms/shift_notices.h"
#include "evaluator/terms/shift_units.h"

namespace modelwatch::evaluator {
namespace {

// Below this the one is no edit of the other.
constexpr double kEditScore = 0.6;

// What the sentences that were changed leave open.
class Opened {
 public:
  // A sentence of the licence that is gone or reads otherwise now.
  void AddFormer(const ClauseText& text, uint32_t unit) {
    const Sentence& sentence = text.sentences[text.units[unit].sentence];
    const Reading said = ReadClauses(std::vector<Sentence>{sentence});
    if (SaysNothing(text.units[unit], said)) return;
    has_former_ = true;
    const Reading about = ReadSubjects({sentence});
    concerned_ = JoinDimensions(concerned_, JoinDimensions(said.most, about.most));
    if (OnlyBinds(text, text.units[unit])) return;
    Take(about);
    if (said.permits_sharing) most_.set_redistribution(3);
    if (said.permits_change) most_.set_derivatives(2);
    // Without its grant a licence allows nothing.
    const bool permits = said.permits_use || said.permits_sharing || said.permits_change;
    const bool is_grant = said.permits_use || (permits && IsGrant(text, text.units[unit]));
    if (is_grant && grant_.empty()) grant_ = sentence.original;
  }
  // What stands in its place. A term that means something else moves what the term is used for.
  void AddPresent(const ClauseText& text, uint32_t unit) {
    const Sentence& sentence = text.sentences[text.units[unit].sentence];
    if (text.units[unit].kind == UnitKind::kDefinition) Take(ReadSubjects({sentence}));
  }

  // The licence's dimensions without the restrictions that may be gone.
  [[nodiscard]] v1::Dimensions Without(v1::Dimensions dimensions) const {
    for (const DimensionRange& range : kReadDimensions) {
      if (DimensionValue(concerned_, range.name) > 0) ClearDimension(dimensions, range.name);
    }
    if (concerned_.scale() > 0) {
      dimensions.clear_scale_mau();
      dimensions.clear_scale_revenue_usd();
      dimensions.clear_scale_effect();
    }
    if (concerned_.geography() > 0) dimensions.clear_regions();
    return dimensions;
  }
  [[nodiscard]] bool has_former() const { return has_former_; }
  [[nodiscard]] const v1::Dimensions& most() const { return most_; }
  [[nodiscard]] const std::vector<OpenSentence>& sentences() const { return sentences_; }
  [[nodiscard]] const std::string& grant() const { return grant_; }

 private:
  void Take(const Reading& about) {
    most_ = JoinDimensions(most_, about.most);
    sentences_.insert(sentences_.end(), about.open.begin(), about.open.end());
  }

  // A heading, a warranty, a court.
  static bool SaysNothing(const ClauseUnit& unit, const Reading& said) {
    const bool is_aside = unit.kind == UnitKind::kHeading || unit.kind == UnitKind::kDisclaimer ||
                          unit.kind == UnitKind::kFormality;
    return is_aside && said.hits.empty() && said.open.empty() && !said.permits_use &&
           !said.permits_sharing && !said.permits_change;
  }

  // "The licensor grants", "are permitted": more than one thing that you may do besides.
  static bool IsGrant(const ClauseText& text, const ClauseUnit& unit) {
    const auto words = text.words_of(unit);
    return std::any_of(words.begin(), words.end(), [](const ShiftWord& word) {
      return word.role == WordRole::kGrant || word.role == WordRole::kPermit;
    });
  }

  // Duties and bans alone: nobody who is bound by them misses them.
  static bool OnlyBinds(const ClauseText& text, const ClauseUnit& unit) {
    if (unit.kind != UnitKind::kClause) return false;
    const auto forces = text.forces_of(unit);
    const auto words = text.words_of(unit);
    const bool permits = std::any_of(words.begin(), words.end(), [](const ShiftWord& word) {
      return word.role == WordRole::kMay || word.role == WordRole::kGrant ||
             word.role == WordRole::kPermit;
    });
    return !permits && std::all_of(forces.begin(), forces.end(), [](const WordForce& force) {
      return force.force != Force::kNone && SignOf(force.force) < 0;
    });
  }

  v1::Dimensions concerned_, most_;
  std::vector<OpenSentence> sentences_;
  std::string grant_;
  bool has_former_ = false;
};

bool HasChanged(const ClauseText& a, const ClauseText& b, const ChangedPair& pair) {
  return std::any_of(pair.changes.begin(), pair.changes.end(),
                     [&](const WordChange& change) { return !IsNeutralPlace(a, b, change); });
}

struct Changes {
  Opened opened;
  std::vector<Sentence> present;  // changed or added, as they stand now
};

Changes ChangesOf(const ClauseText& a, const ClauseText& b) {
  const ClauseAlignment alignment = AlignClauses(a, b);
  Changes changes;
  if (alignment.score < kEditScore) return changes;
  std::vector<size_t> present;
  for (const uint32_t unit : alignment.gone) changes.opened.AddFormer(a, unit);
  for (const uint32_t unit : alignment.added) present.push_back(b.units[unit].sentence);
  for (const ChangedPair& pair : alignment.pairs) {
    if (!HasChanged(a, b, pair)) continue;
    changes.opened.AddFormer(a, pair.a);
    changes.opened.AddPresent(b, pair.b);
    present.push_back(b.units[pair.b].sentence);
  }
  std::sort(present.begin(), present.end());
  present.erase(std::unique(present.begin(), present.end()), present.end());
  for (const size_t i : present) changes.present.push_back(b.sentences[i]);
  return changes;
}

// What the licence's name alone brings may stand in the words that were changed.
void LowerTo(const v1::Terms& unnamed, v1::Terms& terms) {
  for (v1::Outcome& outcome : *terms.mutable_outcomes()) {
    const v1::Outcome* other = FindOutcome(unnamed, outcome.scenario());
    outcome.mutable_interval()->set_low(
        std::min(outcome.interval().low(), other->interval().low()));
  }
}

}  // namespace

std::optional<EditedTerms> TermsOfEdit(const TermsTable& table, const v1::LicenceTerms& base,
                                       std::string_view base_text, std::string_view text) {
  const Changes changes = ChangesOf(ReadUnits(base_text), ReadUnits(text));
  const Opened& opened = changes.opened;
  if (changes.present.empty() && !opened.has_former()) return std::nullopt;
  Reading present = ReadClauses(changes.present);
  EditedTerms edited;
  edited.dimensions = JoinDimensions(base.dimensions(), present.dimensions);
  present.least = JoinDimensions(opened.Without(base.dimensions()), present.least);
  present.most = JoinDimensions(JoinDimensions(base.dimensions(), opened.most()), present.most);
  for (OpenSentence open : opened.sentences()) {
    open.text = "a sentence of the licence was changed: " + open.text;
    present.open.push_back(std::move(open));
  }
  edited.terms = TermsBetween(table, base.id(), present);
  if (opened.has_former()) LowerTo(TermsBetween(table, "", present), edited.terms);
  if (!opened.grant().empty()) {
    OpenUpwards("the licence's grant was changed: " + opened.grant(), edited.terms);
  }
  return edited;
}

}  // namespace modelwatch::evaluator
