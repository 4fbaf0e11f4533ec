// SPDX-License-Identifier: Apache-2.0
// modelwatch policy: rules files tried before they are trusted.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_format.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/daemon.h"
#include "cli/render.h"
#include "cli/story.h"
#include "cli/story_run.h"
#include "common/status_macros.h"
#include "evaluator/policy_replay.h"
#include "indexer/indexer.h"
#include "proto/json.h"
#include "proto/release_id.h"

namespace modelwatch::cli {
namespace {

using Json = nlohmann::ordered_json;

struct PolicyOptions {
  std::string rules_path;
  std::string config_path;
  std::string corpus_path;
  std::string data_dir;
  std::vector<std::string> stories;
  Format format = Format::kText;
};

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file.is_open() || file.bad()) {
    return absl::NotFoundError(absl::StrFormat("stories %s cannot be read; check the path", path));
  }
  return text;
}

// "builtin" stands for the rules in the program, so that stories can be tried on them too.
absl::StatusOr<evaluator::EvaluatorOptions> JudgingFor(const PolicyOptions& options) {
  WatchOptions watch;
  watch.config_path = options.config_path;
  watch.log_level = "error";
  ASSIGN_OR_RETURN(const v1::Config config, ConfigFrom(watch));
  evaluator::EvaluatorOptions judging;
  judging.policy = config.policy();
  ASSIGN_OR_RETURN(judging.rules,
                   LoadRules(options.rules_path == "builtin" ? "" : options.rules_path));
  return judging;
}

void PrintStory(const std::string& file, const Story& story,
                const std::vector<std::string>& failures, Format format) {
  if (format == Format::kJson) {
    const Json json = {{"file", file},
                       {"story", story.title},
                       {"line", story.line},
                       {"passed", failures.empty()},
                       {"failures", failures}};
    Print(json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
    return;
  }
  Print(absl::StrFormat("%s %s:%d %s\n", failures.empty() ? "ok  " : "FAIL", file, story.line,
                        story.title));
  for (const std::string& failure : failures) Print("     " + failure + "\n");
}

// Sets `all_passed`.
absl::Status Test(const PolicyOptions& options, bool& all_passed) {
  StoryWorld world;
  ASSIGN_OR_RETURN(world.judging, JudgingFor(options));
  // Stories of tags alone need no corpus.
  std::unique_ptr<evaluator::Corpus> corpus;
  if (std::filesystem::exists(options.corpus_path)) {
    ASSIGN_OR_RETURN(corpus, evaluator::Corpus::Load(options.corpus_path));
  }
  world.corpus = corpus.get();
  all_passed = true;
  for (const std::string& file : options.stories) {
    ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
    ASSIGN_OR_RETURN(const std::vector<Story> stories, ParseStories(text, file));
    world.folder = std::filesystem::path(file).parent_path().string();
    for (const Story& story : stories) {
      ASSIGN_OR_RETURN(const std::vector<std::string> failures, RunStory(story, world));
      PrintStory(file, story, failures, options.format);
      all_passed = all_passed && failures.empty();
    }
  }
  return absl::OkStatus();
}

// What makes two alerts one, whichever rules raised them.
using AlertId = std::tuple<std::string, uint64_t, std::string, std::string>;

AlertId IdOf(const v1::Alert& alert) {
  return {proto::FormatKey(alert.key()), alert.shift().to_version(), alert.cause().id(),
          alert.times() > 0 ? "flapping" : ""};
}

struct Counts {
  uint64_t same = 0, other = 0, more = 0, less = 0;
};

void PrintMove(const char* what, const v1::Alert& alert, const v1::Alert* was, Format format) {
  if (format == Format::kJson) {
    Json json = Json::parse(proto::AlertJson(alert));
    json["would"] = what;
    json["was_severity"] =
        was == nullptr ? Json(nullptr) : Json(std::string(proto::Word(was->severity())));
    json["was_rule"] = was == nullptr ? Json(nullptr) : Json(was->rule());
    Print(json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
    return;
  }
  const std::string before =
      was == nullptr ? ""
                     : absl::StrFormat(" (was %s, %s)", std::string(proto::Word(was->severity())),
                                       was->rule());
  Print(absl::StrFormat("%-8s %-8s %s%s  %s\n", what, std::string(proto::Word(alert.severity())),
                        alert.rule(), before, alert.title()));
}

absl::StatusOr<std::map<AlertId, v1::Alert>> ToldSoFar(indexer::Reader& reader) {
  std::map<AlertId, v1::Alert> told;
  v1::ListAlertsRequest request;
  request.set_limit(1000);
  while (true) {
    ASSIGN_OR_RETURN(const v1::ListAlertsResponse page, reader.ListAlerts(request));
    for (const v1::Alert& alert : page.alerts()) {
      request.set_after_sequence(alert.sequence());
      told[IdOf(alert)] = alert;
    }
    if (!page.has_more()) return told;
  }
}

absl::Status Replay(const PolicyOptions& options) {
  ASSIGN_OR_RETURN(const evaluator::EvaluatorOptions judging, JudgingFor(options));
  const evaluator::Policy policy(judging.policy, *judging.rules);
  ASSIGN_OR_RETURN(const indexer::OpenedReader opened, indexer::OpenReader(options.data_dir));
  ASSIGN_OR_RETURN(auto told, ToldSoFar(*opened.reader));
  Counts counts;
  common::Stopper stopper;
  const auto tell = [&](const v1::Alert& alert) {
    const auto was = told.find(IdOf(alert));
    if (was == told.end()) {
      ++counts.more;
      PrintMove("tell", alert, nullptr, options.format);
      return;
    }
    const bool is_same = was->second.severity() == alert.severity();
    ++(is_same ? counts.same : counts.other);
    if (!is_same) PrintMove("change", alert, &was->second, options.format);
    told.erase(was);
  };
  RETURN_IF_ERROR(evaluator::ReplayPolicy(*opened.reader, policy, stopper, tell));
  std::map<uint64_t, const v1::Alert*> left;  // in the order of the log
  for (const auto& [id, alert] : told) left[alert.sequence()] = &alert;
  for (const auto& [sequence, alert] : left) PrintMove("drop", *alert, alert, options.format);
  counts.less = left.size();
  absl::FPrintF(stderr,
                "as told: %d; told with another severity: %d; told now and not then: %d; told then "
                "and not now: %d. Nothing was told.\n",
                counts.same, counts.other, counts.more, counts.less);
  return absl::OkStatus();
}

void AddRules(CLI::App& command, PolicyOptions& options) {
  command.add_option("RULES", options.rules_path, "Rules file, or builtin")->required();
  command.add_option("--config", options.config_path, "Configuration with the hold-down");
  AddFormatOption(command, options.format);
}

}  // namespace

void AddPolicyCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<PolicyOptions>();
  CLI::App* policy = app.add_subcommand("policy", "Try a rules file before it is trusted");
  policy->require_subcommand(1);
  SetExample(*policy, "modelwatch policy test my.rules stories/*.story");

  CLI::App* test = policy->add_subcommand(
      "test", "Run rules over stories; exit 2 when an alert is missing or is one too many");
  AddRules(*test, *options);
  test->add_option("STORIES", options->stories, "Story files (docs/operations.md)")->required();
  AddCorpusOption(*test, options->corpus_path);
  SetExample(*test, "modelwatch policy test my.rules stories/*.story");
  test->callback([options, &exit_code] {
    bool all_passed = false;
    exit_code = Report(Test(*options, all_passed));
    if (exit_code == kDone && !all_passed) exit_code = kFound;
  });

  CLI::App* replay = policy->add_subcommand(
      "replay", "Say what rules would have told of the stored history, without telling it");
  AddRules(*replay, *options);
  AddDataOption(*replay, options->data_dir);
  SetExample(*replay, "modelwatch policy replay my.rules --data data");
  replay->callback([options, &exit_code] { exit_code = Report(Replay(*options)); });
}

}  // namespace modelwatch::cli
