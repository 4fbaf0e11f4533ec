// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/declared_terms.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "evaluator/license/front_matter.h"
#include "evaluator/license/residue.h"
#include "evaluator/license/tokens.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kMaxTerms = 16;
constexpr size_t kMinWords = 3;  // a value that is a sentence

// Keys whose values describe: model cards of Hugging Face (hub docs, 2026-08), the licence files of
// choosealicense.com (2026-11) and those of ScanCode (src/licensedcode/models.py, 32.5.0). Gates
// are terms.
constexpr auto kMetadata = std::to_array<std::string_view>(
    {"license", "license_name", "license_link", "title", "name", "spdx-id", "redirect_from",
     "source", "featured", "hidden", "description", "how", "using", "permissions", "conditions",
     "limitations", "nickname", "note", "language", "tags", "datasets", "metrics", "base_model",
     "pipeline_tag", "library_name", "widget", "model-index", "thumbnail", "inference",
     "co2_eq_emissions", "author", "authors", "date", "layout", "version", "annotations",
     "new_version", "configs",
     // of ScanCode
     "key", "short_name", "category", "owner", "homepage_url", "notes", "is_builtin",
     "is_deprecated", "replaced_by", "is_exception", "is_unknown", "is_generic", "spdx_license_key",
     "other_spdx_license_keys", "osi_license_key", "text_urls", "osi_url", "faq_url", "other_urls",
     "key_aliases", "minimum_coverage", "standard_notice", "ignorable_copyrights",
     "ignorable_holders", "ignorable_authors", "ignorable_urls", "ignorable_emails",
     "license_expression", "relevance", "referenced_filenames"});

bool IsMetadata(std::string_view key) {
  return std::find(kMetadata.begin(), kMetadata.end(), key) != kMetadata.end();
}

// One top-level entry: "key: value" and the lines that are indented under it.
struct Entry {
  std::string_view key, whole;
  uint32_t line = 0;
};

std::vector<Entry> EntriesOf(std::string_view header) {
  std::vector<Entry> entries;
  uint32_t line = 1;  // the fence
  for (size_t at = 0; at < header.size();) {
    const size_t end = std::min(header.find('\n', at), header.size());
    const std::string_view text = header.substr(at, end - at);
    const size_t colon = text.find(':');
    const bool opens = colon != std::string_view::npos && colon > 0 && text[0] != ' ' &&
                       text[0] != '-' && text[0] != '#' && text[0] != '\t';
    ++line;
    if (opens) {
      entries.push_back({text.substr(0, colon), text, line});
    } else if (!entries.empty()) {
      Entry& last = entries.back();
      last.whole = header.substr(static_cast<size_t>(last.whole.data() - header.data()));
      last.whole =
          last.whole.substr(0, static_cast<size_t>(text.data() + text.size() - last.whole.data()));
    }
    at = end + 1;
  }
  return entries;
}

std::string OneLine(std::string_view text) {
  std::string line(text);
  absl::RemoveExtraAsciiWhitespace(&line);
  return line;
}

}  // namespace

FrontTerms ReadFrontTerms(std::string_view text) {
  FrontTerms read;
  const SplitText split = SplitFrontMatter(text);
  if (split.header.empty()) return read;
  read.licences = ReadFrontMatter(text).licences;
  for (const Entry& entry : EntriesOf(split.header)) {
    if (IsMetadata(entry.key) || read.terms.size() >= kMaxTerms) continue;
    const std::vector<Token> words = Tokenise(entry.whole);
    if (words.size() < kMinWords || IsInert(words)) continue;
    read.terms.push_back({OneLine(entry.whole), entry.line});
  }
  return read;
}

}  // namespace modelwatch::evaluator
