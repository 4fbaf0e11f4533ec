// SPDX-License-Identifier: Apache-2.0
// modelwatch show MODEL: the release now.
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

struct ShowOptions {
  std::string model;
  std::string data_dir;
  Format format = Format::kText;
};

std::string ReleaseJson(const v1::GetReleaseResponse& release) {
  using Json = nlohmann::ordered_json;
  Json json = Json::parse(proto::VersionJson(release.version()));
  json["first_seen"] = common::FormatMicros(release.first_seen_us());
  json["last_seen"] = common::FormatMicros(release.last_seen_us());
  json["former_names"] =
      std::vector<std::string>(release.former_names().begin(), release.former_names().end());
  json["assessment"] = release.has_assessment()
                           ? Json::parse(proto::AssessmentJson(release.assessment()))
                           : Json(nullptr);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

absl::Status Show(const ShowOptions& options) {
  ASSIGN_OR_RETURN(const auto request, RequestFor<v1::GetReleaseRequest>(options.model));
  ASSIGN_OR_RETURN(const indexer::OpenedReader opened, indexer::OpenReader(options.data_dir));
  ASSIGN_OR_RETURN(const v1::GetReleaseResponse release, opened.reader->GetRelease(request));
  Print(options.format == Format::kJson ? ReleaseJson(release) : ReleaseText(release));
  return absl::OkStatus();
}

}  // namespace

void AddShowCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ShowOptions>();
  CLI::App* command = app.add_subcommand("show", "Show a release as it is now, with its terms");
  command
      ->add_option("MODEL", options->model, "owner/name, datasets/owner/name or spaces/owner/name")
      ->required();
  AddDataOption(*command, options->data_dir);
  AddFormatOption(*command, options->format);
  SetExample(*command, "modelwatch show stabilityai/stable-diffusion-3-medium");
  command->callback([options, &exit_code] { exit_code = Report(Show(*options)); });
}

}  // namespace modelwatch::cli
