// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/remainder.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "evaluator/license/residue.h"

namespace modelwatch::evaluator {
namespace {

// The line as written that holds the token.
std::string_view LineOf(std::string_view text, const Token& token) {
  const size_t begin = token.begin == 0 ? 0 : text.rfind('\n', token.begin - 1) + 1;
  const size_t end = text.find('\n', token.begin);
  return text.substr(begin, end == std::string_view::npos ? end : end - begin);
}

std::string_view WithoutMargin(std::string_view line) {
  const size_t begin = line.find_first_not_of(" \t");
  line = begin == std::string_view::npos ? std::string_view() : line.substr(begin);
  while (!line.empty() && absl::ascii_isspace(static_cast<unsigned char>(line.back()))) {
    line.remove_suffix(1);
  }
  return line;
}

// Three words in a row with nothing but a blank between them, none of them a programmer's: whatever
// sign the line ends in, it is a sentence.
bool HasPhrase(std::string_view line) {
  constexpr size_t kPhrase = 3;
  static const auto* keywords = new absl::flat_hash_set<absl::string_view>(
      {"static",   "const",  "unsigned", "signed",   "long",     "short",   "int",      "char",
       "void",     "struct", "class",    "public",   "final",    "inline",  "extern",   "return",
       "new",      "if",     "import",   "export",   "let",      "var",     "function", "def",
       "private",  "else",   "virtual",  "abstract", "override", "typedef", "enum",     "union",
       "volatile", "float",  "double",   "bool"});
  size_t words = 0;
  for (const absl::string_view part :
       absl::StrSplit(absl::string_view(line.data(), line.size()), ' ', absl::SkipEmpty())) {
    const bool is_word =
        std::all_of(part.begin(), part.end() - 1,
                    [](char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }) &&
        absl::ascii_isalnum(static_cast<unsigned char>(part.front())) && !keywords->contains(part);
    words = is_word ? words + 1 : 0;
    if (words >= kPhrase) return true;
  }
  return false;
}

// A statement of a program, not prose and not a comment.
bool IsCode(std::string_view line) {
  line = WithoutMargin(line);
  const bool is_spelt_out = line.find("&#") != std::string_view::npos;
  if (line.empty() || is_spelt_out || HasPhrase(line)) return false;
  for (const std::string_view comment : {"//", "/*", "*", "--", ";", "%", "\"", "rem "}) {
    if (line.substr(0, comment.size()) == comment) return false;
  }
  if (line[0] == '#') return line.substr(0, 8) == "#include" || line.substr(0, 7) == "#define";
  const char last = line.back();
  for (const std::string_view control : {"if", "for", "while", "switch", "} else if"}) {
    const std::string_view rest = line.substr(std::min(control.size(), line.size()));
    const bool opens = line.substr(0, control.size()) == control &&
                       (rest.substr(0, 1) == "(" || rest.substr(0, 2) == " (");
    if (opens && (last == ')' || last == '{')) return true;
  }
  if (last == ';' || last == '{' || last == '}') return true;
  for (const std::string_view sign : {"==", "();", "->", "::", " = ", "){", ") {", "[]", "&&"}) {
    if (line.find(sign) != std::string_view::npos) return true;
  }
  return last == ')' && line.find('(') != std::string_view::npos &&
         line.find(' ') == std::string_view::npos;
}

// A file of program code: what its comments explain is the code.
bool IsProgram(std::string_view text) {
  constexpr size_t kStatements = 5;
  size_t statements = 0;
  for (size_t at = 0; at < text.size() && statements < kStatements;) {
    const size_t end = std::min(text.find('\n', at), text.size());
    statements += IsCode(text.substr(at, end - at));
    at = end + 1;
  }
  return statements >= kStatements;
}

// No statement of a program needs these; a clause cannot do without.
bool SpeaksOfTerms(std::span<const Token> words) {
  constexpr std::string_view kStems[] = {"commerc", "licens",   "permi",    "prohib",  "restrict",
                                         "forbid",  "research", "redistr",  "warrant", "must",
                                         "shall",   "royalt",   "sublicens"};
  constexpr size_t kShortest = 4;  // of the stems
  return std::any_of(words.begin(), words.end(), [&](const Token& token) {
    if (token.word.size() < kShortest) return false;
    return std::any_of(std::begin(kStems), std::end(kStems), [&](std::string_view stem) {
      return token.word.find(stem) != std::string::npos;
    });
  });
}

}  // namespace

bool Restricts(std::span<const Token> words) {
  constexpr std::string_view kStems[] = {"prohib",     "forbid",   "restrict",
                                         "noncommerc", "disallow", "unlawful"};
  // Uses, and not "be": a disclaimer says that nobody shall be liable.
  constexpr std::string_view kAfterNot[] = {"use",    "used",     "permitted",    "allowed",
                                            "sell",   "sold",     "copy",         "copied",
                                            "modify", "modified", "distribute",   "distributed",
                                            "remove", "removed",  "redistribute", "redistributed"};
  constexpr size_t kReach = 3;
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i].word;
    for (const std::string_view stem : kStems) {
      if (word.substr(0, stem.size()) == stem) return true;
    }
    const bool is_not = word == "not" || word == "cannot" || word == "no" || word == "non";
    for (size_t j = i + 1; is_not && j < words.size() && j <= i + kReach; ++j) {
      const std::string& next = words[j].word;
      if (next.substr(0, 7) == "commerc") return true;
      if (std::find(std::begin(kAfterNot), std::end(kAfterNot), next) != std::end(kAfterNot)) {
        return true;
      }
    }
  }
  return false;
}

std::vector<WordSpan> TellingRemainder(std::span<const Token> tokens,
                                       std::span<const uint8_t> claimed, std::string_view text) {
  std::vector<WordSpan> telling;
  WordSpan paragraph;  // prose lines that follow each other
  bool is_telling = false;
  std::optional<bool> is_program;  // asked for by few texts
  const auto may_be_comment = [&](std::span<const Token> words) {
    if (!IsInert(words)) return false;
    if (!is_program) is_program = IsProgram(text);
    return *is_program;
  };
  const auto close = [&] {
    if (is_telling) telling.push_back(paragraph);
    is_telling = false;
    paragraph = {0, 0};
  };
  uint32_t line = 0;  // that is_code_line is of: a line in many pieces is read once
  bool is_code_line = false;
  for (size_t begin = 0; begin < tokens.size();) {
    if (claimed[begin] != 0) {
      ++begin;
      continue;
    }
    size_t end = begin + 1;
    while (end < tokens.size() && claimed[end] == 0 && tokens[end].line == tokens[begin].line) {
      ++end;
    }
    const auto words = tokens.subspan(begin, end - begin);
    const bool is_next = paragraph.end == begin && paragraph.end > 0 &&
                         tokens[begin].line <= tokens[begin - 1].line + 1;
    if (!is_next) close();
    if (tokens[begin].line != line) {
      line = tokens[begin].line;
      is_code_line = IsCode(LineOf(text, tokens[begin]));
    }
    const bool is_code = is_code_line && !SpeaksOfTerms(words);
    const bool is_statement = (tokens[begin].marks & kCopyrightMark) != 0;
    const bool says_nothing = is_code || SaysNothing(words, begin == 0) || may_be_comment(words);
    if (says_nothing && (is_code || is_statement)) {
      close();
    } else {
      // A line that says nothing by itself may be the rest of a sentence that does.
      if (paragraph.end == 0) paragraph.begin = begin;
      paragraph.end = end;
      is_telling = is_telling || !says_nothing;
    }
    begin = end;
  }
  close();
  return telling;
}

std::vector<WordSpan> JoinNear(std::vector<WordSpan> spans) {
  constexpr size_t kNear = 5;
  std::sort(spans.begin(), spans.end(),
            [](const WordSpan& a, const WordSpan& b) { return a.begin < b.begin; });
  std::vector<WordSpan> joined;
  for (const WordSpan& span : spans) {
    if (span.begin == span.end) continue;
    if (!joined.empty() && span.begin <= joined.back().end + kNear) {
      joined.back().end = std::max(joined.back().end, span.end);
    } else {
      joined.push_back(span);
    }
  }
  return joined;
}

}  // namespace modelwatch::evaluator
