// SPDX-License-Identifier: Apache-2.0
// Any names and any text as a candidate: its key is a key, and the file written for it is taken as
// that one licence and no other. Input: publisher, licence name, path, text, separated by NUL.
#include <cstddef>
#include <cstdint>

#include "evaluator/harvest/naming.h"
#include "evaluator/harvest/proposal.h"
#include "evaluator/license/corpus_builder.h"

namespace modelwatch::evaluator {
namespace {

std::string Next(std::string_view& rest) {
  const size_t end = std::min(rest.find('\0'), rest.size());
  std::string field(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return field;
}

void Require(bool holds) {
  if (!holds) __builtin_trap();
}

void TryPromotion(std::string_view rest) {
  Candidate candidate;
  candidate.words_digest = "0123456789abcdef0123456789abcdef";
  const std::string publisher = Next(rest);
  candidate.releases[publisher] = {"hub:1", "hub:2"};
  candidate.declared_names[publisher][Next(rest)] = 1;
  candidate.source.path = Next(rest);
  candidate.text = std::string(rest);
  Propose(
      Tokenise(candidate.text), BuiltinPromotionRules(), [](std::string_view) { return false; },
      candidate);
  Require(!candidate.key.empty() && candidate.key.size() <= kMaxKeyBytes);
  Require(candidate.key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") ==
          std::string::npos);
  CorpusBuilder builder;
  Require(builder.AddFile(candidate.key + ".LICENSE", PromotedFile(candidate)).ok());
  const auto corpus = builder.Build();
  if (!corpus.ok() || corpus->licences().empty()) return;  // an empty text is no licence
  Require(corpus->licences_size() == 1 && corpus->licences(0).key() == candidate.key);
}

}  // namespace
}  // namespace modelwatch::evaluator

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  modelwatch::evaluator::TryPromotion({reinterpret_cast<const char*>(data), size});
  return 0;
}
