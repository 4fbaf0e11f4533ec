// SPDX-License-Identifier: Apache-2.0
#include "evaluator/policy/evidence.h"

#include "evaluator/policy/alert_words.h"

namespace modelwatch::evaluator {
namespace {

// The finding that the terms rest on: the licence text, else what is declared.
const v1::Finding* RestsOn(const v1::Assessment& assessment) {
  const v1::Finding* declared = nullptr;
  for (const v1::Finding& finding : assessment.findings()) {
    if (!assessment.text_digest().empty() && finding.digest() == assessment.text_digest()) {
      return &finding;
    }
    if (declared == nullptr && !finding.declared().empty()) declared = &finding;
  }
  return declared;
}

}  // namespace

v1::Evidence EvidenceOf(const Side& side) {
  v1::Evidence evidence;
  const v1::Assessment& assessment = *side.assessment;
  evidence.set_version(assessment.version());
  if (side.version != nullptr) evidence.set_revision(side.version->observation().revision());
  evidence.set_licence(assessment.licence().empty() ? assessment.expression()
                                                    : assessment.licence());
  evidence.set_access(AccessWord(assessment.access()));
  for (const v1::Finding& finding : assessment.findings()) {
    if (!finding.declared().empty()) {
      evidence.set_declared(finding.declared());
      break;
    }
  }
  if (const v1::Finding* finding = RestsOn(assessment)) {
    evidence.set_source(finding->source());
    evidence.set_path(finding->path());
    evidence.set_oid(finding->oid());
    evidence.set_digest(finding->digest());
    evidence.set_line(finding->start_line());
  }
  return evidence;
}

void CiteLoss(const v1::Shift& shift, v1::Evidence& evidence) {
  for (const v1::Move& move : shift.lost()) {
    for (const v1::Because& because : move.because()) {
      if (because.line() == 0 && !evidence.text().empty()) continue;
      evidence.set_text(because.text().substr(0, 512));
      if (because.line() == 0) continue;
      evidence.set_line(because.line());
      return;
    }
  }
}

}  // namespace modelwatch::evaluator
