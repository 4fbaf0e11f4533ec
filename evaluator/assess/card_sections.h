// SPDX-License-Identifier: Apache-2.0
// The prose of a model card: its paragraphs with the heading each stands below, and the sections
// that give or name a licence.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace modelwatch::evaluator {

// A view into the card.
struct CardParagraph {
  std::string_view text;
  std::string heading;  // nearest above, lower case, without marks; empty before the first
  uint32_t line = 0;    // 1-based line of the card
};

// Front matter, code blocks, table rows and headings left out; a list item is a paragraph. Linear;
// of the card the first MiB, of a line the first 4 KiB.
[[nodiscard]] std::vector<CardParagraph> Paragraphs(std::string_view card);

struct CardSection {
  std::string_view text;  // below the heading, up to the next one of its rank or above
  uint32_t line = 0;      // of the heading
};

// What stands below headings that say licence, terms of use or agreement; at most 8.
[[nodiscard]] std::vector<CardSection> LicenceSections(std::string_view card);

}  // namespace modelwatch::evaluator
