// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/front_matter.h"

#include <yaml-cpp/yaml.h>

#include <set>

#include "replay_hub/json_text.h"

namespace modelwatch::replay_hub {
namespace {

constexpr int kMaxDepth = 64;
constexpr std::string_view kFence = "---";

bool IsJsonNumber(std::string_view text) {
  size_t i = text.starts_with('-') ? 1 : 0;
  const auto digits = [&] {
    const size_t from = i;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') ++i;
    return i - from;
  };
  const size_t first = i, whole = digits();
  if (whole == 0 || (whole > 1 && text[first] == '0')) return false;
  if (i < text.size() && text[i] == '.' && (++i, digits() == 0)) return false;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    if (++i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (digits() == 0) return false;
  }
  return i == text.size();
}

void AppendScalar(const YAML::Node& node, std::string& out) {
  const std::string& text = node.Scalar();
  const bool is_plain = node.Tag() == "?";
  if (is_plain && (text == "true" || text == "false" || IsJsonNumber(text))) {
    out += text;
  } else {
    AppendJsonString(text, out);
  }
}

// False when the block is one that the hub refuses.
bool AppendJson(const YAML::Node& node, int depth, std::string& out) {
  if (depth > kMaxDepth) return false;
  if (node.IsSequence()) {
    out += '[';
    for (size_t i = 0; i < node.size(); ++i) {
      if (i > 0) out += ',';
      if (!AppendJson(node[i], depth + 1, out)) return false;
    }
    out += ']';
  } else if (node.IsMap()) {
    std::set<std::string> seen;
    out += '{';
    for (const auto& entry : node) {
      if (!entry.first.IsScalar() || !seen.insert(entry.first.Scalar()).second) return false;
      if (seen.size() > 1) out += ',';
      AppendJsonString(entry.first.Scalar(), out);
      out += ':';
      if (!AppendJson(entry.second, depth + 1, out)) return false;
    }
    out += '}';
  } else if (node.IsScalar()) {
    AppendScalar(node, out);
  } else {
    out += "null";
  }
  return true;
}

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// Where the closing fence's line begins: line ends + "---" + a line end or the end of the card.
size_t FindClosing(std::string_view card, size_t from) {
  for (size_t at = card.find("\n---", from); at != std::string_view::npos;
       at = card.find("\n---", at + 1)) {
    const std::string_view rest = card.substr(at + 1 + kFence.size());
    if (rest.empty() || rest.starts_with('\n') || rest.starts_with("\r\n")) return at;
  }
  return std::string_view::npos;
}

}  // namespace

FrontMatter ReadFrontMatter(std::string_view card) {
  FrontMatter out;
  size_t start = 0;
  while (start < card.size() && IsBlank(card[start])) ++start;
  const std::string_view opening = card.substr(start);
  if (!opening.starts_with("---\n") && !opening.starts_with("---\r")) return out;
  const size_t from = start + kFence.size();
  const size_t closing = FindClosing(card, from);
  if (closing == std::string_view::npos) {
    out.state = FrontMatterState::kUnterminated;
    return out;
  }
  out.yaml = card.substr(from, closing - from);
  if (out.yaml.ends_with('\r')) out.yaml.remove_suffix(1);
  out.state = FrontMatterState::kBroken;
  try {
    const YAML::Node root = YAML::Load(std::string(out.yaml));
    std::string json;
    if (root.IsMap() && AppendJson(root, 0, json)) {
      out.card_data = std::move(json);
      out.state = FrontMatterState::kRead;
    }
  } catch (const YAML::Exception&) {
    return out;
  }
  return out;
}

}  // namespace modelwatch::replay_hub
