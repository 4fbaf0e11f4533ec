// SPDX-License-Identifier: Apache-2.0
// modelwatch simulate: what each policy of visits would have seen of a hub, and when.
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/trace_file.h"
#include "common/status_macros.h"
#include "indexer/schedule/replay.h"

namespace modelwatch::cli {
namespace {

using Json = nlohmann::ordered_json;

struct SimulateOptions {
  std::string trace_path;
  indexer::SyntheticHub hub;
  std::vector<std::string> rates;
  double days = 0;
  double warm_up_days = -1;
  double poll_seconds = 300;
  indexer::ReplayOptions replay;
  std::vector<std::string> policies;
  Format format = Format::kText;
};

constexpr double kSyntheticDays = 150;
constexpr double kRecordedDays = 7;
constexpr double kWarmUpShare = 0.2;
// 288,000 requests a day, the Hub's free plan, on 2.4 million releases.
constexpr double kRequestsPerRelease = 0.12;

absl::StatusOr<std::vector<indexer::RateClass>> ParseRates(const std::vector<std::string>& words) {
  std::vector<indexer::RateClass> classes;
  for (const std::string& word : words) {
    const std::vector<std::string> parts = absl::StrSplit(word, ':');
    indexer::RateClass each;
    const bool is_number = absl::SimpleAtod(parts[0], &each.changes_per_day) &&
                           (parts.size() == 1 || absl::SimpleAtod(parts[1], &each.share));
    if (!is_number || parts.size() > 2) {
      return absl::InvalidArgumentError(absl::StrFormat(
          "--rates %s: it must be CHANGES_A_DAY or CHANGES_A_DAY:SHARE, e.g. 0.5:0.05", word));
    }
    classes.push_back(each);
  }
  return classes;
}

absl::StatusOr<indexer::Trace> MakeTrace(SimulateOptions& options) {
  if (!options.trace_path.empty()) {
    return ReadTrace(options.trace_path, options.days > 0 ? options.days : kRecordedDays);
  }
  options.hub.days = options.days > 0 ? options.days : kSyntheticDays;
  options.hub.seed = options.replay.seed;
  if (!options.rates.empty()) {
    ASSIGN_OR_RETURN(options.hub.classes, ParseRates(options.rates));
  }
  return indexer::MakePoissonTrace(options.hub);
}

absl::StatusOr<std::vector<indexer::Policy>> ChosenPolicies(const std::vector<std::string>& words) {
  if (words.empty())
    return std::vector(std::begin(indexer::kPolicies), std::end(indexer::kPolicies));
  std::vector<indexer::Policy> policies;
  for (const std::string& word : words) {
    const std::optional<indexer::Policy> policy = indexer::ParsePolicy(word);
    if (!policy.has_value()) {
      return absl::InvalidArgumentError(
          absl::StrFormat("--policy %s: there is no such policy", word));
    }
    policies.push_back(*policy);
  }
  return policies;
}

std::string Maybe(const std::optional<double>& value, const char* unknown) {
  return value.has_value() ? absl::StrFormat("%.4g", *value) : unknown;
}

std::string TextRow(indexer::Policy policy, const indexer::Score& score) {
  return absl::StrFormat("%-20s %9.4f %8s %9.4g %8s %9.4g %8s %9.4g %9d %10.0f\n",
                         indexer::Word(policy), score.freshness,
                         Maybe(score.expected_freshness, "-"), score.mean_delay_hours,
                         Maybe(score.expected_delay_hours, "-"), score.weighted_delay_hours,
                         Maybe(score.expected_weighted_delay_hours, "-"), score.p95_delay_hours,
                         score.unseen, score.requests_per_day);
}

Json JsonOf(const std::optional<double>& value) {
  return value.has_value() ? Json(*value) : Json(nullptr);
}

Json JsonRow(indexer::Policy policy, const indexer::Score& score) {
  return {{"policy", indexer::Word(policy)},
          {"freshness", score.freshness},
          {"expected_freshness", JsonOf(score.expected_freshness)},
          {"mean_delay_hours", score.mean_delay_hours},
          {"expected_delay_hours", JsonOf(score.expected_delay_hours)},
          {"weighted_delay_hours", score.weighted_delay_hours},
          {"expected_weighted_delay_hours", JsonOf(score.expected_weighted_delay_hours)},
          {"p95_delay_hours", score.p95_delay_hours},
          {"changes", score.changes},
          {"unseen", score.unseen},
          {"visits", score.visits},
          {"wasted_visits", score.wasted_visits},
          {"polls", score.polls},
          {"requests_per_day", score.requests_per_day}};
}

using Scores = std::vector<std::pair<indexer::Policy, indexer::Score>>;

void PrintText(const indexer::Trace& trace, const indexer::ReplayOptions& options,
               const Scores& scores) {
  Print(absl::StrFormat(
      "%d releases over %.4g days, %.4g changes a day; budget %.4g requests a day; counted after "
      "%.4g days\n\n%-20s %9s %8s %9s %8s %9s %8s %9s %9s %10s\n",
      trace.releases.size(), trace.days, trace.changes_per_day(), options.requests_per_day,
      options.warm_up_days, "policy", "freshness", "theory", "mean h", "theory", "wghtd h",
      "theory", "p95 h", "unseen", "requests/d"));
  for (const auto& [policy, score] : scores) Print(TextRow(policy, score));
}

void PrintJson(const indexer::Trace& trace, const indexer::ReplayOptions& options,
               const Scores& scores) {
  Json rows = Json::array();
  for (const auto& [policy, score] : scores) rows.push_back(JsonRow(policy, score));
  const Json json = {{"releases", trace.releases.size()},
                     {"days", trace.days},
                     {"changes_per_day", trace.changes_per_day()},
                     {"requests_per_day", options.requests_per_day},
                     {"warm_up_days", options.warm_up_days},
                     {"poll_seconds", absl::ToDoubleSeconds(options.poll_interval)},
                     {"shown", options.shown},
                     {"seed", options.seed},
                     {"policies", rows}};
  Print(json.dump() + "\n");
}

absl::Status Simulate(SimulateOptions& options) {
  ASSIGN_OR_RETURN(const std::vector<indexer::Policy> policies, ChosenPolicies(options.policies));
  ASSIGN_OR_RETURN(const indexer::Trace trace, MakeTrace(options));
  indexer::ReplayOptions& replay = options.replay;
  const auto count = static_cast<double>(trace.releases.size());
  if (replay.requests_per_day <= 0) replay.requests_per_day = kRequestsPerRelease * count;
  replay.warm_up_days =
      options.warm_up_days >= 0 ? options.warm_up_days : kWarmUpShare * trace.days;
  replay.poll_interval = absl::Seconds(options.poll_seconds);
  // The hub's mean rate is what a listing tells before any release was looked at.
  replay.prior.mean_per_day = std::max(trace.changes_per_day() / count, 1e-9);
  Scores scores;
  for (const indexer::Policy policy : policies) {
    ASSIGN_OR_RETURN(const indexer::Score score, indexer::Replay(trace, policy, replay));
    scores.emplace_back(policy, score);
  }
  options.format == Format::kJson ? PrintJson(trace, replay, scores)
                                  : PrintText(trace, replay, scores);
  return absl::OkStatus();
}

void AddSyntheticOptions(CLI::App& command, SimulateOptions& options) {
  command.add_option("--releases", options.hub.releases, "Releases of the made-up hub")
      ->check(CLI::Range(1, 5'000'000))
      ->capture_default_str();
  command
      .add_option("--rates", options.rates,
                  "Changes a day of a class of releases, and its share: RATE[:SHARE]; default "
                  "0.00274:0.70,0.0167:0.25,0.5:0.05")
      ->delimiter(',');
  command
      .add_option("--spread", options.hub.spread,
                  "Standard deviation of the logarithm of the rates within a class")
      ->check(CLI::Range(0.0, 5.0))
      ->capture_default_str();
  command
      .add_option("--zipf", options.hub.weight_exponent,
                  "Weights by rank to this power; 0 = all alike")
      ->check(CLI::Range(0.0, 3.0))
      ->capture_default_str();
}

void AddReplayOptions(CLI::App& command, SimulateOptions& options) {
  command.add_option("--budget", options.replay.requests_per_day,
                     "Requests a day; default 0.12 a release, the Hub's free plan on 2.4 million");
  command.add_option("--warm-up", options.warm_up_days,
                     "Days before anything counts; default a fifth of the trace");
  command
      .add_option("--poll", options.poll_seconds, "Seconds between polls of the listing (signals)")
      ->check(CLI::Range(1.0, 86400.0 * 365))
      ->capture_default_str();
  command
      .add_option("--shown", options.replay.shown,
                  "Part of changes that the listing shows (signals)")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command.add_option("--seed", options.replay.seed, "Of everything random")->capture_default_str();
  std::vector<std::string> words;
  for (const indexer::Policy policy : indexer::kPolicies) words.emplace_back(indexer::Word(policy));
  command
      .add_option("--policy", options.policies,
                  absl::StrFormat("One or more of %s; default all", absl::StrJoin(words, ", ")))
      ->delimiter(',');
}

}  // namespace

void AddSimulateCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<SimulateOptions>();
  CLI::App* command = app.add_subcommand(
      "simulate", "Replay a hub's changes against policies of visits: freshness, delay, requests");
  command->add_option("--trace", options->trace_path,
                      "Recorded changes, JSON Lines {\"path\",\"date\"}, plain or compressed; "
                      "without it a hub is made up");
  command->add_option("--days", options->days,
                      "How long; default 150 made-up days, or the last 7 of a trace");
  AddSyntheticOptions(*command, *options);
  AddReplayOptions(*command, *options);
  AddFormatOption(*command, options->format);
  SetExample(*command, "modelwatch simulate --releases 100000 --zipf 0.9 --budget 12000");
  command->callback([options, &exit_code] { exit_code = Report(Simulate(*options)); });
}

}  // namespace modelwatch::cli
