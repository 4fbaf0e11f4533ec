// SPDX-License-Identifier: Apache-2.0
#include "evaluator/assess/exhibition.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "evaluator/assess/sources.h"
#include "evaluator/openness/card_parts.h"
#include "evaluator/openness/file_parts.h"
#include "evaluator/terms/clauses.h"
#include "proto/json.h"

namespace modelwatch::evaluator {
namespace {

bool IsPoint(const v1::Terms& terms) {
  return std::all_of(terms.outcomes().begin(), terms.outcomes().end(), [](const auto& outcome) {
    return outcome.interval().low() == outcome.interval().high();
  });
}

v1::Because CauseOf(const v1::Finding& finding) {
  v1::Because because;
  because.set_source(finding.source());
  because.set_path(finding.path());
  because.set_text(finding.reason());
  return because;
}

// The words of a card or gate that narrow the licence.
void AddRiders(const v1::Finding& finding, Exhibit& exhibit) {
  for (const v1::ResidueSpan& span : finding.added()) {
    if (span.clause().empty()) continue;
    v1::Because because = CauseOf(finding);
    because.set_clause(span.clause());
    because.set_line(span.line());
    because.set_text(span.text());
    exhibit.riders.push_back(std::move(because));
  }
}

// The clauses of a gate's prompt, where it is no licence text itself.
void AddPromptRiders(const v1::Observation& seen, const v1::Assessment& assessment,
                     Exhibit& exhibit) {
  const std::string& prompt = seen.declared().gated_prompt();
  const auto& findings = assessment.findings();
  const bool is_licence = std::any_of(findings.begin(), findings.end(), [](const auto& finding) {
    return finding.source() == v1::GATE_PROMPT;
  });
  if (prompt.empty() || is_licence || seen.access().gate() == v1::OPEN) return;
  for (const ClauseHit& hit : ReadClauses(prompt).hits) {
    v1::Because because;
    because.set_source(v1::GATE_PROMPT);
    because.set_clause(hit.id);
    because.set_line(hit.line);
    because.set_text(hit.text);
    exhibit.riders.push_back(std::move(because));
  }
}

void AddDoubts(const v1::Assessment& assessment, Exhibit& exhibit) {
  for (const v1::Conflict& conflict : assessment.conflicts()) {
    // The licence rests on what claims; something else names tighter terms.
    const bool rests_on_it =
        conflict.claims() == v1::LICENCE_FILE_TEXT || conflict.claims() == v1::LINK_TARGET;
    if (!rests_on_it || conflict.shows() == v1::CARD_PROSE) continue;
    v1::Because because;
    because.set_source(conflict.shows());
    because.set_clause("conflict");
    because.set_text(
        absl::StrFormat("%s names %s", proto::Word(conflict.shows()), conflict.shown_licence()));
    exhibit.doubts.push_back(std::move(because));
  }
}

}  // namespace

LicenceStanding StandingOf(const StandingGround& ground) {
  LicenceStanding standing;
  standing.expression = ground.expression;
  standing.licence = ground.licence;
  standing.status = ground.status;
  standing.is_stated = ground.is_stated;
  if (ground.dimensions != nullptr) standing.dimensions = *ground.dimensions;
  standing.is_understood = ground.terms != nullptr && IsPoint(*ground.terms);
  standing.text = ground.where.empty()
                      ? ""
                      : absl::StrFormat("%s, %s", ground.where, proto::Word(ground.status));
  return standing;
}

Exhibit ExhibitOf(const v1::Observation& seen, const v1::Assessment& assessment,
                  const std::vector<std::string>* paths, std::string_view card) {
  Exhibit exhibit;
  exhibit.access = seen.access();
  exhibit.excludes_eu = seen.declared().excludes_eu();
  exhibit.has_file_list = paths != nullptr;
  if (paths != nullptr) {
    ShowFiles(*paths, exhibit);
  } else {
    std::vector<std::string> known;
    for (const v1::File& file : seen.files()) known.push_back(file.path());
    ShowFiles(known, exhibit);
  }
  if (!card.empty()) ShowCard(card, seen.name(), exhibit);
  for (const v1::Finding& finding : assessment.findings()) {
    const bool is_rider = finding.source() == v1::CARD_PROSE && finding.status() == v1::MENTION;
    if (is_rider) AddRiders(finding, exhibit);
    if (RoleOf(finding.path()) == FileRole::kUsePolicy) {
      exhibit.policies.push_back(CauseOf(finding));
    }
  }
  AddPromptRiders(seen, assessment, exhibit);
  AddDoubts(assessment, exhibit);
  return exhibit;
}

}  // namespace modelwatch::evaluator
