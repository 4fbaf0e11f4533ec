// SPDX-License-Identifier: Apache-2.0
// modelwatch history MODEL: every version kept, with what changed and what it meant.
#include <algorithm>
#include <charconv>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/release_argument.h"
#include "cli/render.h"
#include "common/clock.h"
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

// What --as-of leaves in: versions up to a sequence, or seen at the hub up to a time.
struct AsOf {
  uint64_t sequence = std::numeric_limits<uint64_t>::max();
  int64_t observed_at_us = std::numeric_limits<int64_t>::max();

  [[nodiscard]] bool Covers(const v1::Version& version) const {
    return version.sequence() <= sequence &&
           version.observation().observed_at_us() <= observed_at_us;
  }
};

absl::StatusOr<AsOf> ParseAsOf(const std::string& text) {
  AsOf as_of;
  if (text.empty()) return as_of;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, as_of.sequence);
  if (error == std::errc() && stop == end) return as_of;
  as_of.sequence = std::numeric_limits<uint64_t>::max();
  ASSIGN_OR_RETURN(as_of.observed_at_us, common::ParseMicros(text));
  return as_of;
}

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
    if (!as_of.Covers(row.version())) continue;
    Print(options.format == Format::kJson ? RowJson(row) : HistoryRowText(row));
  }
  return absl::OkStatus();
}

}  // namespace

void AddHistoryCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<HistoryOptions>();
  CLI::App* command =
      app.add_subcommand("history", "Show every version of a release, oldest first");
  command->add_option("MODEL", options->model, "owner/name")->required();
  command->add_option("--as-of", options->as_of,
                      "Only what was known up to a sequence number or a time at the hub");
  AddDataOption(*command, options->data_dir);
  AddFormatOption(*command, options->format);
  SetExample(*command, "modelwatch history suno/bark --as-of 2023-05-02 --format json");
  command->callback([options, &exit_code] { exit_code = Report(History(*options)); });
}

}  // namespace modelwatch::cli
