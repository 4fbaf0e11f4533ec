// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/corpus_writer.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "evaluator/license/corpus.h"
#include "evaluator/license/expression.h"
#include "evaluator/license/optional_parts.h"
#include "evaluator/license/tokens.h"
#include "modelwatch/v1/assessment.pb.h"

namespace modelwatch::evaluator {
namespace {

namespace format = corpus_format;

// A gram of more patterns than this tells nothing about which one it is.
constexpr size_t kMaxGramPatterns = 900;

std::string Lower(std::string_view text) { return absl::AsciiStrToLower(std::string(text)); }

class Writer {
 public:
  explicit Writer(const v1::Corpus& built) : built_(built) {}

  std::string Run() {
    AddLicences();
    AddPatterns();
    AddWords();
    AddTokens();
    AddIds();
    SortPatterns();
    IndexGrams();
    IndexDigests();
    return Assemble();
  }

 private:
  struct Draft {
    std::vector<Token> tokens;
    std::vector<WordId> words;
    format::PatternRow row;
    int rank = 0;  // of patterns with the same words the lowest stands
  };

  format::StringRow Put(std::string_view text) {
    const auto at = placed_.find(std::string(text));
    if (at != placed_.end()) return at->second;
    const format::StringRow row{static_cast<uint32_t>(strings_.size()),
                                static_cast<uint32_t>(text.size())};
    strings_ += text;
    placed_.emplace(std::string(text), row);
    return row;
  }

  void AddLicences() {
    for (const std::string& source : built_.sources()) names_.push_back(Put(source));
    for (const v1::CorpusLicence& licence : built_.licences()) {
      format::LicenceRow row;
      row.key = Put(licence.key());
      row.spdx = Put(licence.spdx());
      row.name = Put(licence.name());
      row.category = Put(licence.category());
      row.text = Put(licence.text());
      row.other_begin = static_cast<uint32_t>(names_.size());
      row.other_count = static_cast<uint32_t>(licence.other_spdx_size());
      for (const std::string& other : licence.other_spdx()) names_.push_back(Put(other));
      row.flags = (licence.is_exception() ? format::kIsException : 0U) |
                  (licence.is_deprecated() ? format::kIsDeprecated : 0U) |
                  (licence.is_generic() ? format::kIsGeneric : 0U);
      row.pattern = kNone;
      keys_.emplace(licence.key(), static_cast<uint32_t>(licences_.size()));
      licences_.push_back(row);
    }
  }

  void AddPatterns() {
    for (int i = 0; i < built_.licences_size(); ++i) {
      const v1::CorpusLicence& licence = built_.licences(i);
      v1::CorpusPattern own;
      own.set_expression(licence.key());
      own.set_kind(v1::PATTERN_TEXT);
      own.set_text(licence.text());
      own.set_relevance(100);
      const uint32_t at = AddPattern(own, static_cast<uint32_t>(i));
      if (at != kNone) licences_[static_cast<size_t>(i)].pattern = at;
    }
    for (const v1::CorpusPattern& pattern : built_.patterns()) AddPattern(pattern, kNone);
  }

  uint32_t AddPattern(const v1::CorpusPattern& pattern, uint32_t licence) {
    Draft draft;
    draft.tokens = Tokenise(pattern.text());
    if (draft.tokens.empty()) return kNone;
    if (pattern.kind() == v1::PATTERN_TEXT) {
      MarkOptionalParts(draft.tokens);
      MarkName(pattern.expression(), draft.tokens);
    } else {
      // Only a text has a title: in a notice the first line is what counts.
      for (Token& token : draft.tokens) token.marks &= static_cast<uint8_t>(~kTitleMark);
    }
    draft.row.expression = kNone;
    if (pattern.kind() != v1::PATTERN_FALSE_POSITIVE) {
      draft.row.expression = AddExpression(pattern.expression());
      if (draft.row.expression == kNone) return kNone;  // names a licence that is not there
    }
    draft.row.kind = static_cast<uint8_t>(pattern.kind());
    draft.row.flags = static_cast<uint8_t>((pattern.is_continuous() ? format::kIsContinuous : 0U) |
                                           (licence != kNone ? format::kIsLicenceText : 0U) |
                                           (pattern.is_listed() ? format::kIsListed : 0U));
    draft.row.relevance = static_cast<uint8_t>(std::min<uint32_t>(pattern.relevance(), 100));
    draft.row.minimum_coverage =
        static_cast<uint8_t>(std::min<uint32_t>(pattern.minimum_coverage(), 100));
    draft.row.licence = licence;
    draft.rank = pattern.is_listed() ? 0 : licence != kNone ? 1 : 2;
    drafts_.push_back(std::move(draft));
    return static_cast<uint32_t>(drafts_.size() - 1);
  }

  // A licence's name above its text is a title, whatever its words.
  void MarkName(const std::string& key, std::vector<Token>& tokens) const {
    const auto licence = keys_.find(key);
    if (licence == keys_.end()) return;
    const std::vector<Token> name =
        Tokenise(built_.licences(static_cast<int>(licence->second)).name());
    if (name.empty() || name.size() >= tokens.size()) return;
    for (size_t i = 0; i < name.size(); ++i) {
      if (tokens[i].word != name[i].word || tokens[i].line != tokens[0].line) return;
    }
    if (tokens[name.size()].line == tokens[0].line) return;
    for (size_t i = 0; i < name.size(); ++i) tokens[i].marks |= kTitleMark;
  }

  uint32_t AddExpression(const std::string& keys) {
    const auto known = expression_ids_.find(keys);
    if (known != expression_ids_.end()) return known->second;
    const auto parsed = ParseExpression(keys);
    format::ExpressionRow row;
    row.begin = static_cast<uint32_t>(terms_.size());
    Expression spdx;
    const bool is_known = parsed.ok() && AddTerms(*parsed, v1::PRIMARY, spdx);
    if (!is_known) {
      terms_.resize(row.begin);
      expression_ids_.emplace(keys, kNone);
      return kNone;
    }
    row.count = static_cast<uint32_t>(terms_.size()) - row.begin;
    row.spdx = Put(FormatExpression(spdx));
    const auto id = static_cast<uint32_t>(expressions_.size());
    expressions_.push_back(row);
    expression_ids_.emplace(keys, id);
    return id;
  }

  bool AddTerm(const std::string& key, uint32_t role, std::string& spdx) {
    const auto at = keys_.find(key);
    if (at == keys_.end()) return false;
    terms_.push_back({at->second, role});
    spdx = built_.licences(static_cast<int>(at->second)).spdx();
    return true;
  }

  bool AddTerms(const Expression& expression, uint32_t role, Expression& spdx) {
    spdx.kind = expression.kind;
    if (expression.kind == Expression::Kind::kLicence) {
      return AddTerm(expression.licence, role, spdx.licence) &&
             (expression.exception.empty() ||
              AddTerm(expression.exception, v1::EXCEPTION, spdx.exception));
    }
    const uint32_t inner =
        expression.kind == Expression::Kind::kOr ? static_cast<uint32_t>(v1::ALTERNATIVE) : role;
    for (const Expression& part : expression.parts) {
      if (!AddTerms(part, inner, spdx.parts.emplace_back())) return false;
    }
    return true;
  }

  void AddWords() {
    std::set<std::string_view> all;
    for (const Draft& draft : drafts_) {
      for (const Token& token : draft.tokens) all.insert(token.word);
    }
    words_.reserve(all.size());
    word_table_.resize(std::bit_ceil(std::max<size_t>(16, all.size() * 2)));
    const size_t mask = word_table_.size() - 1;
    for (const std::string_view word : all) {
      const auto id = static_cast<WordId>(words_.size());
      words_.push_back(Put(word));
      word_ids_.emplace(std::string(word), id);
      size_t at = HashWord(word) & mask;
      while (word_table_[at].size != 0) at = (at + 1) & mask;
      word_table_[at] = {HeadOfWord(word), id, static_cast<uint32_t>(word.size())};
    }
  }

  void AddTokens() {
    for (Draft& draft : drafts_) {
      draft.row.begin = static_cast<uint32_t>(tokens_.size());
      draft.row.size = static_cast<uint32_t>(draft.tokens.size());
      for (const Token& token : draft.tokens) {
        draft.words.push_back(word_ids_.at(token.word));
        tokens_.push_back(draft.words.back());
        marks_.push_back(token.marks);
      }
      draft.tokens.clear();
    }
  }

  // Own keys first, then SPDX ids, then other ids: an earlier claim to a name stands.
  void AddIds() {
    std::map<std::string, uint32_t> ids;
    for (int i = 0; i < built_.licences_size(); ++i) {
      ids.try_emplace(Lower(built_.licences(i).key()), static_cast<uint32_t>(i));
    }
    for (const bool deprecated : {false, true}) {
      for (int i = 0; i < built_.licences_size(); ++i) {
        const v1::CorpusLicence& licence = built_.licences(i);
        if (licence.is_deprecated() == deprecated && !licence.spdx().empty()) {
          ids.try_emplace(Lower(licence.spdx()), static_cast<uint32_t>(i));
        }
      }
    }
    for (int i = 0; i < built_.licences_size(); ++i) {
      for (const std::string& other : built_.licences(i).other_spdx()) {
        ids.try_emplace(Lower(other), static_cast<uint32_t>(i));
      }
    }
    // "BSL-1.0" is Boost to SPDX and "bsl-1.0" another licence to ScanCode: where both claim a name
    // in lower case, the SPDX id as written is a name of its own.
    for (int i = 0; i < built_.licences_size(); ++i) {
      const v1::CorpusLicence& licence = built_.licences(i);
      const auto claimed = ids.find(Lower(licence.spdx()));
      if (claimed == ids.end() || licence.is_deprecated()) continue;
      if (claimed->second != static_cast<uint32_t>(i)) {
        ids.try_emplace(licence.spdx(), static_cast<uint32_t>(i));
      }
    }
    for (const auto& [id, licence] : ids) ids_.push_back({Put(id), licence});
  }

  void SortPatterns() {
    singles_.assign(words_.size(), 0);
    for (uint32_t i = 0; i < drafts_.size(); ++i) {
      if (drafts_[i].words.size() > 1) sorted_.push_back(i);
      if (drafts_[i].words.size() != 1) continue;
      uint32_t& single = singles_[drafts_[i].words[0]];
      if (single == 0) single = i + 1;
    }
    std::stable_sort(sorted_.begin(), sorted_.end(), [&](uint32_t a, uint32_t b) {
      return std::tie(drafts_[a].words, drafts_[a].rank) <
             std::tie(drafts_[b].words, drafts_[b].rank);
    });
    sorted_.erase(
        std::unique(sorted_.begin(), sorted_.end(),
                    [&](uint32_t a, uint32_t b) { return drafts_[a].words == drafts_[b].words; }),
        sorted_.end());
    prefixes_.assign(sorted_.size(), 0);
    std::vector<uint32_t> open;  // places whose words begin the current one, shortest first
    std::vector<format::PairRow> pairs;
    for (uint32_t i = 0; i < sorted_.size(); ++i) {
      const std::vector<WordId>& words = drafts_[sorted_[i]].words;
      heads_.push_back(HeadOf(words));
      while (!open.empty() && !Begins(drafts_[sorted_[open.back()]].words, words)) open.pop_back();
      if (!open.empty()) prefixes_[i] = open.back() + 1;
      open.push_back(i);
      if (pairs.empty() || pairs.back().first != words[0] || pairs.back().second != words[1]) {
        pairs.push_back({words[0], words[1], i, i});
      }
      pairs.back().end = i + 1;
    }
    pairs_.resize(std::bit_ceil(std::max<size_t>(16, pairs.size() * 2)));
    for (const format::PairRow& pair : pairs) {
      size_t at = HashPair(pair.first, pair.second) & (pairs_.size() - 1);
      while (pairs_[at].first != kNone) at = (at + 1) & (pairs_.size() - 1);
      pairs_[at] = pair;
    }
  }

  static bool Begins(const std::vector<WordId>& start, const std::vector<WordId>& words) {
    return start.size() <= words.size() && std::equal(start.begin(), start.end(), words.begin());
  }

  void IndexGrams() {
    std::map<uint64_t, std::vector<uint32_t>> with;
    for (const uint32_t i : sorted_) {
      const Draft& draft = drafts_[i];
      // A continuous pattern is found word by word or not at all.
      if ((draft.row.flags & format::kIsContinuous) != 0) continue;
      if (draft.row.kind == v1::PATTERN_FALSE_POSITIVE) continue;
      const uint64_t mask = GramMask(draft.words.size());
      for (size_t at = 0; at + kPatternGramWords <= draft.words.size(); ++at) {
        const uint64_t gram = GramOf(&draft.words[at]);
        if ((gram & mask) != 0) continue;
        std::vector<uint32_t>& patterns = with[gram];
        if (patterns.empty() || patterns.back() != i) patterns.push_back(i);
      }
    }
    size_t kept = 0;
    for (const auto& [gram, patterns] : with) kept += patterns.size() <= kMaxGramPatterns;
    grams_.resize(std::bit_ceil(std::max<size_t>(16, kept * 2)));
    for (auto& [gram, patterns] : with) {
      if (patterns.size() > kMaxGramPatterns) continue;
      size_t at = (gram >> 8) & (grams_.size() - 1);
      while (grams_[at].gram != 0) at = (at + 1) & (grams_.size() - 1);
      grams_[at] = {gram, static_cast<uint32_t>(gram_patterns_.size()),
                    static_cast<uint32_t>(patterns.size())};
      std::sort(patterns.begin(), patterns.end());
      for (const uint32_t pattern : patterns) {
        gram_patterns_.push_back(pattern);
        ++drafts_[pattern].row.grams;
      }
    }
  }

  void IndexDigests() {
    for (uint32_t i = 0; i < drafts_.size(); ++i) {
      Pattern pattern;
      pattern.words = drafts_[i].words;
      pattern.marks = std::span(marks_).subspan(drafts_[i].row.begin, drafts_[i].row.size);
      if (drafts_[i].row.kind != v1::PATTERN_TEXT) continue;
      const std::vector<WordId> core = CoreWords(pattern);
      if (!core.empty()) digests_.push_back({StreamDigest(core), i, 0});
    }
    std::sort(digests_.begin(), digests_.end(), [](const auto& a, const auto& b) {
      return a.digest != b.digest ? a.digest < b.digest : a.pattern < b.pattern;
    });
  }

  template <typename Row>
  void Append(std::string& out, format::Header& header, format::Section which,
              const std::vector<Row>& rows) {
    out.resize((out.size() + 7) / 8 * 8, '\0');
    header.sections[static_cast<uint32_t>(which)] = {out.size(), rows.size() * sizeof(Row)};
    if (rows.empty()) return;
    out.append(reinterpret_cast<const char*>(rows.data()), rows.size() * sizeof(Row));
  }

  std::string Assemble() {
    format::Header header = {};
    std::memcpy(header.magic, format::kMagic, sizeof(header.magic));
    header.format = format::kFormat;
    header.tokeniser = kTokeniserVersion;
    header.source_count = static_cast<uint32_t>(built_.sources_size());
    std::memset(header.version, '0', sizeof(header.version));
    std::memcpy(header.version, built_.version().data(),
                std::min(built_.version().size(), sizeof(header.version)));
    std::string out(sizeof(header), '\0');
    using S = format::Section;
    Append(out, header, S::kStrings, std::vector<char>(strings_.begin(), strings_.end()));
    Append(out, header, S::kNames, names_);
    Append(out, header, S::kLicences, licences_);
    Append(out, header, S::kIds, ids_);
    Append(out, header, S::kWords, words_);
    Append(out, header, S::kWordTable, word_table_);
    Append(out, header, S::kTokens, tokens_);
    Append(out, header, S::kMarks, marks_);
    std::vector<format::PatternRow> rows;
    for (const Draft& draft : drafts_) rows.push_back(draft.row);
    Append(out, header, S::kPatterns, rows);
    Append(out, header, S::kExpressions, expressions_);
    Append(out, header, S::kTerms, terms_);
    Append(out, header, S::kSorted, sorted_);
    Append(out, header, S::kHeads, heads_);
    Append(out, header, S::kPrefixes, prefixes_);
    Append(out, header, S::kPairTable, pairs_);
    Append(out, header, S::kSingles, singles_);
    Append(out, header, S::kGramTable, grams_);
    Append(out, header, S::kGramPatterns, gram_patterns_);
    Append(out, header, S::kDigests, digests_);
    header.bytes = out.size();
    header.checksum = ChecksumOf(header, out);
    std::memcpy(out.data(), &header, sizeof(header));
    return out;
  }

  const v1::Corpus& built_;
  std::string strings_;
  absl::flat_hash_map<std::string, format::StringRow> placed_;
  absl::flat_hash_map<std::string, uint32_t> keys_, expression_ids_;
  absl::flat_hash_map<std::string, WordId> word_ids_;
  std::vector<Draft> drafts_;
  std::vector<format::StringRow> names_, words_;
  std::vector<format::LicenceRow> licences_;
  std::vector<format::IdRow> ids_;
  std::vector<format::WordSlot> word_table_;
  std::vector<uint64_t> heads_;
  std::vector<uint32_t> tokens_, sorted_, prefixes_, singles_, gram_patterns_;
  std::vector<uint8_t> marks_;
  std::vector<format::ExpressionRow> expressions_;
  std::vector<format::TermRow> terms_;
  std::vector<format::PairRow> pairs_;
  std::vector<format::GramRow> grams_;
  std::vector<format::DigestRow> digests_;
};

}  // namespace

uint64_t ChecksumOf(format::Header header, std::string_view file) {
  header.checksum = 0;
  const uint64_t of_header = XXH3_64bits(&header, sizeof(header));
  const std::string_view rest = file.substr(sizeof(header));
  return XXH3_64bits_withSeed(rest.data(), rest.size(), of_header);
}

uint64_t HashWord(std::string_view word) { return XXH3_64bits(word.data(), word.size()); }

std::string EncodeCorpus(const v1::Corpus& built) { return Writer(built).Run(); }

}  // namespace modelwatch::evaluator
