// SPDX-License-Identifier: Apache-2.0
// modelwatch show MODEL: the release now, or as it was recorded at a moment.
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/as_of.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/release_argument.h"
#include "cli/render.h"
#include "common/clock.h"
#include "common/status_macros.h"
#include "indexer/indexer.h"
#include "indexer/record.h"
#include "proto/json.h"

namespace modelwatch::cli {
namespace {

struct ShowOptions {
  std::string model;
  std::string data_dir;
  std::string as_of;
  bool reassessments = false;
  Format format = Format::kText;
};

std::string ReleaseJson(const v1::GetReleaseResponse& release) {
  using Json = nlohmann::ordered_json;
  Json json = Json::parse(proto::VersionJson(release.version()));
  json["first_seen"] = common::FormatMicros(release.first_seen_us());
  // Of a moment that is over the record does not tell when it was seen again.
  if (release.last_seen_us() != 0) {
    json["last_seen"] = common::FormatMicros(release.last_seen_us());
  }
  json["former_names"] =
      std::vector<std::string>(release.former_names().begin(), release.former_names().end());
  json["assessment"] = release.has_assessment()
                           ? Json::parse(proto::AssessmentJson(release.assessment()))
                           : Json(nullptr);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

absl::StatusOr<v1::GetReleaseResponse> ReadAsOf(const ShowOptions& options) {
  ASSIGN_OR_RETURN(auto request, RequestFor<v1::GetReleaseAsOfRequest>(options.model));
  ASSIGN_OR_RETURN(*request.mutable_moment(), ParseMoment(options.as_of, options.reassessments));
  ASSIGN_OR_RETURN(const auto record, indexer::OpenRecord(options.data_dir));
  ASSIGN_OR_RETURN(v1::GetReleaseAsOfResponse response, record->GetReleaseAsOf(request));
  return std::move(*response.mutable_release());
}

absl::StatusOr<v1::GetReleaseResponse> ReadNow(const ShowOptions& options) {
  ASSIGN_OR_RETURN(const auto request, RequestFor<v1::GetReleaseRequest>(options.model));
  ASSIGN_OR_RETURN(const indexer::OpenedReader opened, indexer::OpenReader(options.data_dir));
  return opened.reader->GetRelease(request);
}

absl::Status Show(const ShowOptions& options) {
  ASSIGN_OR_RETURN(const v1::GetReleaseResponse release,
                   options.as_of.empty() ? ReadNow(options) : ReadAsOf(options));
  Print(options.format == Format::kJson ? ReleaseJson(release) : ReleaseText(release));
  return absl::OkStatus();
}

}  // namespace

void AddShowCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ShowOptions>();
  CLI::App* command =
      app.add_subcommand("show", "Show a release, as it is now or was recorded, with its terms");
  command
      ->add_option("MODEL", options->model, "owner/name, datasets/owner/name or spaces/owner/name")
      ->required();
  AddAsOfOptions(*command, options->as_of, options->reassessments);
  AddDataOption(*command, options->data_dir);
  AddFormatOption(*command, options->format);
  SetExample(*command, "modelwatch show stabilityai/stable-diffusion-3-medium");
  command->callback([options, &exit_code] { exit_code = Report(Show(*options)); });
}

}  // namespace modelwatch::cli
