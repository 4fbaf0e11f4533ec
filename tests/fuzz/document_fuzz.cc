// SPDX-License-Identifier: Apache-2.0
// A document outside a release: page, text, pointer.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "crawler/documents/document.h"
#include "crawler/documents/terms_link.h"

namespace crawler = modelwatch::crawler;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  static const auto address = modelwatch::common::ParseUrl("https://example.com/a").value();
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  for (const char* type : {"text/html", "text/plain"}) {
    const auto document = crawler::ReadDocument(text, type, address);
    if (!document.ok()) continue;
    if (document->policies.size() > crawler::kMaxPolicies) __builtin_trap();
    for (const auto& policy : document->policies) (void)crawler::DocumentPath(policy);
  }
  return 0;
}
