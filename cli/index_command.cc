// SPDX-License-Identifier: Apache-2.0
// modelwatch index: the indexer as a daemon of its own.
#include <memory>

#include "absl/strings/str_format.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/daemon.h"
#include "cli/run_group.h"
#include "common/clock.h"
#include "common/status_macros.h"

namespace modelwatch::cli {
namespace {

struct IndexOptions {
  WatchOptions watch;
  indexer::IndexerOptions indexer;
  std::string token_file;
  std::string metrics_listen;
};

absl::Status Index(IndexOptions& options) {
  RunGroup group;
  ASSIGN_OR_RETURN(const v1::Config config, ConfigFrom(options.watch));
  options.indexer.commit_queue = config.index().commit_queue();
  options.indexer.max_log_entries = config.index().max_log_entries();
  ASSIGN_OR_RETURN(options.indexer.token, BearerToken(options.token_file));
  common::Metrics metrics;
  ASSIGN_OR_RETURN(const auto opened,
                   indexer::Indexer::Open(options.indexer, common::SystemClock(), metrics));
  const auto reader = opened->InProcess();
  ASSIGN_OR_RETURN(const auto metrics_server,
                   ServeMetrics(options.metrics_listen, metrics, reader.get()));
  absl::FPrintF(stderr, "indexer serves %s at %s\n", options.indexer.data_dir,
                options.indexer.listen.empty()
                    ? opened->address()
                    : absl::StrFormat("port %d and %s", opened->listen_port(), opened->address()));
  group.Add("wait", [&group] {
    group.stopper().WaitFor(absl::InfiniteDuration());
    return absl::OkStatus();
  });
  const absl::Status status = group.Run();
  opened->Stop();
  return status;
}

}  // namespace

void AddIndexCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<IndexOptions>();
  CLI::App* command =
      app.add_subcommand("index", "Run the indexer alone: the daemon that owns the database");
  AddConfigOptions(*command, options->watch);
  AddDataOption(*command, options->indexer.data_dir);
  command->add_option("--listen", options->indexer.listen,
                      "HOST:PORT for daemons elsewhere; default: this machine only");
  command->add_option("--tls-cert", options->indexer.tls.certificate,
                      "PEM certificate of --listen");
  command->add_option("--tls-key", options->indexer.tls.key, "PEM of its key");
  command->add_option("--tls-client-ca", options->indexer.tls.client_ca,
                      "PEM: clients must show a certificate it signed");
  command->add_option("--token-file", options->token_file,
                      "File with the bearer token callers must send; default $MODELWATCH_TOKEN");
  command->add_option("--metrics", options->metrics_listen, "HOST:PORT of /metrics and /healthz");
  SetExample(*command, "modelwatch index --data data --listen 127.0.0.1:7400");
  command->callback([options, &exit_code] { exit_code = Report(Index(*options)); });
}

}  // namespace modelwatch::cli
