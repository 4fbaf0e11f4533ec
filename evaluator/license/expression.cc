// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/expression.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kMaxBytes = 4096;
constexpr int kMaxDepth = 32;

bool IsIdByte(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' || c == '+' ||
         c == ':' || c == '_';
}

bool IsWord(std::string_view token, std::string_view upper) {
  return absl::AsciiStrToUpper(std::string(token)) == upper;
}

// Recursive descent; AND binds tighter than OR, WITH tightest.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) { Next(); }

  absl::StatusOr<Expression> Whole() {
    ASSIGN_OR_RETURN(Expression expression, Or(0));
    if (is_bad_ || !token_.empty()) return Bad("unexpected characters in", text_);
    return expression;
  }

 private:
  absl::Status Bad(std::string_view what, std::string_view on) const {
    return absl::InvalidArgumentError(
        absl::StrFormat("not an SPDX expression: %s '%s'", what, on.substr(0, 80)));
  }

  void Next() {
    while (at_ < text_.size() && absl::ascii_isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    const size_t begin = at_;
    if (at_ < text_.size() && (text_[at_] == '(' || text_[at_] == ')')) {
      ++at_;
    } else {
      while (at_ < text_.size() && IsIdByte(text_[at_])) ++at_;
      if (at_ == begin && at_ < text_.size()) is_bad_ = true;
    }
    token_ = text_.substr(begin, at_ - begin);
  }

  absl::StatusOr<Expression> Chain(int depth, Expression::Kind kind, std::string_view word) {
    std::vector<Expression> parts;
    while (true) {
      ASSIGN_OR_RETURN(Expression part, kind == Expression::Kind::kOr ? And(depth) : Unit(depth));
      parts.push_back(std::move(part));
      if (!IsWord(token_, word)) break;
      Next();
    }
    if (parts.size() == 1) return std::move(parts.front());
    Expression expression;
    expression.kind = kind;
    expression.parts = std::move(parts);
    return expression;
  }

  absl::StatusOr<Expression> Or(int depth) { return Chain(depth, Expression::Kind::kOr, "OR"); }
  absl::StatusOr<Expression> And(int depth) { return Chain(depth, Expression::Kind::kAnd, "AND"); }

  absl::StatusOr<Expression> Unit(int depth) {
    if (is_bad_) return Bad("a character is not allowed in", text_);
    if (depth >= kMaxDepth) return Bad("nested too deep in", text_);
    if (token_ == "(") {
      Next();
      ASSIGN_OR_RETURN(Expression inner, Or(depth + 1));
      if (token_ != ")") return Bad("a bracket is not closed in", text_);
      Next();
      return inner;
    }
    ASSIGN_OR_RETURN(std::string id, Id());
    Expression expression;
    expression.licence = std::move(id);
    if (IsWord(token_, "WITH")) {
      Next();
      ASSIGN_OR_RETURN(expression.exception, Id());
    }
    return expression;
  }

  absl::StatusOr<std::string> Id() {
    if (token_.empty() || token_ == "(" || token_ == ")" || IsWord(token_, "AND") ||
        IsWord(token_, "OR") || IsWord(token_, "WITH")) {
      return Bad("a licence id is missing in", text_);
    }
    std::string id(token_);
    Next();
    return id;
  }

  std::string_view text_;
  size_t at_ = 0;
  std::string_view token_;
  bool is_bad_ = false;
};

std::string Format(const Expression& expression, bool is_inside_and) {
  if (expression.kind == Expression::Kind::kLicence) {
    if (expression.exception.empty()) return expression.licence;
    return absl::StrFormat("%s WITH %s", expression.licence, expression.exception);
  }
  const bool is_and = expression.kind == Expression::Kind::kAnd;
  std::string joined;
  for (const Expression& part : expression.parts) {
    if (!joined.empty()) joined += is_and ? " AND " : " OR ";
    joined += Format(part, is_and);
  }
  return !is_and && is_inside_and ? "(" + joined + ")" : joined;
}

}  // namespace

absl::StatusOr<Expression> ParseExpression(std::string_view text) {
  if (text.size() > kMaxBytes) {
    return absl::InvalidArgumentError("not an SPDX expression: longer than 4096 bytes");
  }
  return Parser(text).Whole();
}

std::string FormatExpression(const Expression& expression) { return Format(expression, false); }

}  // namespace modelwatch::evaluator
