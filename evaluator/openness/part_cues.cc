// SPDX-License-Identifier: Apache-2.0
#include "evaluator/openness/part_cues.h"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "evaluator/openness/openness_table.h"

namespace modelwatch::evaluator {
namespace {

struct Cue {
  const v1::PartCue* row;
  std::unique_ptr<re2::RE2> whole;   // null: the set's pattern is the row's
  std::unique_ptr<re2::RE2> unless;  // null: none
};

// All patterns of one kind, tried in one pass. A gap of "at most 120 characters" costs an automaton
// a state for each of them, so the set lets gaps be of any length, and what it finds is tried
// again.
struct CueSet {
  std::unique_ptr<re2::RE2::Set> set;
  std::vector<Cue> cues;
};

[[noreturn]] void Refuse(const v1::PartCue& row) {
  std::fprintf(stderr, "modelwatch: cue '%s' is no pattern\n", row.pattern().c_str());
  std::abort();
}

std::unique_ptr<re2::RE2> CompileOne(const std::string& pattern, const v1::PartCue& row) {
  if (pattern.empty()) return nullptr;
  auto compiled = std::make_unique<re2::RE2>(pattern, re2::RE2::Quiet);
  if (!compiled->ok()) Refuse(row);
  return compiled;
}

// Matches whatever `pattern` does, and more: "x{1,5}" reads "x*".
std::string Loosened(std::string pattern) {
  static const auto* const count = new re2::RE2(R"(([^\\])\{\d+,\d+\})");
  re2::RE2::GlobalReplace(&pattern, *count, R"(\1*)");
  return pattern;
}

std::array<CueSet, v1::CueKind_ARRAYSIZE> Compile() {
  std::array<CueSet, v1::CueKind_ARRAYSIZE> sets;
  for (CueSet& one : sets) {
    one.set = std::make_unique<re2::RE2::Set>(re2::RE2::Quiet, re2::RE2::UNANCHORED);
  }
  for (const v1::PartCue& row : BuiltinOpenness().cue()) {
    CueSet& one = sets[static_cast<size_t>(row.kind())];
    const std::string loose = Loosened(row.pattern());
    if (one.set->Add(loose, nullptr) < 0) Refuse(row);
    one.cues.push_back({&row, CompileOne(loose == row.pattern() ? "" : row.pattern(), row),
                        CompileOne(row.unless(), row)});
  }
  for (CueSet& one : sets) one.set->Compile();
  return sets;
}

}  // namespace

std::vector<const v1::PartCue*> CuesIn(v1::CueKind kind, std::string_view text) {
  static const auto* const sets = new std::array<CueSet, v1::CueKind_ARRAYSIZE>(Compile());
  const CueSet& one = (*sets)[static_cast<size_t>(kind)];
  std::vector<const v1::PartCue*> found;
  std::vector<int> hits;
  const re2::StringPiece piece(text.data(), text.size());
  if (one.cues.empty() || !one.set->Match(piece, &hits)) return found;
  std::sort(hits.begin(), hits.end());
  for (const int hit : hits) {
    const Cue& cue = one.cues[static_cast<size_t>(hit)];
    if (cue.whole != nullptr && !re2::RE2::PartialMatch(piece, *cue.whole)) continue;
    if (cue.unless != nullptr && re2::RE2::PartialMatch(piece, *cue.unless)) continue;
    found.push_back(cue.row);
  }
  return found;
}

}  // namespace modelwatch::evaluator
