// SPDX-License-Identifier: Apache-2.0
// What happened to a release that its shift does not tell, by the event table of docs/terms.md.
#pragma once

#include "evaluator/openness/exhibit.h"
#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/observation.pb.h"

namespace modelwatch::evaluator {

// Appends to assessment.events, in order of id:
//   E5   a use policy came, or its words changed, since `previous`
//   E8   a licence was stated in `previous`; now none, or one that names none
//   E9   what is declared is looser than a text or the card's own words; with "claim.open_source"
//   among
//        the reasons when the card also calls it open source
//   E13  the licence's link names a file of the release that is not there
// E9 and E13 stand for as long as they hold: whoever tells them compares with the version before. A
// release that is gone has no events of its own. `previous` may be null.
void AddEvents(const v1::Observation& seen, const Exhibit& exhibit, const v1::Assessment* previous,
               v1::Assessment& assessment);

}  // namespace modelwatch::evaluator
