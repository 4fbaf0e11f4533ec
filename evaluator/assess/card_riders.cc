// SPDX-License-Identifier: Apache-2.0
#include "evaluator/assess/card_riders.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "absl/strings/ascii.h"
#include "common/digest.h"
#include "evaluator/assess/card_sections.h"
#include "evaluator/terms/clauses.h"
#include "evaluator/terms/embedded.h"
#include "evaluator/terms/outcome_rules.h"
#include "modelwatch/v1/openness.pb.h"

namespace modelwatch::evaluator {

extern const char kRidersData[];

namespace {

constexpr size_t kMaxRiders = 32;

std::unique_ptr<re2::RE2> Compile(const std::string& pattern) {
  if (pattern.empty()) return nullptr;
  auto compiled = std::make_unique<re2::RE2>(pattern, re2::RE2::Quiet);
  if (!compiled->ok()) {
    std::fprintf(stderr, "modelwatch: rider '%s': %s\n", pattern.c_str(),
                 compiled->error().c_str());
    std::abort();
  }
  return compiled;
}

struct Row {
  v1::RiderPattern row;
  std::unique_ptr<re2::RE2> pattern, unless;
};

struct Patterns {
  std::vector<Row> rows;
  std::unique_ptr<re2::RE2> unless, other_section, keyword;
};

const Patterns& All() {
  static const auto* const all = [] {
    auto* patterns = new Patterns;
    const auto table = ParseEmbedded<v1::RiderTable>(kRidersData);
    for (const v1::RiderPattern& row : table.rider()) {
      patterns->rows.push_back({row, Compile(row.pattern()), Compile(row.unless())});
    }
    patterns->unless = Compile(table.unless());
    patterns->other_section = Compile(table.other_section());
    patterns->keyword = Compile(table.keyword());
    return patterns;
  }();
  return *all;
}

bool Matches(std::string_view text, const std::unique_ptr<re2::RE2>& pattern) {
  return pattern != nullptr &&
         re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *pattern);
}

void ReadSentence(const Sentence& sentence, uint32_t first_line, CardRiders& out) {
  const Patterns& all = All();
  if (Matches(sentence.words, all.unless)) return;
  std::string last;
  for (const Row& row : all.rows) {
    if (!Matches(sentence.words, row.pattern) || Matches(sentence.words, row.unless)) continue;
    if (!row.row.dimension().empty()) {
      RaiseDimension(out.dimensions, row.row.dimension(), row.row.value());
    }
    if (row.row.id() == last || out.riders.size() >= kMaxRiders) continue;
    last = row.row.id();
    out.riders.push_back(
        {last, row.row.dimension(), first_line + sentence.line - 1, sentence.original});
  }
}

bool IsRider(const CardRiders& out, std::string_view clause) {
  return std::any_of(out.riders.begin(), out.riders.end(),
                     [&](const Rider& rider) { return rider.clause == clause; });
}

}  // namespace

CardRiders ReadRiders(std::string_view card) {
  const Patterns& all = All();
  CardRiders out;
  for (const CardParagraph& paragraph : Paragraphs(card)) {
    const std::string lower = absl::AsciiStrToLower(std::string(paragraph.text));
    if (!Matches(lower, all.keyword) || Matches(paragraph.heading, all.other_section)) continue;
    for (const Sentence& sentence : SplitSentences(paragraph.text)) {
      ReadSentence(sentence, paragraph.line, out);
    }
  }
  // A permission is a way out of a ban; alone it bans nothing.
  if (!IsRider(out, "rider.commercial_ban") && !IsRider(out, "rider.noncommercial") &&
      !IsRider(out, "rider.research")) {
    out.dimensions.Clear();
    std::erase_if(out.riders, [](const Rider& r) { return r.clause == "rider.by_permission"; });
  }
  return out;
}

std::string RiderDataDigest() { return common::ToHex(common::Sha256(kRidersData)).substr(0, 16); }

}  // namespace modelwatch::evaluator
