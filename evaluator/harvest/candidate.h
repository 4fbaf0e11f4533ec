// SPDX-License-Identifier: Apache-2.0
// A licence text that the crawler found and that no reference is: what is known of it, and what it
// would be called.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "modelwatch/v1/assessment.pb.h"

namespace modelwatch::evaluator {

// Where the text was first seen.
struct CandidateSource {
  std::string hub, release, revision, path, oid;
  std::string sha256;  // of the bytes there, hex
  int64_t seen_us = 0;
};

// One text: files of the same words outside copyright lines are one candidate.
struct Candidate {
  // What was found.
  std::string words_digest;  // CoreDigest (fingerprints.h), the title included
  std::string text;          // of the source, in UTF-8
  uint32_t words = 0;
  uint32_t legal_words = 0;  // of 1000
  CandidateSource source;
  int64_t first_seen_us = 0;  // hub time of the first and the last version that has it
  int64_t last_seen_us = 0;
  std::map<std::string, std::set<std::string>> releases;  // by publisher: stable ids "hub:id"
  // license_name of their cards, by publisher, and how many versions give it.
  std::map<std::string, std::map<std::string, uint32_t>> declared_names;
  v1::Finding finding;  // of the corpus of today

  // What is proposed.
  std::string publisher;        // whose licence it seems to be
  bool names_licensor = false;  // see PromotionRule
  bool declares_name = false;
  std::string name, version;
  std::string key;      // publisher, name and version: [a-z0-9.-]{1,90}; unique in a harvest
  std::string rule;     // that promotes it; empty: none
  std::string verdict;  // why it is promoted, or what every rule lacks
  [[nodiscard]] bool promotes() const { return !rule.empty(); }
  [[nodiscard]] size_t release_count() const {
    size_t count = 0;
    for (const auto& [publisher_name, keys] : releases) count += keys.size();
    return count;
  }
};

}  // namespace modelwatch::evaluator
