// SPDX-License-Identifier: Apache-2.0
// A corpus file that was damaged: each input changes bytes of a good one, or cuts it. Whatever
// comes out is refused, or is the file as it was.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "evaluator/license/corpus.h"
#include "evaluator/license/corpus_builder.h"
#include "evaluator/license/corpus_writer.h"

namespace {

using modelwatch::evaluator::Corpus;

const std::string& GoodFile() {
  static const std::string file = [] {
    modelwatch::evaluator::CorpusBuilder builder;
    (void)builder.AddFile("one.txt", "You may use the first thing in every way you like.");
    (void)builder.AddFile("two.txt", "You may use the second thing on Sundays and not for money.");
    return modelwatch::evaluator::EncodeCorpus(*builder.Build());
  }();
  return file;
}

}  // namespace

// Triples: two bytes of place, one to put there; an odd last byte cuts the file.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string file = GoodFile();
  size_t i = 0;
  for (; i + 3 <= size; i += 3) {
    const size_t place = (data[i] * 256U + data[i + 1]) % file.size();
    file[place] = static_cast<char>(data[i + 2]);
  }
  if (i < size) file.resize(file.size() * data[i] / 256);
  const auto corpus = Corpus::Parse(file);
  if (corpus.ok() && file != GoodFile()) std::abort();
  return 0;
}
