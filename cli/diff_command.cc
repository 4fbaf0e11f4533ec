// SPDX-License-Identifier: Apache-2.0
// modelwatch diff OLD NEW: which of two texts or licences is tighter, and for whom.
#include <memory>

#include "absl/strings/str_format.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/judge.h"
#include "common/status_macros.h"
#include "evaluator/terms/lattice.h"
#include "proto/json.h"

namespace modelwatch::cli {
namespace {

struct DiffOptions {
  std::string then;
  std::string now;
  std::string corpus;
  Format format = Format::kJson;
};

v1::Terms TermsOf(const JudgeOwner& owner, const Argument& side) {
  if (side.is_text) return evaluator::TermsOfText(owner.judge(), side.text).terms;
  return evaluator::TermsTable::Builtin().TermsOf(side.expression);
}

// The text of a side: its own, or the corpus's of the one licence that it names; empty when none.
std::string_view TextOf(const JudgeOwner& owner, const Argument& side) {
  if (side.is_text) return side.text;
  if (side.expression.kind != evaluator::Expression::Kind::kLicence) return {};
  auto licence = owner.corpus->Find(side.expression.licence);
  const v1::LicenceTerms* row = evaluator::TermsTable::Builtin().Find(side.expression.licence);
  if (!licence && row != nullptr) licence = owner.corpus->Find(row->corpus_key());
  return licence ? licence->text : std::string_view();
}

v1::Shift ShiftOf(const JudgeOwner& owner, const Argument& then, const Argument& now) {
  const std::string_view then_text = TextOf(owner, then), now_text = TextOf(owner, now);
  const auto has_text = [](const Argument& side, std::string_view text) {
    return side.is_text || !text.empty();
  };
  // A licence against a text is its text against that text: only words tell an edit.
  if ((then.is_text || now.is_text) && has_text(then, then_text) && has_text(now, now_text)) {
    return evaluator::CompareTexts(owner.judge(), then_text, now_text);
  }
  v1::Shift shift = evaluator::CompareTerms(TermsOf(owner, then), TermsOf(owner, now));
  const auto name = [](const Argument& side) {
    return side.is_text ? side.name : evaluator::FormatExpression(side.expression);
  };
  shift.set_from_licence(name(then));
  shift.set_to_licence(name(now));
  shift.set_kind(name(then) == name(now) ? v1::COSMETIC : v1::SWAP);
  return shift;
}

std::string MoveText(std::string_view sign, const v1::Move& move) {
  std::string out =
      absl::StrFormat("  %s %-30s %s -> %s", sign, move.scenario(),
                      proto::OutcomeWord(move.from().high()), proto::OutcomeWord(move.to().low()));
  if (move.because_size() > 0) out += absl::StrFormat("  (%s)", move.because(0).text());
  return out + "\n";
}

std::string Text(const v1::Shift& shift) {
  std::string out =
      absl::StrFormat("%s (%s)\n", proto::Word(shift.direction()), proto::Word(shift.kind()));
  for (const v1::Move& move : shift.lost()) out += MoveText("-", move);
  for (const v1::Move& move : shift.gained()) out += MoveText("+", move);
  return out;
}

absl::Status Diff(const DiffOptions& options) {
  ASSIGN_OR_RETURN(const JudgeOwner owner, LoadJudge(options.corpus));
  ASSIGN_OR_RETURN(const Argument then, ReadArgument(owner, options.then));
  ASSIGN_OR_RETURN(const Argument now, ReadArgument(owner, options.now));
  const v1::Shift shift = ShiftOf(owner, then, now);
  Print(options.format == Format::kJson ? proto::ShiftJson(shift) + "\n" : Text(shift));
  return absl::OkStatus();
}

}  // namespace

void AddDiffCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<DiffOptions>();
  CLI::App* command =
      app.add_subcommand("diff", "Tell which of two texts or licences is tighter, and for whom");
  command->add_option("OLD", options->then, "A file or a licence")->required();
  command->add_option("NEW", options->now, "A file or a licence")->required();
  AddCorpusOption(*command, options->corpus);
  AddFormatOption(*command, options->format);
  SetExample(*command, "modelwatch diff MIT LICENSE.new --format text");
  command->callback([options, &exit_code] { exit_code = Report(Diff(*options)); });
}

}  // namespace modelwatch::cli
