// SPDX-License-Identifier: Apache-2.0
#include "evaluator/assess/terms_class.h"

#include <algorithm>
#include <string_view>

#include "evaluator/assess/access_terms.h"
#include "evaluator/terms/lattice.h"

namespace modelwatch::evaluator {
namespace {

v1::Interval Of(const v1::Terms& terms, std::string_view scenario) {
  const v1::Outcome* outcome = FindOutcome(terms, scenario);
  v1::Interval unknown;
  unknown.set_high(kProhibited);
  return outcome == nullptr ? unknown : outcome->interval();
}

constexpr std::string_view kSinglesOut[] = {"com_tiny",
                                            "com_small",
                                            "com_mid",
                                            "com_large",
                                            "com_xl",
                                            "com_giant",
                                            "eu_personal",
                                            "eu_com_small",
                                            "military_use",
                                            "sensitive_domain_use",
                                            "outputs_commercial",
                                            "train_other_model_on_outputs",
                                            "name_derivative_freely",
                                            "no_display_duty"};

}  // namespace

std::string ClassOfTerms(const v1::Terms& licence_terms, const v1::Access& access) {
  if (IsGone(access)) return "unavailable";
  const v1::Interval small = Of(licence_terms, "com_tiny");
  if (small.low() >= kNeedsLicence) return "noncommercial";
  const bool is_restricted =
      std::any_of(std::begin(kSinglesOut), std::end(kSinglesOut),
                  [&](std::string_view scenario) { return Of(licence_terms, scenario).low() > 0; });
  if (is_restricted) return "restricted";
  const bool is_open = std::any_of(
      std::begin(kSinglesOut), std::end(kSinglesOut),
      [&](std::string_view scenario) { return Of(licence_terms, scenario).high() > 0; });
  if (is_open) return "unknown";
  const v1::Interval publish = Of(licence_terms, "publish_finetune_permissive");
  return publish.low() > 0 ? "copyleft" : publish.high() > 0 ? "unknown" : "permissive";
}

}  // namespace modelwatch::evaluator
