// SPDX-License-Identifier: Apache-2.0
// modelwatch identify PATH|-...: which licence each text is.
#include <memory>

#include "absl/strings/str_format.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/text_input.h"
#include "common/status_macros.h"
#include "evaluator/license/matcher.h"
#include "proto/json.h"

namespace modelwatch::cli {
namespace {

struct IdentifyOptions {
  std::vector<std::string> paths;
  std::string corpus;
  Format format = Format::kJson;
};

std::string Text(const v1::Finding& finding) {
  const std::string& named = finding.base().empty() ? finding.expression() : finding.base();
  std::string out = absl::StrFormat("%s: %s %s (%s)\n", finding.path(),
                                    proto::Word(finding.status()), named, finding.reason());
  for (const v1::ResidueSpan& span : finding.added()) {
    out += absl::StrFormat("  + line %d: %s\n", span.line(), span.text());
  }
  for (const v1::ResidueSpan& span : finding.missing()) {
    out += absl::StrFormat("  - %s\n", span.text());
  }
  return out;
}

// A path that cannot be read is told and the rest goes on.
absl::Status Identify(const IdentifyOptions& options) {
  ASSIGN_OR_RETURN(const auto corpus, evaluator::Corpus::Load(options.corpus));
  const evaluator::Matcher matcher(*corpus);
  absl::Status first_failure;
  for (const std::string& path : options.paths) {
    const absl::StatusOr<std::string> text = ReadText(path);
    if (!text.ok()) {
      if (first_failure.ok()) {
        first_failure = text.status();
      } else {
        (void)Report(text.status());
      }
      continue;
    }
    v1::Finding finding = matcher.Identify(*text);
    finding.set_path(path);
    Print(options.format == Format::kJson ? proto::FindingJson(finding) + "\n" : Text(finding));
  }
  return first_failure;
}

}  // namespace

void AddIdentifyCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<IdentifyOptions>();
  CLI::App* command = app.add_subcommand("identify", "Tell which licence each text is");
  command->add_option("PATH", options->paths, "Files, or - for standard input")->required();
  AddCorpusOption(*command, options->corpus);
  AddFormatOption(*command, options->format);
  SetExample(*command, "modelwatch identify LICENSE USE_POLICY.md");
  command->callback([options, &exit_code] { exit_code = Report(Identify(*options)); });
}

}  // namespace modelwatch::cli
