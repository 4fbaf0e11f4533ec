// SPDX-License-Identifier: Apache-2.0
// The Model Openness Framework: classes III (open model), II (open tooling), I (open science).
//
// ClassifyMof is the algorithm of the framework's own tool over a list of components and their
// licences; JudgeMof feeds it what a release shows. The components are rows of openness.textproto.
// Source: lfai/model_openness_tool, commit 8b5d30e (2026-05-11).
#pragma once

#include <array>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "evaluator/openness/exhibit.h"
#include "evaluator/terms/terms_table.h"

namespace modelwatch::evaluator {

// An entry as the tool keeps it.
struct MofEntry {
  std::map<std::string, std::string> licences;  // component title -> its own licence, may be empty
  // For components without their own: by content type, then the one of the whole distribution.
  std::map<v1::ContentType, std::string> by_content;
  std::string distribution;
};

struct MofClass {
  int number = 0;  // 3, 2, 1; 0: none
  // Percent of what a class and those before it ask for, by class; 0 beyond the first class unmet.
  std::array<double, 4> progress{};
};

// `is_open` says whether a licence string is an open licence; strings are compared as they are, as
// the tool does ("Apache 2.0" is none). A component counts when it is listed under an open licence;
// a research paper stands in for the technical report, and class I then asks for one fewer.
[[nodiscard]] MofClass ClassifyMof(const MofEntry& entry,
                                   const std::function<bool(std::string_view)>& is_open);

// OSI-approved, FSF-libre, or on the framework's list of open data licences.
[[nodiscard]] bool IsMofOpen(const TermsTable& table, std::string_view licence);

// `verdict`: "Class I" to "Class III", "no class shown". NO only where a required part is known to
// be missing or its licence not to be open: what is not shown may be published elsewhere.
[[nodiscard]] v1::FrameworkVerdict JudgeMof(const TermsTable& table, const Exhibit& exhibit);

}  // namespace modelwatch::evaluator
