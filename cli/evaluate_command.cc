// SPDX-License-Identifier: Apache-2.0
// modelwatch evaluate: the evaluator and the page as a daemon of their own.
#include <memory>

#include "absl/strings/str_format.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/daemon.h"
#include "cli/run_group.h"
#include "common/status_macros.h"
#include "evaluator/license/corpus.h"

namespace modelwatch::cli {
namespace {

struct EvaluateOptions {
  WatchOptions watch;
  IndexerAddress indexer;
  std::string data_dir;
  std::string corpus_path;
  std::string rules_path;
  std::string http = "127.0.0.1:8080";
  Format format = Format::kText;
  bool once = false;
};

absl::Status Evaluate(const EvaluateOptions& options) {
  RunGroup group;
  ASSIGN_OR_RETURN(const v1::Config config, ConfigFrom(options.watch));
  ASSIGN_OR_RETURN(const evaluator::EvaluatorOptions judging,
                   EvaluatorOptionsFrom(config, options.rules_path));
  ASSIGN_OR_RETURN(const auto corpus, evaluator::Corpus::Load(options.corpus_path));
  ASSIGN_OR_RETURN(const auto index, ConnectTo(options.indexer, options.data_dir));
  common::Metrics metrics;
  const auto sink = StandardOutputSink(options.format);
  evaluator::Evaluator evaluator(judging, *index, corpus.get(), metrics, sink.get());
  if (options.once) {
    group.Add("evaluator", [&] { return evaluator.RunOnce(group.stopper()); });
    return group.Run();
  }
  ASSIGN_OR_RETURN(const auto site, ServeSite(options.http, config, *index, metrics));
  absl::FPrintF(stderr, "alerts are listed at %s\n", site->address());
  group.Add("evaluator", [&] { return evaluator.Run(group.stopper()); });
  const absl::Status status = group.Run();
  site->Stop();
  return status;
}

}  // namespace

void AddEvaluateCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<EvaluateOptions>();
  CLI::App* command =
      app.add_subcommand("evaluate", "Run the evaluator and the page alone, reading an indexer");
  AddConfigOptions(*command, options->watch);
  AddIndexerOptions(*command, options->indexer);
  AddDataOption(*command, options->data_dir);
  AddCorpusOption(*command, options->corpus_path);
  AddPolicyOption(*command, options->rules_path);
  AddFormatOption(*command, options->format);
  command
      ->add_option("--http", options->http, "HOST:PORT of the page, feed and metrics; port 0 = any")
      ->capture_default_str();
  command->add_flag("--once", options->once, "Judge what is in the log, exit");
  SetExample(*command, "modelwatch evaluate --indexer 127.0.0.1:7400 --http 127.0.0.1:8080");
  command->callback([options, &exit_code] { exit_code = Report(Evaluate(*options)); });
}

}  // namespace modelwatch::cli
