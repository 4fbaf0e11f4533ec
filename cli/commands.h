// SPDX-License-Identifier: Apache-2.0
// Every subcommand of modelwatch; each stands in the file of its name.
#pragma once

namespace CLI {
class App;
}

namespace modelwatch::cli {

// Each declares its subcommand on `app` and, when that subcommand is called, runs it and sets
// `exit_code`. Both must outlive the parse.
void AddAlertsCommand(CLI::App& app, int& exit_code);
void AddAssessCommand(CLI::App& app, int& exit_code);
void AddBomCommand(CLI::App& app, int& exit_code);
void AddCorpusCommand(CLI::App& app, int& exit_code);
void AddCrawlCommand(CLI::App& app, int& exit_code);
void AddDbCommand(CLI::App& app, int& exit_code);
void AddDiffCommand(CLI::App& app, int& exit_code);
void AddEvaluateCommand(CLI::App& app, int& exit_code);
void AddExportCommand(CLI::App& app, int& exit_code);
void AddHistoryCommand(CLI::App& app, int& exit_code);
void AddIdentifyCommand(CLI::App& app, int& exit_code);
void AddIndexCommand(CLI::App& app, int& exit_code);
void AddLineageCommand(CLI::App& app, int& exit_code);
void AddPolicyCommand(CLI::App& app, int& exit_code);
void AddReassessCommand(CLI::App& app, int& exit_code);
void AddRunCommand(CLI::App& app, int& exit_code);
void AddSearchCommand(CLI::App& app, int& exit_code);
void AddShowCommand(CLI::App& app, int& exit_code);
void AddSimulateCommand(CLI::App& app, int& exit_code);
void AddStatusCommand(CLI::App& app, int& exit_code);
void AddTermsCommand(CLI::App& app, int& exit_code);

}  // namespace modelwatch::cli
