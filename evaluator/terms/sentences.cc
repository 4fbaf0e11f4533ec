// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>

#include "absl/strings/ascii.h"
#include "evaluator/license/tokens.h"
#include "evaluator/terms/clauses.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kMaxSentenceLength = 200;  // words
constexpr size_t kMaxCitedBytes = 512;
constexpr size_t kMaxLeadBytes = 320;

bool IsSpace(char c) { return absl::ascii_isspace(static_cast<unsigned char>(c)); }

// "e.g.", "i.e.": ends no sentence, neither after its first letter nor after its second.
bool IsAbbreviation(const std::vector<Token>& tokens, size_t end) {
  const auto is_pair = [&](size_t at) {
    if (at + 1 >= tokens.size() || tokens[at].end + 1 != tokens[at + 1].begin) return false;
    const std::string &first = tokens[at].word, &second = tokens[at + 1].word;
    return (first == "e" && second == "g") || (first == "i" && second == "e");
  };
  return is_pair(end - 1) || (end >= 2 && is_pair(end - 2));
}

// Whether the text between two words ends a sentence.
bool EndsSentence(std::string_view between) {
  size_t line_breaks = 0;
  for (size_t i = 0; i < between.size(); ++i) {
    const char c = between[i];
    const bool at_end = i + 1 >= between.size() || IsSpace(between[i + 1]) ||
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
    if (!IsSpace(c)) {
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

// "(a)", "iv.", "2)", "*", "-", "•" before the first word of an item. The mark stands between the
// words, for the tokeniser passes over it.
bool StartsItem(std::string_view between) {
  const size_t line = between.rfind('\n');
  std::string_view mark = line == std::string_view::npos ? between : between.substr(line + 1);
  while (!mark.empty() && (IsSpace(mark.front()) || mark.front() == '>')) mark.remove_prefix(1);
  if (mark.empty()) return false;
  if (mark.front() == '*' || mark.front() == '-' || mark.front() == '+') return true;
  if (mark.substr(0, 3) == "\xE2\x80\xA2" || mark.substr(0, 2) == "\xC2\xB7") return true;
  if (mark.substr(0, 3) == "\xEF\xBC\x88") return true;  // full-width bracket
  const size_t close = mark.find_first_of(".)");
  if (close == std::string_view::npos || close > 6) return false;
  const std::string_view inside = mark.substr(mark.front() == '(' ? 1 : 0);
  return !inside.empty() && absl::ascii_isalnum(static_cast<unsigned char>(inside.front()));
}

bool HasColon(std::string_view between) {
  return between.find(':') != std::string_view::npos ||
         between.find("\xEF\xBC\x9A") != std::string_view::npos;
}

// Keeps track of the introduction that items of a list continue.
class Leads {
 public:
  // `before` stands between the sentence and the one before it.
  void Begin(Sentence& sentence, std::string_view before) {
    if (!lead_.empty() && !was_open_ && !StartsItem(before)) lead_.clear();
    sentence.lead = lead_;
  }
  // The words of `sentence` so far introduce what follows.
  void Introduce(const Sentence& sentence) {
    own_ = sentence.lead.empty() ? sentence.words : sentence.lead + " " + sentence.words;
    if (own_.size() <= kMaxLeadBytes) return;
    const size_t cut = own_.find(' ', own_.size() - kMaxLeadBytes);
    own_ = cut == std::string::npos ? std::string() : own_.substr(cut + 1);
  }
  void End(std::string_view after) {
    if (!own_.empty()) lead_ = own_;
    own_.clear();
    // "...; and" goes on, whatever mark the next item has.
    was_open_ = after.find(';') != std::string_view::npos ||
                after.find("\xEF\xBC\x9B") != std::string_view::npos || HasColon(after);
  }

 private:
  std::string lead_, own_;
  bool was_open_ = false;
};

}  // namespace

std::vector<Sentence> SplitSentences(std::string_view text) {
  const std::vector<Token> tokens = Tokenise(text);
  const auto between = [&](size_t i) {  // before token i
    const size_t begin = i == 0 ? 0 : tokens[i - 1].end;
    const size_t end = i < tokens.size() ? tokens[i].begin : text.size();
    return end > begin ? text.substr(begin, end - begin) : std::string_view();
  };
  std::vector<Sentence> sentences;
  Leads leads;
  for (size_t begin = 0; begin < tokens.size();) {
    Sentence sentence;
    sentence.begin = begin;
    sentence.line = tokens[begin].line;
    leads.Begin(sentence, between(begin));
    size_t end = begin;
    do {
      if (end > begin) sentence.words += ' ';
      sentence.words += tokens[end].word;
      ++end;
      if (end - begin >= 2 && HasColon(between(end)) &&
          (end == tokens.size() || StartsItem(between(end)) ||
           between(end).find('\n') != std::string_view::npos)) {
        leads.Introduce(sentence);
      }
    } while (end < tokens.size() && end - begin < kMaxSentenceLength &&
             (!EndsSentence(between(end)) || IsAbbreviation(tokens, end)));
    sentence.end = end;
    sentence.original =
        Collapse(text.substr(tokens[begin].begin, tokens[end - 1].end - tokens[begin].begin));
    leads.End(end < tokens.size() ? between(end) : std::string_view());
    sentences.push_back(std::move(sentence));
    begin = end;
  }
  return sentences;
}

}  // namespace modelwatch::evaluator
