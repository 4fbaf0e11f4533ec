// SPDX-License-Identifier: Apache-2.0
// Lays a built corpus out as the flat file that corpus.h reads.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "evaluator/license/corpus_format.h"
#include "modelwatch/v1/corpus.pb.h"

namespace modelwatch::evaluator {

// The bytes of the file. Deterministic: equal messages give equal bytes.
[[nodiscard]] std::string EncodeCorpus(const v1::Corpus& built);

// Of a whole file: the header, its checksum left out, and the bytes after it.
[[nodiscard]] uint64_t ChecksumOf(corpus_format::Header header, std::string_view file);

// Hashes of the tables in the file. DO NOT CHANGE WITHOUT A NEW FORMAT.
[[nodiscard]] uint64_t HashWord(std::string_view word);
// Of a word that is not empty, WordSlot.head.
[[nodiscard]] inline uint64_t HeadOfWord(std::string_view word) {
  uint64_t head = 0;
  std::memcpy(&head, word.data(), std::min(sizeof(head), word.size()));
  return head;
}
// The third and the fourth word of a sequence as one number that sorts as they do, what is shorter
// first. Words of patterns are far below UINT32_MAX; others are above them all.
[[nodiscard]] inline uint64_t HeadOf(std::span<const uint32_t> words) {
  const auto part = [&](size_t i) -> uint64_t {
    return i < words.size() ? std::min(words[i], UINT32_MAX - 1) + 1 : 0;
  };
  return part(2) << 32 | part(3);
}
[[nodiscard]] inline uint64_t HashPair(uint32_t first, uint32_t second) {
  uint64_t hash = (static_cast<uint64_t>(first) << 32 | second) * 0x9E3779B97F4A7C15ULL;
  return hash ^ hash >> 31;
}

}  // namespace modelwatch::evaluator
