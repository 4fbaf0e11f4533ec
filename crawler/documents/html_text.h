// SPDX-License-Identifier: Apache-2.0
// The words of a web page, as far as they can be a licence. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace modelwatch::crawler {

// Larger pages are cut: no licence is longer, and the page is a stranger's.
inline constexpr size_t kMaxHtmlBytes = size_t{4} << 20;
inline constexpr size_t kMaxLinks = 256;

struct PageLink {
  std::string href;   // as written, not resolved
  std::string words;  // what a reader sees, one line
};

struct HtmlText {
  std::string title;
  // Paragraphs apart by an empty line, other blocks by a line end; valid UTF-8. Without scripts,
  // styles, navigation, footers, forms; of a page with a <main> or <article> that holds more than a
  // few words, only those.
  std::string text;
  std::vector<PageLink> links;  // of the whole page, in order, at most kMaxLinks
  bool is_cut = false;          // too large, or nested deeper than anybody writes
};

// True when the bytes look like a page rather than a text: they begin with a doctype, a comment or
// one of the usual elements.
[[nodiscard]] bool LooksLikeHtml(std::string_view bytes);

// Never fails: broken markup is read as browsers read it. `charset` is the one that the server
// named, may be empty; bytes that are valid UTF-8 are taken for that. Linear time.
[[nodiscard]] HtmlText ReadHtml(std::string_view html, std::string_view charset = {});

}  // namespace modelwatch::crawler
