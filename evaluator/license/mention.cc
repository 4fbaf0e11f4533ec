// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/mention.h"

#include <algorithm>

namespace modelwatch::evaluator {
namespace {

constexpr size_t kMaxNameWords = 9;
constexpr size_t kMaxMentions = 16;
// How near "license" must stand to a one-word name.
constexpr size_t kNear = 6;

std::string JoinWords(const std::vector<Token>& tokens, size_t begin, size_t end) {
  std::string joined;
  for (size_t i = begin; i < end; ++i) {
    if (i > begin) joined += ' ';
    joined += tokens[i].word;
  }
  return joined;
}

bool IsNearLicenceWord(const std::vector<Token>& tokens, size_t at) {
  const size_t begin = at > kNear ? at - kNear : 0;
  const size_t end = std::min(tokens.size(), at + kNear + 1);
  for (size_t i = begin; i < end; ++i) {
    if (tokens[i].word.substr(0, 6) == "licens") return true;
  }
  return false;
}

}  // namespace

NameIndex::NameIndex(const Corpus& corpus) {
  const auto add = [&](std::string_view name, LicenceId licence) {
    const std::vector<Token> words = Tokenise(name);
    if (words.empty() || words.size() > kMaxNameWords) return;
    // A bare common word ("fair", "zed") names nothing.
    names_.try_emplace(JoinWords(words, 0, words.size()), licence);
  };
  for (const bool deprecated : {false, true}) {
    for (LicenceId id = 0; id < corpus.licence_count(); ++id) {
      const Licence licence = corpus.licence(id);
      if (licence.is_deprecated != deprecated || licence.is_generic) continue;
      if (licence.is_spdx()) add(licence.spdx, id);
      add(licence.name, id);
    }
  }
}

std::vector<Mention> NameIndex::Find(const std::vector<Token>& tokens) const {
  std::vector<Mention> found;
  for (size_t i = 0; i < tokens.size() && found.size() < kMaxMentions; ++i) {
    for (size_t n = std::min(kMaxNameWords, tokens.size() - i); n > 0; --n) {
      const auto at = names_.find(JoinWords(tokens, i, i + n));
      if (at == names_.end() || (n == 1 && !IsNearLicenceWord(tokens, i))) continue;
      const bool is_new = std::none_of(found.begin(), found.end(), [&](const Mention& mention) {
        return mention.licence == at->second;
      });
      if (is_new) found.push_back({at->second, tokens[i].line});
      i += n - 1;
      break;
    }
  }
  return found;
}

}  // namespace modelwatch::evaluator
