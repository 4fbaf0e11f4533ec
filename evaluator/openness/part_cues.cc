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

// With the 8 MiB that RE2 takes by itself the states of the lines' patterns are thrown away and
// made again all the time.
constexpr int64_t kMaxPatternBytes = int64_t{64} << 20;

// All patterns of one kind, tried in one pass.
struct CueSet {
  std::unique_ptr<re2::RE2::Set> set;
  std::vector<const v1::PartCue*> rows;
  std::vector<std::unique_ptr<re2::RE2>> unless;  // null: none
};

[[noreturn]] void Refuse(const v1::PartCue& row) {
  std::fprintf(stderr, "modelwatch: cue '%s' is no pattern\n", row.pattern().c_str());
  std::abort();
}

std::array<CueSet, v1::CueKind_ARRAYSIZE> Compile() {
  std::array<CueSet, v1::CueKind_ARRAYSIZE> sets;
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxPatternBytes);
  for (CueSet& one : sets) {
    one.set = std::make_unique<re2::RE2::Set>(options, re2::RE2::UNANCHORED);
  }
  for (const v1::PartCue& row : BuiltinOpenness().cue()) {
    CueSet& one = sets[static_cast<size_t>(row.kind())];
    if (one.set->Add(row.pattern(), nullptr) < 0) Refuse(row);
    one.rows.push_back(&row);
    one.unless.push_back(row.unless().empty() ? nullptr
                                              : std::make_unique<re2::RE2>(row.unless(), options));
    if (one.unless.back() != nullptr && !one.unless.back()->ok()) Refuse(row);
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
  if (one.rows.empty() || !one.set->Match(piece, &hits)) return found;
  std::sort(hits.begin(), hits.end());
  for (const int hit : hits) {
    const auto& unless = one.unless[static_cast<size_t>(hit)];
    if (unless == nullptr || !re2::RE2::PartialMatch(piece, *unless)) {
      found.push_back(one.rows[static_cast<size_t>(hit)]);
    }
  }
  return found;
}

}  // namespace modelwatch::evaluator
