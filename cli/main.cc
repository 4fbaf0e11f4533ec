// SPDX-License-Identifier: Apache-2.0
// modelwatch: one program, a subcommand for every task. This file only composes.
#include <signal.h>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/version.h"
#include "common/rpc/channel.h"

int main(int argc, char** argv) {
  modelwatch::common::DisableMutexDeadlockDetection();
  namespace cli = modelwatch::cli;
  signal(SIGPIPE, SIG_IGN);

  CLI::App app{
      "modelwatch keeps watch on the terms under which open models are released.\n"
      "Its verdicts are indicators with evidence, never legal advice."};
  app.name("modelwatch");
  app.require_subcommand(1);
  app.set_version_flag("--version", cli::kVersionLine);
  app.footer("Example:\n  modelwatch run --hub huggingface --data data");

  int exit_code = cli::kDone;
  cli::AddRunCommand(app, exit_code);
  cli::AddCrawlCommand(app, exit_code);
  cli::AddIndexCommand(app, exit_code);
  cli::AddEvaluateCommand(app, exit_code);
  cli::AddShowCommand(app, exit_code);
  cli::AddSearchCommand(app, exit_code);
  cli::AddHistoryCommand(app, exit_code);
  cli::AddLineageCommand(app, exit_code);
  cli::AddAlertsCommand(app, exit_code);
  cli::AddStatusCommand(app, exit_code);
  cli::AddPolicyCommand(app, exit_code);
  cli::AddReassessCommand(app, exit_code);
  cli::AddExportCommand(app, exit_code);
  cli::AddDbCommand(app, exit_code);
  cli::AddSimulateCommand(app, exit_code);
  cli::AddIdentifyCommand(app, exit_code);
  cli::AddAssessCommand(app, exit_code);
  cli::AddBomCommand(app, exit_code);
  cli::AddTermsCommand(app, exit_code);
  cli::AddDiffCommand(app, exit_code);
  cli::AddCorpusCommand(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return error.get_exit_code() == 0 ? app.exit(error) : cli::ReportUsage(app, error);
  }
  return exit_code;
}
