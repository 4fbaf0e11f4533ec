// SPDX-License-Identifier: Apache-2.0
// Records as JSON: the one shape that the command line, the feed, the API and the exports print.
//
// Keys are snake_case, times RFC 3339 UTC, sequences numbers, digests hex, enums the words of
// docs/glossary.md in lower case ("tighter", "first_seen"; FindingStatus keeps its upper case, as
// in the command-line contract). One line, no trailing newline. Only adding keys is allowed.
#pragma once

#include <string>
#include <string_view>

#include "modelwatch/v1/alert.pb.h"
#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/change.pb.h"

namespace modelwatch::proto {

[[nodiscard]] std::string VersionJson(const v1::Version& version);
// Of a commit before the first sight: {"past":true,"observed_at":<date of the commit>,...}.
[[nodiscard]] std::string PastVersionJson(const v1::PastVersion& version);
[[nodiscard]] std::string ChangeJson(const v1::Change& change);
[[nodiscard]] std::string AssessmentJson(const v1::Assessment& assessment);
[[nodiscard]] std::string AlertJson(const v1::Alert& alert);

// {"scenario":{"low":0,"high":1,"because":[...]},...}: the "scenarios" value of `modelwatch terms`.
[[nodiscard]] std::string TermsJson(const v1::Terms& terms);
// {"direction":...,"lost":[{"scenario","from","to"}],"gained":[...],"kind":...}: `modelwatch diff`.
[[nodiscard]] std::string ShiftJson(const v1::Shift& shift);
// The line that `modelwatch identify` prints, for one file.
[[nodiscard]] std::string FindingJson(const v1::Finding& finding);

// Words for enums, also for people.
[[nodiscard]] std::string_view Word(v1::Direction direction);
[[nodiscard]] std::string_view Word(v1::ShiftKind kind);
[[nodiscard]] std::string_view Word(v1::Severity severity);
[[nodiscard]] std::string_view Word(v1::ChangeKind kind);
[[nodiscard]] std::string_view Word(v1::PastState past);
[[nodiscard]] std::string_view Word(v1::Presence presence);
[[nodiscard]] std::string_view Word(v1::Gate gate);
[[nodiscard]] std::string_view Word(v1::FindingStatus status);
[[nodiscard]] std::string_view Word(v1::LicenceRole role);
[[nodiscard]] std::string_view Word(v1::LicenceScope scope);
[[nodiscard]] std::string_view Word(v1::FindingSource source);
[[nodiscard]] std::string_view Word(v1::FileOutcome outcome);
[[nodiscard]] std::string_view Word(v1::Answer answer);
// "free" | "duty" | "needs a licence" | "prohibited" for 0..3.
[[nodiscard]] std::string_view OutcomeWord(uint32_t outcome);

}  // namespace modelwatch::proto
