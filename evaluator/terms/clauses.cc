// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/clauses.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "absl/strings/ascii.h"
#include "evaluator/license/tokens.h"
#include "evaluator/terms/embedded.h"
#include "evaluator/terms/outcome_rules.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kMaxSentenceWords = 200;
constexpr size_t kMaxCitedBytes = 512;
constexpr size_t kMaxHits = 256;

struct Pattern {
  v1::ClausePattern row;
  std::unique_ptr<RE2> pattern, unless, number;
};

std::unique_ptr<RE2> Compile(const std::string& pattern) {
  if (pattern.empty()) return nullptr;
  RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(false);
  auto compiled = std::make_unique<RE2>(pattern, options);
  if (!compiled->ok()) {
    std::fprintf(stderr, "modelwatch: clause pattern does not compile: %s: %s\n", pattern.c_str(),
                 compiled->error().c_str());
    std::abort();
  }
  return compiled;
}

const std::vector<Pattern>& Patterns() {
  static const auto* patterns = [] {
    auto* made = new std::vector<Pattern>();
    const auto table = ParseEmbedded<v1::ClausePatternTable>(kClausesData);
    for (const v1::ClausePattern& row : table.clause()) {
      made->push_back({row, Compile(row.pattern()), Compile(row.unless()), Compile(row.number())});
    }
    return made;
  }();
  return *patterns;
}

// Whether the text between two words ends a sentence.
bool EndsSentence(std::string_view between) {
  size_t line_breaks = 0;
  for (size_t i = 0; i < between.size(); ++i) {
    const char c = between[i];
    const bool at_end = i + 1 >= between.size() ||
                        absl::ascii_isspace(static_cast<unsigned char>(between[i + 1])) ||
                        between[i + 1] == '"' || between[i + 1] == ')' || between[i + 1] == '*';
    if ((c == '.' || c == ';' || c == '!' || c == '?') && at_end) return true;
    if (c == '\n' && ++line_breaks >= 2) return true;
    if ((c == '*' || c == '-') && line_breaks > 0) return true;  // a list item
  }
  // Chinese full stop and semicolon.
  return between.find("\xE3\x80\x82") != std::string_view::npos ||
         between.find("\xEF\xBC\x9B") != std::string_view::npos;
}

std::string Collapse(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_space = absl::ascii_isspace(static_cast<unsigned char>(c));
    if (!is_space) {
      out.push_back(c);
    } else if (!out.empty() && out.back() != ' ') {
      out.push_back(' ');
    }
    if (out.size() >= kMaxCitedBytes) break;
  }
  while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0) == 0x80 &&
         out.size() >= kMaxCitedBytes) {
    out.pop_back();
  }
  return out;
}

double Magnitude(std::string_view word) {
  if (word == "thousand") return 1e3;
  if (word == "million") return 1e6;
  if (word == "billion") return 1e9;
  return 1;
}

// The first number that the row's number pattern finds: groups (number, magnitude) in pairs.
uint64_t NumberIn(const Pattern& pattern, const std::string& words) {
  if (pattern.number == nullptr) return 0;
  re2::StringPiece group[8];
  const int groups = std::min(7, pattern.number->NumberOfCapturingGroups());
  if (!pattern.number->Match(words, 0, words.size(), RE2::UNANCHORED, group, groups + 1)) return 0;
  double number = 0;
  for (int i = 1; i <= groups; ++i) {
    const std::string value(group[i].data(), group[i].size());
    if (value.empty()) continue;
    if (absl::ascii_isdigit(static_cast<unsigned char>(value[0]))) {
      number = std::strtod(value.c_str(), nullptr);
    } else {
      number *= Magnitude(value);
    }
  }
  const bool is_monthly = pattern.row.threshold() == "scale_revenue_usd" &&
                          words.find("monthly revenue") != std::string::npos;
  if (is_monthly) number *= 12;
  return number >= 1 && number < 1e15 ? static_cast<uint64_t>(number) : 0;
}

void Apply(const Pattern& pattern, const Sentence& sentence, Reading& reading) {
  v1::Dimensions& dimensions = reading.dimensions;
  int64_t value = pattern.row.value();
  // A threshold above which a name must be shown is a duty, not a licence.
  const bool is_duty = pattern.row.dimension() == "scale" &&
                       sentence.words.find("display") != std::string::npos &&
                       sentence.words.find("request a license") == std::string::npos;
  if (is_duty) value = 1;
  if (pattern.row.dimension() == "branding" && sentence.words.find(" if ") != std::string::npos &&
      dimensions.scale() == 1) {
    value = std::min<int64_t>(value, 2);
  }
  RaiseDimension(dimensions, pattern.row.dimension(), value);
  if (!pattern.row.threshold().empty()) {
    RaiseDimension(dimensions, pattern.row.threshold(),
                   static_cast<int64_t>(NumberIn(pattern, sentence.words)));
    if (dimensions.scale_effect().empty())
      dimensions.set_scale_effect(is_duty ? "brand" : "licence");
  }
  if (!pattern.row.region().empty()) {
    const auto& have = dimensions.regions();
    if (std::find(have.begin(), have.end(), pattern.row.region()) == have.end()) {
      dimensions.add_regions(pattern.row.region());
    }
  }
  if (reading.hits.size() < kMaxHits) {
    reading.hits.push_back(
        {pattern.row.id(), pattern.row.dimension(), sentence.line, sentence.original});
  }
}

std::string_view Group(std::string_view clause) { return clause.substr(0, clause.find('.')); }

}  // namespace

std::vector<Sentence> SplitSentences(std::string_view text) {
  const std::vector<Token> tokens = Tokenise(text);
  std::vector<Sentence> sentences;
  for (size_t begin = 0; begin < tokens.size();) {
    Sentence sentence;
    sentence.begin = begin;
    sentence.line = tokens[begin].line;
    size_t end = begin;
    do {
      if (end > begin) sentence.words += ' ';
      sentence.words += tokens[end].word;
      ++end;
    } while (
        end < tokens.size() && end - begin < kMaxSentenceWords &&
        !EndsSentence(text.substr(tokens[end - 1].end, tokens[end].begin - tokens[end - 1].end)));
    sentence.end = end;
    sentence.original =
        Collapse(text.substr(tokens[begin].begin, tokens[end - 1].end - tokens[begin].begin));
    sentences.push_back(std::move(sentence));
    begin = end;
  }
  return sentences;
}

Reading ReadClauses(const std::vector<Sentence>& sentences) {
  Reading reading;
  for (const Sentence& sentence : sentences) {
    for (const Pattern& pattern : Patterns()) {
      if (!RE2::PartialMatch(sentence.words, *pattern.pattern)) continue;
      if (pattern.unless != nullptr && RE2::PartialMatch(sentence.words, *pattern.unless)) continue;
      Apply(pattern, sentence, reading);
    }
  }
  return reading;
}

Reading ReadClauses(std::string_view text) { return ReadClauses(SplitSentences(text)); }

void CiteHits(v1::Terms& terms, const std::vector<ClauseHit>& hits, v1::FindingSource source,
              std::string_view path) {
  for (v1::Outcome& outcome : *terms.mutable_outcomes()) {
    for (v1::Because& because : *outcome.mutable_because()) {
      const auto same_id = std::find_if(hits.begin(), hits.end(), [&](const ClauseHit& hit) {
        return hit.id == because.clause();
      });
      const auto same_group = std::find_if(hits.begin(), hits.end(), [&](const ClauseHit& hit) {
        return Group(hit.id) == Group(because.clause());
      });
      const auto hit = same_id != hits.end() ? same_id : same_group;
      because.set_source(source);
      because.set_path(std::string(path));
      if (hit == hits.end()) continue;
      because.set_line(hit->line);
      because.set_text(hit->text);
    }
  }
}

}  // namespace modelwatch::evaluator
