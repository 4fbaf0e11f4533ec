// SPDX-License-Identifier: Apache-2.0
// What a licence covers, by the words next to it.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "evaluator/license/cues.h"
#include "evaluator/license/tokens.h"
#include "modelwatch/v1/assessment.pb.h"

namespace modelwatch::evaluator {

// Where a licence stands.
struct LicencePlace {
  size_t begin = 0, end = 0;  // words of the text
  bool is_text = false;       // the licence's text, not its name
  bool may_define = false;    // a text that is no standard software licence: its definitions count
};

// Of a text: by its title, else by the heading or sentence right above, else by its
// definitions. Of a name: by the nearest
// cue before it in its sentence, else right after it, else by the heading above. Unspecified when
// nothing is said, or several things are. `cues` are in reading order.
[[nodiscard]] v1::LicenceScope ScopeAround(std::string_view text, const std::vector<Token>& tokens,
                                           const std::vector<Cue>& cues, LicencePlace place);

}  // namespace modelwatch::evaluator
