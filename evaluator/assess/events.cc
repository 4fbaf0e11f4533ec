// SPDX-License-Identifier: Apache-2.0
#include "evaluator/assess/events.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_format.h"
#include "evaluator/assess/access_terms.h"
#include "evaluator/assess/sources.h"
#include "evaluator/terms/lattice.h"
#include "proto/json.h"

namespace modelwatch::evaluator {
namespace {

v1::Event& AddEvent(const char* id, std::string text, v1::Assessment& assessment) {
  v1::Event& event = *assessment.add_events();
  event.set_id(id);
  event.set_text(std::move(text));
  return event;
}

const v1::Finding* PolicyAt(const v1::Assessment& assessment, const std::string& path) {
  for (const v1::Finding& finding : assessment.findings()) {
    if (finding.path() == path && RoleOf(path) == FileRole::kUsePolicy) return &finding;
  }
  return nullptr;
}

// The digest of its words: reflowing a policy changes nothing. Empty when an older evaluator did
// not keep it.
std::string WordsDigest(const v1::Finding& finding) {
  for (const v1::LicenceMatch& match : finding.licences()) {
    for (const v1::CapturedField& field : match.captured()) {
      if (field.name() == "words") return field.value();
    }
  }
  return "";
}

bool IsReworded(const v1::Finding& then, const v1::Finding& now) {
  const std::string before = WordsDigest(then), after = WordsDigest(now);
  return !before.empty() && !after.empty() && before != after;
}

void AddPolicyEvents(const v1::Assessment& previous, v1::Assessment& assessment) {
  for (const v1::Finding& now : assessment.findings()) {
    if (RoleOf(now.path()) != FileRole::kUsePolicy) continue;
    const v1::Finding* then = PolicyAt(previous, now.path());
    if (then != nullptr && !IsReworded(*then, now)) continue;
    v1::Event& event = AddEvent("E5",
                                absl::StrFormat("%s, a use policy, was %s", now.path(),
                                                then == nullptr ? "added" : "changed"),
                                assessment);
    const v1::Shift taken = CompareTerms(previous.terms(), assessment.terms());
    for (const v1::Move& move : taken.lost()) event.add_scenarios(move.scenario());
    for (const v1::ResidueSpan& span : now.added()) {
      v1::Because& because = *event.add_because();
      because.set_clause(span.clause());
      because.set_source(now.source());
      because.set_path(now.path());
      because.set_line(span.line());
      because.set_text(span.text());
    }
  }
}

bool NamesALicence(const v1::Assessment& assessment) {
  return !assessment.licence().empty() || !assessment.expression().empty() ||
         (assessment.status() != v1::NONE && assessment.status() != v1::FINDING_STATUS_UNSPECIFIED);
}

void AddWithdrawal(const v1::Assessment& previous, v1::Assessment& assessment) {
  const bool is_back = IsGone(previous.access());
  if (is_back || !NamesALicence(previous) || NamesALicence(assessment)) return;
  const std::string& name =
      previous.expression().empty() ? previous.licence() : previous.expression();
  AddEvent(
      "E8",
      absl::StrFormat("%s was withdrawn: %s", name.empty() ? "its licence" : name,
                      assessment.findings().empty() ? "no licence is stated any more"
                                                    : "what is stated now names no known licence"),
      assessment);
}

bool IsDeclared(v1::FindingSource source) {
  return source == v1::HUB_TAG || source == v1::CARD_FRONT_MATTER;
}

void AddContradictions(const Exhibit& exhibit, v1::Assessment& assessment) {
  for (const v1::Conflict& conflict : assessment.conflicts()) {
    const bool is_rider = conflict.shows() == v1::CARD_PROSE;
    if (!IsDeclared(conflict.claims()) && !is_rider) continue;
    v1::Event& event = AddEvent(
        "E9",
        absl::StrFormat("%s says %s, %s is tighter%s", proto::Word(conflict.claims()),
                        conflict.claimed_licence(), proto::Word(conflict.shows()),
                        conflict.shown_licence().empty() ? "" : ": " + conflict.shown_licence()),
        assessment);
    *event.mutable_scenarios() = conflict.scenarios();
    for (v1::Because because : exhibit.part(v1::OPEN_SOURCE_CLAIM).because) {
      because.set_clause("claim.open_source");
      *event.add_because() = std::move(because);
    }
    if (!is_rider) continue;
    for (const v1::Because& because : exhibit.riders) *event.add_because() = because;
  }
}

void AddDeadLink(const v1::Observation& seen, v1::Assessment& assessment) {
  const std::string path = LinkedPath(seen);
  // Only what looks like a licence is among the files that are kept.
  if (path.empty() || RoleOf(path) != FileRole::kLicence) return;
  const auto& files = seen.files();
  const auto at = std::find_if(files.begin(), files.end(),
                               [&](const v1::File& file) { return file.path() == path; });
  if (at != files.end() && at->outcome() != v1::MISSING) return;
  v1::Event& event = AddEvent(
      "E13", absl::StrFormat("the licence links to %s, which is not there", path), assessment);
  v1::Because& because = *event.add_because();
  because.set_clause("link");
  because.set_path(path);
  because.set_text(seen.declared().license_link());
}

}  // namespace

void AddEvents(const v1::Observation& seen, const Exhibit& exhibit, const v1::Assessment* previous,
               v1::Assessment& assessment) {
  if (IsGone(seen.access())) return;
  if (previous != nullptr) {
    AddPolicyEvents(*previous, assessment);
    AddWithdrawal(*previous, assessment);
  }
  AddContradictions(exhibit, assessment);
  AddDeadLink(seen, assessment);
}

}  // namespace modelwatch::evaluator
