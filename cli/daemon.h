// SPDX-License-Identifier: Apache-2.0
// What the four daemon commands (run, index, crawl, evaluate) share: options and wiring.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/command.h"
#include "common/http/http_server.h"
#include "common/metrics.h"
#include "crawler/crawler.h"
#include "evaluator/evaluator.h"
#include "evaluator/notify/sink.h"
#include "evaluator/site_server.h"
#include "indexer/client/remote_index.h"
#include "indexer/indexer.h"
#include "modelwatch/v1/config.pb.h"

namespace modelwatch::cli {

// --config, --hub, --log-level: what is watched and how.
struct WatchOptions {
  std::string config_path;
  std::vector<std::string> hubs;  // --hub NAME or NAME=URL
  std::string log_level = "info";
  std::string watchlist_path;  // added to every hub's watch list
  bool allow_private_addresses = false;
  std::string ca_file;
};
void AddConfigOptions(CLI::App& command, WatchOptions& options);
void AddHubOptions(CLI::App& command, WatchOptions& options);
// Sets the log level, reads the file and the environment (HF_ENDPOINT).
[[nodiscard]] absl::StatusOr<v1::Config> ConfigFrom(const WatchOptions& options);

// --policy FILE: the rules, over the configuration's policy.rules_file.
void AddPolicyOption(CLI::App& command, std::string& rules_path);
// What the evaluator needs of configuration and rules; `rules_path` empty = as the configuration
// says. NOT_FOUND or INVALID_ARGUMENT: the rules cannot be read, with file, line and reason.
[[nodiscard]] absl::StatusOr<evaluator::EvaluatorOptions> EvaluatorOptionsFrom(
    const v1::Config& config, const std::string& rules_path);
// Reads and checks a rules file; an empty path gives the built-in rules.
[[nodiscard]] absl::StatusOr<v1::PolicyRuleTable> LoadRules(const std::string& path);

// --indexer and its TLS and token: how a daemon reaches an indexer in another process.
struct IndexerAddress {
  std::string target;  // empty = the indexer running on --data
  common::ClientTls tls;
  std::string token_file;
};
void AddIndexerOptions(CLI::App& command, IndexerAddress& address);
[[nodiscard]] absl::StatusOr<std::unique_ptr<indexer::Index>> ConnectTo(
    const IndexerAddress& address, const std::string& data_dir);

// The bearer token of the gRPC doors: the first line of `file`, else $MODELWATCH_TOKEN, else empty.
// NOT_FOUND: the file cannot be read.
[[nodiscard]] absl::StatusOr<std::string> BearerToken(const std::string& file);

// One line a hub for people: what is watched, and plainly whether it is the live Hub.
[[nodiscard]] std::string WatchedText(const v1::Config& config);

// HF_TOKEN from the environment, the spool below `data_dir`, and whether a hub on this machine may
// be asked: yes when the operator named one.
[[nodiscard]] crawler::CrawlerOptions CrawlerOptionsFor(const v1::Config& config,
                                                        const WatchOptions& options,
                                                        const std::string& data_dir);

// Host and port of "HOST:PORT". INVALID_ARGUMENT otherwise.
struct HostPort {
  std::string host;
  int port = 0;
};
[[nodiscard]] absl::StatusOr<HostPort> ParseHostPort(const std::string& text);

// Serves /metrics and /healthz on "HOST:PORT"; nothing when `listen` is empty. `metrics` must
// outlive the server, and so must `reader`: asked for the health of hubs; null = not told here.
[[nodiscard]] absl::StatusOr<std::unique_ptr<common::HttpServer>> ServeMetrics(
    const std::string& listen, common::Metrics& metrics, indexer::Reader* reader = nullptr);

// Where alerts are told as they are raised: standard output.
[[nodiscard]] std::unique_ptr<evaluator::Sink> StandardOutputSink(Format format);

// The page, the feed and /metrics on "HOST:PORT". `reader` and `metrics` must outlive the server.
[[nodiscard]] absl::StatusOr<std::unique_ptr<evaluator::SiteServer>> ServeSite(
    const std::string& listen, const v1::Config& config, indexer::Reader& reader,
    common::Metrics& metrics);

}  // namespace modelwatch::cli
