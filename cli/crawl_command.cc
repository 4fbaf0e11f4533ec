// SPDX-License-Identifier: Apache-2.0
// modelwatch crawl: the crawler as a daemon of its own.
#include <memory>

#include "absl/strings/str_format.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/daemon.h"
#include "cli/progress.h"
#include "cli/run_group.h"
#include "common/clock.h"
#include "common/status_macros.h"

namespace modelwatch::cli {
namespace {

struct CrawlOptions {
  WatchOptions watch;
  IndexerAddress indexer;
  std::string data_dir;
  std::string worker = "crawler";
  std::string metrics_listen;
  bool once = false;
};

absl::Status Crawl(const CrawlOptions& options) {
  RunGroup group;
  ASSIGN_OR_RETURN(const v1::Config config, ConfigFrom(options.watch));
  ASSIGN_OR_RETURN(const auto index, ConnectTo(options.indexer, options.data_dir));
  common::Metrics metrics;
  ASSIGN_OR_RETURN(const auto metrics_server, ServeMetrics(options.metrics_listen, metrics));
  crawler::CrawlerOptions crawling = CrawlerOptionsFor(config, options.watch, options.data_dir);
  crawling.worker = options.worker;
  // How many releases there are is known from the last sweep, if there was one.
  CrawlNumbers numbers;
  if (const auto status = index->GetStatus({}); status.ok()) {
    for (const v1::HubStatus& hub : status->hubs()) numbers.listed += hub.listed();
  }
  TerminalLine line(common::SystemClock());
  crawling.on_progress = [&](const crawler::CrawlProgress& progress) {
    if (!progress.is_sweeping) line.Clear();
    if (!progress.is_sweeping || !line.IsDue()) return;
    numbers.pages = progress.pages;
    numbers.releases = progress.releases;
    numbers.elapsed = line.elapsed();
    line.Draw(CrawlLine(numbers, TerminalLine::Columns()));
  };
  crawler::Crawler crawler(config, *index, common::SystemClock(), metrics, crawling);
  absl::FPrintF(stderr, "%s", WatchedText(config));
  group.Add("crawler", [&] {
    return options.once ? crawler.RunOnce(group.stopper()) : crawler.Run(group.stopper());
  });
  return group.Run();
}

}  // namespace

void AddCrawlCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<CrawlOptions>();
  CLI::App* command = app.add_subcommand("crawl", "Run a crawler alone, publishing to an indexer");
  AddConfigOptions(*command, options->watch);
  AddHubOptions(*command, options->watch);
  AddIndexerOptions(*command, options->indexer);
  AddDataOption(*command, options->data_dir);
  command->add_option("--worker", options->worker, "Name under which work is leased")
      ->capture_default_str();
  command->add_option("--metrics", options->metrics_listen, "HOST:PORT of /metrics and /healthz");
  command->add_flag("--once", options->once, "Crawl what is due, exit");
  SetExample(*command, "modelwatch crawl --hub huggingface --indexer 127.0.0.1:7400 --data crawl");
  command->callback([options, &exit_code] { exit_code = Report(Crawl(*options)); });
}

}  // namespace modelwatch::cli
