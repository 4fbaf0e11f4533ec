// SPDX-License-Identifier: Apache-2.0
// Base model to derivative: what the terms of a base still require of what is made from it, and
// whether a derivative declares less.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evaluator/terms/terms_table.h"
#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/observation.pb.h"

namespace modelwatch::evaluator {

// A base as the derivative declares it.
struct Base {
  std::string name;                            // "owner/name"
  std::string relation;                        // finetune | adapter | quantized | merge | ""
  const v1::Assessment* assessment = nullptr;  // null: not in the index, or not judged
};

// What a base's terms require of a derivative in that relation: every restriction (needs a licence,
// prohibited) persists; duties do not, they are met by a notice; how the licence stands for its
// holder (revocation, suits, naming) is between the two. Unknown stays [0, 3]. A relation that this
// does not know is undecidable: unknown everywhere. Access is no term of a derivative.
[[nodiscard]] v1::Terms Required(const TermsTable& table, const v1::Assessment& base,
                                 std::string_view relation);

// Joins what the bases still require into `derivative.terms` (design: effective terms), with the
// base as the reason; `licence_terms` keeps what the release itself says. A base that is not here,
// that nobody knows the terms of, of a relation that is not known or of the same publisher adds
// nothing: an unknown base is no accusation.
void JoinBases(const TermsTable& table, std::span<const Base> bases, v1::Assessment& derivative);
// Takes out again what JoinBases added: what the release itself says, and its access. So a shift is
// of what the release did, never of what its base did.
void DropBases(const TermsTable& table, const v1::Observation& seen, v1::Assessment& derivative);

enum class LineageVerdict {
  kFits,              // declares all that the base requires
  kLooser,            // certainly less
  kAddsRestrictions,  // restricts what a copyleft base says must stay free: a conflict, no
                      // accusation
  kUndecidable,       // the base or the derivative is not known well enough
};

// "fits", "looser", "adds_restrictions", "undecidable".
[[nodiscard]] std::string_view Word(LineageVerdict verdict);

struct LineageFinding {
  LineageVerdict verdict = LineageVerdict::kUndecidable;
  std::vector<std::string> scenarios;  // where it is looser, in the order of the table
  uint32_t gap = 0;                    // the widest of them: 1 to 3
  std::string reason;                  // one sentence
};

// Looser only when high(declared) < low(required) in some scenario. The publisher of the base may
// give others of its releases whatever terms it likes: those fit. A base or derivative whose terms
// rest on an unverified row is undecidable.
[[nodiscard]] LineageFinding CompareWithBase(const TermsTable& table,
                                             const v1::Assessment& derivative, const Base& base);

// E10 against the first base that is looser by the widest gap; nothing when none is. A merge has to
// meet each parent, so each is looked at by itself.
[[nodiscard]] std::optional<v1::Event> LaunderingEvent(const TermsTable& table,
                                                       const v1::Assessment& derivative,
                                                       std::span<const Base> bases);

// E11 for a base whose shift took something from those who build on it; nothing when it did not, or
// nobody does. A loss of access is none: what was made is made.
[[nodiscard]] std::optional<v1::Event> FanOutEvent(const v1::Assessment& base,
                                                   uint64_t derivatives);

}  // namespace modelwatch::evaluator
