// SPDX-License-Identifier: Apache-2.0
// The licence corpus as set-up installs it, for tests on real data.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "evaluator/license/corpus.h"

namespace modelwatch::testing {

// $MODELWATCH_CORPUS, else corpus.bin of the release build or of this build.
inline std::string RealCorpusPath() {
  if (const char* named = std::getenv("MODELWATCH_CORPUS")) return named;
  const std::string beside = std::string(MODELWATCH_BINARY_DIR) + "/corpus.bin";
  if (std::filesystem::exists(beside)) return beside;
  return std::string(MODELWATCH_SOURCE_DIR) + "/build/release/corpus.bin";
}

// Null when it cannot be read.
inline const evaluator::Corpus* RealCorpus() {
  static const auto* corpus = [] {
    auto loaded = evaluator::Corpus::Load(RealCorpusPath());
    return loaded.ok() ? loaded->release() : nullptr;
  }();
  return corpus;
}

}  // namespace modelwatch::testing

#define SKIP_WITHOUT_REAL_CORPUS()                                                   \
  if (::modelwatch::testing::RealCorpus() == nullptr)                                \
  GTEST_SKIP() << "no licence corpus at " << ::modelwatch::testing::RealCorpusPath() \
               << "; deploy/setup.sh installs one"
