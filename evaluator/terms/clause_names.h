// SPDX-License-Identifier: Apache-2.0
// Which clause the words of a residue carry: "purpose.noncommercial", "field.military".
//
//   v1::Finding finding = matcher.Identify(text);
//   NameClauses(finding, text);
//
// A name is for the reader of a finding. It changes no outcome: terms are read by clauses.h alone.
// Pure, any number of threads; linear in the text (RE2).
#pragma once

#include <string>
#include <string_view>

#include "modelwatch/v1/assessment.pb.h"

namespace modelwatch::evaluator {

// The id of the clause that a sentence carries; empty when it bans, limits or demands nothing that
// is known. `words` as Sentence.words (clauses.h). The clause reader is asked first, then the wider
// names of clause_names.textproto; a sentence that only disclaims has none of the latter.
[[nodiscard]] std::string NameOfSentence(const std::string& words);

// Sets `clause` of each span. A span's own words count first. A span that starts or ends inside a
// sentence, because the licence has the other words too, takes the name of the whole sentence of
// `text`, when the residue is at least a quarter of its words. `text` is what the finding is of, as
// given to Identify; a span whose words are not found there is named by itself. What is not known
// stays without a name, and counts all the same.
void NameClauses(v1::Finding& finding, std::string_view text);

}  // namespace modelwatch::evaluator
