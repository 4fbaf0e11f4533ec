// SPDX-License-Identifier: Apache-2.0
// modelwatch status: how the watch itself stands.
#include <memory>

#include "absl/strings/str_format.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "evaluator/feed/api.h"
#include "evaluator/feed/hub_health.h"
#include "indexer/indexer.h"

namespace modelwatch::cli {
namespace {

struct StatusOptions {
  std::string data_dir;
  Format format = Format::kText;
};

std::string StatusText(const v1::GetStatusResponse& status) {
  const uint64_t newest = status.newest_sequence();
  std::string text = absl::StrFormat(
      "releases:  %d in %d versions, %d texts\nalerts:    %d\nlog:       %d entries, "
      "judged to %d\n",
      status.releases(), status.versions(), status.blobs(), status.alerts(), newest,
      std::min(status.evaluator_cursor(), newest));
  for (const v1::HubStatus& hub : status.hubs()) {
    text += absl::StrFormat("\n%s at %s\n", hub.hub(), common::OneLine(hub.endpoint()));
    for (const auto& fact : evaluator::HealthFacts(hub, status.now_us())) {
      text += absl::StrFormat("  %-10s %s\n", fact.name + ":", common::OneLine(fact.words, 1000));
    }
  }
  return status.hubs().empty() ? text + "no hub was declared yet\n" : text;
}

absl::Status ShowStatus(const StatusOptions& options) {
  ASSIGN_OR_RETURN(const indexer::OpenedReader opened, indexer::OpenReader(options.data_dir));
  v1::GetStatusRequest request;
  request.set_evaluator("evaluator");
  request.set_health(true);
  ASSIGN_OR_RETURN(const v1::GetStatusResponse status, opened.reader->GetStatus(request));
  Print(options.format == Format::kJson ? evaluator::StatusJson(status) : StatusText(status));
  return absl::OkStatus();
}

}  // namespace

void AddStatusCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<StatusOptions>();
  CLI::App* command = app.add_subcommand(
      "status",
      "Show how the watch stands: last success, backlog, allowance, trouble, completeness");
  AddDataOption(*command, options->data_dir);
  AddFormatOption(*command, options->format);
  SetExample(*command, "modelwatch status --format json");
  command->callback([options, &exit_code] { exit_code = Report(ShowStatus(*options)); });
}

}  // namespace modelwatch::cli
