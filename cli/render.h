// SPDX-License-Identifier: Apache-2.0
// Records as a person reads them in a terminal. Text from hubs is made harmless: no control bytes.
#pragma once

#include <string>

#include "modelwatch/v1/alert.pb.h"
#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/read.pb.h"

namespace modelwatch::cli {

// "com_small: free -> prohibited, eu_personal: free -> needs a licence". At most `max` of them,
// then "and N more".
[[nodiscard]] std::string MovesText(const google::protobuf::RepeatedPtrField<v1::Move>& moves,
                                    int max);

// Several lines: what, who lost what, the evidence of both sides.
[[nodiscard]] std::string AlertText(const v1::Alert& alert);

// Several lines: the release now.
[[nodiscard]] std::string ReleaseText(const v1::GetReleaseResponse& release);

// Several lines: licence, findings, conflicts, events, terms of parts, outcome of every scenario.
[[nodiscard]] std::string AssessmentText(const v1::Assessment& assessment);

// The verdicts side by side, then each criterion with its evidence. Empty without verdicts.
[[nodiscard]] std::string VerdictsText(const v1::Assessment& assessment);

// One paragraph a version.
// One commit before the first sight, with the date that the hub gives it.
[[nodiscard]] std::string PastRowText(const v1::PastVersion& version,
                                      const v1::Assessment& assessment);
[[nodiscard]] std::string HistoryRowText(const v1::HistoryRow& row);

}  // namespace modelwatch::cli
