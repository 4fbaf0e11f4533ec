// SPDX-License-Identifier: Apache-2.0
// modelwatch run: indexer, crawler, evaluator and page in one process.
#include <memory>

#include "absl/strings/str_format.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/daemon.h"
#include "cli/run_group.h"
#include "common/clock.h"
#include "common/status_macros.h"
#include "evaluator/license/corpus.h"

namespace modelwatch::cli {
namespace {

struct RunOptions {
  WatchOptions watch;
  std::string data_dir;
  std::string corpus_path;
  std::string rules_path;
  std::string http = "127.0.0.1:8080";
  Format format = Format::kText;
  bool once = false;
};

// All of one process, in the order of the data; destroyed in reverse.
//
//   hubs -> crawler --PutBatch--> indexer --Follow--> evaluator --PutAssessments--> indexer
//                                    `--Read--> page, feed, metrics
//
// The arrows are gRPC over in-process channels: the same calls that separate daemons make.
struct Process {
  common::Metrics metrics;
  std::unique_ptr<evaluator::Corpus> corpus;
  std::unique_ptr<indexer::Indexer> indexer;
  std::unique_ptr<indexer::Index> crawler_index;
  std::unique_ptr<indexer::Index> evaluator_index;
  std::unique_ptr<evaluator::Sink> sink;
  std::unique_ptr<evaluator::Evaluator> evaluator;
  std::unique_ptr<crawler::Crawler> crawler;
  std::unique_ptr<evaluator::SiteServer> site;
};

absl::Status Open(const RunOptions& options, const v1::Config& config, Process& process) {
  ASSIGN_OR_RETURN(const evaluator::EvaluatorOptions judging,
                   EvaluatorOptionsFrom(config, options.rules_path));
  ASSIGN_OR_RETURN(process.corpus, evaluator::Corpus::Load(options.corpus_path));
  indexer::IndexerOptions index;
  index.data_dir = options.data_dir;
  index.commit_queue = config.index().commit_queue();
  index.max_log_entries = config.index().max_log_entries();
  ASSIGN_OR_RETURN(process.indexer,
                   indexer::Indexer::Open(index, common::SystemClock(), process.metrics));
  process.crawler_index = process.indexer->InProcess();
  process.evaluator_index = process.indexer->InProcess();
  process.sink = StandardOutputSink(options.format);
  process.evaluator = std::make_unique<evaluator::Evaluator>(
      judging, *process.evaluator_index, process.corpus.get(), process.metrics, process.sink.get());
  process.crawler = std::make_unique<crawler::Crawler>(
      config, *process.crawler_index, common::SystemClock(), process.metrics,
      CrawlerOptionsFor(config, options.watch, options.data_dir));
  return absl::OkStatus();
}

absl::Status RunOnce(Process& process, RunGroup& group) {
  group.Add("once", [&process, &group] {
    const absl::Status crawled = process.crawler->RunOnce(group.stopper());
    const absl::Status judged = process.evaluator->RunOnce(group.stopper());
    return crawled.ok() ? judged : crawled;
  });
  return group.Run();
}

absl::Status RunUntilStopped(const RunOptions& options, const v1::Config& config, Process& process,
                             RunGroup& group) {
  ASSIGN_OR_RETURN(process.site,
                   ServeSite(options.http, config, *process.evaluator_index, process.metrics));
  absl::FPrintF(stderr, "alerts are listed at %s\n", process.site->address());
  group.Add("crawler", [&] { return process.crawler->Run(group.stopper()); });
  group.Add("evaluator", [&] { return process.evaluator->Run(group.stopper()); });
  const absl::Status status = group.Run();
  process.site->Stop();
  return status;
}

absl::Status Run(const RunOptions& options) {
  RunGroup group;
  ASSIGN_OR_RETURN(const v1::Config config, ConfigFrom(options.watch));
  Process process;
  RETURN_IF_ERROR(Open(options, config, process));
  absl::FPrintF(stderr, "%s", WatchedText(config));
  const absl::Status status =
      options.once ? RunOnce(process, group) : RunUntilStopped(options, config, process, group);
  process.indexer->Stop();
  return status;
}

}  // namespace

void AddRunCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command =
      app.add_subcommand("run", "Watch hubs: crawl, keep, judge and show, all in one process");
  AddConfigOptions(*command, options->watch);
  AddHubOptions(*command, options->watch);
  AddDataOption(*command, options->data_dir);
  AddCorpusOption(*command, options->corpus_path);
  AddPolicyOption(*command, options->rules_path);
  AddFormatOption(*command, options->format);
  command
      ->add_option("--http", options->http, "HOST:PORT of the page, feed and metrics; port 0 = any")
      ->capture_default_str();
  command->add_flag("--once", options->once, "Crawl what is due, judge it, print new alerts, exit");
  SetExample(*command, "modelwatch run --hub huggingface --data data --http 127.0.0.1:8080");
  command->callback([options, &exit_code] { exit_code = Report(Run(*options)); });
}

}  // namespace modelwatch::cli
