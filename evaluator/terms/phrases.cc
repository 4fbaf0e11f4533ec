// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/phrases.h"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "evaluator/license/tokens.h"

namespace modelwatch::evaluator {
namespace {

[[noreturn]] void Refuse(std::string_view what) {
  std::fprintf(stderr, "modelwatch: clause data: %s\n", std::string(what).c_str());
  std::abort();
}

// The words of a phrase as a text's words are, so that data may be written in any spelling.
std::vector<std::string> WordsOf(std::string_view phrase) {
  std::vector<std::string> words;
  for (Token& token : Tokenise(phrase)) words.push_back(std::move(token.word));
  if (words.empty()) Refuse(phrase);
  return words;
}

std::vector<std::string> SplitTrimmed(const std::string& text, char at) {
  std::vector<std::string> parts;
  for (const auto part : absl::StrSplit(text, at, absl::SkipWhitespace())) {
    parts.emplace_back(absl::StripAsciiWhitespace(part));
  }
  return parts;
}

}  // namespace

void Places::SetRange(size_t begin, size_t end) {
  for (size_t place = begin; place < std::min(end, kMaxSentenceWords); ++place) Set(place);
}

Places Places::Later() const {
  Places out;
  for (size_t i = 0; i < words_.size(); ++i) {
    out.words_[i] = words_[i] << 1 | (i > 0 ? words_[i - 1] >> 63 : 0);
  }
  return out;
}

Places Places::Earlier() const {
  Places out;
  for (size_t i = 0; i < words_.size(); ++i) {
    out.words_[i] = words_[i] >> 1 | (i + 1 < words_.size() ? words_[i + 1] << 63 : 0);
  }
  return out;
}

size_t Places::FirstFrom(size_t from) const {
  if (from >= kMaxSentenceWords) return kMaxSentenceWords;
  uint64_t word = words_[from / 64] & (~uint64_t{0} << (from % 64));
  for (size_t i = from / 64;;) {
    if (word != 0) return i * 64 + static_cast<size_t>(std::countr_zero(word));
    if (++i == words_.size()) return kMaxSentenceWords;
    word = words_[i];
  }
}

Places& Places::operator|=(const Places& other) {
  for (size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
  return *this;
}

Places& Places::operator&=(const Places& other) {
  for (size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
  return *this;
}

Places Places::Without(const Places& other) const {
  Places out;
  for (size_t i = 0; i < words_.size(); ++i) out.words_[i] = words_[i] & ~other.words_[i];
  return out;
}

ClassId Vocabulary::NewClass() {
  phrases_of_.emplace_back();
  longest_.push_back(1);
  return static_cast<ClassId>(longest_.size() - 1);
}

void Vocabulary::Add(ClassId id, std::vector<std::string> words) {
  longest_[id] = std::max(longest_[id], words.size());
  phrases_of_[id].push_back(words);
  std::vector<Phrase>& known = by_first_word_[words[0]];
  auto phrase = std::find_if(known.begin(), known.end(),
                             [&](const Phrase& each) { return each.words == words; });
  if (phrase == known.end()) phrase = known.insert(known.end(), {std::move(words), {}});
  if (std::find(phrase->classes.begin(), phrase->classes.end(), id) == phrase->classes.end()) {
    phrase->classes.push_back(id);
  }
}

void Vocabulary::Define(std::string_view name, std::string_view phrases) {
  const std::string key = "@" + std::string(name);
  const auto known = by_name_.find(key);
  const ClassId id = known != by_name_.end() ? known->second : NewClass();
  by_name_[key] = id;
  for (const std::string& phrase : SplitTrimmed(std::string(phrases), ',')) {
    if (phrase[0] != '@') {
      Add(id, WordsOf(phrase));
      continue;
    }
    const auto other = by_name_.find(phrase);
    if (other == by_name_.end()) Refuse(phrase);
    const auto taken = phrases_of_[other->second];
    for (const std::vector<std::string>& words : taken) Add(id, words);
  }
}

ClassId Vocabulary::ElementClass(std::string_view element) {
  const std::string key(element);
  if (const auto known = by_name_.find(key); known != by_name_.end()) return known->second;
  if (element[0] == '@' && element.find('/') == std::string_view::npos) Refuse(element);
  const ClassId id = NewClass();
  by_name_[key] = id;
  for (const std::string& part : SplitTrimmed(key, '/')) {
    if (part[0] != '@') {
      Add(id, WordsOf(part));
      continue;
    }
    const auto other = by_name_.find(part);
    if (other == by_name_.end()) Refuse(part);
    const auto taken = phrases_of_[other->second];
    for (const std::vector<std::string>& words : taken) Add(id, words);
  }
  return id;
}

const Places MarkedSentence::kNone;

MarkedSentence::MarkedSentence(const Vocabulary& vocabulary)
    : vocabulary_(vocabulary),
      starts_(vocabulary.size()),
      lasts_(vocabulary.size()),
      stamps_(vocabulary.size()) {}

void MarkedSentence::Mark(std::span<const std::string_view> words) {
  ++stamp_;
  present_.clear();
  and_or_ = Places();
  words_ = std::min(words.size(), kMaxSentenceWords);
  for (size_t at = 0; at < words_; ++at) {
    if (words[at] == "and" || words[at] == "or") and_or_.Set(at);
    const auto found =
        vocabulary_.by_first_word_.find(absl::string_view(words[at].data(), words[at].size()));
    if (found == vocabulary_.by_first_word_.end()) continue;
    for (const Vocabulary::Phrase& phrase : found->second) {
      const size_t length = phrase.words.size();
      const auto rest = words.subspan(at, words_ - at);
      if (length > rest.size() ||
          !std::equal(phrase.words.begin(), phrase.words.end(), rest.begin())) {
        continue;
      }
      for (const ClassId id : phrase.classes) {
        if (stamps_[id] != stamp_) {
          starts_[id] = lasts_[id] = Places();
          stamps_[id] = stamp_;
          present_.push_back(id);
        }
        starts_[id].Set(at);
        lasts_[id].Set(at + length - 1);
      }
    }
  }
}

void MarkedSentence::Erase(size_t begin, size_t end) {
  Places erased;
  erased.SetRange(begin, end);
  for (const ClassId id : present_) starts_[id] = starts_[id].Without(erased);
}

PhrasePattern::PhrasePattern(std::string_view pattern, Vocabulary& vocabulary) {
  size_t gap = 0;
  bool crosses = false;
  for (const std::string& part : SplitTrimmed(std::string(pattern), ' ')) {
    if (part == "^") {
      is_anchored_ = true;
    } else if (part[0] == '~') {
      crosses = part[1] == '~';
      if (!absl::SimpleAtoi(part.substr(crosses ? 2 : 1), &gap)) Refuse(pattern);
    } else {
      steps_.push_back({vocabulary.ElementClass(part), gap, crosses});
      longest_.push_back(vocabulary.LongestOf(steps_.back().id));
      gap = 0;
      crosses = false;
    }
  }
  if (steps_.empty()) Refuse(pattern);
}

bool PhrasePattern::Trace(const MarkedSentence& sentence, const Places& breaks,
                          std::vector<Places>& at) const {
  for (const Step& step : steps_) {
    if (!sentence.Has(step.id)) return false;
  }
  at.assign(steps_.size(), Places());
  at[0] = sentence.Of(steps_[0].id);
  if (is_anchored_) {
    Places start;
    start.SetRange(0, steps_[0].gap + 1);
    at[0] &= start;
  }
  if (at[0].IsEmpty()) return false;
  for (size_t i = 1; i < steps_.size(); ++i) {
    at[i] = ReachOf(i, at[i - 1], breaks, true);
    at[i] &= sentence.Of(steps_[i].id);
    if (at[i].IsEmpty()) return false;
  }
  for (size_t i = steps_.size() - 1; i > 0; --i) at[i - 1] &= ReachOf(i, at[i], breaks, false);
  return true;
}

// Where step `i` may stand when the one before stands at `from`; or the reverse.
Places PhrasePattern::ReachOf(size_t i, Places from, const Places& breaks, bool is_forward) const {
  Places reach;
  for (size_t n = steps_[i].gap + longest_[i - 1]; n > 0 && !from.IsEmpty(); --n) {
    from = is_forward ? from.Later() : from.Earlier();
    reach |= from;
    if (!steps_[i].crosses_breaks) from = from.Without(breaks);
  }
  return reach;
}

bool PhrasePattern::Matches(const MarkedSentence& sentence, const Places& breaks) const {
  std::vector<Places> at;
  return Trace(sentence, breaks, at);
}

// Words of the last class that follow belong to the match: "academic research", "limit or
// restrict".
size_t PhrasePattern::EndOf(const MarkedSentence& sentence, ClassId last_class,
                            size_t place) const {
  size_t end = sentence.LastWordsOf(last_class).FirstFrom(place) + 1;
  while (end < sentence.words()) {
    const size_t skipped = sentence.IsAndOr(end) ? 1 : 0;
    if (end + skipped >= sentence.words() || !sentence.Of(last_class).Has(end + skipped)) break;
    end = sentence.LastWordsOf(last_class).FirstFrom(end + skipped) + 1;
  }
  return std::min(end, sentence.words());
}

bool PhrasePattern::FindAll(const MarkedSentence& sentence, const Places& breaks,
                            std::vector<Match>& matches) const {
  // More starts than this in one sentence are repetition.
  constexpr int kMaxStarts = 8;
  std::vector<Places> at;
  if (!Trace(sentence, breaks, at)) return false;
  std::vector<size_t> starts;
  for (size_t start = at[0].FirstFrom(0); start < kMaxSentenceWords;
       start = at[0].FirstFrom(start + 1)) {
    starts.push_back(start);
  }
  int taken = 0;
  for (auto start = starts.rbegin(); start != starts.rend() && taken < kMaxStarts; ++start) {
    size_t place = *start;
    for (size_t i = 1; i < steps_.size(); ++i) {
      Places from;
      from.Set(place);
      Places reach = ReachOf(i, from, breaks, true);
      reach &= at[i];
      place = reach.FirstFrom(0);
    }
    matches.push_back({*start, EndOf(sentence, steps_.back().id, place)});
    ++taken;
  }
  return true;
}

}  // namespace modelwatch::evaluator
