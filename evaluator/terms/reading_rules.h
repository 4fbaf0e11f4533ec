// SPDX-License-Identifier: Apache-2.0
// The rules of clauses.textproto, ready to be applied, and the levels that they raise.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evaluator/terms/phrases.h"
#include "modelwatch/v1/judging.pb.h"

namespace modelwatch::evaluator {

struct DimensionRange {
  const char* name;  // field of v1::Dimensions
  uint8_t worst;
};

// The dimensions that a sentence can raise, each with its worst level (terms.textproto).
inline constexpr std::array<DimensionRange, 18> kReadDimensions = {{{"purpose", 3},
                                                                    {"scale", 2},
                                                                    {"approval", 2},
                                                                    {"field", 2},
                                                                    {"military_ban", 1},
                                                                    {"use_policy", 2},
                                                                    {"geography", 2},
                                                                    {"redistribution", 3},
                                                                    {"derivatives", 2},
                                                                    {"copyleft", 4},
                                                                    {"branding", 3},
                                                                    {"output", 4},
                                                                    {"hosting", 2},
                                                                    {"revocable", 1},
                                                                    {"remote_control", 2},
                                                                    {"amendable", 1},
                                                                    {"retaliation", 3},
                                                                    {"indemnity", 2}}};

// Position in kReadDimensions; aborts on another name: the data is embedded.
[[nodiscard]] size_t DimensionIndex(std::string_view name);

inline constexpr uint8_t kEuRegion = 1, kUkKrRegion = 2;
inline constexpr uint8_t kAnyRegion = kEuRegion | kUkKrRegion;

// One level a dimension, with the thresholds and regions that go with them; only ever raised.
struct Levels {
  std::array<uint8_t, kReadDimensions.size()> of = {};
  double users = 0, revenue = 0;  // the smallest threshold; 0 = none
  uint8_t regions = 0;

  void Raise(size_t dimension, uint8_t level);
  void RaiseAll();  // everything at its worst: nothing is known
  void BindUsers(double threshold);
  void BindRevenue(double threshold);
  [[nodiscard]] v1::Dimensions AsDimensions() const;
};

struct CompiledEffect {
  size_t dimension = 0;
  uint8_t value = 0, least = 0, most = 0;
};

enum class Threshold : uint8_t { kNone, kUsers, kRevenue };

struct CompiledRule {
  std::string id;
  std::vector<PhrasePattern> says, unless;
  std::vector<CompiledEffect> effects;
  uint8_t regions = 0;
  Threshold threshold = Threshold::kNone;
  bool permits_use = false, permits_sharing = false, permits_change = false;
  bool is_in_definitions = false;
  bool is_passed_over = false;  // no effect, permits nothing: takes its words out
};

struct CompiledSubject {
  ClassId words = 0;
  std::vector<CompiledEffect> effects;
  uint8_t regions = 0;
  bool is_in_definitions = false;
};

// Classes that the reader itself asks for.
struct ReaderClasses {
  ClassId force = 0, breaks = 0, defines = 0, binding = 0, modal = 0, guard = 0, english = 0,
          need = 0, shows = 0, monthly = 0, daily = 0, addressee = 0, ban = 0, only = 0,
          copyright = 0, foreign = 0, whom = 0;
};

// Immutable; any number of threads may read it.
struct ReadingRules {
  Vocabulary vocabulary;
  std::vector<CompiledRule> rules;
  std::vector<CompiledSubject> subjects;
  ReaderClasses classes;

  // The embedded table. Aborts when it does not parse: that is a bug of the build.
  static const ReadingRules& Builtin();
};

}  // namespace modelwatch::evaluator
