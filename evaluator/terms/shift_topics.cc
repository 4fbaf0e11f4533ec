// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/shift_topics.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "evaluator/terms/outcome_rules.h"

namespace modelwatch::evaluator {
namespace {

// What a word says under a ban (or a right taken away) and what under a duty. Source: own, the
// dimensions of terms.textproto.
struct Topic {
  std::string_view words;
  std::string_view dimension;
  int when_banned;
  int when_duty;  // 0: a duty about this says nothing of the dimension
  std::string_view region;
};

constexpr Topic kTopics[] = {
    {" eu eea europe european germany france italy spain ireland ", "geography", 2, 2, "EU"},
    {" uk korea britain england ", "geography", 2, 2, "UK"},
    {" noncommercial noncommercially commercial commercially commercialize monetize business "
     "profit nonprofit universities university ",
     "purpose", 1, 0, ""},
    {" research academic educational scientific evaluation ", "purpose", 2, 0, ""},
    {" internal personal ", "redistribution", 3, 0, ""},
    {" military weapon weapons weaponry warfare nuclear ", "military_ban", 1, 0, ""},
    {" surveillance police policing lawenforcement medical health legal credit immigration "
     "biometric gambling "
     "political minors discriminate discrimination harass disinformation misinformation ",
     "field", 2, 0, ""},
    {" usepolicy guidelines ", "use_policy", 2, 2, ""},
    {" host hosting hosted saas maas api asaservice service ", "hosting", 2, 2, ""},
    {" output outputs train training improve distill distillation compete competing ", "output", 2,
     1, ""},
    {" derivative derivatives modify modification modifications adapt translate finetune ",
     "derivatives", 2, 0, ""},
    {" sharealike same source disclose ", "copyleft", 3, 3, ""},
    {" redistribute redistribution distribute distribution sublicense sublicensable sell resell "
     "transfer "
     "transferable nontransferable nonsublicensable publish share copy copies reproduce ",
     "redistribution", 3, 1, ""},
    {" prefix name names naming trademark ", "branding", 3, 3, ""},
    {" builtwith poweredby badge logo display ", "branding", 2, 2, ""},
    {" attribution credit notice notices cite ", "attribution", 1, 1, ""},
    {" register registration account report notify ", "approval", 1, 1, ""},
    {" prior consent approval permission authorization fee fees royalty royalties pay payment "
     "purchase royaltyfree "
     "nocharge freeofcharge free request ",
     "approval", 2, 2, ""},
    {" update upgrade newest latest ", "remote_control", 2, 2, ""},
    {" amend amended modify modified change changed revise revised ", "amendable", 1, 1, ""},
    {" irrevocable perpetual revocable terminate terminated terminates revoke revoked suspend "
     "suspended withdraw cure "
     "reserveright expire ends ",
     "revocable", 1, 1, ""},
    {" sue litigation lawsuit claim claims patent patents ", "retaliation", 3, 3, ""},
    {" indemnify indemnification defend ", "indemnity", 2, 2, ""},
    {" worldwide country countries territory region regions ", "geography", 1, 1, ""},
};

bool HasAny(const std::vector<const ShiftWord*>& words, std::string_view list) {
  return std::any_of(words.begin(), words.end(), [&](const ShiftWord* word) {
    return list.find(" " + word->word + " ") != std::string_view::npos;
  });
}

// A licensor's power concerns how the terms stand, not what they allow.
bool Fits(const Topic& topic, Force force) {
  const bool is_standing = topic.dimension == "amendable" || topic.dimension == "revocable" ||
                           topic.dimension == "remote_control" ||
                           topic.dimension == "retaliation" || topic.dimension == "indemnity";
  if (topic.dimension == "amendable") return force == Force::kPower;
  return force != Force::kPower || is_standing;
}

bool Raise(const std::vector<const ShiftWord*>& words, Force force, v1::Dimensions& dimensions) {
  bool has_raised = false;
  for (const Topic& topic : kTopics) {
    if (!Fits(topic, force) || !HasAny(words, topic.words)) continue;
    const int value = force == Force::kObligation ? topic.when_duty : topic.when_banned;
    if (value == 0) continue;
    RaiseDimension(dimensions, topic.dimension, value);
    if (!topic.region.empty()) {
      const auto& have = dimensions.regions();
      if (std::find(have.begin(), have.end(), topic.region) == have.end())
        dimensions.add_regions(std::string(topic.region));
    }
    has_raised = true;
    if (topic.dimension != "geography") break;  // the first subject is the one that is meant
  }
  return has_raised;
}

}  // namespace

bool RaiseByTopic(const Ground& ground, std::span<const ShiftWord> clause,
                  v1::Dimensions& dimensions) {
  if (!ground.words.empty() && Raise(ground.words, ground.force, dimensions)) return true;
  std::vector<const ShiftWord*> all;
  for (const ShiftWord& word : clause) all.push_back(&word);
  return Raise(all, ground.force, dimensions);
}

}  // namespace modelwatch::evaluator
