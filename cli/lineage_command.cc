// SPDX-License-Identifier: Apache-2.0
// modelwatch lineage MODEL: what it is made from, what is made from it, and whether the terms
// agree.
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/release_argument.h"
#include "evaluator/assess/lineage.h"
#include "evaluator/terms/terms_table.h"
#include "indexer/indexer.h"

namespace modelwatch::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kMaxDepth = 8;  // beyond seven generations four in five are undecidable
constexpr uint32_t kMostDerivatives = 1000;  // of one request, read.proto

struct LineageOptions {
  std::string model;
  std::string data_dir;
  uint32_t limit = 100;
  Format format = Format::kText;
};

Json LicenceOf(const v1::Assessment* assessment) {
  if (assessment == nullptr) return nullptr;
  const std::string& known =
      assessment->licence().empty() ? assessment->expression() : assessment->licence();
  return known.empty() ? Json(nullptr) : Json(known);
}

Json DeclaredOf(const v1::Assessment* assessment) {
  if (assessment == nullptr) return nullptr;
  for (const v1::Finding& finding : assessment->findings()) {
    if (!finding.declared().empty()) return finding.declared();
  }
  return nullptr;
}

// One edge: the other end, and what is to be said of the terms of the two.
Json Edge(const std::string& name, const std::string& relation, const v1::Assessment* other,
          const v1::Assessment& derivative, const evaluator::Base& base) {
  const evaluator::LineageFinding finding =
      evaluator::CompareWithBase(evaluator::TermsTable::Builtin(), derivative, base);
  return {{"name", name},
          {"relation", relation},
          {"declared", DeclaredOf(other)},
          {"licence", LicenceOf(other)},
          {"verdict", std::string(evaluator::Word(finding.verdict))},
          {"scenarios", finding.scenarios},
          {"reason", finding.reason}};
}

// Walks up; a name met before is not walked again.
class Bases {
 public:
  explicit Bases(indexer::Reader& reader) : reader_(reader) {}

  absl::StatusOr<Json> Of(const v1::GetReleaseResponse& release, int depth) {
    Json bases = Json::array();
    const v1::Observation& seen = release.version().observation();
    for (const v1::BaseModel& declared : seen.declared().base_models()) {
      v1::GetReleaseRequest request;
      request.set_hub(seen.key().hub());
      request.set_name(declared.name());
      const absl::StatusOr<v1::GetReleaseResponse> found = reader_.GetRelease(request);
      const bool is_absent =
          absl::IsNotFound(found.status()) || absl::IsInvalidArgument(found.status());
      if (!found.ok() && !is_absent) return found.status();
      const v1::Assessment* judged =
          found.ok() && found->has_assessment() ? &found->assessment() : nullptr;
      Json edge = Edge(declared.name(), declared.relation(), judged, release.assessment(),
                       {declared.name(), declared.relation(), judged});
      edge["bases"] = Json::array();
      const bool is_new = met_.insert(absl::AsciiStrToLower(declared.name())).second;
      if (found.ok() && is_new && depth < kMaxDepth) {
        ASSIGN_OR_RETURN(edge["bases"], Of(*found, depth + 1));
      }
      bases.push_back(std::move(edge));
    }
    return bases;
  }

 private:
  indexer::Reader& reader_;
  std::set<std::string> met_;
};

absl::Status AddDerivatives(indexer::Reader& reader, const v1::GetReleaseResponse& release,
                            uint32_t limit, Json& json) {
  v1::ListDerivativesRequest request;
  request.set_hub(release.version().observation().key().hub());
  request.set_base(release.version().observation().name());
  Json list = Json::array();
  while (true) {
    request.set_limit(std::min(limit - static_cast<uint32_t>(list.size()), kMostDerivatives));
    ASSIGN_OR_RETURN(const v1::ListDerivativesResponse page, reader.ListDerivatives(request));
    json["derivatives_total"] = page.total();
    for (const v1::Derivative& derivative : page.derivatives()) {
      const v1::Assessment* judged =
          derivative.has_assessment() ? &derivative.assessment() : nullptr;
      const v1::Assessment* base = release.has_assessment() ? &release.assessment() : nullptr;
      list.push_back(Edge(derivative.name(), derivative.relation(), judged, derivative.assessment(),
                          {request.base(), derivative.relation(), base}));
    }
    request.set_page_token(page.next_page_token());
    if (request.page_token().empty() || list.size() >= limit) break;
  }
  json["derivatives"] = std::move(list);
  return absl::OkStatus();
}

std::string Words(const Json& value) { return value.is_string() ? value.get<std::string>() : ""; }

std::string EdgeText(const Json& edge, const std::string& indent, const char* what) {
  const std::string relation = Words(edge["relation"]);
  std::string licence = Words(edge["licence"]);
  if (licence.empty()) licence = Words(edge["declared"]);
  std::string text =
      absl::StrFormat("%s%s %s%s: %s, %s\n", indent, what, Words(edge["name"]),
                      relation.empty() ? "" : " (" + relation + ")",
                      licence.empty() ? "no known licence" : licence, Words(edge["verdict"]));
  if (Words(edge["verdict"]) != "fits") text += indent + "  " + Words(edge["reason"]) + "\n";
  return text;
}

void AddBasesText(const Json& bases, const std::string& indent, std::string& text) {
  for (const Json& base : bases) {
    text += EdgeText(base, indent, "from");
    AddBasesText(base["bases"], indent + "  ", text);
  }
}

std::string LineageText(const Json& json) {
  const std::string licence = Words(json["licence"]);
  std::string text = absl::StrFormat("%s: %s\n", Words(json["name"]),
                                     licence.empty() ? "no known licence" : licence);
  AddBasesText(json["bases"], "  ", text);
  if (json["bases"].empty()) text += "  names no base\n";
  const auto total = json["derivatives_total"].get<uint64_t>();
  text += absl::StrFormat("  %d release%s made from it\n", total, total == 1 ? " is" : "s are");
  for (const Json& derivative : json["derivatives"]) text += EdgeText(derivative, "  ", "to");
  if (json["derivatives"].size() < total) {
    text +=
        absl::StrFormat("  and %d more; --limit shows them\n", total - json["derivatives"].size());
  }
  return text;
}

absl::Status Lineage(const LineageOptions& options) {
  ASSIGN_OR_RETURN(const auto request, RequestFor<v1::GetReleaseRequest>(options.model));
  ASSIGN_OR_RETURN(const indexer::OpenedReader opened, indexer::OpenReader(options.data_dir));
  ASSIGN_OR_RETURN(const v1::GetReleaseResponse release, opened.reader->GetRelease(request));
  const v1::Assessment* judged = release.has_assessment() ? &release.assessment() : nullptr;
  Json json = {{"name", release.version().observation().name()},
               {"declared", DeclaredOf(judged)},
               {"licence", LicenceOf(judged)}};
  ASSIGN_OR_RETURN(json["bases"], Bases(*opened.reader).Of(release, 1));
  RETURN_IF_ERROR(AddDerivatives(*opened.reader, release, options.limit, json));
  Print(options.format == Format::kJson
            ? json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"
            : LineageText(json));
  return absl::OkStatus();
}

}  // namespace

void AddLineageCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<LineageOptions>();
  CLI::App* command = app.add_subcommand(
      "lineage", "Show what a release is made from, what is made from it, and whether terms agree");
  command->add_option("MODEL", options->model, "owner/name")->required();
  command->add_option("--limit", options->limit, "Most derivatives to list; all are counted")
      ->capture_default_str();
  AddDataOption(*command, options->data_dir);
  AddFormatOption(*command, options->format);
  SetExample(*command, "modelwatch lineage meta-llama/Llama-3.1-8B --format json");
  command->callback([options, &exit_code] { exit_code = Report(Lineage(*options)); });
}

}  // namespace modelwatch::cli
