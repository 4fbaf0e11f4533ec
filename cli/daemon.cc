// SPDX-License-Identifier: Apache-2.0
#include "cli/daemon.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "cli/config.h"
#include "cli/version.h"
#include "cli/watchlist.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "evaluator/feed/hub_health.h"
#include "evaluator/policy/rules.h"
#include "evaluator/terms/terms_table.h"

namespace modelwatch::cli {
namespace {

constexpr char kLiveHub[] = "https://huggingface.co";

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

// A hub on this very machine, by the way its address is written.
bool IsLoopback(const std::string& endpoint) {
  const size_t host = endpoint.find("://") + 3;
  return absl::StartsWith(endpoint.substr(host), "127.") ||
         absl::StartsWith(endpoint.substr(host), "localhost") ||
         absl::StartsWith(endpoint.substr(host), "[::1]");
}

}  // namespace

void AddConfigOptions(CLI::App& command, WatchOptions& options) {
  command.add_option("--config", options.config_path,
                     "Configuration file (deploy/config/modelwatch.textproto documents it)");
  command.add_option("--log-level", options.log_level, "Least level of log lines")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
      ->capture_default_str();
}

void AddHubOptions(CLI::App& command, WatchOptions& options) {
  command.add_option("--hub", options.hubs,
                     "Hub to watch: huggingface (HF_ENDPOINT and HF_TOKEN are honoured), or "
                     "NAME=URL for a mirror or replay; may be repeated");
  command.add_option("--watchlist", options.watchlist_path,
                     "File of releases to look at every few minutes, whatever a listing shows: "
                     "owner/name, owner or owner/glob* a line");
  command.add_option("--ca-file", options.ca_file,
                     "PEM of who signs the hub's certificate, instead of the system's");
  command.add_flag("--allow-private-addresses", options.allow_private_addresses,
                   "Let a hub live in a private network (one on this machine always may)");
}

absl::StatusOr<v1::Config> ConfigFrom(const WatchOptions& options) {
  static const std::map<std::string, common::LogLevel> kLevels = {
      {"debug", common::LogLevel::kDebug},
      {"info", common::LogLevel::kInfo},
      {"warning", common::LogLevel::kWarning},
      {"error", common::LogLevel::kError}};
  common::SetLogLevel(kLevels.at(options.log_level));
  ASSIGN_OR_RETURN(v1::Config config,
                   LoadConfig(options.config_path, {options.hubs, Environment("HF_ENDPOINT")}));
  if (options.watchlist_path.empty()) return config;
  ASSIGN_OR_RETURN(const Watchlist watchlist, Watchlist::Load(options.watchlist_path));
  for (v1::HubConfig& hub : *config.mutable_hubs()) {
    hub.mutable_watch()->Add(watchlist.patterns().begin(), watchlist.patterns().end());
  }
  return config;
}

void AddPolicyOption(CLI::App& command, std::string& rules_path) {
  command.add_option(
      "--policy", rules_path,
      "Rules file: what is told, of which releases, how loudly (docs/operations.md); "
      "default: policy.rules_file of --config, else the built-in rules");
}

absl::StatusOr<v1::PolicyRuleTable> LoadRules(const std::string& path) {
  if (path.empty()) return evaluator::BuiltinRules();
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file.is_open() || file.bad()) {
    return absl::NotFoundError(absl::StrFormat("rules %s cannot be read; check the path", path));
  }
  std::set<std::string> scenarios;
  for (const v1::Scenario& scenario : evaluator::TermsTable::Builtin().scenarios().scenario()) {
    scenarios.insert(scenario.id());
  }
  return evaluator::ParseRules(text, path, scenarios);
}

absl::StatusOr<evaluator::EvaluatorOptions> EvaluatorOptionsFrom(const v1::Config& config,
                                                                 const std::string& rules_path) {
  evaluator::EvaluatorOptions options;
  options.policy = config.policy();
  options.reassess_percent = config.evaluate().reassess_percent();
  options.threads = config.evaluate().threads();
  ASSIGN_OR_RETURN(options.rules,
                   LoadRules(rules_path.empty() ? config.policy().rules_file() : rules_path));
  return options;
}

void AddIndexerOptions(CLI::App& command, IndexerAddress& address) {
  command.add_option("--indexer", address.target,
                     "HOST:PORT of the indexer; default: the one running on --data");
  command.add_option("--tls-ca", address.tls.server_ca,
                     "PEM of who may sign the indexer's certificate");
  command.add_option("--tls-cert", address.tls.certificate, "PEM of our own certificate");
  command.add_option("--tls-key", address.tls.key, "PEM of its key");
  command.add_option("--token-file", address.token_file,
                     "File with the bearer token; default $MODELWATCH_TOKEN");
}

absl::StatusOr<std::string> BearerToken(const std::string& file) {
  if (file.empty()) return Environment("MODELWATCH_TOKEN");
  std::ifstream in(file);
  std::string token;
  if (!in || !std::getline(in, token)) {
    return absl::NotFoundError(absl::StrFormat("token file %s cannot be read; check it", file));
  }
  absl::StripAsciiWhitespace(&token);
  return token;
}

absl::StatusOr<std::unique_ptr<indexer::Index>> ConnectTo(const IndexerAddress& address,
                                                          const std::string& data_dir) {
  if (address.target.empty()) return indexer::ConnectLocal(data_dir);
  indexer::ConnectOptions options;
  options.tls = address.tls;
  ASSIGN_OR_RETURN(options.token, BearerToken(address.token_file));
  return indexer::Connect(address.target, options);
}

std::string WatchedText(const v1::Config& config) {
  std::string text;
  for (const v1::HubConfig& hub : config.hubs()) {
    const bool is_live = hub.endpoint() == kLiveHub;
    text += absl::StrFormat("watching %s at %s: %s%s%s\n", hub.name(), hub.endpoint(),
                            is_live ? "the live Hub" : "NOT the live Hub but a replay or mirror",
                            hub.label().empty() ? "" : ", ", hub.label());
  }
  return text;
}

crawler::CrawlerOptions CrawlerOptionsFor(const v1::Config& config, const WatchOptions& options,
                                          const std::string& data_dir) {
  crawler::CrawlerOptions made;
  made.data_dir = data_dir;
  made.version = kVersion;
  made.token = Environment("HF_TOKEN");
  made.ca_file = options.ca_file;
  made.allow_private_addresses =
      options.allow_private_addresses ||
      std::any_of(config.hubs().begin(), config.hubs().end(),
                  [](const v1::HubConfig& hub) { return IsLoopback(hub.endpoint()); });
  return made;
}

absl::StatusOr<HostPort> ParseHostPort(const std::string& text) {
  HostPort parsed;
  const size_t colon = text.rfind(':');
  const char* const end = text.data() + text.size();
  const char* const digits = colon == std::string::npos ? end : text.data() + colon + 1;
  const auto [stop, error] = std::from_chars(digits, end, parsed.port);
  if (colon == std::string::npos || colon == 0 || digits == end || error != std::errc() ||
      stop != end || parsed.port < 0 || parsed.port > 65535) {
    return absl::InvalidArgumentError(
        absl::StrFormat("'%s' is not HOST:PORT, e.g. 127.0.0.1:8080", common::OneLine(text)));
  }
  parsed.host = text.substr(0, colon);
  if (parsed.host.size() > 2 && parsed.host.front() == '[') {
    parsed.host = parsed.host.substr(1, parsed.host.size() - 2);
  }
  return parsed;
}

namespace {

// What only the index knows is asked for at every scrape; when it is away, the rest is told.
std::string MetricsText(indexer::Reader& reader, common::Metrics& metrics) {
  v1::GetStatusRequest request;
  request.set_health(true);
  const auto status = reader.GetStatus(request);
  if (status.ok()) evaluator::SetHealthMetrics(*status, metrics);
  return metrics.Text();
}

}  // namespace

absl::StatusOr<std::unique_ptr<common::HttpServer>> ServeMetrics(const std::string& listen,
                                                                 common::Metrics& metrics,
                                                                 indexer::Reader* reader) {
  if (listen.empty()) return nullptr;
  ASSIGN_OR_RETURN(const HostPort address, ParseHostPort(listen));
  common::HttpServer::Options options;
  options.host = address.host;
  options.port = address.port;
  ASSIGN_OR_RETURN(auto server, common::HttpServer::Listen(options));
  RETURN_IF_ERROR(server->Serve([&metrics, reader](const common::HttpServer::Request& request) {
    common::HttpServer::Response response;
    if (request.path == "/metrics") {
      response.content_type = "text/plain; version=0.0.4; charset=utf-8";
      response.body = reader == nullptr ? metrics.Text() : MetricsText(*reader, metrics);
    } else if (request.path == "/healthz") {
      response.body = "ok\n";
    } else {
      response.status = 404;
      response.body = "only /metrics and /healthz are here\n";
    }
    return response;
  }));
  common::LogInfo("metrics.serving", {{"address", server->address()}});
  return server;
}

std::unique_ptr<evaluator::Sink> StandardOutputSink(Format format) {
  using Stream = evaluator::StreamSink;
  return std::make_unique<Stream>(
      std::cout, format == Format::kJson ? Stream::Format::kJson : Stream::Format::kText);
}

absl::StatusOr<std::unique_ptr<evaluator::SiteServer>> ServeSite(const std::string& listen,
                                                                 const v1::Config& config,
                                                                 indexer::Reader& reader,
                                                                 common::Metrics& metrics) {
  ASSIGN_OR_RETURN(const HostPort address, ParseHostPort(listen));
  evaluator::SiteServerOptions options;
  options.host = address.host;
  options.port = address.port;
  options.site = config.site();
  options.metrics_text = [&metrics, &reader] { return MetricsText(reader, metrics); };
  return evaluator::SiteServer::Start(std::move(options), reader);
}

}  // namespace modelwatch::cli
