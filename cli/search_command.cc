// SPDX-License-Identifier: Apache-2.0
// modelwatch search: releases by name, publisher, licence, base, last shift, access or last change.
#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "indexer/indexer.h"
#include "proto/json.h"

namespace modelwatch::cli {
namespace {

struct SearchOptions {
  std::string hub = "huggingface";
  std::string prefix, publisher, licence, base, direction, access, since, cursor;
  uint32_t limit = 100;
  std::string data_dir;
  Format format = Format::kText;
};

std::string FoundJson(const v1::FoundRelease& found) {
  using Json = nlohmann::ordered_json;
  Json json = {
      {"hub", found.key().hub()},
      {"id", found.key().id()},
      {"name", found.name()},
      {"access", found.access()},
      {"licences", std::vector<std::string>(found.licences().begin(), found.licences().end())},
      {"terms_class", found.terms_class()},
      {"direction", std::string(proto::Word(found.direction()))},
      {"version", found.version()},
      {"revision", found.revision()},
      {"changed_at", common::FormatMicros(found.changed_at_us())}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string FoundText(const v1::FoundRelease& found) {
  const std::string licences =
      found.licences().empty() ? "no known licence" : absl::StrJoin(found.licences(), ", ");
  const std::string shifted =
      found.direction() == v1::DIRECTION_UNSPECIFIED
          ? ""
          : absl::StrFormat(", last shift %s", std::string(proto::Word(found.direction())));
  return absl::StrFormat("%s  %s  %s; %s (%s)%s\n", common::FormatMicros(found.changed_at_us()),
                         common::OneLine(found.name()), found.access(), common::OneLine(licences),
                         found.terms_class().empty() ? "not judged" : found.terms_class(), shifted);
}

absl::StatusOr<v1::FindReleasesRequest> RequestOf(const SearchOptions& options) {
  v1::FindReleasesRequest request;
  request.set_hub(options.hub);
  request.set_name_prefix(options.prefix);
  request.set_publisher(options.publisher);
  request.set_licence(options.licence);
  request.set_base(options.base);
  request.set_direction(options.direction);
  request.set_access(options.access);
  request.set_page_token(options.cursor);
  if (options.since.empty()) return request;
  ASSIGN_OR_RETURN(const int64_t since, common::ParseMicros(options.since));
  request.set_changed_since_us(since);
  return request;
}

absl::Status Search(const SearchOptions& options) {
  constexpr uint32_t kMostAtOnce = 1000;  // query.proto
  ASSIGN_OR_RETURN(v1::FindReleasesRequest request, RequestOf(options));
  ASSIGN_OR_RETURN(const indexer::OpenedReader opened, indexer::OpenReader(options.data_dir));
  for (uint32_t left = options.limit; left > 0;) {
    request.set_limit(std::min(left, kMostAtOnce));
    ASSIGN_OR_RETURN(const v1::FindReleasesResponse page, opened.reader->FindReleases(request));
    for (const v1::FoundRelease& found : page.releases()) {
      Print(options.format == Format::kJson ? FoundJson(found) : FoundText(found));
    }
    left -= static_cast<uint32_t>(page.releases_size());
    request.set_page_token(page.next_page_token());
    if (page.next_page_token().empty()) return absl::OkStatus();
  }
  absl::FPrintF(stderr, "modelwatch: there are more: --cursor %s\n", request.page_token());
  return absl::OkStatus();
}

}  // namespace

void AddSearchCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<SearchOptions>();
  CLI::App* command = app.add_subcommand(
      "search", "Find releases: by name in its order, else what changed last first");
  command->add_option("PREFIX", options->prefix, "Start of the name: owner/na, or owner");
  command->add_option("--publisher", options->publisher, "The owner in the name");
  command->add_option("--licence", options->licence, "Terms rest on this licence, e.g. Apache-2.0");
  command->add_option("--base", options->base,
                      "Declares to be made from this release (owner/name)");
  command->add_option("--direction", options->direction, "Of the last shift")
      ->option_text("tighter|looser|mixed|unclear");
  command->add_option("--access", options->access, "As last seen")
      ->option_text("open|auto|manual|removed|disabled");
  command->add_option("--since", options->since, "Changed at this time or later");
  command->add_option("--hub", options->hub, "Hub, as configured")->capture_default_str();
  command->add_option("--limit", options->limit, "Rows at most")->capture_default_str();
  command->add_option("--cursor", options->cursor, "Go on where the rows before ended");
  AddDataOption(*command, options->data_dir);
  AddFormatOption(*command, options->format);
  SetExample(*command, "modelwatch search --direction tighter --licence cc-by-nc-4.0 --limit 20");
  command->callback([options, &exit_code] { exit_code = Report(Search(*options)); });
}

}  // namespace modelwatch::cli
