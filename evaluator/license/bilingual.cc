// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/bilingual.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "evaluator/license/spelling.h"

namespace modelwatch::evaluator {
namespace {

// A character says about as much as half a word.
constexpr size_t kCharactersAWord = 2;
// Less of a language is a heading, a name or a quotation.
constexpr size_t kMinWords = 30;
constexpr size_t kMinShare = 6;  // one part in so many

struct Letters {
  size_t ideographs = 0, latin_words = 0;
};

// A link is in no language.
bool IsLink(std::string_view rest) {
  return rest.substr(0, 7) == "http://" || rest.substr(0, 8) == "https://" ||
         rest.substr(0, 4) == "www.";
}

Letters CountLetters(std::string_view line) {
  Letters letters;
  bool in_word = false;
  for (size_t at = 0; at < line.size();) {
    const char c = line[at];
    if (!in_word && (c == 'h' || c == 'w') && IsLink(line.substr(at))) {
      at = std::min(line.find(' ', at), line.size());
      continue;
    }
    if (static_cast<unsigned char>(c) < 0x80) {
      const bool is_letter = absl::ascii_isalpha(static_cast<unsigned char>(c));
      letters.latin_words += is_letter && !in_word;
      in_word = is_letter;
      ++at;
    } else {
      letters.ideographs += ClassOf(DecodeUtf8(line, at)) == LetterClass::kIdeograph;
      in_word = false;
    }
  }
  return letters;
}

// One entry a licence: its lines are those of all. What only one half names stays an entry of its
// own.
void AddEntry(const v1::LicenceMatch& match, v1::Finding& joined) {
  const auto same = std::find_if(
      joined.mutable_licences()->begin(), joined.mutable_licences()->end(),
      [&](const v1::LicenceMatch& other) { return other.licence() == match.licence(); });
  if (same == joined.mutable_licences()->end()) {
    *joined.add_licences() = match;
    return;
  }
  same->set_start_line(std::min(same->start_line(), match.start_line()));
  same->set_end_line(std::max(same->end_line(), match.end_line()));
}

bool HasWideLetters(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0xE3; });
}

}  // namespace

std::optional<LanguageHalves> SplitLanguages(std::string_view text) {
  if (!HasWideLetters(text)) return std::nullopt;
  LanguageHalves halves;
  size_t ideographic_words = 0, latin_words = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    const Letters letters = CountLetters(line);
    const size_t words = letters.ideographs / kCharactersAWord;
    const bool is_ideographic = letters.ideographs > 0 && words >= letters.latin_words;
    (is_ideographic ? halves.ideographic : halves.latin) += line;
    (is_ideographic ? ideographic_words : latin_words) += words + letters.latin_words;
    halves.ideographic += '\n';
    halves.latin += '\n';
    at = end + 1;
  }
  const size_t least = std::max(kMinWords, (ideographic_words + latin_words) / kMinShare);
  if (ideographic_words < least || latin_words < least) return std::nullopt;
  return halves;
}

const std::string& LicenceOrBase(const v1::Finding& finding) {
  return finding.status() == v1::EXACT ? finding.licence() : finding.base();
}

std::optional<v1::Finding> JoinHalves(const v1::Finding& ideographic, const v1::Finding& latin) {
  const std::string& licence = LicenceOrBase(latin);
  if (licence.empty() || LicenceOrBase(ideographic) != licence) return std::nullopt;
  // The half that is further from the licence speaks for both.
  const bool is_latin_whole = latin.status() == v1::EXACT;
  v1::Finding joined = is_latin_whole ? ideographic : latin;
  const v1::Finding& other = is_latin_whole ? latin : ideographic;
  if (other.status() == v1::MODIFIED) {
    joined.set_status(v1::MODIFIED);
    joined.set_expression(other.expression());
  }
  joined.set_score(std::min(joined.score(), other.score()));
  joined.set_start_line(std::min(joined.start_line(), other.start_line()));
  joined.set_end_line(std::max(joined.end_line(), other.end_line()));
  joined.mutable_added()->MergeFrom(other.added());
  joined.mutable_missing()->MergeFrom(other.missing());
  std::stable_sort(joined.mutable_added()->begin(), joined.mutable_added()->end(),
                   [](const auto& a, const auto& b) { return a.line() < b.line(); });
  joined.set_reason(joined.reason() + "; in two languages");
  joined.clear_licences();
  for (const v1::Finding* half : {&latin, &ideographic}) {
    for (const v1::LicenceMatch& match : half->licences()) AddEntry(match, joined);
  }
  for (v1::LicenceMatch& match : *joined.mutable_licences()) {
    if (match.licence() == licence) match.set_status(joined.status());
  }
  return joined;
}

void JoinEntries(v1::Finding& finding) {
  v1::Finding joined;
  for (const v1::LicenceMatch& match : finding.licences()) AddEntry(match, joined);
  finding.mutable_licences()->Swap(joined.mutable_licences());
}

}  // namespace modelwatch::evaluator
