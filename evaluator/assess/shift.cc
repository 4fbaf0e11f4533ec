// SPDX-License-Identifier: Apache-2.0
#include "evaluator/assess/shift.h"

#include <algorithm>

#include "evaluator/assess/access_terms.h"
#include "evaluator/terms/lattice.h"

namespace modelwatch::evaluator {
namespace {

using Moves = google::protobuf::RepeatedPtrField<v1::Move>;

const v1::Terms& LicenceTermsOf(const v1::Assessment& assessment) {
  return assessment.has_licence_terms() ? assessment.licence_terms() : assessment.terms();
}

std::string NameOf(const v1::Assessment& assessment) {
  if (!assessment.licence().empty()) return assessment.licence();
  if (!assessment.expression().empty()) return assessment.expression();
  for (const v1::Finding& finding : assessment.findings()) {
    if (!finding.declared().empty()) return finding.declared();
  }
  return "";
}

bool IsDeclaredAlike(const v1::Assessment& then, const v1::Assessment& now) {
  return NameOf(then) == NameOf(now);
}

void SetDirection(v1::Shift& shift, v1::Direction otherwise) {
  const bool lost = shift.lost_size() > 0, gained = shift.gained_size() > 0;
  shift.set_direction(lost && gained ? v1::MIXED
                      : lost         ? v1::TIGHTER
                      : gained       ? v1::LOOSER
                                     : otherwise);
}

// What the licence alone did.
v1::Shift LicenceShift(const Judge& judge, const v1::Assessment& then, const v1::Assessment& now,
                       const ShiftTexts& texts) {
  v1::Shift by_terms = CompareTerms(LicenceTermsOf(then), LicenceTermsOf(now));
  const bool is_other_text = then.text_digest() != now.text_digest();
  by_terms.set_kind(!IsDeclaredAlike(then, now) ? v1::SWAP
                    : is_other_text             ? v1::EDIT
                                                : v1::COSMETIC);
  const bool has_texts = !texts.then_text.empty() && !texts.now_text.empty();
  if (!has_texts || judge.matcher == nullptr || !TextsNeeded(then, now)) {
    // The same licence by another source, or judged with more knowledge, moves nobody.
    if (by_terms.direction() == v1::SAME && by_terms.kind() == v1::EDIT)
      by_terms.set_kind(v1::COSMETIC);
    // Other words beside the same text: a use policy, the card's own.
    if (by_terms.lost_size() + by_terms.gained_size() > 0 && by_terms.kind() == v1::COSMETIC)
      by_terms.set_kind(v1::EDIT);
    return by_terms;
  }
  const bool has_findings = texts.then_finding != nullptr && texts.now_finding != nullptr;
  v1::Shift by_text = has_findings ? CompareTexts(judge, {*texts.then_finding, texts.then_text},
                                                  {*texts.now_finding, texts.now_text})
                                   : CompareTexts(judge, texts.then_text, texts.now_text);
  return by_text.kind() == v1::SWAP ? by_terms : by_text;
}

void AddMissing(Moves& moves, const Moves& more) {
  for (const v1::Move& move : more) {
    const bool has = std::any_of(moves.begin(), moves.end(), [&](const v1::Move& other) {
      return other.scenario() == move.scenario();
    });
    if (!has) *moves.Add() = move;
  }
}

// The moves that meant something: what access now costs was possibly cheaper in `other` before.
Moves WhereItCounts(const Moves& moves, const v1::Terms& other, bool is_loss) {
  Moves counted;
  for (const v1::Move& move : moves) {
    const v1::Outcome* outcome = FindOutcome(other, move.scenario());
    const uint32_t cost = is_loss ? move.to().low() : move.from().low();
    if (outcome == nullptr || outcome->interval().low() < cost) *counted.Add() = move;
  }
  return counted;
}

// What access alone did. It is known also where the licence is not: a gate or a removal takes
// something for certain, unless the licence had taken it before.
v1::Shift AccessShift(const Judge& judge, const v1::Assessment& then, const v1::Assessment& now) {
  v1::Shift shift = CompareTerms(AccessTerms(*judge.table, then.access(), v1::Declared()),
                                 AccessTerms(*judge.table, now.access(), v1::Declared()));
  *shift.mutable_lost() = WhereItCounts(shift.lost(), then.terms(), true);
  *shift.mutable_gained() = WhereItCounts(shift.gained(), now.terms(), false);
  return shift;
}

// Licence and access together: a loss by either is a loss.
v1::Shift WithAccess(v1::Shift licence, const v1::Shift& access, const v1::Assessment& then,
                     const v1::Assessment& now) {
  v1::Shift total = CompareTerms(then.terms(), now.terms());
  AddMissing(*total.mutable_lost(), access.lost());
  AddMissing(*total.mutable_gained(), access.gained());
  // Back again under tighter terms: what came back is not gained where the licence took it.
  Moves gained;
  for (const v1::Move& move : total.gained()) {
    const bool is_lost =
        std::any_of(licence.lost().begin(), licence.lost().end(),
                    [&](const v1::Move& lost) { return lost.scenario() == move.scenario(); });
    if (!is_lost) *gained.Add() = move;
  }
  total.mutable_gained()->Swap(&gained);
  total.set_kind(licence.lost_size() > 0 || licence.gained_size() > 0 ? licence.kind()
                                                                      : v1::ACCESS);
  AddMissing(*total.mutable_lost(), licence.lost());
  SetDirection(total, total.direction());
  return total;
}

}  // namespace

std::optional<TextPair> TextsNeeded(const v1::Assessment& then, const v1::Assessment& now) {
  if (then.text_digest().empty() || now.text_digest().empty() ||
      then.text_digest() == now.text_digest()) {
    return std::nullopt;
  }
  if (then.status() == v1::EXACT && now.status() == v1::EXACT) return std::nullopt;
  return TextPair{then.text_digest(), now.text_digest()};
}

v1::Shift ShiftBetween(const Judge& judge, const v1::Assessment& then, const v1::Assessment& now,
                       const ShiftTexts& texts) {
  v1::Shift shift = LicenceShift(judge, then, now, texts);
  if (!IsSameAccess(then.access(), now.access())) {
    shift = WithAccess(std::move(shift), AccessShift(judge, then, now), then, now);
  } else if (shift.kind() != v1::EDIT) {
    // The gate's own words may have changed under the same gate.
    const v1::Shift total = CompareTerms(then.terms(), now.terms());
    if (shift.direction() == v1::SAME && total.direction() != v1::SAME) {
      shift = total;
      shift.set_kind(v1::ACCESS);
    }
  }
  shift.set_from_version(then.version());
  shift.set_to_version(now.version());
  shift.set_from_licence(NameOf(then));
  shift.set_to_licence(NameOf(now));
  return shift;
}

}  // namespace modelwatch::evaluator
