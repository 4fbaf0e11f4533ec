// SPDX-License-Identifier: Apache-2.0
#include "crawler/hub/registry.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "crawler/hub/huggingface.h"

namespace modelwatch::crawler {
namespace {

struct Known {
  const char* name;
  const char* endpoint;
  absl::StatusOr<std::unique_ptr<Hub>> (*make)(std::string name, std::string endpoint,
                                               ReleaseKind kind);
};

constexpr Known kKnown[] = {{"huggingface", "https://huggingface.co", &NewHuggingFace}};

// Models stand under the hub's own name, as they always did.
struct Kind {
  const char* word;
  ReleaseKind kind;
  const char* ending;
};
constexpr Kind kKinds[] = {{"models", ReleaseKind::kModels, ""},
                           {"datasets", ReleaseKind::kDatasets, "-datasets"},
                           {"spaces", ReleaseKind::kSpaces, "-spaces"}};

absl::StatusOr<Kind> KindOf(const std::string& word) {
  for (const Kind& kind : kKinds) {
    if (word == kind.word) return kind;
  }
  return absl::InvalidArgumentError(
      absl::StrFormat("kind '%s' of a hub is not known; write models, datasets or spaces",
                      common::OneLine(word, 40)));
}

}  // namespace

absl::StatusOr<std::vector<std::unique_ptr<Hub>>> NewHubs(const v1::HubConfig& config) {
  std::string names;
  for (const Known& known : kKnown) {
    if (config.name() != known.name) {
      names += names.empty() ? known.name : absl::StrFormat(", %s", known.name);
      continue;
    }
    std::vector<std::string> words(config.kinds().begin(), config.kinds().end());
    if (words.empty()) words = {kKinds[0].word};
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    std::vector<std::unique_ptr<Hub>> hubs;
    for (const std::string& word : words) {
      ASSIGN_OR_RETURN(const Kind kind, KindOf(word));
      ASSIGN_OR_RETURN(
          std::unique_ptr<Hub> hub,
          known.make(std::string(known.name) + kind.ending,
                     config.endpoint().empty() ? known.endpoint : config.endpoint(), kind.kind));
      hubs.push_back(std::move(hub));
    }
    return hubs;
  }
  return absl::InvalidArgumentError(absl::StrFormat("hub '%s' is not known; known hubs: %s",
                                                    common::OneLine(config.name(), 40), names));
}

}  // namespace modelwatch::crawler
