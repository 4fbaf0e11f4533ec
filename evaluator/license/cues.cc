// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/cues.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace modelwatch::evaluator {
namespace {

struct CueRow {
  CueKind kind;
  std::string_view words;
};

// Choice and third-party wording: the intros and notices of the ScanCode rules of compound
// expressions, and THIRD-PARTY-NOTICES files of public repositories; scopes: README and licence
// headings of models on Hugging Face, 2022 to 2026.
constexpr std::array kRows = {
    CueRow{CueKind::kChoice, "at your option"},
    CueRow{CueKind::kChoice, "at your choice"},
    CueRow{CueKind::kChoice, "at the option of"},
    CueRow{CueKind::kChoice, "dual licensed"},
    CueRow{CueKind::kChoice, "dual license"},
    CueRow{CueKind::kChoice, "dually licensed"},
    CueRow{CueKind::kChoice, "triple licensed"},
    CueRow{CueKind::kChoice, "you may choose"},
    CueRow{CueKind::kChoice, "you can choose"},
    CueRow{CueKind::kChoice, "you may select"},
    CueRow{CueKind::kChoice, "your choice of"},
    CueRow{CueKind::kChoice, "either of the following licenses"},
    CueRow{CueKind::kChoice, "either of these licenses"},
    CueRow{CueKind::kChoice, "one of the following licenses"},
    CueRow{CueKind::kChoice, "under either license"},
    CueRow{CueKind::kChoice, "alternatively under the terms"},
    CueRow{CueKind::kChoice, "alternatively this file may be used"},
    CueRow{CueKind::kChoice, "alternatively this software may be"},
    CueRow{CueKind::kChoice, "alternatively the contents of this file"},
    CueRow{CueKind::kChoice, "双重许可"},
    CueRow{CueKind::kChoice, "任选其一"},
    CueRow{CueKind::kThirdParty, "third party notices"},
    CueRow{CueKind::kThirdParty, "third party notice"},
    CueRow{CueKind::kThirdParty, "third party software"},
    CueRow{CueKind::kThirdParty, "third party licenses"},
    CueRow{CueKind::kThirdParty, "third party components"},
    CueRow{CueKind::kThirdParty, "third party code"},
    CueRow{CueKind::kThirdParty, "this product includes"},
    CueRow{CueKind::kThirdParty, "this product bundles"},
    CueRow{CueKind::kThirdParty, "this software includes"},
    CueRow{CueKind::kThirdParty, "bundled with"},
    CueRow{CueKind::kThirdParty, "bundled components"},
    CueRow{CueKind::kThirdParty, "portions of"},
    CueRow{CueKind::kThirdParty, "the following components"},
    CueRow{CueKind::kThirdParty, "licenses of dependencies"},
    CueRow{CueKind::kThirdParty, "dependency licenses"},
    CueRow{CueKind::kThirdParty, "subcomponents"},
    CueRow{CueKind::kThirdParty, "is derived from"},
    CueRow{CueKind::kThirdParty, "are derived from"},
    CueRow{CueKind::kThirdParty, "is adapted from"},
    CueRow{CueKind::kThirdParty, "第三方"},
    CueRow{CueKind::kFutureLicence, "grant of future license"},
    CueRow{CueKind::kFutureLicence, "change license"},
    CueRow{CueKind::kModelTerms, "model means"},
    CueRow{CueKind::kModelTerms, "model shall mean"},
    CueRow{CueKind::kModelTerms, "models means"},
    CueRow{CueKind::kModelTerms, "foundational large language models"},
    CueRow{CueKind::kModelTerms, "large language models"},
    CueRow{CueKind::kModelTerms, "trained model weights"},
    CueRow{CueKind::kModelTerms, "derivatives of the model means"},
    CueRow{CueKind::kModelTerms, "模型是指"},
    CueRow{CueKind::kModelTerms, "模型参数"},
    CueRow{CueKind::kCode, "the code"},
    CueRow{CueKind::kCode, "source code"},
    CueRow{CueKind::kCode, "code license"},
    CueRow{CueKind::kCode, "codebase"},
    CueRow{CueKind::kCode, "model code"},
    CueRow{CueKind::kCode, "training code"},
    CueRow{CueKind::kCode, "inference code"},
    CueRow{CueKind::kCode, "license code"},
    CueRow{CueKind::kCode, "代码"},
    CueRow{CueKind::kWeights, "model weights"},
    CueRow{CueKind::kWeights, "weights"},
    CueRow{CueKind::kWeights, "checkpoints"},
    CueRow{CueKind::kWeights, "model license"},
    CueRow{CueKind::kWeights, "license model"},
    CueRow{CueKind::kWeights, "model"},
    CueRow{CueKind::kWeights, "models"},
    CueRow{CueKind::kWeights, "权重"},
    CueRow{CueKind::kWeights, "模型"},
    CueRow{CueKind::kData, "dataset"},
    CueRow{CueKind::kData, "datasets"},
    CueRow{CueKind::kData, "data set"},
    CueRow{CueKind::kData, "the data"},
    CueRow{CueKind::kData, "training data"},
    CueRow{CueKind::kData, "data license"},
    CueRow{CueKind::kData, "数据"},
    CueRow{CueKind::kOutputs, "outputs"},
    CueRow{CueKind::kOutputs, "generated content"},
    CueRow{CueKind::kOutputs, "输出"},
    CueRow{CueKind::kOutputs, "生成内容"},
};

struct CueWords {
  CueKind kind;
  std::vector<std::string> words;
};

// Cues by their first word, the longest first.
class CueTable {
 public:
  CueTable() {
    for (const CueRow& row : kRows) {
      CueWords cue{row.kind, {}};
      for (Token& token : Tokenise(row.words)) cue.words.push_back(std::move(token.word));
      const std::string first = cue.words.front();
      looks_[LookOf(first)] = true;
      cues_[first].push_back(std::move(cue));
    }
    for (auto& [first, cues] : cues_) {
      std::stable_sort(cues.begin(), cues.end(), [](const CueWords& a, const CueWords& b) {
        return a.words.size() > b.words.size();
      });
    }
  }

  // Null for most words, and for nearly all of these without a look-up.
  [[nodiscard]] const std::vector<CueWords>* From(const std::string& first) const {
    if (!looks_[LookOf(first)]) return nullptr;
    const auto at = cues_.find(first);
    return at == cues_.end() ? nullptr : &at->second;
  }

 private:
  // A number for the first two letters and the length; a word is not empty.
  static size_t LookOf(const std::string& word) {
    const auto byte = [&](size_t i) { return static_cast<size_t>(static_cast<uint8_t>(word[i])); };
    return ((byte(0) * 67 + byte(1)) * 31 + word.size()) % kLooks;
  }

  static constexpr size_t kLooks = 4096;
  std::array<bool, kLooks> looks_ = {};
  std::unordered_map<std::string, std::vector<CueWords>> cues_;
};

const CueTable& Table() {
  static const auto* table = new CueTable;
  return *table;
}

bool StandsAt(const CueWords& cue, const std::vector<Token>& tokens, size_t at, size_t end) {
  if (end - at < cue.words.size()) return false;
  return std::equal(cue.words.begin(), cue.words.end(), tokens.begin() + static_cast<ptrdiff_t>(at),
                    [](const std::string& word, const Token& token) { return word == token.word; });
}

bool IsVoid(const std::vector<Token>& tokens, size_t begin, size_t end) {
  for (size_t i = begin - std::min<size_t>(begin, 3); i < begin; ++i) {
    const std::string& word = tokens[i].word;
    if (word == "not" || word == "no" || word == "never" || word == "longer") return true;
  }
  for (size_t i = end; i < std::min(tokens.size(), end + 2); ++i) {
    if (tokens[i].word == "any" || tokens[i].word == "later") return true;
  }
  // "A dual license, i.e. both the conditions of A and of B apply".
  for (size_t i = end; i < std::min(tokens.size(), end + 8); ++i) {
    if (tokens[i].word == "both") return true;
  }
  return false;
}

}  // namespace

std::vector<Cue> FindCues(const std::vector<Token>& tokens, size_t begin, size_t end) {
  std::vector<Cue> cues;
  const CueTable& table = Table();
  for (size_t at = begin; at < end;) {
    const std::vector<CueWords>* from = table.From(tokens[at].word);
    size_t next = at + 1;
    if (from != nullptr) {
      for (const CueWords& cue : *from) {
        if (!StandsAt(cue, tokens, at, end)) continue;
        next = at + cue.words.size();
        cues.push_back({cue.kind, at, next, IsVoid(tokens, at, next)});
        break;
      }
    }
    at = next;
  }
  return cues;
}

}  // namespace modelwatch::evaluator
