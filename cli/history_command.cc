// SPDX-License-Identifier: Apache-2.0
// modelwatch history MODEL: every version kept, with what changed and what it meant.
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/as_of.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/release_argument.h"
#include "cli/render.h"
#include "indexer/indexer.h"
#include "proto/json.h"

namespace modelwatch::cli {
namespace {

struct HistoryOptions {
  std::string model;
  std::string data_dir;
  std::string as_of;
  Format format = Format::kText;
};

std::string RowJson(const v1::HistoryRow& row) {
  using Json = nlohmann::ordered_json;
  Json json = Json::parse(proto::VersionJson(row.version()));
  json["change"] = Json::parse(proto::ChangeJson(row.change()));
  json["assessment"] =
      row.has_assessment() ? Json::parse(proto::AssessmentJson(row.assessment())) : Json(nullptr);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

// All versions, oldest first: the index pages them newest first.
absl::StatusOr<std::vector<v1::HistoryRow>> ReadRows(indexer::Reader& reader,
                                                     v1::GetHistoryRequest request) {
  std::vector<v1::HistoryRow> rows;
  while (true) {
    ASSIGN_OR_RETURN(const v1::GetHistoryResponse page, reader.GetHistory(request));
    if (page.rows().empty()) break;
    rows.insert(rows.end(), page.rows().begin(), page.rows().end());
    request.set_before_version(rows.back().version().sequence());
  }
  std::reverse(rows.begin(), rows.end());
  return rows;
}

absl::Status History(const HistoryOptions& options) {
  ASSIGN_OR_RETURN(const auto request, RequestFor<v1::GetHistoryRequest>(options.model));
  ASSIGN_OR_RETURN(const AsOf as_of, ParseAsOf(options.as_of));
  ASSIGN_OR_RETURN(const indexer::OpenedReader opened, indexer::OpenReader(options.data_dir));
  ASSIGN_OR_RETURN(const std::vector<v1::HistoryRow> rows, ReadRows(*opened.reader, request));
  for (const v1::HistoryRow& row : rows) {
    if (!as_of.Covers(row.version().sequence(), row.version().recorded_at_us())) continue;
    Print(options.format == Format::kJson ? RowJson(row) : HistoryRowText(row));
  }
  return absl::OkStatus();
}

}  // namespace

void AddHistoryCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<HistoryOptions>();
  CLI::App* command =
      app.add_subcommand("history", "Show every version of a release, oldest first");
  command
      ->add_option("MODEL", options->model, "owner/name, datasets/owner/name or spaces/owner/name")
      ->required();
  command->add_option("--as-of", options->as_of,
                      "Only what was recorded up to a sequence number or a time");
  AddDataOption(*command, options->data_dir);
  AddFormatOption(*command, options->format);
  SetExample(*command, "modelwatch history suno/bark --as-of 2023-05-02 --format json");
  command->callback([options, &exit_code] { exit_code = Report(History(*options)); });
}

}  // namespace modelwatch::cli
