// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/matcher.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "evaluator/license/candidates.h"
#include "evaluator/license/expression.h"
#include "evaluator/license/fit.h"
#include "evaluator/license/mention.h"

namespace modelwatch::evaluator {
namespace {

// Candidates that are compared word by word.
constexpr size_t kVerified = 8;
// Below this share of common words a text is not a version of the licence. Unrelated legal texts
// share 0.2 to 0.35 of their words in order, edited ones 0.8 and more (licence-edits, 2026-11).
constexpr double kMinScore = 0.55;
// A licence contained whole in a longer file is its base at any score.
constexpr double kMinCoverage = 0.85;
constexpr size_t kMinContained = 40;
constexpr double kSolidShare = 0.85;
// Siblings that fit this much alike cannot be told apart by similarity.
constexpr double kSiblingMargin = 0.04;
constexpr double kSiblingScore = 0.7;
// An added run of this many words may be a licence of its own.
constexpr size_t kMinPart = 40;
constexpr int kMaxParts = 12;
constexpr int kMaxDepth = 5;
constexpr size_t kMaxSpanBytes = 2048;
constexpr int kMaxSpans = 64;
// Legalese: this many licence words, and this share of all words.
constexpr size_t kMinLegalWords = 6;
constexpr double kMinLegalShare = 0.025;
// Longer texts are documents that happen to name a licence.
constexpr size_t kMaxMentionWords = 1500;

using Tokens = std::span<const Token>;

// A text and where its words stand.
struct Source {
  std::string_view text;
  Tokens tokens;
  std::span<const WordId> words;

  [[nodiscard]] Source Part(size_t begin, size_t end) const {
    return {text, tokens.subspan(begin, end - begin), words.subspan(begin, end - begin)};
  }
};

std::string Cut(std::string_view text) {
  while (!text.empty() && absl::ascii_isspace(static_cast<unsigned char>(text.back()))) {
    text.remove_suffix(1);
  }
  size_t length = std::min(text.size(), kMaxSpanBytes);
  // Not inside a UTF-8 sequence.
  while (length < text.size() && length > 0 &&
         (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) {
    --length;
  }
  return std::string(text.substr(0, length));
}

// Whole words around [begin, end) of the text, with the punctuation that follows.
std::string Words(std::string_view text, Tokens tokens, size_t begin, size_t end) {
  const size_t from = tokens[begin].begin;
  size_t to = tokens[end - 1].end;
  while (to < text.size() && (text[to] == '.' || text[to] == ')' || text[to] == '"')) ++to;
  return Cut(text.substr(from, to - from));
}

bool IsReal(const v1::CorpusLicence& licence) {
  return licence.spdx().rfind("LicenseRef-", 0) != 0;
}

// Among entries of the same words: one that SPDX lists, not deprecated, its plainest id.
bool IsPreferred(const v1::CorpusLicence& a, const v1::CorpusLicence& b) {
  const auto rank = [](const v1::CorpusLicence& licence) {
    return std::make_tuple(licence.is_deprecated(), !IsReal(licence), licence.spdx(),
                           licence.key());
  };
  return rank(a) < rank(b);
}

class Identifier {
 public:
  Identifier(const Corpus& corpus, const NameIndex& names) : corpus_(corpus), names_(names) {}

  v1::Finding Run(const Source& source, int depth) {
    if (source.tokens.empty()) return Nothing("there are no words");
    if (const auto entry = ExactEntry(source)) return Exact(source, *entry);
    std::vector<Fit> fits = Fits(source);
    if (fits.empty() || !IsBase(fits.front())) return WithoutBase(source);
    if (fits.front().is_exact()) return ExactFit(source, fits);
    if (depth < kMaxDepth) {
      if (auto parts = InParts(source, fits.front(), depth)) return *std::move(parts);
    }
    return Modified(source, fits);
  }

 private:
  static bool IsBase(const Fit& fit) {
    return fit.score >= kMinScore || IsContained(fit, kMinCoverage);
  }

  // There word by word, not as a scatter of common words in a longer text.
  static bool IsContained(const Fit& fit, double coverage) {
    return fit.coverage >= coverage && fit.matched >= kMinContained &&
           static_cast<double>(fit.solid) >= kSolidShare * static_cast<double>(fit.matched);
  }

  const v1::CorpusLicence& LicenceOf(uint32_t entry) const {
    return *corpus_.entries()[entry].licence;
  }

  static v1::Finding Nothing(std::string_view reason) {
    v1::Finding finding;
    finding.set_status(v1::NONE);
    finding.set_reason(std::string(reason));
    return finding;
  }

  // Word for word, copyright lines and title apart.
  std::optional<uint32_t> ExactEntry(const Source& source) const {
    std::vector<WordId> core;
    std::vector<Token> outside;
    for (size_t i = 0; i < source.tokens.size(); ++i) {
      if ((source.tokens[i].marks & (kCopyrightMark | kTitleMark)) == 0) {
        core.push_back(source.words[i]);
      } else {
        outside.push_back(source.tokens[i]);
      }
    }
    if (core.empty()) return std::nullopt;
    std::optional<uint32_t> best;
    for (const uint32_t entry : corpus_.EntriesByDigest(StreamDigest(core))) {
      if (CoreWords(LicenceOf(entry)) != core) continue;
      if (!best || IsPreferred(LicenceOf(entry), LicenceOf(*best))) best = entry;
    }
    // What stands outside may still be a clause: let the word by word comparison see it.
    if (best && !FitLicence(corpus_, *best, source.tokens, source.words).is_exact()) return {};
    return best;
  }

  std::vector<Fit> Fits(const Source& source) const {
    std::vector<Fit> fits;
    for (const Candidate& candidate : NominateCandidates(corpus_, source.words, kVerified)) {
      fits.push_back(FitLicence(corpus_, candidate.entry, source.tokens, source.words));
    }
    std::sort(fits.begin(), fits.end(), [&](const Fit& a, const Fit& b) {
      if (a.is_exact() != b.is_exact()) return a.is_exact();
      if (a.is_exact()) {
        if (a.matched != b.matched) return a.matched > b.matched;
        return IsPreferred(LicenceOf(a.entry), LicenceOf(b.entry));
      }
      const bool a_is_base = IsBase(a), b_is_base = IsBase(b);
      if (a_is_base != b_is_base) return a_is_base;
      const double of_a = Worth(a), of_b = Worth(b);
      return of_a != of_b ? of_a > of_b : IsPreferred(LicenceOf(a.entry), LicenceOf(b.entry));
    });
    return fits;
  }

  // A complete licence in a longer file beats a vague likeness of the whole.
  static double Worth(const Fit& fit) {
    if (fit.missing == 0 && IsContained(fit, 1)) return 1 + fit.score;
    return IsContained(fit, 0.97) ? 0.5 + fit.score / 2 : fit.score;
  }

  void SetLines(v1::Finding& finding, Tokens tokens) const {
    finding.set_start_line(tokens.front().line);
    finding.set_end_line(tokens.back().line);
  }

  v1::Finding Exact(const Source& source, uint32_t entry) const {
    v1::Finding finding;
    const v1::CorpusLicence& licence = LicenceOf(entry);
    finding.set_status(v1::EXACT);
    finding.set_licence(LicenceIdOf(licence));
    finding.set_expression(licence.spdx());
    finding.set_score(1);
    SetLines(finding, source.tokens);
    finding.set_reason(absl::StrFormat("word for word %s", licence.name()));
    return finding;
  }

  v1::Finding ExactFit(const Source& source, const std::vector<Fit>& fits) const {
    v1::Finding finding = Exact(source, fits.front().entry);
    finding.set_reason(absl::StrFormat(
        "%s; what differs is a copyright line, a title, a filled blank or says nothing",
        LicenceOf(fits.front().entry).name()));
    if (fits.front().end > fits.front().begin) {
      SetLines(finding,
               source.tokens.subspan(fits.front().begin, fits.front().end - fits.front().begin));
    }
    return finding;
  }

  // A licence given whole, and long additions that are licences themselves (dual licence files,
  // third-party notices). Every part must be EXACT, else nothing is said.
  std::optional<v1::Finding> InParts(const Source& source, const Fit& fit, int depth) {
    if (fit.missing > 0) return std::nullopt;
    v1::Finding whole = Exact(source, fit.entry);
    // Each licence once.
    std::vector<std::string> expressions;
    const auto add = [&](const std::string& expression) {
      const auto at = std::find(expressions.begin(), expressions.end(), expression);
      if (at == expressions.end()) expressions.push_back(expression);
    };
    add(whole.expression());
    size_t found = 1;
    for (const ResidueHunk& judged : fit.residue) {
      if (judged.is_neutral) continue;
      if (judged.hunk.b_end - judged.hunk.b_begin < kMinPart || ++parts_ > kMaxParts) return {};
      v1::Finding part = Run(source.Part(judged.hunk.b_begin, judged.hunk.b_end), depth + 1);
      if (part.status() != v1::EXACT) return std::nullopt;
      add(part.expression());
      ++found;
    }
    std::string expression;
    for (const std::string& each : expressions) {
      expression += (expression.empty() ? "" : " AND ") + each;
    }
    if (expressions.size() > 1) whole.clear_licence();
    whole.set_expression(expression);
    whole.set_reason(absl::StrFormat("%d licences, each complete", found));
    return whole;
  }

  v1::Finding Modified(const Source& source, const std::vector<Fit>& fits) const {
    const Fit& best = fits.front();
    const v1::CorpusLicence& base = LicenceOf(best.entry);
    const v1::CorpusLicence* sibling = SiblingOf(fits);
    v1::Finding finding;
    finding.set_status(sibling == nullptr ? v1::MODIFIED : v1::FAMILY);
    finding.set_base(LicenceIdOf(base));
    finding.set_score(std::min(best.score, 0.9999));
    finding.set_expression("LicenseRef-modelwatch-modified-" + base.key());
    if (best.end > best.begin) {
      SetLines(finding, source.tokens.subspan(best.begin, best.end - best.begin));
    } else {
      SetLines(finding, source.tokens);
    }
    AddResidue(finding, source, best);
    if (sibling == nullptr) {
      finding.set_reason(absl::StrFormat("%s with %d words added and %d missing that count",
                                         base.name(), best.added, best.missing));
    } else {
      finding.set_reason(absl::StrFormat("of the family of %s and %s, and neither of them",
                                         base.name(), sibling->name()));
    }
    return finding;
  }

  // Another licence that fits about as well, when the text is not simply the base with additions.
  const v1::CorpusLicence* SiblingOf(const std::vector<Fit>& fits) const {
    const Fit& best = fits.front();
    if (best.missing == 0 || best.score < kSiblingScore) return nullptr;
    for (const Fit& fit : fits) {
      if (fit.score < best.score - kSiblingMargin || fit.score < kSiblingScore) continue;
      if (LicenceOf(fit.entry).spdx() != LicenceOf(best.entry).spdx()) return &LicenceOf(fit.entry);
    }
    return nullptr;
  }

  void AddResidue(v1::Finding& finding, const Source& source, const Fit& fit) const {
    const std::string& base_text = LicenceOf(fit.entry).text();
    const std::vector<Token> base = Tokenise(base_text);
    for (const ResidueHunk& judged : fit.residue) {
      if (judged.is_neutral) continue;
      const Hunk& hunk = judged.hunk;
      if (hunk.b_end > hunk.b_begin && finding.added_size() < kMaxSpans) {
        v1::ResidueSpan& span = *finding.add_added();
        span.set_text(Words(source.text, source.tokens, hunk.b_begin, hunk.b_end));
        span.set_line(source.tokens[hunk.b_begin].line);
      }
      // The corpus may come from another version of the tokeniser: then there is no place to show.
      if (hunk.a_end > hunk.a_begin && hunk.a_end <= base.size() &&
          finding.missing_size() < kMaxSpans) {
        finding.add_missing()->set_text(Words(base_text, base, hunk.a_begin, hunk.a_end));
      }
    }
  }

  v1::Finding WithoutBase(const Source& source) const {
    const auto legal = static_cast<size_t>(
        std::count_if(source.tokens.begin(), source.tokens.end(),
                      [](const Token& token) { return IsLegalWord(token.word); }));
    const bool is_legalese =
        legal >= kMinLegalWords &&
        static_cast<double>(legal) >= kMinLegalShare * static_cast<double>(source.tokens.size());
    if (source.tokens.size() <= kMaxMentionWords && (!is_legalese || source.tokens.size() < 150)) {
      if (auto mention = Mentioned(source)) return *std::move(mention);
    }
    if (!is_legalese) return Nothing("no licence text and no licence name");
    v1::Finding finding;
    finding.set_status(v1::UNKNOWN_LICENCE);
    finding.set_reason("reads like a licence, and no licence of the corpus is near");
    SetLines(finding, source.tokens);
    return finding;
  }

  std::optional<v1::Finding> Mentioned(const Source& source) const {
    v1::Finding finding;
    finding.set_status(v1::MENTION);
    const std::string identifier = SpdxIdentifierIn(source.text);
    const auto expression = ParseExpression(identifier);
    if (!identifier.empty() && expression.ok()) {
      finding.set_expression(FormatExpression(*expression));
      if (expression->kind == Expression::Kind::kLicence && expression->exception.empty()) {
        finding.set_licence(expression->licence);
      }
      finding.set_reason("an SPDX-License-Identifier line");
      return finding;
    }
    const std::vector<Mention> mentions =
        names_.Find(std::vector<Token>(source.tokens.begin(), source.tokens.end()));
    if (mentions.empty()) return std::nullopt;
    std::string all;
    for (const Mention& mention : mentions) {
      all += (all.empty() ? "" : " AND ") + mention.licence->spdx();
    }
    finding.set_expression(all);
    if (mentions.size() == 1) finding.set_licence(LicenceIdOf(*mentions.front().licence));
    finding.set_start_line(mentions.front().line);
    finding.set_end_line(mentions.back().line);
    finding.set_reason("a licence is named, its text is not given");
    return finding;
  }

  const Corpus& corpus_;
  const NameIndex& names_;
  int parts_ = 0;
};

}  // namespace

std::string LicenceIdOf(const v1::CorpusLicence& licence) {
  return IsReal(licence) || licence.spdx().rfind("LicenseRef-scancode-", 0) != 0 ? licence.spdx()
                                                                                 : licence.key();
}

Matcher::Matcher(const Corpus& corpus)
    : corpus_(corpus), names_(std::make_unique<NameIndex>(corpus)) {}
Matcher::~Matcher() = default;

v1::Finding Matcher::Identify(std::string_view text) const {
  const std::vector<Token> tokens = Tokenise(text);
  const std::vector<WordId> words = NumberWords(corpus_, tokens);
  v1::Finding finding = Identifier(corpus_, *names_).Run({text, tokens, words}, 0);
  const std::string& id = finding.licence().empty() ? finding.base() : finding.licence();
  if (!id.empty()) {
    v1::LicenceMatch& match = *finding.add_licences();
    match.set_licence(id);
    match.set_spdx(finding.expression());
    match.set_status(finding.status());
    match.set_role(finding.status() == v1::MENTION ? v1::MENTIONED : v1::PRIMARY);
    match.set_score(finding.score());
    match.set_start_line(finding.start_line());
    match.set_end_line(finding.end_line());
  }
  return finding;
}

}  // namespace modelwatch::evaluator
