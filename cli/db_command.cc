// SPDX-License-Identifier: Apache-2.0
// modelwatch db check: reads every record and says whether they agree.
#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "common/status_macros.h"
#include "indexer/indexer.h"

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
}

}  // namespace modelwatch::cli
