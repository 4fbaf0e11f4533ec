// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/front_matter.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "absl/strings/ascii.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kMaxHeaderBytes = 256 << 10;
constexpr size_t kMaxNesting = 64;
constexpr size_t kMaxAliases = 64;
constexpr size_t kMaxLicences = 32;
constexpr size_t kMaxValueBytes = 64 << 10;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view WithoutMark(std::string_view bytes) {
  if (bytes.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    bytes.remove_prefix(kByteOrderMark.size());
  }
  return bytes;
}

bool IsFence(std::string_view line) {
  while (!line.empty() && absl::ascii_isspace(static_cast<unsigned char>(line.back()))) {
    line.remove_suffix(1);
  }
  return line == "---";
}

// yaml-cpp recurses on nesting and copies on aliases: both are counted before it sees the block.
bool IsWithinLimits(std::string_view header) {
  size_t open = 0, deepest = 0, aliases = 0, dashes = 0;
  bool is_line_start = true;
  for (size_t i = 0; i < header.size(); ++i) {
    const char c = header[i];
    if (c == '[' || c == '{') deepest = std::max(deepest, ++open);
    if ((c == ']' || c == '}') && open > 0) --open;
    const bool opens_word = i == 0 ||
                            absl::ascii_isspace(static_cast<unsigned char>(header[i - 1])) ||
                            header[i - 1] == '[' || header[i - 1] == ',';
    if (c == '*' && opens_word) ++aliases;
    if (c == '\n') {
      is_line_start = true;
      dashes = 0;
    } else if (is_line_start && c == '-') {
      if (++dashes > kMaxNesting) return false;  // "- - - - ..." nests a list an item
    } else if (c != ' ' && c != '\t' && c != '?' && c != ':') {
      is_line_start = false;
    }
  }
  return deepest <= kMaxNesting && aliases <= kMaxAliases;
}

// Indentation nests as well: more than this many blanks before a word cannot be a real card.
bool IsIndentationSane(std::string_view header) {
  size_t levels = 0, last = 0, indent = 0;
  bool is_line_start = true;
  for (const char c : header) {
    if (c == '\n') {
      is_line_start = true;
      indent = 0;
    } else if (is_line_start && c == ' ') {
      ++indent;
    } else if (is_line_start) {
      is_line_start = false;
      levels = indent > last ? levels + 1 : (indent == 0 ? 0 : levels);
      last = indent;
      if (levels > 4 * kMaxNesting) return false;
    }
  }
  return true;
}

// "key:" opens it: a ruled-off paragraph is not metadata.
bool OpensWithKey(std::string_view header) {
  while (!header.empty()) {
    const std::string_view line = header.substr(0, header.find('\n'));
    const bool is_blank = line.find_first_not_of(" \t\r") == std::string_view::npos;
    if (!is_blank && line.front() != '#') {
      const size_t colon = line.find(':');
      return colon != std::string_view::npos && colon > 0 &&
             line.substr(0, colon).find_first_of(" \t") == std::string_view::npos;
    }
    header.remove_prefix(std::min(line.size() + 1, header.size()));
  }
  return true;
}

std::string TextOf(const YAML::Node& node) {
  if (!node.IsDefined() || !node.IsScalar()) return "";
  return node.Scalar().substr(0, kMaxValueBytes);
}

void ReadLicences(const YAML::Node& node, std::vector<std::string>& licences) {
  if (!node.IsDefined()) return;
  if (node.IsScalar()) {
    licences.push_back(TextOf(node));
  } else if (node.IsSequence()) {
    for (const YAML::Node& item : node) {
      if (item.IsScalar() && licences.size() < kMaxLicences) licences.push_back(TextOf(item));
    }
  }
}

CardDeclared Parse(std::string_view header) {
  CardDeclared declared;
  declared.has_block = true;
  try {
    const YAML::Node root = YAML::Load(std::string(header));
    if (!root.IsMap()) {
      declared.is_broken = !root.IsNull();
      return declared;
    }
    ReadLicences(root["license"], declared.licences);
    declared.license_name = TextOf(root["license_name"]);
    declared.license_link = TextOf(root["license_link"]);
    declared.gated_prompt = TextOf(root["extra_gated_prompt"]);
    const std::string eu = absl::AsciiStrToLower(TextOf(root["extra_gated_eu_disallowed"]));
    declared.excludes_eu = eu == "true" || eu == "yes";
  } catch (const std::exception&) {
    declared = {};
    declared.has_block = true;
    declared.is_broken = true;
  }
  return declared;
}

}  // namespace

SplitText SplitFrontMatter(std::string_view bytes) {
  const std::string_view text = WithoutMark(bytes);
  const size_t first_end = text.find('\n');
  if (first_end == std::string_view::npos || !IsFence(text.substr(0, first_end)))
    return {{}, bytes};
  for (size_t at = first_end + 1; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    if (IsFence(text.substr(at, end - at))) {
      if (!OpensWithKey(text.substr(first_end + 1, at - first_end - 1))) return {{}, bytes};
      return {text.substr(first_end + 1, at - first_end - 1),
              text.substr(std::min(end + 1, text.size()))};
    }
    at = end + 1;
  }
  return {{}, bytes};
}

CardDeclared ReadFrontMatter(std::string_view card) {
  const SplitText split = SplitFrontMatter(card);
  CardDeclared broken;
  broken.has_block = true;
  broken.is_broken = true;
  if (split.body.size() == card.size()) {
    const std::string_view text = WithoutMark(card);
    const size_t end = std::min(text.find('\n'), text.size());
    return IsFence(text.substr(0, end)) ? broken : CardDeclared();
  }
  if (split.header.size() > kMaxHeaderBytes || !IsWithinLimits(split.header) ||
      !IsIndentationSane(split.header)) {
    return broken;
  }
  return Parse(split.header);
}

}  // namespace modelwatch::evaluator
