// SPDX-License-Identifier: Apache-2.0
// What the YAML block above a licence text says against it.
//
// The block is metadata, not the text (tokens.h passes over it). A licence that it declares, or a
// sentence under a key that is none of metadata, is a term all the same.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace modelwatch::evaluator {

struct DeclaredTerm {
  std::string text;  // "key: value" on one line
  uint32_t line = 0;
};

struct FrontTerms {
  std::vector<std::string> licences;  // ids as declared under `license`
  std::vector<DeclaredTerm> terms;    // in reading order
};

// Empty without a block, or with one that is not read (front_matter.h).
[[nodiscard]] FrontTerms ReadFrontTerms(std::string_view text);

}  // namespace modelwatch::evaluator
