// SPDX-License-Identifier: Apache-2.0
// modelwatch alerts: the alert log, once or as it grows.

#include <map>
#include <memory>

#include "absl/strings/str_format.h"
#include "cli/as_of.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/render.h"
#include "cli/run_group.h"
#include "cli/watchlist.h"
#include "common/status_macros.h"
#include "indexer/indexer.h"
#include "indexer/record.h"
#include "proto/json.h"

namespace modelwatch::cli {
namespace {

struct AlertsOptions {
  std::string data_dir;
  std::string watchlist_path;
  std::string as_of;
  uint64_t since = 0;
  v1::Severity min_severity = v1::SEVERITY_UNSPECIFIED;
  Format format = Format::kText;
  bool follow = false;
};

void PrintAlert(const v1::Alert& alert, const AlertsOptions& options, const Watchlist& watchlist) {
  // That nothing is heard of a hub concerns every release of it.
  const bool is_wanted = alert.is_about_hub() || watchlist.Covers(alert.name());
  if (alert.severity() < options.min_severity || !is_wanted) return;
  Print(options.format == Format::kJson ? proto::AlertJson(alert) + "\n" : AlertText(alert));
  std::fflush(stdout);
}

absl::Status PrintLog(indexer::Reader& reader, const AlertsOptions& options,
                      const Watchlist& watchlist) {
  v1::ListAlertsRequest request;
  request.set_after_sequence(options.since);
  request.set_min_severity(options.min_severity);
  request.set_limit(1000);
  while (true) {
    ASSIGN_OR_RETURN(const v1::ListAlertsResponse page, reader.ListAlerts(request));
    for (const v1::Alert& alert : page.alerts()) {
      PrintAlert(alert, options, watchlist);
      request.set_after_sequence(alert.sequence());
    }
    if (!page.has_more()) return absl::OkStatus();
  }
}

absl::Status PrintLogAsOf(const AlertsOptions& options, const Watchlist& watchlist) {
  v1::ListAlertsAsOfRequest request;
  ASSIGN_OR_RETURN(*request.mutable_moment(), ParseMoment(options.as_of, false));
  request.set_after_sequence(options.since);
  request.set_min_severity(options.min_severity);
  request.set_limit(1000);
  ASSIGN_OR_RETURN(const auto record, indexer::OpenRecord(options.data_dir));
  while (true) {
    ASSIGN_OR_RETURN(const v1::ListAlertsAsOfResponse page, record->ListAlertsAsOf(request));
    for (const v1::Alert& alert : page.alerts()) {
      PrintAlert(alert, options, watchlist);
      request.set_after_sequence(alert.sequence());
    }
    if (!page.has_more()) return absl::OkStatus();
  }
}

// Prints what the log holds after `since`, then what is added, until a signal. An indexer that goes
// away and comes back is asked to go on where it stopped.
absl::Status FollowLog(indexer::Reader& reader, const AlertsOptions& options,
                       const Watchlist& watchlist, common::Stopper& stopper) {
  v1::FollowRequest request;
  request.set_from_sequence(options.since + 1);
  request.set_alerts(true);
  while (!stopper.stopped()) {
    const absl::Status status =
        reader.Follow(request, stopper, [&](const v1::FollowResponse& response) {
          if (response.has_entry()) {
            PrintAlert(response.entry().alert(), options, watchlist);
            request.set_from_sequence(response.entry().sequence() + 1);
          }
          return true;
        });
    if (!status.ok() && !absl::IsUnavailable(status) && !absl::IsDeadlineExceeded(status)) {
      return status;
    }
    stopper.WaitFor(absl::Seconds(1));
  }
  return absl::OkStatus();
}

absl::Status Alerts(const AlertsOptions& options) {
  Watchlist watchlist;
  if (!options.watchlist_path.empty()) {
    ASSIGN_OR_RETURN(watchlist, Watchlist::Load(options.watchlist_path));
  }
  if (!options.as_of.empty()) return PrintLogAsOf(options, watchlist);
  RunGroup group;
  ASSIGN_OR_RETURN(const indexer::OpenedReader opened, indexer::OpenReader(options.data_dir));
  if (!options.follow) return PrintLog(*opened.reader, options, watchlist);
  if (opened.local != nullptr) {
    return absl::UnavailableError(absl::StrFormat(
        "alerts --follow: no indexer is running on %s; start `modelwatch run` first",
        options.data_dir));
  }
  group.Add("follow",
            [&] { return FollowLog(*opened.reader, options, watchlist, group.stopper()); });
  return group.Run();
}

}  // namespace

void AddAlertsCommand(CLI::App& app, int& exit_code) {
  static const std::map<std::string, v1::Severity> kSeverities = {{"info", v1::INFO},
                                                                  {"notice", v1::NOTICE},
                                                                  {"warning", v1::WARNING},
                                                                  {"critical", v1::CRITICAL}};
  auto options = std::make_shared<AlertsOptions>();
  CLI::App* command = app.add_subcommand("alerts", "Print the alert log, oldest first");
  command->add_option("--since", options->since, "Only alerts after this sequence number");
  command->add_option("--severity", options->min_severity, "This severity or worse")
      ->transform(CLI::CheckedTransformer(kSeverities))
      ->option_text("info|notice|warning|critical");
  command->add_option("--watchlist", options->watchlist_path,
                      "File of owner/name, owner or glob lines: only these releases");
  CLI::Option* const follow =
      command->add_flag("--follow", options->follow, "Go on with new alerts until interrupted");
  command
      ->add_option("--as-of", options->as_of,
                   "Only what was recorded up to a sequence number or a time: the same answer for "
                   "ever")
      ->excludes(follow);
  AddDataOption(*command, options->data_dir);
  AddFormatOption(*command, options->format);
  SetExample(*command, "modelwatch alerts --severity critical --follow --format json");
  command->callback([options, &exit_code] { exit_code = Report(Alerts(*options)); });
}

}  // namespace modelwatch::cli
