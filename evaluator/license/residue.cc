// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/residue.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "evaluator/license/word_set.h"

namespace modelwatch::evaluator {
namespace {

// Words that can carry a permission, a duty or a ban. Stems match at the start of a word, so that
// inflections and near relatives in other European languages are caught as well.
constexpr std::string_view kTellingStems[] = {
    "academ",    "accept",    "acknowledg", "agree",    "allow",    "amend",    "annual",
    "approv",    "attribut",  "autoris",    "authoriz", "badge",    "ban",      "behalf",
    "benchmark", "brand",     "cannot",     "claus",    "compet",   "comply",   "condit",
    "consent",   "contract",  "country",    "credit",   "deriv",    "disallow", "disclos",
    "display",   "distill",   "distribut",  "educat",   "embargo",  "employ",   "enforce",
    "evaluat",   "except",    "exclu",      "exempt",   "fee",      "forbid",   "free",
    "govern",    "grant",     "harm",       "host",     "illegal",  "improve",  "indemn",
    "infring",   "interdit",  "jurisdic",   "kommerz",  "legal",    "liab",     "licens",
    "limit",     "militar",   "modif",      "monetiz",  "must",     "negotia",  "never",
    "nicht",     "non",       "obligat",    "obtain",   "only",     "output",   "owner",
    "paid",      "patent",    "pay",        "permi",    "person",   "polic",    "produc",
    "profit",    "prohib",    "proprietar", "provided", "purchas",  "purpose",  "recherch",
    "redistrib", "refus",     "regist",     "regul",    "reproduc", "requir",   "research",
    "reserv",    "restrict",  "resell",     "revenue",  "revo",     "right",    "royalt",
    "sanction",  "sell",      "shall",      "sold",     "solely",   "subject",  "sublicens",
    "subscri",   "supersede", "suspend",    "territor", "terminat", "train",    "uniquement",
    "unlawful",  "unless",    "verbot",     "vietat",   "warrant",  "weapon"};

constexpr std::string_view kTellingWords[] = {"no",
                                              "not",
                                              "nor",
                                              "may",
                                              "use",
                                              "used",
                                              "uses",
                                              "user",
                                              "users",
                                              "using",
                                              "usage",
                                              "commercial",
                                              "commercially",
                                              "noncommercial",
                                              "business",
                                              "company",
                                              "companies",
                                              "enterprise",
                                              "customer",
                                              "customers",
                                              "service",
                                              "services",
                                              "saas",
                                              "api",
                                              "ai",
                                              "model",
                                              "models",
                                              "weights",
                                              "dataset",
                                              "data",
                                              "software",
                                              "terms",
                                              "agreement",
                                              "without",
                                              "prior",
                                              "written",
                                              "permission",
                                              "monthly",
                                              "active",
                                              "million",
                                              "billion",
                                              "$",
                                              "%",
                                              "\xE2\x82\xAC",
                                              "eu",
                                              "european",
                                              "europe",
                                              "union",
                                              "wont",
                                              "dont",
                                              "should",
                                              "could",
                                              "can",
                                              "will",
                                              "cc",
                                              "nc",
                                              "nd"};

constexpr size_t kLetters = 26;

// A number for two letters; kLetters^2 for all that are no letters of ASCII.
size_t BeginningOf(std::string_view word) {
  const auto first = static_cast<size_t>(word[0] - 'a');
  const auto second = word.size() < 2 ? kLetters : static_cast<size_t>(word[1] - 'a');
  return first < kLetters && second < kLetters ? first * kLetters + second : kLetters * kLetters;
}

// Stems by their first two letters: most words are passed over at once.
using StemTable = std::array<std::vector<std::string_view>, kLetters * kLetters + 1>;

const StemTable& StemsByBeginning() {
  static const auto* by_beginning = [] {
    auto* table = new StemTable();
    for (const std::string_view stem : kTellingStems) (*table)[BeginningOf(stem)].push_back(stem);
    return table;
  }();
  return *by_beginning;
}

bool HasTellingStem(std::string_view word) {
  for (const std::string_view stem : StemsByBeginning()[BeginningOf(word)]) {
    if (word.substr(0, stem.size()) == stem) return true;
  }
  return word.size() > 5 && word.find("commer") != std::string_view::npos;
}

const WordSet& TellingWords() {
  static const auto* words = new WordSet(std::span<const std::string_view>(kTellingWords));
  return *words;
}

bool IsTelling(const std::string& word) {
  const bool is_foreign = std::any_of(word.begin(), word.end(),
                                      [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  return is_foreign || TellingWords().contains(word) || HasTellingStem(word);
}

// Words by which templates name their holder, free to be replaced by a name.
bool IsHolderWord(const std::string& word) {
  static const auto* words =
      new WordSet({"copyright",    "holder",     "holders", "author", "authors",      "contributor",
                   "contributors", "the",        "and",     "or",     "organization", "company",
                   "name",         "names",      "its",     "of",     "regents",      "university",
                   "california",   "owner",      "owners",  "inc",    "by",           "any",
                   "their",        "his",        "her",     "a",      "nor",          "other",
                   "project",      "foundation", "yyyy",    "year",   "years"});
  return words->contains(word);
}

// A filled blank or a holder's name: this many words at most.
constexpr size_t kMaxFillWords = 16;
// A neutral line that is not part of the licence: longer prose is always shown.
constexpr size_t kMaxInertWords = 40;

// A holder's name may be in any script, and may hold words like "research" or "AI" in it.
bool IsName(std::span<const Token> words) {
  if (words.size() > kMaxFillWords) return false;
  static const auto* never = new WordSet(
      {"not",        "no",        "only",          "must",       "shall",        "may",
       "except",     "unless",    "noncommercial", "commercial", "commercially", "permission",
       "prohibited", "forbidden", "solely",        "without",    "use",          "used",
       "users",      "purposes",  "purpose",       "restricted", "required",     "nor",
       "cannot",     "agree"});
  // Chinese and Japanese: forbid, not, only, must, permit, authorise; company names lack them.
  constexpr std::string_view kNeverInside[] = {
      "commercial",   "kommerz",      "comercial",    "prohib",       "interdit",
      "verboten",     "forbid",       "restrict",     "\xE7\xA6\x81", "\xE4\xB8\x8D",
      "\xE4\xBB\x85", "\xE5\x8F\xAA", "\xE9\xA1\xBB", "\xE9\x9D\x9E", "\xE8\xAE\xB8",
      "\xE6\x8E\x88", "\xE5\x8B\xBF"};
  const auto forbids = [&](const std::string& word) {
    return std::any_of(std::begin(kNeverInside), std::end(kNeverInside),
                       [&](std::string_view part) { return word.find(part) != std::string::npos; });
  };
  return std::none_of(words.begin(), words.end(), [&](const Token& token) {
    if (forbids(token.word)) return true;
    const bool is_ideograph = static_cast<unsigned char>(token.word[0]) >= 0xE2;
    return never->contains(token.word) || (is_ideograph && words.size() > 8);
  });
}

// Heading words: a title repeats the licence's name and nothing else.
bool IsHeadingWord(const std::string& word) {
  static const auto* words = new WordSet(
      {"license", "licenses", "agreement", "terms",      "conditions", "version", "the",  "public",
       "general", "of",       "and",       "identifier", "spdx",       "http",    "www",  "org",
       "com",     "github",   "for",       "this",       "software",   "model",   "code", "weights",
       "project", "notice",   "copyright", "file",       "community",  "model's"});
  return words->contains(word);
}

bool AllMarked(std::span<const Token> words, uint8_t marks) {
  return std::all_of(words.begin(), words.end(),
                     [&](const Token& token) { return (token.marks & marks) != 0; });
}

bool IsHeading(std::span<const Token> words) {
  if (words.size() > kMaxInertWords) return false;
  return std::all_of(words.begin(), words.end(), [](const Token& token) {
    return IsHeadingWord(token.word) || !IsTelling(token.word);
  });
}

// What a copyright statement says, without "all rights reserved".
std::vector<Token> StatementsIn(std::span<const Token> words) {
  std::vector<Token> statements;
  for (size_t i = 0; i < words.size(); ++i) {
    if ((words[i].marks & kCopyrightMark) == 0) continue;
    if (words[i].word == "all" && i + 2 < words.size() && words[i + 1].word == "rights") {
      i += 2;
    } else {
      statements.push_back(words[i]);
    }
  }
  return statements;
}

// Names a holder, not just the words around one.
bool NamesHolder(std::span<const Token> words) {
  static const auto* nouns =
      new WordSet({"copyright", "holder", "holders", "author", "authors", "contributor",
                   "contributors", "organization", "company", "regents", "university", "name",
                   "names", "project", "foundation", "yyyy", "year"});
  return std::any_of(words.begin(), words.end(),
                     [](const Token& token) { return nouns->contains(token.word); });
}

bool AreArticles(std::span<const Token> words) {
  return std::all_of(words.begin(), words.end(), [](const Token& token) {
    return token.word == "a" || token.word == "an" || token.word == "the";
  });
}

// The added words fill lines of their own: words put into a sentence are never without effect.
bool IsStandalone(std::span<const Token> text, const Hunk& hunk) {
  const bool opens = hunk.b_begin == 0 || text[hunk.b_begin - 1].line < text[hunk.b_begin].line;
  const bool closes =
      hunk.b_end == text.size() || text[hunk.b_end].line > text[hunk.b_end - 1].line;
  return opens && closes;
}

// "b", "ii": what is left of list marks when a list was set anew.
bool AreListMarks(std::span<const Token> words) {
  return std::all_of(words.begin(), words.end(), [](const Token& token) {
    return token.word.size() == 1 ? absl::ascii_isalpha(static_cast<unsigned char>(token.word[0]))
                                  : token.word.find_first_not_of("ivx") == std::string::npos;
  });
}

bool IsNeutral(std::span<const Token> missing, std::span<const Token> text, const Hunk& hunk) {
  const auto added = text.subspan(hunk.b_begin, hunk.b_end - hunk.b_begin);
  constexpr uint8_t kFree = kSlotMark | kCopyrightMark | kTitleMark | kOptionalMark;
  if (AreArticles(missing) && AreArticles(added)) return true;
  if (AreListMarks(missing) && AreListMarks(added)) return true;
  // A page that moved. What it says is another text, compared when it is fetched.
  if (AllMarked(missing, kLinkMark) && AllMarked(added, kLinkMark)) return true;
  if (!missing.empty() && !AllMarked(missing, kFree)) {
    // Not a blank, yet a place where a holder is named: "the copyright holders" -> "The FreeBSD
    // Project".
    const bool is_holder = std::all_of(missing.begin(), missing.end(), [](const Token& token) {
      return (token.marks & kFree) != 0 || IsHolderWord(token.word);
    });
    return is_holder && NamesHolder(missing) && !added.empty() && IsName(added) && IsInert(added);
  }
  if (added.empty()) return true;
  if (!missing.empty() && AllMarked(missing, kSlotMark | kCopyrightMark) && IsName(added))
    return true;
  if (!missing.empty() && AllMarked(missing, kTitleMark) && IsHeading(added)) return true;
  const bool is_statement = AllMarked(added, kCopyrightMark);
  return (is_statement || IsStandalone(text, hunk)) &&
         SaysNothing(added, hunk.b_begin == 0 || hunk.a_begin == 0);
}

bool IsMissingNeutral(std::span<const Token> missing) {
  return AllMarked(missing, kSlotMark | kCopyrightMark | kTitleMark | kOptionalMark);
}

}  // namespace

bool IsInert(std::span<const Token> words) {
  if (words.size() > kMaxInertWords) return false;
  return std::none_of(words.begin(), words.end(), [](const Token& token) {
    return (token.marks & kAddressMark) == 0 && IsTelling(token.word);
  });
}

bool SaysNothing(std::span<const Token> words, bool is_top) {
  const bool has_statement = std::any_of(words.begin(), words.end(), [](const Token& token) {
    return (token.marks & kCopyrightMark) != 0;
  });
  if (!has_statement) return words.empty() || IsInert(words) || (is_top && IsHeading(words));
  // A clause does not become neutral by standing in a copyright line.
  const std::vector<Token> statements = StatementsIn(words);
  if (statements.size() <= kMaxFillWords ? !IsName(statements) : !IsInert(statements)) return false;
  std::vector<Token> rest;
  for (const Token& token : words) {
    if ((token.marks & kCopyrightMark) == 0) rest.push_back(token);
  }
  return rest.empty() || IsInert(rest) || (is_top && IsHeading(rest));
}

size_t WeightOf(std::span<const Token> words) {
  static const auto* naming =
      new WordSet({"lesser", "library", "affero",      "general",   "documentation", "mozilla",
                   "apache", "eclipse", "educational", "community", "attribution",   "sharealike",
                   "share",  "alike",   "clause",      "classpath", "linking",       "exception",
                   "later",  "version", "invariant"});
  constexpr size_t kHeavy = 4;
  size_t weight = 0;
  for (const Token& token : words) {
    const bool has_digit = token.word.find_first_of("0123456789") != std::string::npos;
    weight += has_digit || naming->contains(token.word) || IsTelling(token.word) ? kHeavy : 1;
  }
  return weight;
}

bool IsLegalWord(std::string_view word) {
  static const auto* words = new WordSet(
      {"license",         "licenses",        "licensed",     "licensor",     "licensee",
       "agreement",       "warranty",        "warranties",   "liability",    "liable",
       "grant",           "granted",         "grants",       "herein",       "hereby",
       "thereof",         "hereunder",       "copyright",    "redistribute", "redistribution",
       "redistributions", "sublicense",      "royalty",      "terminate",    "termination",
       "indemnify",       "permitted",       "prohibited",   "terms",        "conditions",
       "shall",           "merchantability", "fitness",      "damages",      "permission",
       "distribute",      "distribution",    "derivative",   "derivatives",  "rights",
       "restrictions",    "\xE8\xAE\xB8",    "\xE5\x8D\x8F", "\xE6\x9D\x83", "\xE6\x8E\x88",
       "\xE6\xAC\xBE"});
  return words->contains(word);
}

ResidueHunk JudgeHunk(std::span<const Token> missing, std::span<const Token> text,
                      const Hunk& hunk) {
  return {hunk, IsNeutral(missing, text, hunk), IsMissingNeutral(missing)};
}

std::vector<ResidueHunk> JudgeResidue(std::span<const Token> base, std::span<const Token> text,
                                      const std::vector<Hunk>& hunks) {
  std::vector<ResidueHunk> judged;
  judged.reserve(hunks.size());
  for (const Hunk& hunk : hunks) {
    judged.push_back(JudgeHunk(base.subspan(hunk.a_begin, hunk.a_end - hunk.a_begin), text, hunk));
  }
  return judged;
}

}  // namespace modelwatch::evaluator
