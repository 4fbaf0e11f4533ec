// SPDX-License-Identifier: Apache-2.0
// modelwatch reassess: judges the past again, by the program and the corpus that are here now.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/daemon.h"
#include "cli/run_group.h"
#include "common/status_macros.h"
#include "evaluator/license/corpus.h"

#include <unistd.h>

namespace modelwatch::cli {
namespace {

struct ReassessOptions {
  IndexerAddress indexer;
  std::string data_dir;
  std::string corpus_path;
  uint32_t percent = 100;
  uint32_t threads = 0;
  Format format = Format::kText;
};

// The indexer of the data directory: the running one, else our own for as long as this takes.
struct Opened {
  std::unique_ptr<indexer::Indexer> own;
  std::unique_ptr<indexer::Index> index;
};

absl::StatusOr<Opened> Open(const ReassessOptions& options, common::Metrics& metrics) {
  Opened opened;
  absl::StatusOr<std::unique_ptr<indexer::Index>> running =
      ConnectTo(options.indexer, options.data_dir);
  if (running.ok()) {
    opened.index = *std::move(running);
    return opened;
  }
  if (!options.indexer.target.empty()) return running.status();
  // A typing mistake must not make a new database.
  RETURN_IF_ERROR(indexer::OpenReader(options.data_dir).status());
  indexer::IndexerOptions own;
  own.data_dir = options.data_dir;
  ASSIGN_OR_RETURN(opened.own, indexer::Indexer::Open(own, common::SystemClock(), metrics));
  opened.index = opened.own->InProcess();
  return opened;
}

void PrintReport(const evaluator::ReassessReport& report, Format format) {
  const double seconds = absl::ToDoubleSeconds(report.took);
  const double rate = seconds > 0 ? static_cast<double>(report.judged) / seconds : 0;
  if (format == Format::kJson) {
    const nlohmann::ordered_json json = {{"versions", report.versions},
                                         {"judged", report.judged},
                                         {"changed", report.changed},
                                         {"seconds", seconds}};
    Print(json.dump() + "\n");
    return;
  }
  Print(absl::StrFormat(
      "%d versions looked at, %d judged again, %d came out otherwise; %.1f s, %.0f a second\n",
      report.versions, report.judged, report.changed, seconds, rate));
}

absl::Status Reassess(const ReassessOptions& options) {
  RunGroup group;
  common::Metrics metrics;
  ASSIGN_OR_RETURN(const auto corpus, evaluator::Corpus::Load(options.corpus_path));
  ASSIGN_OR_RETURN(const Opened opened, Open(options, metrics));
  evaluator::EvaluatorOptions judging;
  judging.threads = options.threads;
  evaluator::Evaluator evaluator(judging, *opened.index, corpus.get(), metrics);
  const bool is_terminal = isatty(STDERR_FILENO) == 1;
  const auto progress = [is_terminal](uint64_t done, uint64_t total) {
    if (is_terminal)
      absl::FPrintF(stderr, "\r\033[Kjudged again: %d of %d log entries", done, total);
  };
  group.Add("reassess", [&]() -> absl::Status {
    const auto report = evaluator.Reassess(group.stopper(), options.percent, progress);
    if (is_terminal) absl::FPrintF(stderr, "\r\033[K");
    if (report.ok()) PrintReport(*report, options.format);
    return report.status();
  });
  const absl::Status status = group.Run();
  if (opened.own != nullptr) opened.own->Stop();
  return status;
}

}  // namespace

void AddReassessCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ReassessOptions>();
  CLI::App* command = app.add_subcommand(
      "reassess", "Judge again what another version or corpus judged; raises no alert");
  AddIndexerOptions(*command, options->indexer);
  AddDataOption(*command, options->data_dir);
  AddCorpusOption(*command, options->corpus_path);
  AddFormatOption(*command, options->format);
  command->add_option("--percent", options->percent, "Part of the time it may take")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  command->add_option("--threads", options->threads, "0 = as many as the machine has cores")
      ->check(CLI::Range(0, 16))
      ->capture_default_str();
  SetExample(*command, "modelwatch reassess --data data --corpus corpus.bin");
  command->callback([options, &exit_code] { exit_code = Report(Reassess(*options)); });
}

}  // namespace modelwatch::cli
