// SPDX-License-Identifier: Apache-2.0
// modelwatch terms PATH|LICENCE|-: what a text or a licence demands of whom.
#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/judge.h"
#include "common/status_macros.h"
#include "proto/json.h"

namespace modelwatch::cli {
namespace {

using Json = nlohmann::ordered_json;

struct TermsOptions {
  std::string subject;
  std::string corpus;
  Format format = Format::kJson;
};

struct Answer {
  std::string licence;
  v1::Terms terms;
  v1::Dimensions dimensions;
  v1::Finding finding;
  bool is_text = false;
};

Answer AnswerFor(const JudgeOwner& owner, const Argument& subject) {
  Answer answer;
  if (subject.is_text) {
    evaluator::TextTerms read = evaluator::TermsOfText(owner.judge(), subject.text);
    answer.licence =
        read.finding.licence().empty() ? read.finding.expression() : read.finding.licence();
    answer.terms = std::move(read.terms);
    answer.dimensions = std::move(read.dimensions);
    answer.finding = std::move(read.finding);
    answer.is_text = true;
    return answer;
  }
  const auto& table = evaluator::TermsTable::Builtin();
  answer.licence = evaluator::FormatExpression(subject.expression);
  answer.terms = table.TermsOf(subject.expression);
  if (const v1::LicenceTerms* row = table.Find(answer.licence))
    answer.dimensions = row->dimensions();
  return answer;
}

Json Parameters(const v1::Dimensions& dimensions) {
  const auto number = [](uint64_t value) { return value == 0 ? Json(nullptr) : Json(value); };
  return {{"mau", number(dimensions.scale_mau())},
          {"revenue_usd", number(dimensions.scale_revenue_usd())},
          {"regions",
           std::vector<std::string>(dimensions.regions().begin(), dimensions.regions().end())}};
}

std::string AsJson(const Answer& answer) {
  Json json = {{"licence", answer.licence}};
  if (answer.is_text) {
    json["status"] = proto::Word(answer.finding.status());
    json["base"] = answer.finding.base();
  }
  json["scenarios"] = Json::parse(proto::TermsJson(answer.terms));
  json["parameters"] = Parameters(answer.dimensions);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string AsText(const Answer& answer) {
  std::string out = answer.licence.empty() ? "no known licence" : answer.licence;
  if (answer.is_text) out += absl::StrFormat(" (%s)", proto::Word(answer.finding.status()));
  out += "\n";
  for (const v1::Outcome& outcome : answer.terms.outcomes()) {
    const v1::Interval& interval = outcome.interval();
    std::string word(proto::OutcomeWord(interval.low()));
    if (interval.high() != interval.low()) {
      word += absl::StrFormat(" .. %s", proto::OutcomeWord(interval.high()));
    }
    out += absl::StrFormat("  %-30s %s", outcome.scenario(), word);
    if (outcome.because_size() > 0 && interval.high() > 0) {
      const v1::Because& because = outcome.because(0);
      out += absl::StrFormat("  (%s%s: %s)", because.clause(),
                             because.line() > 0 ? absl::StrFormat(", line %d", because.line()) : "",
                             because.text().substr(0, 120));
    }
    out += "\n";
  }
  return out;
}

absl::Status Terms(const TermsOptions& options) {
  ASSIGN_OR_RETURN(const JudgeOwner owner, LoadJudge(options.corpus));
  ASSIGN_OR_RETURN(const Argument subject, ReadArgument(owner, options.subject));
  const Answer answer = AnswerFor(owner, subject);
  Print(options.format == Format::kJson ? AsJson(answer) : AsText(answer));
  return absl::OkStatus();
}

}  // namespace

void AddTermsCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<TermsOptions>();
  CLI::App* command = app.add_subcommand("terms", "Tell what a text or a licence demands of whom");
  command->add_option("SUBJECT", options->subject, "A file, - for standard input, or a licence")
      ->required();
  AddCorpusOption(*command, options->corpus);
  AddFormatOption(*command, options->format);
  SetExample(*command, "modelwatch terms llama3.1 --format text");
  command->callback([options, &exit_code] { exit_code = Report(Terms(*options)); });
}

}  // namespace modelwatch::cli
