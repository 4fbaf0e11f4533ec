// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/residue.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "evaluator/license/telling_words.h"
#include "evaluator/license/word_set.h"

namespace modelwatch::evaluator {
namespace {

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
      {"not",        "no",         "only",          "must",       "shall",        "may",
       "except",     "unless",     "noncommercial", "commercial", "commercially", "permission",
       "prohibited", "forbidden",  "solely",        "without",    "use",          "used",
       "users",      "purposes",   "purpose",       "restricted", "required",     "nor",
       "cannot",     "agree",      "personal",      "private",    "persons",      "hobbyists",
       "resale",     "evaluation", "trial",         "until",      "expires",      "companies",
       "students",   "excluded",   "void",          "pay",        "paid"});
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
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i].word == "free" && words[i + 1].word == "for") return false;
  }
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

// A line that the tokeniser took for a title is none that ends in a full stop.
bool IsHeading(std::span<const Token> words) {
  if (words.size() > kMaxInertWords) return false;
  const bool is_titled = AllMarked(words, kTitleMark);
  if (!is_titled && !IsPlain(words)) return false;
  return std::all_of(words.begin(), words.end(), [&](const Token& token) {
    return IsHeadingWord(token.word) ||
           (!SpeaksOfTerms(token.word) && (is_titled || !LimitsInProse(token.word)));
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

// A holder's name and what stands around it: words that limit in a sentence are names here.
bool IsInertName(std::span<const Token> words) {
  return words.size() <= kMaxInertWords &&
         std::none_of(words.begin(), words.end(), [](const Token& token) {
           return (token.marks & kAddressMark) == 0 && SpeaksOfTerms(token.word);
         });
}

// Words spelt letter by letter: "N O  S A L E".
bool IsSpelt(std::span<const Token> words) {
  constexpr size_t kLetters = 5;
  size_t letters = 0;
  for (const Token& token : words) {
    const bool is_letter =
        token.word.size() == 1 && absl::ascii_isalpha(static_cast<unsigned char>(token.word[0]));
    letters = is_letter ? letters + 1 : 0;
    if (letters >= kLetters) return true;
  }
  return false;
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
  constexpr size_t kMaxMarks = 3;
  return words.size() <= kMaxMarks &&
         std::all_of(words.begin(), words.end(), [](const Token& token) {
           return token.word.size() == 1
                      ? absl::ascii_isalpha(static_cast<unsigned char>(token.word[0]))
                      : token.word.find_first_not_of("ivx") == std::string::npos;
         });
}

bool HasNumber(std::span<const Token> words) {
  return std::any_of(words.begin(), words.end(), [](const Token& token) {
    return token.word.find_first_of("0123456789") != std::string::npos;
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
    // An empty blank is no name: it stands in the template of another licence.
    const bool has_blank = std::any_of(added.begin(), added.end(), [](const Token& token) {
      return (token.marks & kSlotMark) != 0;
    });
    return is_holder && NamesHolder(missing) && !added.empty() && !has_blank && IsName(added) &&
           IsInertName(added);
  }
  if (added.empty()) return true;
  if (!missing.empty() && AllMarked(missing, kSlotMark | kCopyrightMark) && IsName(added))
    return true;
  if (!missing.empty() && AllMarked(missing, kTitleMark) && IsHeading(added)) {
    // Another number or date in the title makes another version of it.
    return !HasNumber(missing) || !HasNumber(added);
  }
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
  return !IsSpelt(words) && std::none_of(words.begin(), words.end(), [](const Token& token) {
    return (token.marks & kAddressMark) == 0 &&
           (SpeaksOfTerms(token.word) || LimitsInProse(token.word));
  });
}

bool IsPlain(std::span<const Token> words) {
  constexpr size_t kMaxNameWords = 6;  // more capitals in a row are a heading's or a shout
  constexpr uint8_t kPlace = kLinkMark | kAddressMark | kCopyrightMark;
  const auto is_capital = [&](size_t i) { return (words[i].marks & kCapitalMark) != 0; };
  size_t other = 0, capitals = 0;
  for (size_t i = 0; i < words.size(); ++i) {
    capitals = is_capital(i) ? capitals + 1 : 0;
    if ((words[i].marks & kPlace) != 0 || IsPlainWord(words[i].word)) continue;
    const bool is_first = i == 0 && words.size() > 1 && !is_capital(1);
    if (!is_capital(i) || is_first || capitals > kMaxNameWords) ++other;
  }
  return 6 * other <= words.size();
}

bool SaysNothing(std::span<const Token> words, bool is_top) {
  const bool has_statement = std::any_of(words.begin(), words.end(), [](const Token& token) {
    return (token.marks & kCopyrightMark) != 0;
  });
  if (!has_statement) {
    return words.empty() || (IsInert(words) && IsPlain(words)) || (is_top && IsHeading(words));
  }
  // A clause does not become neutral by standing in a copyright line.
  const std::vector<Token> statements = StatementsIn(words);
  if (statements.size() <= kMaxFillWords ? !IsName(statements) : !IsInertName(statements)) {
    return false;
  }
  std::vector<Token> rest;
  for (const Token& token : words) {
    if ((token.marks & kCopyrightMark) == 0) rest.push_back(token);
  }
  return rest.empty() || (IsInert(rest) && IsPlain(rest)) || (is_top && IsHeading(rest));
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
    weight += has_digit || naming->contains(token.word) || SpeaksOfTerms(token.word) ? kHeavy : 1;
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
