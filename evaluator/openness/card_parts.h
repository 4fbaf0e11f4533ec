// SPDX-License-Identifier: Apache-2.0
// Which parts the text of a model card shows: its front matter, its headings and its links.
#pragma once

#include <string_view>

#include "evaluator/openness/exhibit.h"

namespace modelwatch::evaluator {

// `card` is the text of README.md in UTF-8; its first MiB is read, a line as far as 4 KiB. A
// heading counts when at least eight words stand below it before the next heading of its rank; the
// placeholders of the hub's card template are no words. `name` is "owner/name" or empty: a card
// that loads the release by that name shows that its weights are there. Linear.
void ShowCard(std::string_view card, std::string_view name, Exhibit& exhibit);

}  // namespace modelwatch::evaluator
