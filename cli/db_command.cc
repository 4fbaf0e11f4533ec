// SPDX-License-Identifier: Apache-2.0
// modelwatch db: check reads every record and says whether they agree; backup copies the database
// while it is written to; restore makes one from a backup.
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "common/status_macros.h"
#include "indexer/indexer.h"
#include "indexer/record.h"

namespace modelwatch::cli {
namespace {

struct CheckOptions {
  std::string data_dir;
  Format format = Format::kText;
};

std::string ReportText(const indexer::StoreReport& report) {
  std::string text = absl::StrFormat(
      "schema %d, sequences %d to %d\n"
      "%d releases, %d versions, %d assessments, %d alerts, %d blobs (%d bytes), %d findings "
      "(%d bytes), %d names, %d past versions, %d work\n",
      report.schema_version, report.oldest_sequence, report.newest_sequence, report.releases,
      report.versions, report.assessments, report.alerts, report.blobs, report.blob_bytes,
      report.findings, report.finding_bytes, report.names, report.past_versions, report.work);
  for (const std::string& problem : report.problems) text += "problem: " + problem + "\n";
  return text +
         (report.clean() ? "clean\n" : absl::StrFormat("%d problems\n", report.problem_count));
}

std::string ReportJson(const indexer::StoreReport& report) {
  const nlohmann::ordered_json json = {{"clean", report.clean()},
                                       {"schema_version", report.schema_version},
                                       {"oldest_sequence", report.oldest_sequence},
                                       {"newest_sequence", report.newest_sequence},
                                       {"releases", report.releases},
                                       {"versions", report.versions},
                                       {"assessments", report.assessments},
                                       {"alerts", report.alerts},
                                       {"blobs", report.blobs},
                                       {"blob_bytes", report.blob_bytes},
                                       {"findings", report.findings},
                                       {"finding_bytes", report.finding_bytes},
                                       {"names", report.names},
                                       {"past_versions", report.past_versions},
                                       {"work", report.work},
                                       {"problem_count", report.problem_count},
                                       {"problems", report.problems}};
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

absl::Status Check(const CheckOptions& options) {
  ASSIGN_OR_RETURN(const indexer::StoreReport report, indexer::CheckStore(options.data_dir));
  Print(options.format == Format::kJson ? ReportJson(report) : ReportText(report));
  if (report.clean()) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrFormat("db check %s: %d problems; stop writing to it and keep a copy",
                      options.data_dir, report.problem_count));
}

struct BackupOptions {
  std::string data_dir;
  std::string directory;
  uint32_t number = 0;
  Format format = Format::kText;
};

void PrintBackup(const char* done, const v1::BackupResponse& backup, const BackupOptions& options) {
  if (options.format == Format::kText) {
    Print(absl::StrFormat("%s backup %d of %s: %d bytes, sequence %d\n", done, backup.number(),
                          options.directory, backup.bytes(), backup.newest_sequence()));
    return;
  }
  const nlohmann::ordered_json json = {{"number", backup.number()},
                                       {"directory", options.directory},
                                       {"bytes", backup.bytes()},
                                       {"newest_sequence", backup.newest_sequence()}};
  Print(json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

absl::Status BackUp(const BackupOptions& options) {
  std::error_code error;
  v1::BackupRequest request;
  request.set_directory(std::filesystem::absolute(options.directory, error).string());
  ASSIGN_OR_RETURN(const auto record, indexer::OpenRecord(options.data_dir));
  ASSIGN_OR_RETURN(const v1::BackupResponse made, record->Backup(request));
  PrintBackup("made and verified", made, options);
  return absl::OkStatus();
}

absl::Status Restore(const BackupOptions& options) {
  ASSIGN_OR_RETURN(const v1::BackupResponse restored,
                   indexer::Restore(options.directory, options.number, options.data_dir));
  PrintBackup("restored", restored, options);
  return absl::OkStatus();
}

void AddBackupCommands(CLI::App& db, int& exit_code) {
  auto options = std::make_shared<BackupOptions>();
  CLI::App* backup = db.add_subcommand(
      "backup",
      "Copy the database, also while an indexer writes it, and read the copy back. What an earlier "
      "backup in the directory holds is not copied again");
  backup->add_option("--to", options->directory, "Directory of backups")->required();
  CLI::App* restore =
      db.add_subcommand("restore", "Make the database of a data directory that has none");
  restore->add_option("--from", options->directory, "Directory of backups")->required();
  restore->add_option("--number", options->number, "Which backup; default: the newest");
  for (CLI::App* command : {backup, restore}) {
    AddDataOption(*command, options->data_dir);
    AddFormatOption(*command, options->format);
  }
  SetExample(*backup, "modelwatch db backup --data data --to /backups/modelwatch");
  SetExample(*restore, "modelwatch db restore --from /backups/modelwatch --data restored");
  backup->callback([options, &exit_code] { exit_code = Report(BackUp(*options)); });
  restore->callback([options, &exit_code] { exit_code = Report(Restore(*options)); });
}

}  // namespace

void AddDbCommand(CLI::App& app, int& exit_code) {
  CLI::App* db = app.add_subcommand("db", "Upkeep of the database");
  db->require_subcommand(1);
  SetExample(*db, "modelwatch db check --data data");
  auto options = std::make_shared<CheckOptions>();
  CLI::App* check = db->add_subcommand("check", "Verify that every record agrees with the others");
  AddDataOption(*check, options->data_dir);
  AddFormatOption(*check, options->format);
  SetExample(*check, "modelwatch db check --data data --format json");
  check->callback([options, &exit_code] { exit_code = Report(Check(*options)); });
  AddBackupCommands(*db, exit_code);
}

}  // namespace modelwatch::cli
