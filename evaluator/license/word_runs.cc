// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/word_runs.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string_view>

namespace modelwatch::evaluator {
namespace {

// Of SplitMix64.
uint64_t Finalise(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

// Eight bytes at a time, the last ones padded with zeros.
uint64_t HashWord(std::string_view word) {
  static_assert(std::endian::native == std::endian::little);
  uint64_t hash = word.size();
  for (size_t at = 0; at < word.size(); at += sizeof(uint64_t)) {
    uint64_t bytes = 0;
    std::memcpy(&bytes, word.data() + at, std::min(sizeof bytes, word.size() - at));
    hash = Finalise((hash ^ bytes) + 0x9e3779b97f4a7c15);
  }
  return hash;
}

}  // namespace

std::vector<uint64_t> WordHashes(std::span<const Token> tokens, uint8_t outside) {
  std::vector<uint64_t> words;
  words.reserve(tokens.size());
  for (const Token& token : tokens) {
    if ((token.marks & outside) == 0) words.push_back(HashWord(token.word));
  }
  return words;
}

std::vector<uint64_t> GramHashes(std::span<const uint64_t> words) {
  constexpr uint64_t kStep = 0x9e3779b97f4a7c15;
  std::vector<uint64_t> grams;
  if (words.size() < kGramWords) return grams;
  grams.reserve(words.size() - kGramWords + 1);
  uint64_t gone_factor = 1;  // kStep^(kGramWords - 1): what the word that leaves was multiplied by
  for (size_t i = 1; i < kGramWords; ++i) gone_factor *= kStep;
  uint64_t gram = 0;
  for (size_t at = 0; at < words.size(); ++at) {
    if (at >= kGramWords) gram -= words[at - kGramWords] * gone_factor;
    gram = gram * kStep + words[at];
    if (at + 1 >= kGramWords) grams.push_back(Finalise(gram));
  }
  return grams;
}

std::vector<uint64_t> Winnow(const std::vector<uint64_t>& grams) {
  std::vector<uint64_t> kept;
  const size_t window = std::min(kGramWindow, grams.size());
  size_t least = SIZE_MAX;
  for (size_t end = window; window > 0 && end <= grams.size(); ++end) {
    const size_t begin = end - window;
    const size_t before = least;
    if (least == SIZE_MAX || least < begin) {
      least = begin;
      for (size_t i = begin + 1; i < end; ++i) {
        if (grams[i] <= grams[least]) least = i;
      }
    } else if (grams[end - 1] <= grams[least]) {
      least = end - 1;
    }
    if (least != before) kept.push_back(grams[least]);
  }
  return kept;
}

void SortOnce(std::vector<uint64_t>& grams) {
  std::sort(grams.begin(), grams.end());
  grams.erase(std::unique(grams.begin(), grams.end()), grams.end());
}

}  // namespace modelwatch::evaluator
