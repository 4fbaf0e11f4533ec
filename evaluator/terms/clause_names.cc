// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/clause_names.h"

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "evaluator/license/tokens.h"
#include "evaluator/terms/clauses.h"
#include "evaluator/terms/embedded.h"
#include "evaluator/terms/literals.h"
#include "modelwatch/v1/judging.pb.h"

namespace modelwatch::evaluator {
namespace {

// A sentence is the residue's when one of so many of its words is.
constexpr size_t kResidueShare = 4;
// A span's line and its place in the text differ by no more than this many tokens of search.
constexpr size_t kMaxSearch = 1 << 16;

RE2::Options MatchOnly() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);
  options.set_max_mem(64 << 20);
  return options;
}

// The table is embedded: a bug of the build.
[[noreturn]] void AbortOn(const std::string& pattern) {
  std::fprintf(stderr, "modelwatch: clause name pattern does not compile: %s\n", pattern.c_str());
  std::abort();
}

std::unique_ptr<RE2> Compile(const std::string& pattern) {
  if (pattern.empty()) return nullptr;
  auto compiled = std::make_unique<RE2>(pattern, MatchOnly());
  if (!compiled->ok()) AbortOn(pattern);
  return compiled;
}

struct Name {
  std::string id;
  const RE2* pattern = nullptr;  // of the filter
  std::unique_ptr<RE2> unless;
  size_t force = 0;  // 0: none is needed
};

// Which rows may match a sentence, by the strings that each pattern cannot match without: a
// sentence has those of four rows of 118, and the patterns of the others need not run.
class RowFilter {
 public:
  explicit RowFilter(const v1::ClausePatternTable& table) : patterns_(kMinAtomBytes) {
    for (int row = 0; row < table.clause_size(); ++row) {
      const std::string& pattern = table.clause(row).pattern();
      int id = 0;
      if (pattern.empty() || patterns_.Add(pattern, MatchOnly(), &id) != RE2::NoError) {
        AbortOn(pattern);
      }
    }
    std::vector<std::string> atoms;
    patterns_.Compile(&atoms);
    atoms_ = std::make_unique<Literals>(atoms);
  }

  [[nodiscard]] const RE2& PatternOf(int row) const { return patterns_.GetRE2(row); }

  // Ascending. REQUIRES: words in lower case.
  [[nodiscard]] std::vector<int> MayMatch(const std::string& words) const {
    std::vector<int> rows;
    patterns_.AllPotentials(atoms_->FindIn(words), &rows);
    std::sort(rows.begin(), rows.end());
    return rows;
  }

 private:
  // Shorter strings are in most sentences; longer ones leave more patterns without any.
  static constexpr int kMinAtomBytes = 2;

  re2::FilteredRE2 patterns_;
  std::unique_ptr<Literals> atoms_;
};

struct Names {
  explicit Names(const v1::ClausePatternTable& table) : filter(table) {}

  RowFilter filter;
  std::vector<Name> rows;
  std::vector<std::unique_ptr<RE2>> forces;  // the first is empty
  std::unique_ptr<RE2> unless;
};

const Names& Table() {
  static const auto* names = [] {
    const auto table = ParseEmbedded<v1::ClausePatternTable>(kClauseNamesData);
    auto* made = new Names(table);
    std::map<std::string, size_t> force_of = {{"", 0}};
    made->forces.push_back(nullptr);
    for (const v1::ClauseForce& force : table.force()) {
      force_of[force.id()] = made->forces.size();
      made->forces.push_back(Compile(force.pattern()));
    }
    for (int i = 0; i < table.clause_size(); ++i) {
      const v1::ClausePattern& row = table.clause(i);
      made->rows.push_back(
          {row.id(), &made->filter.PatternOf(i), Compile(row.unless()), force_of.at(row.force())});
    }
    made->unless = Compile(table.unless());
    return made;
  }();
  return *names;
}

bool Matches(const RE2* pattern, const std::string& words) {
  return pattern != nullptr && RE2::PartialMatch(words, *pattern);
}

std::string NameOf(std::string_view text) {
  for (const Sentence& sentence : SplitSentences(text)) {
    std::string name = NameOfSentence(sentence.words);
    if (!name.empty()) return name;
  }
  return {};
}

// [begin, end) of the text's tokens.
using Range = std::pair<size_t, size_t>;

// Where the span's words stand in the text: at its line, else nowhere.
Range PlaceOf(const v1::ResidueSpan& span, const std::vector<Token>& tokens) {
  const std::vector<Token> words = Tokenise(span.text());
  if (words.empty()) return {0, 0};
  const auto first =
      std::lower_bound(tokens.begin(), tokens.end(), span.line(),
                       [](const Token& token, uint32_t line) { return token.line < line; });
  const size_t begin = static_cast<size_t>(first - tokens.begin());
  const size_t stop = std::min(tokens.size(), begin + kMaxSearch);
  for (size_t at = begin; at + words.size() <= stop && tokens[at].line <= span.line() + 1; ++at) {
    const auto same = [](const Token& a, const Token& b) { return a.word == b.word; };
    if (std::equal(words.begin(), words.end(), tokens.begin() + static_cast<std::ptrdiff_t>(at),
                   same)) {
      return {at, at + words.size()};
    }
  }
  return {0, 0};
}

size_t Overlap(const Range& range, const Sentence& sentence) {
  const size_t begin = std::max(range.first, sentence.begin);
  const size_t end = std::min(range.second, sentence.end);
  return begin < end ? end - begin : 0;
}

// Names the nameless added spans by the sentences they lie in.
void NameBySentence(v1::Finding& finding, std::string_view text) {
  const std::vector<Token> tokens = Tokenise(text);
  const std::vector<Sentence> sentences = SplitSentences(text);
  std::vector<Range> places;
  std::vector<size_t> added(sentences.size(), 0);  // words of the sentence that are residue
  const auto first_of = [&](const Range& range) {
    const auto at = std::upper_bound(
        sentences.begin(), sentences.end(), range.first,
        [](size_t token, const Sentence& sentence) { return token < sentence.end; });
    return static_cast<size_t>(at - sentences.begin());
  };
  const auto each_sentence = [&](const Range& range, const auto& visit) {
    for (size_t i = first_of(range); i < sentences.size() && sentences[i].begin < range.second; ++i)
      visit(i);
  };
  for (const v1::ResidueSpan& span : finding.added()) {
    const Range range = PlaceOf(span, tokens);
    each_sentence(range, [&](size_t i) { added[i] += Overlap(range, sentences[i]); });
    places.push_back(range);
  }
  std::map<size_t, std::string> name_of;
  for (int s = 0; s < finding.added_size(); ++s) {
    v1::ResidueSpan& span = *finding.mutable_added(s);
    if (!span.clause().empty()) continue;
    each_sentence(places[static_cast<size_t>(s)], [&](size_t i) {
      const size_t words = sentences[i].end - sentences[i].begin;
      if (!span.clause().empty() || added[i] * kResidueShare < words) return;
      const auto [at, is_new] = name_of.try_emplace(i);
      if (is_new) at->second = NameOfSentence(sentences[i].words);
      span.set_clause(at->second);
    });
  }
}

// "You must not use, modify or distribute it for ..." lists what is done with a work, and then says
// what the clause is about.
bool IsOfAnyUse(const std::string& id) {
  return id == "derivatives.banned" || id == "redistribution.banned";
}

std::string NameInTable(const std::string& words) {
  const Names& names = Table();
  if (Matches(names.unless.get(), words)) return {};
  std::vector<int> has_force(names.forces.size(), -1);
  has_force[0] = 1;
  for (const int row : names.filter.MayMatch(words)) {
    const Name& name = names.rows[static_cast<size_t>(row)];
    int& force = has_force[name.force];
    if (force < 0) force = Matches(names.forces[name.force].get(), words) ? 1 : 0;
    if (force == 0 || !Matches(name.pattern, words) || Matches(name.unless.get(), words)) continue;
    return name.id;
  }
  return {};
}

}  // namespace

std::string NameOfSentence(const std::string& words) {
  Sentence sentence;
  sentence.words = words;
  const Reading reading = ReadClauses(std::vector<Sentence>{sentence});
  for (const ClauseHit& hit : reading.hits) {
    if (hit.is_certain && !IsOfAnyUse(hit.id)) return hit.id;
  }
  std::string name = NameInTable(words);
  if (reading.hits.empty() || (!name.empty() && name.rfind("use.", 0) != 0)) return name;
  return reading.hits.front().id;
}

void NameClauses(v1::Finding& finding, std::string_view text) {
  bool has_nameless = false;
  for (v1::ResidueSpan& span : *finding.mutable_added()) {
    span.set_clause(NameOf(span.text()));
    has_nameless = has_nameless || span.clause().empty();
  }
  for (v1::ResidueSpan& span : *finding.mutable_missing()) span.set_clause(NameOf(span.text()));
  if (has_nameless) NameBySentence(finding, text);
}

}  // namespace modelwatch::evaluator
