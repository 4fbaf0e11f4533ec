// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/found.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "evaluator/license/alignment.h"
#include "evaluator/license/licence_list.h"
#include "evaluator/license/parameters.h"
#include "modelwatch/v1/assessment.pb.h"

namespace modelwatch::evaluator {
namespace {

// Below this share of common words a text is not a version of the licence. Unrelated legal texts
// share 0.2 to 0.35 of their words in order, edited ones 0.8 and more (licence-edits, 2026-11).
constexpr double kMinScore = 0.55;
// A licence contained nearly whole is the base at any score.
constexpr double kMinCoverage = 0.85;
constexpr size_t kMinContained = 40;
// A text this near to its licence explains what was found inside it.
constexpr double kMinCovering = 0.9;
// From an intro to what it introduces.
constexpr size_t kNearWords = 4;

// Among patterns of the same words: of a licence that SPDX lists, not deprecated, its plainest id.
bool IsPreferred(const Licence& a, const Licence& b) {
  const auto rank = [](const Licence& licence) {
    return std::make_tuple(licence.is_deprecated, !licence.is_spdx(), licence.spdx.size(),
                           licence.spdx, licence.key);
  };
  return rank(a) < rank(b);
}

// Where a pattern was found, whatever became of it.
struct Place {
  explicit Place(const Detection& detection)
      : begin(detection.begin),
        end(detection.end),
        pattern(detection.pattern),
        is_word_for_word(detection.is_word_for_word) {}

  size_t begin = 0, end = 0;
  PatternId pattern = kNone;
  bool is_word_for_word = false;
};

class Search {
 public:
  Search(const Corpus& corpus, std::string_view text, const std::vector<Token>& tokens)
      : corpus_(corpus), text_(text), tokens_(tokens), words_(NumberWords(corpus, tokens)) {}

  Found Run() {
    Found found = WholeText();
    return found.all.empty() ? Parts() : found;
  }

 private:
  [[nodiscard]] TextWords All() const { return {tokens_, words_}; }
  [[nodiscard]] PatternExpression ExpressionOf(const Detection& detection) const {
    return evaluator::ExpressionOf(corpus_, detection);
  }
  [[nodiscard]] Licence LicenceOf(PatternId pattern) const {
    return evaluator::LicenceOf(corpus_, pattern);
  }

  // Word for word a text of the corpus, copyright lines and title apart.
  Found WholeText() {
    Found found;
    const auto is_core = [](const Token& token) {
      return (token.marks & (kCopyrightMark | kTitleMark)) == 0;
    };
    const auto count = static_cast<size_t>(std::count_if(tokens_.begin(), tokens_.end(), is_core));
    if (count == 0 || count > corpus_.most_pattern_words()) return found;
    std::vector<WordId> core;
    core.reserve(count);
    std::vector<uint8_t> claimed(tokens_.size(), 0);
    size_t first = tokens_.size(), last = 0;
    for (size_t i = 0; i < tokens_.size(); ++i) {
      if (!is_core(tokens_[i])) continue;
      core.push_back(words_[i]);
      claimed[i] = 1;
      first = std::min(first, i);
      last = i + 1;
    }
    std::optional<PatternId> best;
    for (const corpus_format::DigestRow& row : corpus_.PatternsByDigest(StreamDigest(core))) {
      const Pattern pattern = corpus_.pattern(row.pattern);
      if (!pattern.is_reference || CoreWords(pattern) != core) continue;
      if (!best || IsPreferred(LicenceOf(row.pattern), LicenceOf(*best))) best = row.pattern;
    }
    if (!best || LicenceOf(*best).is_generic) return found;
    // What stands outside may still be a clause.
    if (!TellingRemainder(tokens_, claimed, text_).empty()) return found;
    Detection whole;
    whole.pattern = *best;
    whole.begin = first;
    whole.end = last;
    whole.matched = core.size();
    whole.likeness = 1;
    found.all.push_back(std::move(whole));
    found.texts.push_back(0);
    return found;
  }

  Found Parts() {
    Found found;
    const WordId spdx = corpus_.IdOf("spdx");
    if (spdx == kUnknownWord || std::find(words_.begin(), words_.end(), spdx) != words_.end()) {
      found.tags = FindSpdxTags(text_, tokens_);
    }
    const std::vector<WordId> as_written = found.tags.empty() ? std::vector<WordId>() : words_;
    // A tag is read by its own grammar: its words are no one else's.
    for (const SpdxTag& tag : found.tags) {
      std::fill(words_.begin() + static_cast<ptrdiff_t>(tag.begin),
                words_.begin() + static_cast<ptrdiff_t>(tag.end), kUnknownWord);
    }
    std::vector<Detection> detections = Detect(corpus_, All());
    if (ReturnQuotedTags(as_written, detections, found.tags)) detections = Detect(corpus_, All());
    const std::vector<Place> places(detections.begin(), detections.end());
    KeepTelling(corpus_, tokens_, detections);
    found.all = std::move(detections);
    for (Detection& detection : found.all) {
      CompareWithReference(detection);
      NamePlainly(detection);
      NameVariant(detection);
    }
    DropCovered(found.all);
    for (size_t i = 0; i < found.all.size(); ++i) {
      if (IsText(found.all[i])) found.texts.push_back(i);
    }
    if (!found.texts.empty()) found.telling = Unclaimed(found, places);
    return found;
  }

  // A tag inside a licence's text that has one itself is an example of what to write: its words are
  // the text's. True when there was one.
  bool ReturnQuotedTags(const std::vector<WordId>& as_written,
                        const std::vector<Detection>& detections, std::vector<SpdxTag>& tags) {
    const WordId spdx = corpus_.IdOf("spdx");
    const auto is_quoted = [&](const SpdxTag& tag) {
      return std::any_of(detections.begin(), detections.end(), [&](const Detection& detection) {
        const auto words = corpus_.words_of(detection.pattern);
        return detection.begin < tag.begin && tag.end < detection.end &&
               corpus_.pattern(detection.pattern).kind == v1::PATTERN_TEXT &&
               std::find(words.begin(), words.end(), spdx) != words.end();
      });
    };
    const auto quoted = std::stable_partition(tags.begin(), tags.end(),
                                              [&](const SpdxTag& tag) { return !is_quoted(tag); });
    const bool has_quoted = quoted != tags.end();
    for (auto tag = quoted; tag != tags.end(); ++tag) {
      for (size_t i = tag->begin; i < tag->end; ++i) words_[i] = as_written[i];
    }
    tags.erase(quoted, tags.end());
    return has_quoted;
  }

  // A text filed under a licence is compared with the licence's own text: what it says beyond that
  // is residue, however well the filed text fits.
  void CompareWithReference(Detection& detection) {
    const Pattern pattern = corpus_.pattern(detection.pattern);
    if (pattern.is_reference || pattern.expression == kNone) return;
    const auto terms = corpus_.expression(pattern.expression).terms;
    const PatternId own = corpus_.licence(terms[0].licence).pattern;
    if (terms.size() > 1 || own == kNone) return;
    // Some notices give the licence whole, or most of it.
    const bool may_hold_it = pattern.kind == v1::PATTERN_NOTICE && !LicenceOf(own).is_generic &&
                             2 * pattern.words.size() >= corpus_.words_of(own).size();
    if (pattern.kind == v1::PATTERN_TEXT || may_hold_it) CompareWith(own, detection);
  }

  // Makes `detection` one of `own`, unless the text is no version of it.
  void CompareWith(PatternId own, Detection& detection) {
    if (!seeds_) seeds_.emplace(words_);
    const Alignment alignment = Align(corpus_.words_of(own), *seeds_);
    if (alignment.matched == 0) return;
    Fit fit = FitPattern(corpus_, own, All(), alignment);
    // A filed text that is no version of the own one (a short form, a translation) stays a mention.
    if (fit.begin >= detection.end || detection.begin >= fit.end || !IsVersion(fit)) return;
    detection.pattern = own;
    detection.begin = std::min(detection.begin, fit.begin);
    detection.end = std::max(detection.end, fit.end);
    detection.is_word_for_word = false;
    detection.likeness = std::min(detection.likeness, 0.9999);
    AddOutside(detection, fit);
    detection.fit = std::move(fit);
  }

  // The text of the GFDL is one, whatever the notice says of invariant sections.
  void NamePlainly(Detection& detection) const {
    if (corpus_.pattern(detection.pattern).kind != v1::PATTERN_TEXT) return;
    const std::string_view key = LicenceOf(detection.pattern).key;
    for (const std::string_view variant : {"-invariants", "-no-invariants"}) {
      const size_t at = key.find(variant);
      if (at == std::string_view::npos || ExpressionOf(detection).terms.size() > 1) continue;
      const auto plain = corpus_.Find(key.substr(0, at));
      if (!plain || plain->pattern == kNone) continue;
      detection.expression = corpus_.pattern(plain->pattern).expression;
    }
  }

  // A notice of the GFDL in other words than those of the corpus tells by itself which variant is
  // meant: "with no Invariant Sections", "with the Invariant Sections being ...".
  void NameVariant(Detection& detection) const {
    if (corpus_.pattern(detection.pattern).kind != v1::PATTERN_NOTICE) return;
    const auto terms = ExpressionOf(detection).terms;
    if (detection.is_word_for_word || terms.size() > 1) return;
    const std::string_view key = corpus_.key_of(terms[0].licence);
    if (key.substr(0, 5) != "gfdl-" || key.find("invariants") != std::string_view::npos) return;
    for (size_t i = detection.begin + 1; i + 2 < detection.end; ++i) {
      if (tokens_[i].word != "invariant" || tokens_[i + 1].word != "sections") continue;
      const bool has_none = tokens_[i - 1].word == "no";
      if (!has_none && tokens_[i + 2].word != "being") continue;
      const bool is_later = key.substr(key.size() - 5) == "-plus";
      const auto variant = corpus_.Find(std::string(key.substr(0, key.find('-', 5))) +
                                        (has_none ? "-no-invariants" : "-invariants") +
                                        (is_later ? "-or-later" : "-only"));
      if (!variant || variant->pattern == kNone) return;
      detection.expression = corpus_.pattern(variant->pattern).expression;
      return;
    }
  }

  // A text that was found in a part of what is another one now says the same words again: what the
  // part has beyond that one is residue of that one.
  void DropCovered(std::vector<Detection>& all) const {
    const auto is_text = [&](const Detection& detection) {
      return corpus_.pattern(detection.pattern).kind == v1::PATTERN_TEXT;
    };
    const auto is_covered = [&](const Detection& part) {
      return !part.is_exact() && is_text(part) &&
             std::any_of(all.begin(), all.end(), [&](const Detection& whole) {
               return whole.begin <= part.begin && part.end <= whole.end &&
                      whole.end - whole.begin > part.end - part.begin && is_text(whole) &&
                      whole.fit.score >= kMinCovering;
             });
    };
    std::vector<Detection> kept;
    kept.reserve(all.size());
    for (const Detection& detection : all) {
      if (!is_covered(detection)) kept.push_back(detection);
    }
    if (kept.size() < all.size()) all = std::move(kept);
  }

  // Words of the filed text before and after the own one are added words.
  void AddOutside(const Detection& detection, Fit& fit) const {
    for (const Hunk& outside :
         {Hunk{0, 0, detection.begin, fit.begin}, Hunk{0, 0, fit.end, detection.end}}) {
      if (outside.b_begin == outside.b_end) continue;
      const ResidueHunk judged = JudgeHunk({}, tokens_, outside);
      if (!judged.is_neutral) fit.added += outside.b_end - outside.b_begin;
      fit.residue.push_back(judged);
    }
    fit.begin = detection.begin;
    fit.end = detection.end;
  }

  static bool IsVersion(const Fit& fit) {
    return fit.score >= kMinScore || (fit.coverage >= kMinCoverage && fit.matched >= kMinContained);
  }

  [[nodiscard]] bool IsText(const Detection& detection) const {
    if (corpus_.pattern(detection.pattern).kind != v1::PATTERN_TEXT) return false;
    if (LicenceOf(detection.pattern).is_generic) return false;
    const bool is_compound = ExpressionOf(detection).terms.size() > 1;
    if (!corpus_.pattern(detection.pattern).is_reference && !is_compound) return false;
    return detection.is_word_for_word || IsVersion(detection.fit);
  }

  // What neither a licence text nor a word-for-word mention of the same licence explains.
  std::vector<WordSpan> Unclaimed(const Found& found, const std::vector<Place>& places) {
    std::vector<uint8_t> claimed(tokens_.size(), 0);
    const auto claim = [&](const auto& span) {
      std::fill(claimed.begin() + static_cast<ptrdiff_t>(span.begin),
                claimed.begin() + static_cast<ptrdiff_t>(span.end), 1);
    };
    std::vector<LicenceId> licences;
    for (const size_t i : found.texts) {
      claim(found.all[i]);
      for (const auto& term : ExpressionOf(found.all[i]).terms) licences.push_back(term.licence);
      if (!HasParameters(LicenceOf(found.all[i].pattern).spdx)) continue;
      for (const TokenSpan& blank : ParameterSpans(text_, tokens_)) claim(blank);
    }
    for (const Place& place : places) {
      if (!place.is_word_for_word) continue;
      const bool is_intro = corpus_.pattern(place.pattern).kind == v1::PATTERN_INTRO;
      if (is_intro ? LeadsTo(place, claimed) : SaysTheSame(place, licences)) claim(place);
    }
    for (const SpdxTag& tag : found.tags) {
      if (SaysTheSame(tag, licences)) claim(tag);
    }
    return TellingRemainder(tokens_, claimed, text_);
  }

  // An intro right before a licence; elsewhere its words begin a clause of another kind.
  static bool LeadsTo(const Place& intro, const std::vector<uint8_t>& claimed) {
    const size_t end = std::min(claimed.size(), intro.end + kNearWords);
    return std::any_of(claimed.begin() + static_cast<ptrdiff_t>(intro.end),
                       claimed.begin() + static_cast<ptrdiff_t>(end),
                       [](uint8_t taken) { return taken != 0; });
  }

  [[nodiscard]] bool SaysTheSame(const Place& place, const std::vector<LicenceId>& licences) const {
    const Pattern pattern = corpus_.pattern(place.pattern);
    if (pattern.expression == kNone) return false;
    const auto terms = corpus_.expression(pattern.expression).terms;
    return std::all_of(terms.begin(), terms.end(), [&](const auto& term) {
      return std::find(licences.begin(), licences.end(), term.licence) != licences.end();
    });
  }

  [[nodiscard]] bool SaysTheSame(const SpdxTag& tag, const std::vector<LicenceId>& licences) const {
    const auto named = LicencesIn(tag.expression);
    return std::all_of(named.begin(), named.end(), [&](const NamedLicence& one) {
      const auto licence = corpus_.Find(one.id);
      return licence && std::find(licences.begin(), licences.end(), licence->id) != licences.end();
    });
  }

  const Corpus& corpus_;
  std::string_view text_;
  const std::vector<Token>& tokens_;
  std::vector<WordId> words_;
  std::optional<SeedIndex> seeds_;
};

}  // namespace

bool Found::is_exact() const {
  return !texts.empty() && telling.empty() &&
         std::all_of(texts.begin(), texts.end(), [&](size_t i) { return all[i].is_exact(); });
}

Found FindLicences(const Corpus& corpus, std::string_view text, const std::vector<Token>& tokens) {
  return Search(corpus, text, tokens).Run();
}

std::vector<WordSpan> RestrictingBeside(const Found& found, std::string_view text,
                                        const std::vector<Token>& tokens) {
  std::vector<uint8_t> claimed(tokens.size(), 0);
  const auto claim = [&claimed](const auto& span) {
    std::fill(claimed.begin() + static_cast<ptrdiff_t>(span.begin),
              claimed.begin() + static_cast<ptrdiff_t>(span.end), 1);
  };
  for (const Detection& detection : found.all) claim(detection);
  for (const SpdxTag& tag : found.tags) claim(tag);
  std::vector<WordSpan> restricting = TellingRemainder(tokens, claimed, text);
  std::erase_if(restricting, [&](const WordSpan& span) {
    return !Restricts(std::span(tokens).subspan(span.begin, span.end - span.begin));
  });
  return restricting;
}

Licence LicenceOf(const Corpus& corpus, PatternId pattern) {
  return corpus.licence(corpus.expression(corpus.pattern(pattern).expression).terms[0].licence);
}

}  // namespace modelwatch::evaluator
