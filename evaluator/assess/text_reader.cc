// SPDX-License-Identifier: Apache-2.0
#include "evaluator/assess/text_reader.h"

#include <utility>

#include "common/digest.h"
#include "evaluator/license/decode.h"

namespace modelwatch::evaluator {
namespace {

// A few KiB each, and the common ones recur within any thousand releases.
constexpr size_t kMaxRemembered = 2048;

}  // namespace

std::shared_ptr<const TextTerms> TextReader::Find(const std::string& digest) {
  common::MutexLock lock(mutex_);
  const auto at = remembered_.find(digest);
  return at == remembered_.end() ? nullptr : at->second;
}

std::shared_ptr<const TextTerms> TextReader::Remember(const std::string& digest,
                                                      v1::Finding finding, std::string_view bytes) {
  // The clauses are read in the text that the bytes stand for; UTF-16 has no words as it is.
  const Decoded decoded = Decode(bytes);
  auto read =
      std::make_shared<const TextTerms>(TermsOfFinding(judge_, std::move(finding), decoded.text()));
  common::MutexLock lock(mutex_);
  if (remembered_.size() >= kMaxRemembered) remembered_.clear();
  remembered_.emplace(digest, read);
  return read;
}

std::shared_ptr<const TextTerms> TextReader::ReadFile(const std::string& digest,
                                                      std::string_view bytes) {
  if (auto known = Find(digest)) return known;
  return Remember(digest, identify_ ? identify_(digest, bytes) : judge_.matcher->Identify(bytes),
                  bytes);
}

std::shared_ptr<const TextTerms> TextReader::ReadPiece(std::string_view text) {
  const std::string digest = common::Sha256(text);
  if (auto known = Find(digest)) return known;
  return Remember(digest, judge_.matcher->Identify(text), text);
}

}  // namespace modelwatch::evaluator
