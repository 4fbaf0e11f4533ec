// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/tokens.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "evaluator/license/front_matter.h"
#include "evaluator/license/line_marks.h"
#include "evaluator/license/spelling.h"
#include "evaluator/license/word_buffer.h"

namespace modelwatch::evaluator {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAlpha(char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); }
bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool IsAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }

constexpr size_t kMaxSlotBytes = 60;
constexpr size_t kMaxTagBytes = 300;
constexpr size_t kMaxLinkBytes = 2000;
constexpr size_t kMaxAddressBytes = 128;

constexpr std::array<std::string_view, 56> kHtmlTags = {
    "a",       "article", "b",      "big",   "blockquote", "body",    "br",     "center",
    "cite",    "code",    "dd",     "div",   "dl",         "doctype", "dt",     "em",
    "font",    "footer",  "h1",     "h2",    "h3",         "h4",      "h5",     "h6",
    "head",    "header",  "hr",     "html",  "i",          "img",     "li",     "link",
    "main",    "meta",    "nav",    "ol",    "p",          "pre",     "script", "small",
    "section", "span",    "strong", "style", "sub",        "sup",     "table",  "tbody",
    "td",      "th",      "thead",  "title", "tr",         "tt",      "u",      "ul"};

struct Entity {
  std::string_view name, plain;
};
constexpr std::array<Entity, 9> kEntities = {{{"&nbsp;", " "},
                                              {"&quot;", "\""},
                                              {"&amp;", "&"},
                                              {"&lt;", "<"},
                                              {"&gt;", ">"},
                                              {"&copy;", "\xC2\xA9"},
                                              {"&apos;", "'"},
                                              {"&#39;", "'"},
                                              {"&ldquo;", "\""}}};

class Tokeniser {
 public:
  explicit Tokeniser(std::string_view text) : text_(text.substr(0, kMaxTextBytes)) {}

  std::vector<Token> Run() {
    // The mean word of licences has 6 bytes with its blank; a text that has less a word would have
    // all of them moved.
    tokens_.reserve(text_.size() / 5 + 16);
    at_ = static_cast<size_t>(SplitFrontMatter(text_).body.data() - text_.data());
    line_ += static_cast<uint32_t>(
        std::count(text_.begin(), text_.begin() + static_cast<ptrdiff_t>(at_), '\n'));
    while (at_ < text_.size()) {
      if (Is(text_[at_], kMeansNothing)) {
        ++at_;
      } else {
        Step();
      }
    }
    return std::move(tokens_);
  }

 private:
  char Peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool IsLineStart() const { return tokens_.empty() || tokens_.back().line != line_; }

  void Emit(std::string_view word, size_t begin) {
    if (word.empty()) return;
    word = CanonicalSpelling(word);
    if (JoinsPrefix(word)) {
      tokens_.back().word += word;
      tokens_.back().end = static_cast<uint32_t>(at_);
      return;
    }
    uint8_t marks = 0;
    if (absl::ascii_isupper(static_cast<unsigned char>(text_[begin]))) marks |= kCapitalMark;
    if (begin < slot_end_) marks |= kSlotMark;
    if (begin < link_end_) marks |= kLinkMark;
    if (begin < address_end_) marks |= kAddressMark;
    Token& token = tokens_.emplace_back();
    token.word.assign(word);
    token.line = line_;
    token.begin = static_cast<uint32_t>(begin);
    token.end = static_cast<uint32_t>(at_);
    token.marks = marks;
  }

  // "non-commercial", "non commercial" and "noncommercial" are one word, so are "sub-license"
  // forms.
  bool JoinsPrefix(std::string_view word) const {
    if (tokens_.empty() || tokens_.back().word.size() > 3) return false;
    const std::string& before = tokens_.back().word;
    switch (before[0]) {
      case 'n':
        return before == "non" &&
               (word.substr(0, 9) == "commercia" || word == "exclusive" || word == "transferable");
      case 's':
        return before == "sub" && word.substr(0, 6) == "licens";
      case 'e':
        return before == "e" && word == "mail";
      case 'p':
        return before == "per" && word == "cent";
      default:
        return false;
    }
  }

  void Step() {
    const char c = text_[at_];
    if (c == '\n') {
      ++line_;
      ++at_;
      return;
    }
    if (!IsAscii(c)) return StepWide();
    if (c == '<' && SkipHtmlTag()) return;
    if (c == '&') return StepAmpersand();
    if ((c == '<' || c == '[' || c == '{') && at_ >= slot_end_) OpenSlot(c);
    if (c == '(' && SkipBracketedBullet()) return;
    if (IsDigit(c) && SkipNumberBullet()) return;
    if (IsAlpha(c) && SkipLetterBullet()) return;
    const char next = Peek(1);
    if (((c == 'h' && next == 't') || (c == 'w' && next == 'w')) && at_ >= link_end_) OpenLink();
    if (IsAlpha(c) && at_ >= word_end_) OpenAddress();
    if (IsAlpha(c) || IsDigit(c)) return StepWord();
    if (c == '$' || c == '%') {
      ++at_;
      return Emit(text_.substr(at_ - 1, 1), at_ - 1);
    }
    ++at_;
  }

  void StepWide() {
    size_t after = at_;
    const char32_t code = DecodeUtf8(text_, after);
    if (code == 0xA9) {
      const size_t begin = at_;
      at_ = after;
      if (tokens_.empty() || tokens_.back().word != "copyright") Emit("copyright", begin);
      return;
    }
    if (code == 0x20AC || code == 0xA5 || code == 0xA3) {
      const size_t begin = at_;
      at_ = after;
      std::string word;
      AppendUtf8(word, code);
      return Emit(word, begin);
    }
    const bool is_full_width = code >= 0xFF01 && code <= 0xFF5E;
    const LetterClass cls = is_full_width ? LetterClass::kWord : ClassOf(code);
    if (cls == LetterClass::kIdeograph) {
      const size_t begin = at_;
      at_ = after;
      return Emit(text_.substr(begin, after - begin), begin);
    }
    if (cls == LetterClass::kWord) {
      if (!is_full_width || absl::ascii_isalnum(static_cast<unsigned char>(code - 0xFEE0))) {
        return StepWord();
      }
    }
    at_ = after;
  }

  // One word: letters and digits; a dot between digits stays, a comma between digits goes, so do
  // apostrophes between letters; "+" after a word belongs to it ("gpl-2.0+").
  void StepWord() {
    const size_t begin = at_;
    word_.Clear();
    while (at_ < text_.size() && !word_.is_full()) {
      at_ += word_.TakeFrom(text_.substr(at_));
      if (at_ == text_.size() || word_.is_full()) break;
      const char c = text_[at_];
      if (Is(c, kEndsWord)) {
        break;
      } else if (!IsAscii(c)) {
        if (!TakeWide()) break;
      } else if (c == '.' && !word_.empty() && IsDigit(word_.back()) && IsDigit(Peek(1))) {
        word_.Add('.');
        ++at_;
      } else if (c == ',' && !word_.empty() && IsDigit(word_.back()) && IsDigit(Peek(1)) &&
                 IsDigit(Peek(2)) && IsDigit(Peek(3))) {
        ++at_;
      } else if (c == '\'' && IsAlpha(Peek(1))) {
        ++at_;
      } else if (c == '+') {
        word_.Add('+');
        ++at_;
      } else if (const size_t apostrophe = c == '&' ? ApostropheAt() : 0; apostrophe > 0) {
        at_ += apostrophe;
      } else if (const char32_t code = c == '&' ? EntityLetter() : 0; code != 0) {
        AddLetter(FoldCase(code));
        at_ += NumericEntityAt();
      } else {
        break;
      }
    }
    if (at_ == begin) ++at_;
    Emit(word_.view(), begin);
  }

  // The length of "&#39;" or "&#x27;", which stand for signs; 0 when there is none.
  size_t NumericEntityAt() const {
    constexpr size_t kMaxDigits = 6;
    if (Peek(1) != '#') return 0;
    size_t length = Peek(2) == 'x' || Peek(2) == 'X' ? 3 : 2;
    const size_t digits = length;
    while (absl::ascii_isxdigit(static_cast<unsigned char>(Peek(length))) &&
           length - digits < kMaxDigits) {
      ++length;
    }
    return length > digits && Peek(length) == ';' ? length + 1 : 0;
  }

  // The letter or digit that a numeric entity stands for; 0 when none stands here, or a sign.
  char32_t EntityLetter() const {
    const size_t length = NumericEntityAt();
    if (length == 0) return 0;
    const bool is_hex = Peek(2) == 'x' || Peek(2) == 'X';
    char32_t code = 0;
    for (size_t i = is_hex ? 3 : 2; i + 1 < length; ++i) {
      const char c = absl::ascii_tolower(static_cast<unsigned char>(Peek(i)));
      if (!is_hex && !IsDigit(c)) return 0;
      code = code * (is_hex ? 16 : 10) + static_cast<char32_t>(IsDigit(c) ? c - '0' : c - 'a' + 10);
    }
    if (code < 0x80) return absl::ascii_isalnum(static_cast<unsigned char>(code)) ? code : 0;
    const LetterClass cls = ClassOf(code);
    return cls == LetterClass::kWord || cls == LetterClass::kIdeograph ? code : 0;
  }

  // The length of an entity that is an apostrophe before a letter; 0 when there is none.
  size_t ApostropheAt() const {
    for (const std::string_view entity :
         {"&#x27;", "&#39;", "&#039;", "&apos;", "&rsquo;", "&#8217;", "&#x2019;"}) {
      if (text_.substr(at_, entity.size()) == entity && IsAlpha(Peek(entity.size()))) {
        return entity.size();
      }
    }
    return 0;
  }

  // A letter beyond ASCII inside a word; false when the word ends here.
  bool TakeWide() {
    size_t after = at_;
    const char32_t code = DecodeUtf8(text_, after);
    if (code == 0x2019 && after < text_.size() &&
        IsAlpha(text_[after])) {  // typographic apostrophe
      at_ = after;
      return true;
    }
    if (code == 0xFB01 || code == 0xFB02) {  // ligatures fi, fl
      word_.Add(code == 0xFB01 ? "fi" : "fl");
      at_ = after;
      return true;
    }
    const bool is_full_width = code >= 0xFF01 && code <= 0xFF5E;
    const LetterClass cls = ClassOf(code);
    if (cls == LetterClass::kIgnored) {
      at_ = after;
      return true;
    }
    if (cls != LetterClass::kWord) return false;
    const char32_t folded = FoldCase(code);
    if (is_full_width &&
        !(folded < 0x80 && absl::ascii_isalnum(static_cast<unsigned char>(folded)))) {
      return false;
    }
    AddLetter(folded);
    at_ = after;
    return true;
  }

  void AddLetter(char32_t code) {
    std::string letter;
    AppendUtf8(letter, code);
    word_.Add(letter);
  }

  void StepAmpersand() {
    const std::string_view rest = text_.substr(at_, 8);
    const bool may_be_entity = IsAlpha(Peek(1)) || Peek(1) == '#';
    for (const Entity& entity : kEntities) {
      if (!may_be_entity) break;
      if (rest.substr(0, entity.name.size()) != entity.name) continue;
      const size_t begin = at_;
      at_ += entity.name.size();
      if (entity.name == "&copy;" && (tokens_.empty() || tokens_.back().word != "copyright")) {
        Emit("copyright", begin);
      }
      if (entity.name == "&amp;") Emit("and", begin);
      return;
    }
    if (EntityLetter() != 0) return StepWord();
    if (const size_t length = NumericEntityAt(); length > 0) {
      at_ += length;
      return;
    }
    ++at_;
    if (IsSpace(Peek())) Emit("and", at_ - 1);
  }

  bool SkipHtmlTag() {
    size_t i = at_ + 1;
    if (i < text_.size() && (text_[i] == '/' || text_[i] == '!')) ++i;
    const size_t name_begin = i;
    if (i < text_.size() && !IsAlpha(text_[i]) && text_[i] != '-')
      return false;  // no name, no "<!--"
    while (i < text_.size() && i - name_begin < 12 &&
           absl::ascii_isalnum(static_cast<unsigned char>(text_[i])))
      ++i;
    const std::string name =
        absl::AsciiStrToLower(std::string(text_.substr(name_begin, i - name_begin)));
    const bool is_comment_sign = text_.substr(at_, 4) == "<!--";
    if (is_comment_sign) {
      at_ += 4;
      return true;
    }
    if (std::find(kHtmlTags.begin(), kHtmlTags.end(), name) == kHtmlTags.end()) return false;
    const size_t end = text_.substr(0, std::min(text_.size(), at_ + kMaxTagBytes)).find('>', i);
    if (end == std::string_view::npos) return false;
    line_ += static_cast<uint32_t>(std::count(text_.begin() + static_cast<ptrdiff_t>(at_),
                                              text_.begin() + static_cast<ptrdiff_t>(end), '\n'));
    at_ = end + 1;
    return true;
  }

  // A template blank: short, closed, and not a link or a citation mark.
  void OpenSlot(char open) {
    const char close = open == '<' ? '>' : open == '[' ? ']' : '}';
    const std::string_view inside = text_.substr(at_ + 1, kMaxSlotBytes);
    const size_t end = inside.find(close);
    if (end == std::string_view::npos || end == 0) return;
    const std::string_view body = inside.substr(0, end);
    if (body.find("://") != std::string_view::npos || body.find('@') != std::string_view::npos)
      return;
    const bool has_letter = std::any_of(body.begin(), body.end(), IsAlpha);
    const char after = at_ + end + 2 < text_.size() ? text_[at_ + end + 2] : '\0';
    if (has_letter && after != '(') slot_end_ = at_ + 1 + end;
  }

  bool FollowsReference() const {
    if (tokens_.empty()) return false;
    const std::string& word = tokens_.back().word;
    return word == "section" || word == "sections" || word == "clause" || word == "clauses" ||
           word == "paragraph" || word == "paragraphs";
  }

  // "version 2. You": the number belongs to the word before.
  bool FollowsNumbered() const {
    if (tokens_.empty()) return false;
    const std::string& word = tokens_.back().word;
    for (const std::string_view numbered : {"version", "v", "article", "exhibit", "part", "no",
                                            "license", "gpl", "schedule", "annex", "appendix"}) {
      if (word == numbered) return true;
    }
    return false;
  }

  // "(a)", "(iv)", "(2)" standing free; "(c)" after "copyright", or before a year, is the sign.
  bool SkipBracketedBullet() {
    size_t i = at_ + 1;
    while (i < text_.size() && i - at_ <= 4 &&
           absl::ascii_isalnum(static_cast<unsigned char>(text_[i])))
      ++i;
    const size_t length = i - at_ - 1;
    if (length == 0 || i >= text_.size() || text_[i] != ')') return false;
    const std::string inside = absl::AsciiStrToLower(std::string(text_.substr(at_ + 1, length)));
    if (inside == "c" && SkipCopyrightSign(i + 1)) return true;
    if (!StandsFree()) return false;
    const bool is_roman = inside.find_first_not_of("ivx") == std::string::npos;
    const bool is_number =
        inside.find_first_not_of("0123456789") == std::string::npos && length <= 2;
    if (!(length == 1 || is_roman || is_number) || FollowsReference()) return false;
    at_ = i + 1;
    return true;
  }

  bool SkipCopyrightSign(size_t after) {
    const size_t begin = at_;
    if (!tokens_.empty() && tokens_.back().word == "copyright") {
      at_ = after;
      return true;
    }
    size_t i = after;
    while (i < text_.size() && text_[i] == ' ') ++i;
    if (i + 3 >= text_.size() || (text_.substr(i, 2) != "19" && text_.substr(i, 2) != "20"))
      return false;
    at_ = after;
    Emit("copyright", begin);
    return true;
  }

  // The character before, white space skipped, ends a sentence or a heading.
  bool FollowsSentence() const {
    size_t i = at_;
    while (i > 0 && IsSpace(text_[i - 1])) --i;
    return i == 0 || text_[i - 1] == '.' || text_[i - 1] == ';' || text_[i - 1] == ':';
  }

  // Before it is white space, a star, a tag, or nothing.
  bool StandsFree() const {
    return at_ == 0 || IsSpace(text_[at_ - 1]) || text_[at_ - 1] == '*' || text_[at_ - 1] == '>';
  }

  // "1.", "2)", "3.1" opening a paragraph.
  bool SkipNumberBullet() {
    size_t i = at_;
    // No further than what settles it: "1.1.1.1." without end would be read again at each digit.
    while (
        i < text_.size() && i - at_ <= 6 &&
        (IsDigit(text_[i]) || (text_[i] == '.' && i + 1 < text_.size() && IsDigit(text_[i + 1])))) {
      ++i;
    }
    if (i - at_ > 6) return false;
    const bool is_plain = text_.substr(at_, i - at_).find('.') == std::string_view::npos;
    if (is_plain && (i - at_ > 2 || i >= text_.size() || (text_[i] != '.' && text_[i] != ')')))
      return false;
    if (!StandsFree() && text_[at_ - 1] != '#') return false;
    if (FollowsReference()) return false;
    // Within a line, where text was wrapped anew, only after a sentence.
    if (!IsLineStart() && !is_plain && !FollowsSentence() && !HeadsQuote(i) && !IsWithinList()) {
      return false;
    }
    if (!IsLineStart() && !FollowsSentence() && FollowsNumbered()) return false;
    if (i < text_.size() && (text_[i] == '.' || text_[i] == ')' || text_[i] == ':')) ++i;
    if (i < text_.size() && !IsSpace(text_[i]) && text_[i] != '*') return false;
    if ((!is_plain || !IsLineStart()) && !HeadsParagraph(i)) return false;
    if (is_plain)
      list_number_ = text_.substr(at_, text_.find_first_not_of("0123456789", at_) - at_);
    at_ = i;
    return true;
  }

  // "2.1" after the list mark "2.".
  bool IsWithinList() const {
    return !list_number_.empty() && text_.substr(at_, list_number_.size()) == list_number_ &&
           Peek(list_number_.size()) == '.';
  }

  // What follows is a term in quotes: a definition.
  bool HeadsQuote(size_t i) const {
    while (i < text_.size() && (IsSpace(text_[i]) || text_[i] == '*')) ++i;
    return i < text_.size() && (text_[i] == '"' || text_.substr(i, 3) == "\xE2\x80\x9C");
  }

  // What follows on the line starts with a capital or a quote.
  bool HeadsParagraph(size_t i) const {
    while (i < text_.size() && (IsSpace(text_[i]) || text_[i] == '*' || text_[i] == '"')) ++i;
    return i < text_.size() &&
           (absl::ascii_isupper(static_cast<unsigned char>(text_[i])) || !IsAscii(text_[i]));
  }

  // "a.", "b)", "iv." opening a paragraph.
  bool SkipLetterBullet() {
    // Most words are told apart by their second letter.
    const char letter = text_[at_];
    if (letter != 'i' && letter != 'v' && letter != 'x' && Peek(1) != '.' && Peek(1) != ')') {
      return false;
    }
    if (!IsLineStart() && !FollowsSentence()) return false;
    size_t length = 1;
    const std::string_view rest = text_.substr(at_, 5);
    if (rest.find_first_not_of("ivx") != std::string_view::npos) {
      length = std::max<size_t>(1, rest.find_first_not_of("ivx"));
    }
    if ((Peek(length) != '.' && Peek(length) != ')') || !IsSpace(Peek(length + 1))) return false;
    if (!StandsFree()) return false;
    if (!IsLineStart() && !HeadsParagraph(at_ + length + 1)) return false;
    at_ += length + 1;
    return true;
  }

  void OpenLink() {
    const std::string_view rest = text_.substr(at_, 8);
    if (rest.substr(0, 7) != "http://" && rest != "https://" && rest.substr(0, 4) != "www.") return;
    size_t end = at_;
    while (end < text_.size() && end - at_ < kMaxLinkBytes && !IsSpace(text_[end]) &&
           text_[end] != ')' && text_[end] != '>' && text_[end] != '"') {
      ++end;
    }
    link_end_ = end;
  }

  // An e-mail address: one word with an @ and a dot behind it. Most lines have no @ and are not
  // looked at.
  void OpenAddress() {
    if (at_ >= line_end_) line_end_ = std::min(text_.find('\n', at_), text_.size());
    if (at_ >= sign_at_) sign_at_ = std::min(text_.find('@', at_), text_.size());
    if (sign_at_ >= line_end_) return;
    word_end_ = at_;
    size_t sign = 0, dot = 0;
    const size_t most = std::min(text_.size(), at_ + kMaxAddressBytes);
    while (word_end_ < most && !Is(text_[word_end_], kEndsAddress)) {
      if (text_[word_end_] == '@') sign = word_end_;
      if (text_[word_end_] == '.' && sign != 0 && dot == 0) dot = word_end_;
      ++word_end_;
    }
    if (dot > sign + 1 && dot + 1 < word_end_) address_end_ = word_end_;
  }

  std::string_view text_;
  size_t at_ = 0;
  uint32_t line_ = 1;
  size_t slot_end_ = 0;
  size_t link_end_ = 0;
  std::string_view list_number_;  // of the last plain list mark
  size_t line_end_ = 0;           // of the line that was looked at for an @
  size_t sign_at_ = 0;            // the next @ after what was looked at
  size_t word_end_ = 0;           // of the run of characters that was looked at for an address
  size_t address_end_ = 0;        // of an e-mail address
  WordBuffer word_;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> Tokenise(std::string_view text) {
  std::vector<Token> tokens = Tokeniser(text).Run();
  MarkLines(text, tokens);
  return tokens;
}

}  // namespace modelwatch::evaluator
