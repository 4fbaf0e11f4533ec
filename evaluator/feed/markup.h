// SPDX-License-Identifier: Apache-2.0
// Markup: writes HTML and XML so that nothing a hub said can become markup.
//
//   Markup page;
//   page.Open("p", {{"class", "lost"}}).Text(alert.title()).Close();
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace modelwatch::evaluator {

// Text as it may stand between tags and in quoted attributes of HTML 5 and XML 1.0. Beside & < > "
// ' it deals with what a name or a licence may hide behind:
//   invalid UTF-8 and code points that XML forbids   -> U+FFFD
//   control characters                               -> [U+0007]
//   bidirectional controls, zero-width spaces, tags   -> [U+202E]
// Newline and tab stay; the joiners that scripts and emoji need stay.
[[nodiscard]] std::string Escape(std::string_view text);

// Percent-encoded for one segment of a path, or for a query value ("/" becomes %2F).
[[nodiscard]] std::string UrlEncode(std::string_view text);
// The same, but "/" stays: for a path inside a repository, or "owner/name".
[[nodiscard]] std::string UrlEncodePath(std::string_view path);

// Builds one document. Tags are closed in the order they were opened. Tag and attribute names are
// literals of ours; texts and attribute values may be anything. Not thread-safe.
class Markup {
 public:
  using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  // Attributes with an empty value are left out.
  Markup& Open(std::string_view tag, Attributes attributes = {});
  Markup& Close();
  Markup& Text(std::string_view text);
  // <tag ...>text</tag>
  Markup& Element(std::string_view tag, Attributes attributes, std::string_view text);
  Markup& Element(std::string_view tag, std::string_view text) { return Element(tag, {}, text); }
  // <tag .../>: valid as a void element of HTML and as an empty one of XML.
  Markup& Void(std::string_view tag, Attributes attributes = {});
  // A piece of markup that is ours, letter by letter: doctype, XML declaration.
  Markup& Literal(std::string_view markup);

  // The document. REQUIRES: every tag is closed.
  [[nodiscard]] std::string Take();

 private:
  void Start(std::string_view tag, Attributes attributes);

  std::string out_;
  std::vector<std::string> open_;
};

}  // namespace modelwatch::evaluator
