// SPDX-License-Identifier: Apache-2.0
// Lays a built corpus out as the flat file that corpus.h reads.
#pragma once

#include <cstdint>
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
[[nodiscard]] inline uint64_t HashPair(uint32_t first, uint32_t second) {
  uint64_t hash = (static_cast<uint64_t>(first) << 32 | second) * 0x9E3779B97F4A7C15ULL;
  return hash ^ hash >> 31;
}

}  // namespace modelwatch::evaluator
