// SPDX-License-Identifier: Apache-2.0
// Texts identified and their terms read, each content once while it is remembered.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "common/mutex.h"
#include "evaluator/terms/text_terms.h"

namespace modelwatch::evaluator {

// Thread-safe.
class TextReader {
 public:
  // See IdentifyText of assessor.h; empty means the judge's matcher. What `judge` points to must
  // outlive this.
  using Identify = std::function<v1::Finding(const std::string& digest, std::string_view text)>;
  TextReader(const Judge& judge, Identify identify)
      : judge_(judge), identify_(std::move(identify)) {}

  // A file of the release. `digest` is the SHA-256 of `bytes`, which may be left out where
  // Assessor::NeedsText says so. REQUIRES: the judge has a matcher.
  [[nodiscard]] std::shared_ptr<const TextTerms> ReadFile(const std::string& digest,
                                                          std::string_view bytes);
  // A piece of a card or a gate's prompt: no file of its own, so nobody else knows it.
  [[nodiscard]] std::shared_ptr<const TextTerms> ReadPiece(std::string_view text);

 private:
  std::shared_ptr<const TextTerms> Find(const std::string& digest);
  std::shared_ptr<const TextTerms> Remember(const std::string& digest, v1::Finding finding,
                                            std::string_view bytes);

  // constant after construction
  const Judge judge_;
  const Identify identify_;

  common::Mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<const TextTerms>> remembered_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace modelwatch::evaluator
