// SPDX-License-Identifier: Apache-2.0
#include "cli/render.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_format.h"
#include "common/clock.h"
#include "common/digest.h"
#include "common/log.h"
#include "proto/json.h"

namespace modelwatch::cli {
namespace {

using common::OneLine;

std::string IntervalText(const v1::Interval& interval) {
  if (interval.low() == interval.high()) return std::string(proto::OutcomeWord(interval.low()));
  return absl::StrFormat("%s to %s", proto::OutcomeWord(interval.low()),
                         proto::OutcomeWord(interval.high()));
}

std::string EvidenceText(const v1::Evidence& evidence, v1::ShiftKind kind) {
  std::string text = OneLine(evidence.licence().empty() ? evidence.declared() : evidence.licence());
  if (text.empty()) text = "no licence named";
  if (kind == v1::ACCESS) text = absl::StrFormat("%s; %s", evidence.access(), text);
  if (!evidence.path().empty()) {
    text += absl::StrFormat(", %s", OneLine(evidence.path()));
    if (evidence.line() != 0) text += absl::StrFormat(" line %d", evidence.line());
  } else if (evidence.source() != v1::FINDING_SOURCE_UNSPECIFIED) {
    text += absl::StrFormat(", %s", proto::Word(evidence.source()));
  }
  if (!evidence.revision().empty()) {
    text += absl::StrFormat(", revision %s", evidence.revision().substr(0, 12));
  }
  if (!evidence.digest().empty()) {
    text += absl::StrFormat(", text %s", common::ToHex(evidence.digest()).substr(0, 12));
  }
  return text;
}

std::string AccessText(const v1::Access& access) {
  std::string text(proto::Word(access.presence()));
  if (access.gate() != v1::OPEN && access.gate() != v1::GATE_UNSPECIFIED) {
    text += absl::StrFormat(", gated (%s)", proto::Word(access.gate()));
  }
  if (access.is_private()) text += ", private";
  return text;
}

std::string FindingText(const v1::Finding& finding) {
  const std::string& licence = finding.licence().empty() ? finding.base() : finding.licence();
  return absl::StrFormat("  %-18s %-16s %s%s\n", proto::Word(finding.source()),
                         proto::Word(finding.status()), OneLine(licence),
                         finding.path().empty() ? "" : "  (" + OneLine(finding.path()) + ")");
}

constexpr char kDisclaimer[] = "An indicator with evidence, not legal advice.\n";

std::string VerdictLine(const v1::FrameworkVerdict& verdict) {
  return absl::StrFormat("  %-10s %-10s %s\n", verdict.framework(), proto::Word(verdict.answer()),
                         verdict.verdict());
}

std::string CauseText(const v1::Because& because) {
  std::string where = because.path();
  if (because.line() > 0) where += absl::StrFormat(":%d", because.line());
  if (where.empty()) where = because.clause();
  if (where.empty() && because.text().empty()) return "";
  const std::string text = because.text().empty() ? "" : "  " + because.text();
  return absl::StrFormat("               %s%s\n", OneLine(where), OneLine(text));
}

std::string TermsText(const v1::Terms& terms) {
  std::string text;
  for (const v1::Outcome& outcome : terms.outcomes()) {
    text += absl::StrFormat("  %-32s %s\n", outcome.scenario(), IntervalText(outcome.interval()));
  }
  return text;
}

}  // namespace

std::string MovesText(const google::protobuf::RepeatedPtrField<v1::Move>& moves, int max) {
  std::string text;
  const int shown = std::min(max, moves.size());
  for (int i = 0; i < shown; ++i) {
    const v1::Move& move = moves[i];
    text += absl::StrFormat("%s%s: %s -> %s", i == 0 ? "" : ", ", move.scenario(),
                            IntervalText(move.from()), IntervalText(move.to()));
  }
  if (moves.size() > shown) text += absl::StrFormat(", and %d more", moves.size() - shown);
  return text;
}

std::string AlertText(const v1::Alert& alert) {
  std::string text = absl::StrFormat("#%d  %s  %s  %s\n", alert.sequence(),
                                     common::FormatMicros(alert.observed_at_us()).substr(0, 10),
                                     proto::Word(alert.severity()), OneLine(alert.title()));
  if (alert.is_about_hub()) {
    return text + absl::StrFormat("    %s\n", OneLine(alert.cause().text(), 2000));
  }
  constexpr int kMovesShown = 4;
  if (!alert.shift().lost().empty()) {
    text += absl::StrFormat("    lost:   %s\n", MovesText(alert.shift().lost(), kMovesShown));
  }
  if (!alert.shift().gained().empty()) {
    text += absl::StrFormat("    gained: %s\n", MovesText(alert.shift().gained(), kMovesShown));
  }
  if (alert.has_before()) {
    text += absl::StrFormat("    before: %s\n", EvidenceText(alert.before(), alert.shift().kind()));
  }
  text += absl::StrFormat("    after:  %s\n", EvidenceText(alert.after(), alert.shift().kind()));
  return text;
}

std::string AssessmentText(const v1::Assessment& assessment) {
  const std::string& licence =
      assessment.expression().empty() ? assessment.licence() : assessment.expression();
  std::string text = absl::StrFormat("licence:   %s  %s  (%s)\n",
                                     licence.empty() ? "none known" : OneLine(licence),
                                     proto::Word(assessment.status()), assessment.terms_class());
  text += "findings:\n";
  for (const v1::Finding& finding : assessment.findings()) text += FindingText(finding);
  for (const v1::Conflict& conflict : assessment.conflicts()) {
    text += absl::StrFormat("conflict:  %s says %s, %s shows %s\n", proto::Word(conflict.claims()),
                            OneLine(conflict.claimed_licence()), proto::Word(conflict.shows()),
                            OneLine(conflict.shown_licence()));
  }
  for (const v1::Event& event : assessment.events()) {
    text += absl::StrFormat("event:     %s %s\n", event.id(), OneLine(event.text()));
  }
  for (const v1::ComponentTerms& component : assessment.components()) {
    text += absl::StrFormat("%-10s %s\n", absl::StrFormat("%s:", proto::Word(component.scope())),
                            OneLine(component.expression()));
  }
  return text + "scenarios:\n" + TermsText(assessment.terms());
}

std::string VerdictsText(const v1::Assessment& assessment) {
  if (assessment.verdicts().empty()) return "";
  std::string text = "frameworks:\n";
  for (const v1::FrameworkVerdict& verdict : assessment.verdicts()) text += VerdictLine(verdict);
  for (const v1::FrameworkVerdict& verdict : assessment.verdicts()) {
    text += absl::StrFormat("\n%s: %s\n", verdict.framework(), verdict.verdict());
    for (const v1::CriterionResult& result : verdict.criteria()) {
      text += absl::StrFormat("  %-10s %-28s %s: %s%s\n", proto::Word(result.answer()),
                              result.criterion(), result.title(), OneLine(result.text()),
                              result.is_advisory() ? " (advisory)" : "");
      for (const v1::Because& because : result.because()) text += CauseText(because);
    }
  }
  return text + "\n" + kDisclaimer;
}

std::string ReleaseText(const v1::GetReleaseResponse& release) {
  const v1::Observation& seen = release.version().observation();
  std::string text = absl::StrFormat("%s  (%s:%s)\n", OneLine(seen.name()), seen.key().hub(),
                                     OneLine(seen.key().id()));
  text += absl::StrFormat("access:    %s\n", AccessText(seen.access()));
  text += absl::StrFormat("revision:  %s\n", seen.revision());
  text += absl::StrFormat("modified:  %s\n", common::FormatMicros(seen.last_modified_us()));
  text += absl::StrFormat("seen:      %s", common::FormatMicros(release.first_seen_us()));
  // Of a moment that is over the record does not tell when it was seen again.
  if (release.last_seen_us() != 0) {
    text += absl::StrFormat(" to %s", common::FormatMicros(release.last_seen_us()));
  }
  text += "\n";
  for (const std::string& name : release.former_names()) {
    text += absl::StrFormat("was named: %s\n", OneLine(name));
  }
  if (!release.has_assessment()) return text + "not assessed yet\n";
  text += AssessmentText(release.assessment());
  for (const v1::FrameworkVerdict& verdict : release.assessment().verdicts()) {
    text += VerdictLine(verdict);
  }
  return text + kDisclaimer;
}

namespace {

std::string JudgedText(const v1::Assessment& assessment) {
  std::string text = absl::StrFormat("    licence %s  %s  (%s)\n", OneLine(assessment.expression()),
                                     proto::Word(assessment.status()), assessment.terms_class());
  if (assessment.has_shift() && assessment.shift().direction() != v1::SAME) {
    text += absl::StrFormat("    %s (%s)", proto::Word(assessment.shift().direction()),
                            proto::Word(assessment.shift().kind()));
    if (!assessment.shift().lost().empty()) {
      text += "; lost " + MovesText(assessment.shift().lost(), 3);
    }
    text += "\n";
  }
  return text;
}

}  // namespace

std::string PastRowText(const v1::PastVersion& version, const v1::Assessment& assessment) {
  return absl::StrFormat("past  %s  commit %s\n", common::FormatMicros(version.committed_at_us()),
                         version.revision().substr(0, 12)) +
         JudgedText(assessment);
}

std::string HistoryRowText(const v1::HistoryRow& row) {
  std::string kinds;
  for (const int kind : row.change().kinds()) {
    kinds += absl::StrFormat("%s%s", kinds.empty() ? "" : ", ",
                             proto::Word(static_cast<v1::ChangeKind>(kind)));
  }
  const v1::Observation& seen = row.version().observation();
  std::string text = absl::StrFormat("#%d  %s  %s\n", row.version().sequence(),
                                     common::FormatMicros(seen.observed_at_us()), kinds);
  text += absl::StrFormat("    %s, revision %s, %s\n", OneLine(seen.name()),
                          seen.revision().substr(0, 12), AccessText(seen.access()));
  return row.has_assessment() ? text + JudgedText(row.assessment()) : text;
}

}  // namespace modelwatch::cli
