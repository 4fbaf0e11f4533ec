// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/matcher.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "evaluator/license/bilingual.h"
#include "evaluator/license/captured.h"
#include "evaluator/license/declared_terms.h"
#include "evaluator/license/decode.h"
#include "evaluator/license/expression.h"
#include "evaluator/license/fingerprints.h"
#include "evaluator/license/found.h"
#include "evaluator/license/licence_list.h"
#include "evaluator/license/mention.h"
#include "evaluator/license/roles.h"
#include "evaluator/license/scope.h"
#include "evaluator/license/text_diff.h"
#include "evaluator/license/titled.h"

namespace modelwatch::evaluator {
namespace {

// Siblings that fit this much alike cannot be told apart by similarity.
constexpr double kSiblingMargin = 0.04;
constexpr double kSiblingScore = 0.7;
// Of the words that tell a version from its sibling this part must be there to name the version.
constexpr double kTellingShare = 0.6;
// Shorter texts are in no table of fingerprints.
constexpr size_t kMinFingerprinted = 60;
constexpr size_t kMaxSpanBytes = 2048;
constexpr int kMaxSpans = 64;
constexpr int kMaxLicences = 200;
constexpr size_t kMaxMentioned = 16;
// Legalese: this many licence words, and this share of all words.
constexpr size_t kMinLegalWords = 6;
constexpr double kMinLegalShare = 0.025;
// Longer texts are documents that happen to name a licence.
constexpr size_t kMaxMentionWords = 1500;
constexpr size_t kMaxNoticeWords = 150;
// Longer texts in two languages are not read again half by half.
constexpr size_t kMaxBilingualBytes = 256 << 10;

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
std::string Words(std::string_view text, std::span<const Token> tokens, size_t begin, size_t end) {
  const size_t from = tokens[begin].begin;
  size_t to = tokens[end - 1].end;
  while (to < text.size() && (text[to] == '.' || text[to] == ')' || text[to] == '"')) ++to;
  return Cut(text.substr(from, to - from));
}

// A licence's own text with the places of its words; empty when nothing of it is to be shown.
struct BaseText {
  std::string_view text;
  std::vector<Token> tokens;
};

class Identifier {
 public:
  Identifier(const Corpus& corpus, const NameIndex& names, std::string_view text, bool is_whole)
      : corpus_(corpus), names_(names), text_(text), is_whole_(is_whole), tokens_(Tokenise(text)) {}

  v1::Finding Run() {
    if (tokens_.empty()) return Nothing("there are no words");
    const Found found = FindLicences(corpus_, text_, tokens_);
    ReadBlockAbove(found);
    v1::Finding finding = Judge(found);
    AddLicences(finding, found);
    if (finding.status() == v1::UNKNOWN_LICENCE) AddTitled(finding);
    CaptureFields(corpus_, text_, tokens_, found, finding);
    return finding;
  }

 private:
  static v1::Finding Nothing(std::string_view reason) {
    v1::Finding finding;
    finding.set_status(v1::NONE);
    finding.set_reason(std::string(reason));
    return finding;
  }

  [[nodiscard]] PatternExpression ExpressionOf(const Detection& detection) const {
    return evaluator::ExpressionOf(corpus_, detection);
  }
  [[nodiscard]] Licence LicenceOf(PatternId pattern) const {
    return evaluator::LicenceOf(corpus_, pattern);
  }

  v1::Finding Judge(const Found& found) {
    if (found.is_exact() && is_whole_ && declared_.empty()) return Exact(found);
    if (tokens_.size() >= kMinFingerprinted && HasLegalWord()) {
      auto known = FingerprintIndex::Builtin().Identify(tokens_);
      if (known && (known->status() == v1::EXACT || BestScore(found) < known->score())) {
        if (known->status() == v1::EXACT && (!is_whole_ || !declared_.empty())) Demote(*known);
        AddDeclared(*known);
        return *std::move(known);
      }
    }
    if (found.texts.empty()) return WithoutText(found);
    return Modified(found);
  }

  // A text without any is none that a fingerprint is of.
  [[nodiscard]] bool HasLegalWord() const {
    return std::any_of(tokens_.begin(), tokens_.end(),
                       [](const Token& token) { return IsLegalWord(token.word); });
  }

  // What the YAML block above the text says beyond what the text is.
  void ReadBlockAbove(const Found& found) {
    FrontTerms above = ReadFrontTerms(text_);
    declared_ = std::move(above.terms);
    for (const std::string& id : above.licences) {
      const auto declared = corpus_.Find(id);
      if (!declared || declared->is_generic) continue;
      const bool is_said = std::any_of(found.all.begin(), found.all.end(), [&](const auto& one) {
        const auto terms = ExpressionOf(one).terms;
        return std::any_of(terms.begin(), terms.end(), [&](const auto& term) {
          return WithoutLater(corpus_.key_of(term.licence)) == WithoutLater(declared->key);
        });
      });
      if (!is_said) declared_.push_back({"license: " + id, 1});
    }
  }

  // "Or later" is told beside a text, not in it.
  static std::string_view WithoutLater(std::string_view key) {
    return absl::EndsWith({key.data(), key.size()}, "-plus") ? key.substr(0, key.size() - 5) : key;
  }

  static void Demote(v1::Finding& finding) {
    finding.set_status(v1::MODIFIED);
    finding.set_base(finding.licence());
    finding.set_expression("LicenseRef-modelwatch-modified-" + finding.licence());
    finding.clear_licence();
  }

  void AddDeclared(v1::Finding& finding) const {
    for (const DeclaredTerm& term : declared_) {
      v1::ResidueSpan& span = *finding.add_added();
      span.set_text(Cut(term.text));
      span.set_line(term.line);
    }
  }

  [[nodiscard]] double BestScore(const Found& found) const {
    double best = 0;
    for (const size_t i : found.texts) {
      best = std::max(best, found.all[i].is_word_for_word ? 1 : found.all[i].fit.score);
    }
    return best;
  }

  void SetLines(v1::Finding& finding, size_t begin, size_t end) const {
    finding.set_start_line(tokens_[begin].line);
    finding.set_end_line(tokens_[end - 1].line);
  }

  // Distinct expressions joined by AND; a compound one in brackets when it is not alone.
  static std::string Joined(const std::vector<std::string>& expressions) {
    if (expressions.size() == 1) return expressions[0];
    std::string joined;
    for (const std::string& each : expressions) {
      const bool is_choice = each.find(" OR ") != std::string::npos;
      joined += (joined.empty() ? "" : " AND ") + (is_choice ? "(" + each + ")" : each);
    }
    return joined;
  }

  static void AddOnce(std::vector<std::string>& all, std::string_view one) {
    if (std::find(all.begin(), all.end(), one) == all.end()) all.emplace_back(one);
  }

  v1::Finding Exact(const Found& found) const {
    v1::Finding finding;
    finding.set_status(v1::EXACT);
    finding.set_score(1);
    std::vector<std::string> expressions;
    for (const size_t i : found.texts) AddOnce(expressions, ExpressionOf(found.all[i]).spdx);
    finding.set_expression(Joined(expressions));
    const Detection& first = found.all[found.texts.front()];
    SetLines(finding, first.begin, found.all[found.texts.back()].end);
    const Licence licence = LicenceOf(first.pattern);
    if (expressions.size() == 1 && ExpressionOf(first).terms.size() == 1) {
      finding.set_licence(LicenceIdOf(licence));
    }
    if (expressions.size() > 1) {
      finding.set_reason(absl::StrFormat("%d licences, each complete", expressions.size()));
    } else if (first.is_word_for_word) {
      finding.set_reason(absl::StrFormat("word for word %s", licence.name));
    } else {
      finding.set_reason(absl::StrFormat(
          "%s; what differs is a copyright line, a title, a filled blank or says nothing",
          licence.name));
    }
    return finding;
  }

  // The text that the answer is about: the largest of those that are not whole, else of all.
  [[nodiscard]] const Detection& Base(const Found& found) const {
    const Detection* base = &found.all[found.texts.front()];
    for (const size_t i : found.texts) {
      const Detection& other = found.all[i];
      if (std::make_tuple(!other.is_exact(), other.matched) >
          std::make_tuple(!base->is_exact(), base->matched)) {
        base = &other;
      }
    }
    return *base;
  }

  v1::Finding Modified(const Found& found) const {
    const Detection& best = Base(found);
    const Licence base = LicenceOf(best.pattern);
    const bool is_family = IsOfFamily(best);
    v1::Finding finding;
    finding.set_status(is_family ? v1::FAMILY : v1::MODIFIED);
    finding.set_base(LicenceIdOf(base));
    finding.set_score(ScoreOf(found, best));
    SetLines(finding, best.begin, best.end);
    std::vector<std::string> expressions;
    for (const size_t i : found.texts) {
      const bool is_whole = found.all[i].is_exact() && &found.all[i] != &best;
      AddOnce(expressions, is_whole ? std::string(ExpressionOf(found.all[i]).spdx)
                                    : absl::StrFormat("LicenseRef-modelwatch-modified-%s",
                                                      LicenceOf(found.all[i].pattern).key));
    }
    finding.set_expression(Joined(expressions));
    AddResidue(finding, found);
    if (is_family) {
      finding.set_reason(absl::StrFormat("of the family of %s and %s, and neither of them",
                                         base.name, LicenceOf(best.sibling).name));
    } else if (found.is_exact()) {
      finding.set_reason(std::string(base.name) +
                         (is_whole_ ? ", and a block above it that says more"
                                    : ", and a rest of the file that was not read"));
    } else {
      finding.set_reason(absl::StrFormat("%s with %d words added and %d missing that count",
                                         base.name, AddedWords(found), best.fit.missing));
    }
    return finding;
  }

  [[nodiscard]] size_t AddedWords(const Found& found) const {
    size_t added = 0;
    for (const size_t i : found.texts) added += found.all[i].fit.added;
    for (const WordSpan& span : found.telling) added += span.end - span.begin;
    return added;
  }

  // Of the whole text: what the base explains of it.
  [[nodiscard]] double ScoreOf(const Found& found, const Detection& best) const {
    size_t beside = 0;
    for (const WordSpan& span : found.telling) beside += span.end - span.begin;
    const auto pattern = static_cast<double>(corpus_.words_of(best.pattern).size());
    const double own = best.is_word_for_word ? 1 : best.fit.score;
    return std::min(0.9999, own * pattern / (pattern + static_cast<double>(beside) / 2));
  }

  // Another version fits about as well, and the text has not the words that tell the two apart.
  [[nodiscard]] bool IsOfFamily(const Detection& best) const {
    if (best.fit.missing == 0 || best.fit.score < kSiblingScore || best.sibling == kNone ||
        best.sibling_score < best.fit.score - kSiblingMargin) {
      return false;
    }
    size_t telling = 0, there = 0;
    for (const Hunk& apart :
         DiffSequences(corpus_.words_of(best.pattern), corpus_.words_of(WholeOf(best.sibling)))) {
      for (size_t i = apart.a_begin; i < apart.a_end; ++i) {
        ++telling;
        there += !IsMissing(best.fit, i);
      }
    }
    return static_cast<double>(there) < kTellingShare * static_cast<double>(telling);
  }

  // A text filed under a licence may be a part of it.
  [[nodiscard]] PatternId WholeOf(PatternId pattern) const {
    constexpr double kPart = 0.9;
    const PatternId own = LicenceOf(pattern).pattern;
    if (own == kNone) return pattern;
    const auto size = static_cast<double>(corpus_.words_of(pattern).size());
    return size < kPart * static_cast<double>(corpus_.words_of(own).size()) ? own : pattern;
  }

  static bool IsMissing(const Fit& fit, size_t word) {
    return std::any_of(fit.residue.begin(), fit.residue.end(), [&](const ResidueHunk& judged) {
      return judged.hunk.a_begin <= word && word < judged.hunk.a_end;
    });
  }

  void AddResidue(v1::Finding& finding, const Found& found) const {
    std::vector<WordSpan> added = found.telling;
    for (const size_t i : found.texts) {
      const Detection& detection = found.all[i];
      if (detection.is_exact()) continue;
      const Pattern pattern = corpus_.pattern(detection.pattern);
      BaseText base;
      if (detection.fit.missing > 0 && pattern.licence != kNone) {
        base.text = corpus_.licence(pattern.licence).text;
        base.tokens = Tokenise(base.text);
      }
      for (const ResidueHunk& judged : detection.fit.residue) {
        if (judged.is_neutral) continue;
        added.push_back({judged.hunk.b_begin, judged.hunk.b_end});
        if (!judged.is_missing_neutral) AddMissing(finding, pattern, base, judged.hunk);
      }
    }
    AddDeclared(finding);
    for (const WordSpan& span : JoinNear(std::move(added))) AddAdded(finding, span.begin, span.end);
    std::sort(finding.mutable_added()->begin(), finding.mutable_added()->end(),
              [](const auto& a, const auto& b) { return a.line() < b.line(); });
  }

  void AddAdded(v1::Finding& finding, size_t begin, size_t end) const {
    if (begin == end || finding.added_size() >= kMaxSpans) return;
    v1::ResidueSpan& span = *finding.add_added();
    span.set_text(Words(text_, tokens_, begin, end));
    span.set_line(tokens_[begin].line);
  }

  // A licence's own text shows the words as written; other patterns the words as compared.
  void AddMissing(v1::Finding& finding, const Pattern& pattern, const BaseText& base,
                  const Hunk& hunk) const {
    if (hunk.a_begin == hunk.a_end || finding.missing_size() >= kMaxSpans) return;
    if (!base.tokens.empty()) {
      finding.add_missing()->set_text(Words(base.text, base.tokens, hunk.a_begin, hunk.a_end));
      return;
    }
    std::string joined;
    for (size_t i = hunk.a_begin; i < hunk.a_end && joined.size() < kMaxSpanBytes; ++i) {
      if (!joined.empty()) joined += ' ';
      joined += corpus_.word(pattern.words[i]);
    }
    finding.add_missing()->set_text(joined);
  }

  v1::Finding WithoutText(const Found& found) const {
    const auto legal =
        static_cast<size_t>(std::count_if(tokens_.begin(), tokens_.end(), [](const Token& token) {
          return IsLegalWord(token.word);
        }));
    const bool is_legalese =
        legal >= kMinLegalWords &&
        static_cast<double>(legal) >= kMinLegalShare * static_cast<double>(tokens_.size());
    const bool is_known = 2 * ClaimedWords(found) > tokens_.size();
    if (is_known || !is_legalese ||
        (tokens_.size() <= kMaxMentionWords &&
         (!is_legalese || tokens_.size() < kMaxNoticeWords))) {
      if (is_legalese) {
        const std::vector<WordSpan> restricting = RestrictingBeside(found, text_, tokens_);
        if (!restricting.empty()) return Unknown(restricting);
      }
      if (auto mention = Mentioned(found)) return *std::move(mention);
    }
    if (!is_legalese) return Nothing("no licence text and no licence name");
    return Unknown({});
  }

  // Beside pieces of known licences that make no whole one: `restricting` sentences.
  v1::Finding Unknown(const std::vector<WordSpan>& restricting) const {
    v1::Finding finding;
    finding.set_status(v1::UNKNOWN_LICENCE);
    finding.set_reason(restricting.empty()
                           ? "reads like a licence, and no licence of the corpus is near"
                           : "pieces of known licences, and words that restrict in none of them");
    for (const WordSpan& span : restricting) AddAdded(finding, span.begin, span.end);
    SetLines(finding, 0, tokens_.size());
    return finding;
  }

  // A licence that nobody knows has the name that it gives itself.
  void AddTitled(v1::Finding& finding) const {
    const std::string name = NameFromTitle(text_, tokens_);
    if (name.empty()) return;
    v1::LicenceMatch& match = *finding.add_licences();
    match.set_licence(name);
    match.set_spdx(name);
    match.set_status(v1::UNKNOWN_LICENCE);
    match.set_role(v1::PRIMARY);
    match.set_scope(ScopeAround(text_, tokens_, {}, {0, tokens_.size(), true, true}));
    match.set_start_line(finding.start_line());
    match.set_end_line(finding.end_line());
  }

  static size_t ClaimedWords(const Found& found) {
    size_t words = 0;
    for (const Detection& detection : found.all) words += detection.end - detection.begin;
    for (const SpdxTag& tag : found.tags) words += tag.end - tag.begin;
    return words;
  }

  std::optional<v1::Finding> Mentioned(const Found& found) const {
    v1::Finding finding;
    finding.set_status(v1::MENTION);
    std::vector<std::string> expressions;
    for (const SpdxTag& tag : found.tags) AddOnce(expressions, FormatExpression(tag.expression));
    for (const Detection& detection : found.all) {
      if (expressions.size() < kMaxMentioned) AddOnce(expressions, ExpressionOf(detection).spdx);
    }
    if (!expressions.empty()) {
      finding.set_expression(Joined(expressions));
      if (expressions.size() == 1) SetOnlyLicence(finding, found);
      const auto [begin, end] = SpanOf(found);
      SetLines(finding, begin, end);
      finding.set_score(found.all.empty() ? 1 : found.all.front().likeness);
      finding.set_reason(found.tags.empty() ? "a licence is named, its text is not given"
                                            : "an SPDX-License-Identifier line");
      return finding;
    }
    if (tokens_.size() > kMaxMentionWords) return std::nullopt;
    return Named();
  }

  void SetOnlyLicence(v1::Finding& finding, const Found& found) const {
    if (!found.tags.empty()) {
      const Expression& expression = found.tags.front().expression;
      if (expression.kind == Expression::Kind::kLicence && expression.exception.empty()) {
        finding.set_licence(expression.licence);
      }
      return;
    }
    const auto terms = ExpressionOf(found.all.front()).terms;
    if (terms.size() == 1) finding.set_licence(LicenceIdOf(corpus_.licence(terms[0].licence)));
  }

  static std::pair<size_t, size_t> SpanOf(const Found& found) {
    size_t begin = SIZE_MAX, end = 0;
    const auto widen = [&](size_t from, size_t to) {
      begin = std::min(begin, from);
      end = std::max(end, to);
    };
    for (const Detection& detection : found.all) widen(detection.begin, detection.end);
    for (const SpdxTag& tag : found.tags) widen(tag.begin, tag.end);
    return {begin, end};
  }

  // By name alone: what no pattern tells.
  std::optional<v1::Finding> Named() const {
    const std::vector<Mention> mentions = names_.Find(tokens_);
    if (mentions.empty()) return std::nullopt;
    v1::Finding finding;
    finding.set_status(v1::MENTION);
    std::vector<std::string> expressions;
    for (const Mention& mention : mentions) {
      const Licence licence = corpus_.licence(mention.licence);
      AddOnce(expressions, licence.spdx);
      v1::LicenceMatch& match = *finding.add_licences();
      match.set_licence(LicenceIdOf(licence));
      match.set_spdx(std::string(licence.spdx));
      match.set_status(v1::MENTION);
      match.set_role(v1::MENTIONED);
      match.set_start_line(mention.line);
      match.set_end_line(mention.line);
    }
    finding.set_expression(Joined(expressions));
    if (mentions.size() == 1) finding.set_licence(finding.licences(0).licence());
    finding.set_start_line(mentions.front().line);
    finding.set_end_line(mentions.back().line);
    finding.set_reason("a licence is named, its text is not given");
    return finding;
  }

  // A whole text is EXACT only when the rest of the file says nothing.
  void AddLicences(v1::Finding& finding, const Found& found) const {
    if (finding.licences_size() > 0) return;
    for (const SpdxTag& tag : found.tags) AddTagged(finding, tag);
    for (const Detection& detection : found.all) {
      if (finding.licences_size() >= kMaxLicences) break;
      for (v1::LicenceMatch& match : MatchesOf(corpus_, detection, tokens_)) {
        if (finding.licences_size() >= kMaxLicences) break;
        if (match.status() == v1::EXACT && finding.status() != v1::EXACT) {
          match.set_status(v1::MODIFIED);
        }
        if (match.status() == v1::MODIFIED && IsOfFamily(detection)) match.set_status(v1::FAMILY);
        *finding.add_licences() = std::move(match);
      }
    }
    AssignRoles(corpus_, text_, tokens_, found, finding);
    AddFutureLicences(corpus_, tokens_, found, finding);
  }

  void AddTagged(v1::Finding& finding, const SpdxTag& tag) const {
    for (const NamedLicence& named : LicencesIn(tag.expression)) {
      auto licence = corpus_.Find(named.id);
      if (!licence) licence = corpus_.Find("unknown-spdx");
      v1::LicenceMatch& match = *finding.add_licences();
      match.set_licence(licence ? LicenceIdOf(*licence) : named.id);
      match.set_spdx(licence ? std::string(licence->spdx) : "LicenseRef-" + named.id);
      match.set_status(v1::MENTION);
      match.set_role(static_cast<v1::LicenceRole>(named.role));
      match.set_score(1);
      match.set_start_line(tokens_[tag.begin].line);
      match.set_end_line(tokens_[tag.begin].line);
    }
  }

  const Corpus& corpus_;
  const NameIndex& names_;
  std::string_view text_;
  const bool is_whole_;
  std::vector<Token> tokens_;
  std::vector<DeclaredTerm> declared_;
};

// Makes the finding of a translation that has a key of its own ("mulanpsl-2.0-en") one of
// `licence`, if it is that.
void NameTranslated(const Corpus& corpus, const std::string& licence, v1::Finding& finding) {
  std::string& name =
      *(finding.status() == v1::EXACT ? finding.mutable_licence() : finding.mutable_base());
  const auto own = corpus.Find(licence), translation = corpus.Find(name);
  if (!own || !translation || translation->key != std::string(own->key) + "-en") return;
  for (v1::LicenceMatch& match : *finding.mutable_licences()) {
    if (match.licence() != name) continue;
    match.set_licence(licence);
    match.set_spdx(std::string(own->spdx));
  }
  name = licence;
}

// A licence in two languages is known by its halves, in whatever order they stand.
std::optional<v1::Finding> InTwoLanguages(const Corpus& corpus, const NameIndex& names,
                                          std::string_view text, bool is_whole,
                                          const v1::Finding& finding) {
  const bool is_one = finding.status() == v1::EXACT && !finding.licence().empty();
  const bool is_twice = is_one && finding.licences_size() > 1;
  const bool may_be = finding.status() == v1::MODIFIED || finding.status() == v1::FAMILY;
  if (!(may_be || is_twice) || text.size() > kMaxBilingualBytes) return std::nullopt;
  const auto halves = SplitLanguages(text);
  if (!halves) return std::nullopt;
  if (is_twice) {
    v1::Finding joined = finding;
    JoinEntries(joined);
    return joined;
  }
  const v1::Finding ideographic = Identifier(corpus, names, halves->ideographic, is_whole).Run();
  v1::Finding latin = Identifier(corpus, names, halves->latin, is_whole).Run();
  NameTranslated(corpus, LicenceOrBase(ideographic), latin);
  auto joined = JoinHalves(ideographic, latin);
  const bool is_clearer = joined && (joined->status() == v1::EXACT ||
                                     joined->licences_size() < finding.licences_size());
  return is_clearer ? std::move(joined) : std::nullopt;
}

}  // namespace

std::string LicenceIdOf(const Licence& licence) {
  const bool is_scancode = licence.spdx.substr(0, 20) == "LicenseRef-scancode-";
  return std::string(is_scancode ? licence.key : licence.spdx);
}

Matcher::Matcher(const Corpus& corpus)
    : corpus_(corpus), names_(std::make_unique<NameIndex>(corpus)) {}
Matcher::~Matcher() = default;

v1::Finding Matcher::Identify(std::string_view bytes) const {
  const Decoded decoded = Decode(bytes);
  if (decoded.kind != ContentKind::kText) {
    v1::Finding finding;
    finding.set_status(v1::NONE);
    finding.set_reason(decoded.reason);
    return finding;
  }
  // A text that was decoded before and fills the limit may be the beginning of another.
  constexpr size_t kLongestCharacter = 4;
  const bool is_whole =
      decoded.note.empty() && decoded.text().size() + kLongestCharacter < kMaxDecodedBytes;
  v1::Finding finding = Identifier(corpus_, *names_, decoded.text(), is_whole).Run();
  auto joined = InTwoLanguages(corpus_, *names_, decoded.text(), is_whole, finding);
  if (joined) finding = *std::move(joined);
  if (!decoded.note.empty()) finding.set_reason(finding.reason() + "; " + decoded.note);
  return finding;
}

}  // namespace modelwatch::evaluator
