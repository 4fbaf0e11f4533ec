// SPDX-License-Identifier: Apache-2.0
#include "cli/judge.h"

#include <filesystem>

#include "absl/strings/str_format.h"
#include "cli/text_input.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "evaluator/license/decode.h"

namespace modelwatch::cli {
namespace {

// True when every licence of the expression is one that terms are known for.
bool IsKnown(const evaluator::TermsTable& table, const evaluator::Expression& expression) {
  if (expression.kind == evaluator::Expression::Kind::kLicence) {
    return table.Find(expression.licence) != nullptr;
  }
  for (const evaluator::Expression& part : expression.parts) {
    if (!IsKnown(table, part)) return false;
  }
  return true;
}

// The text of a file in UTF-8; empty for an empty file.
absl::StatusOr<std::string> ReadDecoded(const std::string& path) {
  ASSIGN_OR_RETURN(const FileBeginning file, ReadBeginning(path));
  const evaluator::Decoded decoded = evaluator::Decode(file.bytes, file.whole_bytes);
  using evaluator::ContentKind;
  if (decoded.kind != ContentKind::kText && decoded.kind != ContentKind::kEmpty) {
    return absl::InvalidArgumentError(absl::StrFormat("%s: %s", path, decoded.reason));
  }
  if (!decoded.note.empty()) {
    absl::FPrintF(stderr, "modelwatch: %s: %s\n", common::OneLine(path), decoded.note);
  }
  return std::string(decoded.text());
}

}  // namespace

absl::StatusOr<JudgeOwner> LoadJudge(const std::string& corpus_path) {
  JudgeOwner owner;
  ASSIGN_OR_RETURN(owner.corpus, evaluator::Corpus::Load(corpus_path));
  owner.matcher = std::make_unique<evaluator::Matcher>(*owner.corpus);
  return owner;
}

absl::StatusOr<Argument> ReadArgument(const JudgeOwner& owner, const std::string& argument) {
  Argument read;
  read.name = argument;
  std::error_code ignored;
  if (argument == "-" || std::filesystem::is_regular_file(argument, ignored)) {
    read.is_text = true;
    ASSIGN_OR_RETURN(read.text, ReadDecoded(argument));
    return read;
  }
  const auto& table = evaluator::TermsTable::Builtin();
  if (const v1::LicenceTerms* row = table.Find(argument)) {
    read.expression.licence = row->id();
    return read;
  }
  const auto expression = evaluator::ParseExpression(argument);
  if (expression.ok() && IsKnown(table, *expression)) {
    read.expression = *expression;
    return read;
  }
  if (const auto licence = owner.corpus->Find(argument)) {
    read.is_text = true;
    read.text = std::string(licence->text);
    return read;
  }
  return absl::NotFoundError(absl::StrFormat(
      "'%s' is neither a file nor a known licence; 'modelwatch corpus list' names the licences",
      argument));
}

}  // namespace modelwatch::cli
