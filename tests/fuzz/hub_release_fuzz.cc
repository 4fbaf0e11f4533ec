// SPDX-License-Identifier: Apache-2.0
// The answer about one release, and the list of its commits.
#include <cstdlib>
#include <string_view>

#include "crawler/hub/huggingface.h"
#include "proto/validate.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto* const hub =
      modelwatch::crawler::NewHuggingFace("huggingface", "https://hub.example")->release();
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto row = hub->ParseRelease(body, 1'790'000'000'000'000);
  if (row.ok() && !modelwatch::proto::ValidateObservation(row->observation).ok()) std::abort();
  const auto commits = hub->ParseCommits(body);
  if (commits.ok() && commits->size() > modelwatch::crawler::kCommitsPerPage) std::abort();
  return 0;
}
