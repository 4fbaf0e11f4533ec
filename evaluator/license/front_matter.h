// SPDX-License-Identifier: Apache-2.0
// The YAML block at the top of a model card or of a licence file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace modelwatch::evaluator {

// `header` is the block and `body` what follows it. Without a closed block that opens with a key,
// `body` is all of `bytes`: a paragraph between two rules is text.
struct SplitText {
  std::string_view header;
  std::string_view body;
};
[[nodiscard]] SplitText SplitFrontMatter(std::string_view bytes);

// What a card's front matter declares about its licence, as given.
struct CardDeclared {
  bool has_block = false;  // an opening fence is there
  bool is_broken = false;  // not closed, not YAML, or beyond the limits: nothing else is set
  std::vector<std::string> licences;  // `license`: a string, or a list
  std::string license_name;
  std::string license_link;
  std::string gated_prompt;  // extra_gated_prompt
  bool excludes_eu = false;  // extra_gated_eu_disallowed
};

// Any bytes. Never throws and never hangs: a block over 256 KiB, nested deeper than 64 or with more
// than 64 aliases is broken. Values that are not text or a list of text are passed over.
[[nodiscard]] CardDeclared ReadFrontMatter(std::string_view card);

}  // namespace modelwatch::evaluator
