// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/spelling.h"

#include <algorithm>
#include <array>
#include <utility>

namespace modelwatch::evaluator {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

// Ascending by the first word.
constexpr std::array<Pair, 64> kEquivalent = {{
    {"acknowledgement", "acknowledgment"},
    {"acknowledgements", "acknowledgments"},
    {"analogue", "analog"},
    {"analyse", "analyze"},
    {"artefact", "artifact"},
    {"artefacts", "artifacts"},
    {"authorisation", "authorization"},
    {"authorisations", "authorizations"},
    {"authorise", "authorize"},
    {"authorised", "authorized"},
    {"calibre", "caliber"},
    {"cancelled", "canceled"},
    {"capitalisations", "capitalizations"},
    {"catalogue", "catalog"},
    {"categorise", "categorize"},
    {"centre", "center"},
    {"commercialise", "commercialize"},
    {"customise", "customize"},
    {"defence", "defense"},
    {"emphasised", "emphasized"},
    {"favour", "favor"},
    {"favourite", "favorite"},
    {"fulfil", "fulfill"},
    {"fulfilment", "fulfillment"},
    {"honour", "honor"},
    {"https", "http"},
    {"initialise", "initialize"},
    {"judgement", "judgment"},
    {"labelling", "labeling"},
    {"labour", "labor"},
    {"licence", "license"},
    {"licenced", "licensed"},
    {"licences", "licenses"},
    {"licencing", "licensing"},
    {"maximise", "maximize"},
    {"merchantibility", "merchantability"},
    {"modelled", "modeled"},
    {"modelling", "modeling"},
    {"offence", "offense"},
    {"optimise", "optimize"},
    {"organisation", "organization"},
    {"organisations", "organizations"},
    {"organise", "organize"},
    {"owner", "holder"},
    {"owners", "holders"},
    {"practise", "practice"},
    {"programme", "program"},
    {"realise", "realize"},
    {"recognise", "recognize"},
    {"recognised", "recognized"},
    {"signalling", "signaling"},
    {"sublicence", "sublicense"},
    {"sublicences", "sublicenses"},
    {"sublicencing", "sublicensing"},
    {"summarise", "summarize"},
    {"unauthorised", "unauthorized"},
    {"utilisation", "utilization"},
    {"utilise", "utilize"},
    {"utilised", "utilized"},
    {"utilises", "utilizes"},
    {"utilising", "utilizing"},
    {"whilst", "while"},
    {"wilful", "willful"},
    {"wilfully", "willfully"},
}};
static_assert(std::is_sorted(kEquivalent.begin(), kEquivalent.end()));

constexpr size_t kLookCount = 8192;

// Most words are unlike all of them: a number for the first two letters and the length.
constexpr size_t LookOf(std::string_view word) {
  return ((static_cast<size_t>(word[0]) * 67 + static_cast<size_t>(word[1])) * 31 + word.size()) %
         kLookCount;
}
constexpr std::array<bool, kLookCount> kLooks = [] {
  std::array<bool, kLookCount> table = {};
  for (const Pair& pair : kEquivalent) table[LookOf(pair.first)] = true;
  return table;
}();

bool In(char32_t code, char32_t first, char32_t last) { return code >= first && code <= last; }

// The small letter that a mathematical, circled or squared Latin letter stands for; else 0.
// Source: Unicode 15, blocks 1D400, 2460 and 1F100.
char32_t PlainLetter(char32_t c) {
  constexpr char32_t kLetters = 26;
  if (In(c, 0x1D400, 0x1D6A3)) return 'a' + (c - 0x1D400) % kLetters;  // 13 styles of A-Za-z
  if (In(c, 0x24B6, 0x24E9)) return 'a' + (c - 0x24B6) % kLetters;
  if (In(c, 0x1F130, 0x1F149)) return 'a' + (c - 0x1F130);
  if (In(c, 0x1F150, 0x1F169)) return 'a' + (c - 0x1F150);
  if (In(c, 0x1F170, 0x1F189)) return 'a' + (c - 0x1F170);
  return 0;
}

// A sign that turns the direction of writing can hide any words: it is one itself.
bool IsTurn(char32_t c) { return c == 0x202D || c == 0x202E; }

}  // namespace

std::string_view CanonicalSpelling(std::string_view word) {
  if (word.size() < 2 || !kLooks[LookOf(word)]) return word;
  const auto at = std::lower_bound(kEquivalent.begin(), kEquivalent.end(), word,
                                   [](const Pair& p, std::string_view w) { return p.first < w; });
  return at != kEquivalent.end() && at->first == word ? at->second : word;
}

char32_t DecodeUtf8(std::string_view text, size_t& at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  const int extra = lead < 0x80   ? 0
                    : lead < 0xC2 ? -1
                    : lead < 0xE0 ? 1
                    : lead < 0xF0 ? 2
                    : lead < 0xF5 ? 3
                                  : -1;
  if (extra < 0 || at + static_cast<size_t>(extra) >= text.size()) {
    ++at;
    return extra == 0 ? lead : U'\uFFFD';
  }
  char32_t code = extra == 0 ? lead : lead & (0x3F >> extra);
  for (int i = 1; i <= extra; ++i) {
    const unsigned char next = byte(at + static_cast<size_t>(i));
    if ((next & 0xC0) != 0x80) {
      ++at;
      return U'\uFFFD';
    }
    code = (code << 6) | (next & 0x3F);
  }
  at += static_cast<size_t>(extra) + 1;
  return code;
}

void AppendUtf8(std::string& out, char32_t code) {
  const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6)), put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12)), put(0x80 | ((code >> 6) & 0x3F)), put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | (code >> 18)), put(0x80 | ((code >> 12) & 0x3F)), put(0x80 | ((code >> 6) & 0x3F)),
        put(0x80 | (code & 0x3F));
  }
}

LetterClass ClassOf(char32_t c) {
  if (c == 0xAD || In(c, 0x200B, 0x200F) || c == 0x2060 || c == 0xFEFF || In(c, 0x0300, 0x036F)) {
    return LetterClass::kIgnored;
  }
  if (In(c, 0x3041, 0x30FF) || In(c, 0x3400, 0x4DBF) || In(c, 0x4E00, 0x9FFF) ||
      In(c, 0xAC00, 0xD7AF) || In(c, 0xF900, 0xFAFF) || In(c, 0x20000, 0x3FFFF)) {
    return LetterClass::kIdeograph;
  }
  if (c < 0xC0 && c != 0xAA && c != 0xB5 && c != 0xBA) return LetterClass::kSeparator;
  if (PlainLetter(c) != 0 || IsTurn(c)) return LetterClass::kWord;
  if (c == 0xD7 || c == 0xF7 || In(c, 0x2000, 0x2BFF) || In(c, 0x3000, 0x3040)) {
    return LetterClass::kSeparator;
  }
  if (In(c, 0xE000, 0xF8FF) || In(c, 0xFE00, 0xFE6F) || In(c, 0xFFF0, 0xFFFF) || c >= 0x1F000) {
    return LetterClass::kSeparator;
  }
  return LetterClass::kWord;
}

char32_t FoldCase(char32_t c) {
  if (const char32_t plain = PlainLetter(c); plain != 0) return plain;
  if (In(c, 0xFF01, 0xFF5E)) c -= 0xFEE0;
  if (In(c, 'A', 'Z') || (In(c, 0xC0, 0xDE) && c != 0xD7)) return c + 32;
  if (In(c, 0x0100, 0x017E)) return c % 2 == 0 && !In(c, 0x0139, 0x0148) ? c + 1 : c;
  if (In(c, 0x0391, 0x03A9)) return c + 32;
  if (In(c, 0x0410, 0x042F)) return c + 32;
  if (In(c, 0x0400, 0x040F)) return c + 80;
  return c;
}

}  // namespace modelwatch::evaluator
