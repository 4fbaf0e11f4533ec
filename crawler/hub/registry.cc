// SPDX-License-Identifier: Apache-2.0
#include "crawler/hub/registry.h"

#include "absl/strings/str_format.h"
#include "common/log.h"
#include "crawler/hub/huggingface.h"

namespace modelwatch::crawler {
namespace {

struct Known {
  const char* name;
  const char* endpoint;
  absl::StatusOr<std::unique_ptr<Hub>> (*make)(std::string name, std::string endpoint);
};

constexpr Known kKnown[] = {{"huggingface", "https://huggingface.co", &NewHuggingFace}};

}  // namespace

absl::StatusOr<std::unique_ptr<Hub>> NewHub(const v1::HubConfig& config) {
  std::string names;
  for (const Known& known : kKnown) {
    if (config.name() == known.name) {
      return known.make(known.name, config.endpoint().empty() ? known.endpoint : config.endpoint());
    }
    names += names.empty() ? known.name : absl::StrFormat(", %s", known.name);
  }
  return absl::InvalidArgumentError(absl::StrFormat("hub '%s' is not known; known hubs: %s",
                                                    common::OneLine(config.name(), 40), names));
}

}  // namespace modelwatch::crawler
