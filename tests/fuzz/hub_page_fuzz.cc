// SPDX-License-Identifier: Apache-2.0
// A listing page as a hub may send it: whatever the bytes, rows that are kept are sound.
#include <cstdlib>
#include <string_view>

#include "crawler/hub/files.h"
#include "crawler/hub/huggingface.h"
#include "proto/validate.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto* const hub =
      modelwatch::crawler::NewHuggingFace("huggingface", "https://hub.example")->release();
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto page = hub->ParsePage(body, 1'790'000'000'000'000);
  if (!page.ok()) return 0;
  for (const modelwatch::crawler::Row& row : page->rows) {
    if (!modelwatch::proto::ValidateObservation(row.observation).ok()) std::abort();
    for (const std::string& file : row.files) {
      if (!modelwatch::crawler::IsSafePath(file)) std::abort();
    }
  }
  return 0;
}
