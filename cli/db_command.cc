// SPDX-License-Identifier: Apache-2.0
// modelwatch db: check reads every record and says whether they agree; backup, backups and restore
// keep copies of the database.
#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "common/status_macros.h"
#include "indexer/backup.h"
#include "indexer/indexer.h"
#include "indexer/repair.h"

namespace modelwatch::cli {
namespace {

struct CheckOptions {
  std::string data_dir;
  bool repair = false;
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
  ASSIGN_OR_RETURN(indexer::StoreReport report, indexer::CheckStore(options.data_dir));
  if (options.repair && !report.clean()) {
    for (const std::string& problem : report.problems) {
      absl::FPrintF(stderr, "found: %s\n", problem);
    }
    ASSIGN_OR_RETURN(const uint64_t repaired, indexer::RepairStore(options.data_dir));
    absl::FPrintF(stderr, "repaired: %d keys written or deleted\n", repaired);
    ASSIGN_OR_RETURN(report, indexer::CheckStore(options.data_dir));
  }
  Print(options.format == Format::kJson ? ReportJson(report) : ReportText(report));
  if (report.clean()) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrFormat("db check %s: %d problems; stop writing to it and keep a copy",
                      options.data_dir, report.problem_count));
}

struct BackupFlags {
  std::string data_dir;
  std::string directory;
  uint32_t keep = 7;
  uint32_t id = 0;
  Format format = Format::kText;
};

std::string TimeText(int64_t seconds) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(seconds),
                          absl::UTCTimeZone());
}

absl::Status TakeBackup(const BackupFlags& flags) {
  ASSIGN_OR_RETURN(const indexer::TakenBackup taken,
                   indexer::BackUpStore(flags.data_dir, flags.directory, flags.keep));
  const indexer::Backup& backup = taken.backup;
  if (flags.format == Format::kJson) {
    Print(nlohmann::ordered_json({{"id", backup.id},
                                  {"newest_sequence", backup.newest_sequence},
                                  {"bytes", backup.bytes},
                                  {"new_bytes", taken.new_bytes},
                                  {"deleted", taken.deleted}})
              .dump() +
          "\n");
    return absl::OkStatus();
  }
  Print(absl::StrFormat(
      "backup %d: everything up to sequence %d, %d bytes, of these %d new; read back and sound; %d "
      "older deleted\n",
      backup.id, backup.newest_sequence, backup.bytes, taken.new_bytes, taken.deleted));
  return absl::OkStatus();
}

absl::Status ShowBackups(const BackupFlags& flags) {
  ASSIGN_OR_RETURN(const auto backups, indexer::ListBackups(flags.directory));
  for (const indexer::Backup& backup : backups) {
    if (flags.format == Format::kJson) {
      Print(nlohmann::ordered_json({{"id", backup.id},
                                    {"made_at", TimeText(backup.made_at)},
                                    {"newest_sequence", backup.newest_sequence},
                                    {"bytes", backup.bytes},
                                    {"damaged", backup.damaged}})
                .dump() +
            "\n");
    } else if (backup.damaged) {
      Print(absl::StrFormat("%d  damaged\n", backup.id));
    } else {
      Print(absl::StrFormat("%d  %s  up to sequence %d  %d bytes\n", backup.id,
                            TimeText(backup.made_at), backup.newest_sequence, backup.bytes));
    }
  }
  return absl::OkStatus();
}

absl::Status Restore(const BackupFlags& flags) {
  ASSIGN_OR_RETURN(const indexer::Restored restored,
                   indexer::RestoreStore(flags.directory, flags.id, flags.data_dir));
  Print(flags.format == Format::kJson ? ReportJson(restored.report) : ReportText(restored.report));
  if (restored.report.clean()) return absl::OkStatus();
  return absl::DataLossError(absl::StrFormat(
      "db restore %s: backup %d was restored as it was taken, with %d problems; choose an older "
      "one with --backup",
      flags.data_dir, restored.backup.id, restored.report.problem_count));
}

void AddBackupCommands(CLI::App& db, int& exit_code) {
  auto flags = std::make_shared<BackupFlags>();
  CLI::App* backup = db.add_subcommand(
      "backup", "Add a verified backup to a directory, also while the index is written");
  backup->add_option("--to", flags->directory, "Directory of the backups; made when absent")
      ->required();
  backup->add_option("--keep", flags->keep, "Newest backups that stay")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000));
  AddDataOption(*backup, flags->data_dir);
  AddFormatOption(*backup, flags->format);
  SetExample(*backup, "modelwatch db backup --data data --to backups --keep 7");
  backup->callback([flags, &exit_code] { exit_code = Report(TakeBackup(*flags)); });

  CLI::App* backups = db.add_subcommand("backups", "List the backups in a directory");
  backups->add_option("--from", flags->directory, "Directory of the backups")->required();
  AddFormatOption(*backups, flags->format);
  SetExample(*backups, "modelwatch db backups --from backups");
  backups->callback([flags, &exit_code] { exit_code = Report(ShowBackups(*flags)); });

  CLI::App* restore =
      db.add_subcommand("restore", "Make a data directory out of a backup and verify it");
  restore->add_option("--from", flags->directory, "Directory of the backups")->required();
  restore->add_option("--backup", flags->id, "Which one, as db backups numbers them; the newest");
  AddDataOption(*restore, flags->data_dir);
  AddFormatOption(*restore, flags->format);
  SetExample(*restore, "modelwatch db restore --from backups --data restored");
  restore->callback([flags, &exit_code] { exit_code = Report(Restore(*flags)); });
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
  check->add_flag("--repair", options->repair,
                  "Write names, oids, derivatives, lists of alerts, due times and counts anew");
  SetExample(*check, "modelwatch db check --data data --format json");
  check->callback([options, &exit_code] { exit_code = Report(Check(*options)); });
  AddBackupCommands(*db, exit_code);
}

}  // namespace modelwatch::cli
