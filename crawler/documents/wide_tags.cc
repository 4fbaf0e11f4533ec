// SPDX-License-Identifier: Apache-2.0
#include "crawler/documents/wide_tags.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace modelwatch::crawler {
namespace {

// A byte is looked at again from every "<" before it that may begin a tag around it. Scripts of
// real pages need 2 to 5; a page that needs more is made to.
constexpr size_t kWorkPerByte = 64;

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool StartsName(char c) {
  return absl::ascii_isalpha(static_cast<unsigned char>(c)) || c == '_' || c == ':' || c == '.';
}

bool IsOfName(char c) {
  return StartsName(c) || absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '-';
}

// Goes through one tag, from behind its "<".
class Tag {
 public:
  Tag(std::string_view html, size_t at) : html_(html), at_(at) { SkipName(); }

  // The end of the tag, behind its ">", or the end of the page.
  size_t Measure() {
    while (at_ < html_.size() && html_[at_] != '>') {
      if (IsBlank(html_[at_]) || html_[at_] == '/') {
        ++at_;
      } else if (StartsName(html_[at_])) {
        ++attributes_;
        SkipName();
        SkipValue();
      } else {
        SkipJunk();
      }
    }
    return std::min(at_ + 1, html_.size());
  }

  [[nodiscard]] size_t attributes() const { return attributes_; }

 private:
  void SkipName() {
    while (at_ < html_.size() && IsOfName(html_[at_])) ++at_;
  }

  void SkipBlanks() {
    while (at_ < html_.size() && IsBlank(html_[at_])) ++at_;
  }

  void SkipJunk() {
    while (at_ < html_.size() && !IsBlank(html_[at_]) && html_[at_] != '>') ++at_;
  }

  void SkipValue() {
    SkipBlanks();
    if (at_ == html_.size() || html_[at_] != '=') return;
    ++at_;
    SkipBlanks();
    if (at_ == html_.size()) return;
    const char quote = html_[at_];
    if (quote != '"' && quote != '\'') {
      SkipJunk();
      return;
    }
    const size_t end = html_.find(quote, at_ + 1);
    at_ = end == std::string_view::npos ? html_.size() : end + 1;
  }

  std::string_view html_;
  size_t at_;
  size_t attributes_ = 0;
};

}  // namespace

std::string WithoutWideTags(std::string_view html, size_t most) {
  std::string kept;
  size_t copied = 0;
  size_t work_left = kWorkPerByte * html.size();
  for (size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at)) {
    const size_t start = at++;
    if (at == html.size() || !StartsName(html[at])) continue;
    Tag tag(html, at);
    const size_t end = tag.Measure();
    if (end - start > work_left) return "";
    work_left -= end - start;
    // Not on from `end`: this "<" may stand in a script or a comment, where the parser sees no tag.
    if (tag.attributes() <= most) continue;
    kept.append(html.substr(copied, start - copied));
    copied = at = end;
  }
  kept.append(html.substr(copied));
  return kept;
}

}  // namespace modelwatch::crawler
