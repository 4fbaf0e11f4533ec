// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/licence_list.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"

#include "evaluator/license/matcher.h"

namespace modelwatch::evaluator {

namespace {

bool IsGnu(std::string_view spdx) {
  return absl::StartsWith({spdx.data(), spdx.size()}, "GPL-") ||
         absl::StartsWith({spdx.data(), spdx.size()}, "LGPL-") ||
         absl::StartsWith({spdx.data(), spdx.size()}, "AGPL-");
}

// "version 3", "v2", "GPL 2", "2.1".
bool GivesVersion(std::span<const Token> words) {
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i].word;
    if ((words[i].marks & kLinkMark) != 0) continue;
    const size_t number = word.find_first_of("0123456789");
    if (number == std::string::npos) continue;
    if (word.find('.') != std::string::npos || word[0] == 'v') return true;
    if (number > 0 || i == 0) continue;
    const std::string& before = words[i - 1].word;
    if (before == "version" || before == "license" || before == "gpl" || before == "lgpl") {
      return true;
    }
  }
  return false;
}

// The rest of a notice of a GNU licence speaks of "the GNU General Public License" without its
// version again. It is that notice, as far as nothing else comes between.
class GnuNotices {
 public:
  GnuNotices(const Corpus& corpus, std::span<const Token> tokens)
      : corpus_(corpus), tokens_(tokens) {}

  // In reading order.
  bool GoesOn(const Detection& detection) {
    constexpr uint32_t kLines = 2;
    const auto terms = ExpressionOf(corpus_, detection).terms;
    if (!IsGnu(corpus_.spdx_of(terms[0].licence))) return false;
    const uint32_t begin = tokens_[detection.begin].line;
    const uint32_t end = tokens_[detection.end - 1].line;
    const auto words = tokens_.subspan(detection.begin, detection.end - detection.begin);
    const bool may_go_on = terms.size() == 1 && IsUnversioned(terms[0].licence) &&
                           corpus_.pattern(detection.pattern).kind != v1::PATTERN_TEXT &&
                           !GivesVersion(words);
    const bool goes_on = may_go_on && last_line_ > 0 && begin <= last_line_ + kLines;
    if (goes_on || !may_go_on) last_line_ = std::max(last_line_, end);
    return goes_on;
  }

 private:
  // What a notice without a version is filed under.
  [[nodiscard]] bool IsUnversioned(LicenceId id) const {
    const std::string_view key = corpus_.key_of(id);
    return key == "gpl-1.0-plus" || key == "lgpl-2.0-plus" || key == "lgpl-2.1-plus";
  }

  const Corpus& corpus_;
  std::span<const Token> tokens_;
  uint32_t last_line_ = 0;  // of the last notice that gives a version; 0: none yet
};

}  // namespace

void KeepTelling(const Corpus& corpus, std::span<const Token> tokens,
                 std::vector<Detection>& detections) {
  GnuNotices notices(corpus, tokens);
  const auto is_passed_over = [&](const Detection& detection) {
    const Pattern pattern = corpus.pattern(detection.pattern);
    return pattern.kind == v1::PATTERN_FALSE_POSITIVE || pattern.kind == v1::PATTERN_INTRO ||
           pattern.kind == v1::PATTERN_CLUE || pattern.expression == kNone ||
           notices.GoesOn(detection);
  };
  size_t kept = 0;
  for (size_t i = 0; i < detections.size(); ++i) {
    if (is_passed_over(detections[i])) continue;
    if (kept != i) detections[kept] = std::move(detections[i]);
    ++kept;
  }
  detections.resize(kept);
}

std::vector<v1::LicenceMatch> MatchesOf(const Corpus& corpus, const Detection& detection,
                                        std::span<const Token> tokens) {
  std::vector<v1::LicenceMatch> matches;
  const Pattern pattern = corpus.pattern(detection.pattern);
  if (pattern.expression == kNone) return matches;
  for (const corpus_format::TermRow& term : ExpressionOf(corpus, detection).terms) {
    const Licence licence = corpus.licence(term.licence);
    v1::LicenceMatch& match = matches.emplace_back();
    match.set_licence(LicenceIdOf(licence));
    match.set_spdx(std::string(licence.spdx));
    match.set_role(static_cast<v1::LicenceRole>(term.role));
    match.set_status(pattern.kind == v1::PATTERN_TEXT
                         ? (detection.is_exact() ? v1::EXACT : v1::MODIFIED)
                         : v1::MENTION);
    match.set_score(detection.likeness * pattern.relevance / 100);
    match.set_start_line(tokens[detection.begin].line);
    match.set_end_line(tokens[detection.end - 1].line);
  }
  return matches;
}

}  // namespace modelwatch::evaluator
