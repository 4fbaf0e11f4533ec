// SPDX-License-Identifier: Apache-2.0
// The bytes of a corpus file. docs/licence-identification.md describes them in prose.
//
// One flat file, mapped and read in place: a header, a table of sections, then the sections, each
// an array of one of the rows below or a run of bytes, aligned to 8. Little endian. Everything that
// is looked up is laid out ready to be looked up, so opening costs a checksum and no parsing.
// Rejected: protobuf (a parse of all rows at each start, 0.11 s and every byte twice in memory),
// SQLite and RocksDB (an index lookup a word is 100 times a table lookup).
#pragma once

#include <bit>
#include <cstdint>

namespace modelwatch::evaluator::corpus_format {

static_assert(std::endian::native == std::endian::little, "corpus files are little endian");

// DO NOT CHANGE ANYTHING BELOW WITHOUT A NEW kFormat: it is the layout on disk.
inline constexpr char kMagic[8] = {'M', 'W', 'C', 'O', 'R', 'P', 'U', 'S'};
inline constexpr uint32_t kFormat = 3;

enum class Section : uint32_t {
  kStrings = 0,   // bytes; a StringRow points into it
  kNames,         // StringRow: other ids of licences, and the sources
  kLicences,      // LicenceRow, ascending by key
  kIds,           // IdRow: lower-case ids, ascending
  kWords,         // StringRow, ascending by bytes: a word's place is its WordId
  kWordTable,     // WordSlot, open addressing by HashWord; a power of two, half empty
  kTokens,        // uint32 WordId of all patterns
  kMarks,         // uint8 marks of all patterns
  kPatterns,      // PatternRow; a licence's own text stands at LicenceRow.pattern
  kExpressions,   // ExpressionRow
  kTerms,         // TermRow: licences of the expressions
  kSorted,        // uint32 pattern, by its words: see occurrences.h
  kHeads,         // uint64 by place in kSorted: HeadOf its words
  kPrefixes,      // uint32 by place in kSorted: place + 1 of the longest pattern that begins it
  kPairTable,     // PairRow, open addressing by the first two words
  kSingles,       // uint32 by WordId: pattern + 1 of that one word
  kGramTable,     // GramRow, open addressing by gram
  kGramPatterns,  // uint32 pattern, by GramRow
  kDigests,       // DigestRow, ascending: patterns by the digest of their core words
  kCount
};

struct StringRow {
  uint32_t begin = 0, size = 0;
};
// A word of up to 8 bytes is known from its slot alone: most look-ups touch one cache line.
struct WordSlot {
  uint64_t head = 0;  // its first 8 bytes, zeros behind a shorter word
  uint32_t word = 0;  // WordId
  uint32_t size = 0;  // bytes; 0 = empty slot
};
struct SectionRow {
  uint64_t begin = 0, bytes = 0;
};
struct Header {
  char magic[8];
  uint32_t format = 0;
  uint32_t tokeniser = 0;     // kTokeniserVersion of the program that made it
  uint64_t checksum = 0;      // XXH3-64 of the rest, seeded with that of this header
  uint64_t bytes = 0;         // of the whole file
  char version[16];           // hex
  uint32_t source_count = 0;  // the first rows of kNames
  uint32_t unused = 0;
  SectionRow sections[static_cast<uint32_t>(Section::kCount)];
};

inline constexpr uint8_t kIsException = 1, kIsDeprecated = 2, kIsGeneric = 4;
struct LicenceRow {
  StringRow key, spdx, name, category, text;
  uint32_t other_begin = 0, other_count = 0;  // in kNames
  uint32_t pattern = 0;                       // its own text; UINT32_MAX when it has none
  uint32_t flags = 0;
};
struct IdRow {
  StringRow id;
  uint32_t licence = 0;
};

inline constexpr uint8_t kIsContinuous = 1, kIsLicenceText = 4, kIsListed = 8;
struct PatternRow {
  uint32_t begin = 0, size = 0;  // in kTokens and kMarks
  uint32_t expression = 0;       // UINT32_MAX for a false positive
  uint8_t kind = 0;              // v1::PatternKind
  uint8_t flags = 0;
  uint8_t relevance = 0;
  uint8_t minimum_coverage = 0;
  uint32_t grams = 0;    // entries of it in kGramPatterns
  uint32_t licence = 0;  // whose own text it is; UINT32_MAX otherwise
};
struct ExpressionRow {
  StringRow spdx;                 // the whole expression in SPDX ids
  uint32_t begin = 0, count = 0;  // in kTerms
};
// A licence of an expression and what it does there: v1::LicenceRole.
struct TermRow {
  uint32_t licence = 0;
  uint32_t role = 0;
};
struct PairRow {
  uint32_t first = UINT32_MAX, second = 0;  // words
  uint32_t begin = 0, end = 0;              // in kSorted
};
struct GramRow {
  uint64_t gram = 0;  // 0 = empty slot
  uint32_t begin = 0, count = 0;
};
struct DigestRow {
  uint64_t digest = 0;
  uint32_t pattern = 0, unused = 0;
};

}  // namespace modelwatch::evaluator::corpus_format
