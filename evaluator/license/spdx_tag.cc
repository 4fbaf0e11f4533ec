// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/spdx_tag.h"

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "modelwatch/v1/assessment.pb.h"

namespace modelwatch::evaluator {
namespace {

constexpr std::string_view kSpdx = "spdx";
constexpr size_t kMaxTags = 64;
constexpr size_t kMaxValueBytes = 1024;

bool IsIdCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' || c == '+' ||
         c == ':' || c == '_';
}

bool IsOperator(std::string_view word) {
  const std::string lower = absl::AsciiStrToLower(std::string(word));
  return lower == "and" || lower == "or" || lower == "with";
}

// Ids and brackets of the value, up to the first character that no expression has.
std::vector<std::string> Pieces(std::string_view value) {
  std::vector<std::string> pieces;
  for (size_t at = 0; at < value.size();) {
    const char c = value[at];
    if (c == ' ' || c == '\t') {
      ++at;
    } else if (c == '(' || c == ')') {
      pieces.emplace_back(1, c);
      ++at;
    } else if (IsIdCharacter(c)) {
      size_t end = at;
      while (end < value.size() && IsIdCharacter(value[end])) ++end;
      pieces.emplace_back(value.substr(at, end - at));
      at = end;
    } else {
      break;
    }
  }
  while (!pieces.empty() && pieces.back() != ")" &&
         !absl::ascii_isalnum(static_cast<unsigned char>(pieces.back()[0]))) {
    pieces.pop_back();
  }
  return pieces;
}

// "GPL-2.0+ BSD-2-Clause" -> "GPL-2.0+ OR BSD-2-Clause".
std::string WithOperators(const std::vector<std::string>& pieces, size_t count) {
  std::string joined;
  bool after_id = false;
  for (size_t i = 0; i < count; ++i) {
    const bool is_operator = IsOperator(pieces[i]);
    const bool is_id = !is_operator && pieces[i] != "(" && pieces[i] != ")";
    if (after_id && (is_id || pieces[i] == "(")) joined += " OR";
    joined += (joined.empty() ? "" : " ") + pieces[i];
    after_id = is_id || pieces[i] == ")";
  }
  return joined;
}

std::optional<Expression> LongestExpression(std::string_view value) {
  std::vector<std::string> pieces = Pieces(value);
  for (size_t count = pieces.size(); count > 0; --count) {
    auto parsed = ParseExpression(WithOperators(pieces, count));
    if (parsed.ok()) return *std::move(parsed);
  }
  return std::nullopt;
}

void AddLicences(const Expression& expression, uint32_t role, std::vector<NamedLicence>& all) {
  const auto add = [&](const std::string& id, uint32_t as) {
    const bool is_there =
        std::any_of(all.begin(), all.end(), [&](const NamedLicence& one) { return one.id == id; });
    if (!is_there) all.push_back({id, as});
  };
  if (expression.kind == Expression::Kind::kLicence) {
    add(expression.licence, role);
    if (!expression.exception.empty()) add(expression.exception, v1::EXCEPTION);
  }
  const bool is_choice = expression.kind == Expression::Kind::kOr;
  for (const Expression& part : expression.parts) {
    AddLicences(part, is_choice ? static_cast<uint32_t>(v1::ALTERNATIVE) : role, all);
  }
}

}  // namespace

std::vector<SpdxTag> FindSpdxTags(std::string_view text, const std::vector<Token>& tokens) {
  std::vector<SpdxTag> tags;
  for (size_t i = 0; i + 2 < tokens.size() && tags.size() < kMaxTags; ++i) {
    if (tokens[i].word != kSpdx || tokens[i + 1].word != "license" ||
        tokens[i + 2].word != "identifier") {
      continue;
    }
    const size_t at = tokens[i + 2].end;
    const size_t line_end =
        std::min(text.find('\n', at), std::min(text.size(), at + kMaxValueBytes));
    std::string_view value = text.substr(at, line_end - at);
    const size_t begin = value.find_first_not_of(" \t:='\"");
    if (begin == std::string_view::npos) continue;
    auto expression = LongestExpression(value.substr(begin));
    if (!expression) continue;
    size_t end = i + 3;
    while (end < tokens.size() && tokens[end].begin < line_end) ++end;
    tags.push_back({*std::move(expression), i, end});
    i = end - 1;
  }
  return tags;
}

std::vector<NamedLicence> LicencesIn(const Expression& expression) {
  std::vector<NamedLicence> all;
  AddLicences(expression, v1::PRIMARY, all);
  return all;
}

}  // namespace modelwatch::evaluator
