// SPDX-License-Identifier: Apache-2.0
// modelwatch bom MODEL: a bill of materials of a release, as other tools read it.
#include <map>
#include <memory>
#include <string>

#include "absl/strings/str_format.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/release_argument.h"
#include "cli/version.h"
#include "common/atomic_file.h"
#include "common/status_macros.h"
#include "evaluator/bom/bom.h"
#include "indexer/indexer.h"
#include "proto/release_id.h"

namespace modelwatch::cli {
namespace {

constexpr char kLiveHub[] = "https://huggingface.co";

enum class BomFormat { kCycloneDx, kSpdx3 };

struct BomFlags {
  std::string model;
  std::string data_dir;
  std::string out;
  BomFormat format = BomFormat::kCycloneDx;
};

absl::StatusOr<std::string> EndpointOf(indexer::Reader& reader, const std::string& hub) {
  ASSIGN_OR_RETURN(const v1::GetStatusResponse status, reader.GetStatus({}));
  for (const v1::HubStatus& one : status.hubs()) {
    if (one.hub() == hub && !one.endpoint().empty()) return one.endpoint();
  }
  return kLiveHub;
}

// A base that the index does not have is named without a record.
absl::Status AddBases(indexer::Reader& reader, evaluator::BomSource& source) {
  const v1::Observation& seen = source.release.version().observation();
  for (const v1::BaseModel& declared : seen.declared().base_models()) {
    evaluator::BomBase base{declared.name(), declared.relation(), std::nullopt};
    if (source.bases.size() < evaluator::kMostBomBases) {
      v1::GetReleaseRequest request;
      request.set_hub(seen.key().hub());
      request.set_name(declared.name());
      absl::StatusOr<v1::GetReleaseResponse> found = reader.GetRelease(request);
      const bool is_absent =
          absl::IsNotFound(found.status()) || absl::IsInvalidArgument(found.status());
      if (!found.ok() && !is_absent) return found.status();
      if (found.ok()) base.release = *std::move(found);
    }
    source.bases.push_back(std::move(base));
  }
  return absl::OkStatus();
}

absl::StatusOr<evaluator::BomSource> ReadSource(const BomFlags& flags) {
  ASSIGN_OR_RETURN(const auto request, RequestFor<v1::GetReleaseRequest>(flags.model));
  if (!proto::KindPrefix(request.name()).empty()) {
    return absl::InvalidArgumentError(
        absl::StrFormat("'%s' is no model; a bill of materials is made of models", flags.model));
  }
  ASSIGN_OR_RETURN(const indexer::OpenedReader opened, indexer::OpenReader(flags.data_dir));
  evaluator::BomSource source;
  source.program_version = kVersion;
  ASSIGN_OR_RETURN(source.release, opened.reader->GetRelease(request));
  const std::string& hub = source.release.version().observation().key().hub();
  ASSIGN_OR_RETURN(source.endpoint, EndpointOf(*opened.reader, hub));
  RETURN_IF_ERROR(AddBases(*opened.reader, source));
  return source;
}

absl::Status Bom(const BomFlags& flags) {
  ASSIGN_OR_RETURN(const evaluator::BomSource source, ReadSource(flags));
  const std::string bom = flags.format == BomFormat::kSpdx3 ? evaluator::Spdx3Bom(source)
                                                            : evaluator::CycloneDxBom(source);
  if (!flags.out.empty()) return common::WriteFileAtomically(flags.out, bom);
  Print(bom);
  return absl::OkStatus();
}

}  // namespace

void AddBomCommand(CLI::App& app, int& exit_code) {
  static const std::map<std::string, BomFormat> kFormats = {{"cyclonedx", BomFormat::kCycloneDx},
                                                            {"spdx3", BomFormat::kSpdx3}};
  auto flags = std::make_shared<BomFlags>();
  CLI::App* command = app.add_subcommand(
      "bom", "Write a bill of materials of a release: CycloneDX 1.6 ML-BOM or SPDX 3.0.1 AI");
  command->add_option("MODEL", flags->model, "owner/name")->required();
  command->add_option("--format", flags->format, "CycloneDX 1.6 or SPDX 3.0.1, both JSON")
      ->required()
      ->transform(CLI::CheckedTransformer(kFormats))
      ->option_text("cyclonedx|spdx3");
  command->add_option("--out", flags->out, "File to write; else standard output");
  AddDataOption(*command, flags->data_dir);
  SetExample(*command, "modelwatch bom suno/bark --format cyclonedx --out bark.cdx.json");
  command->callback([flags, &exit_code] { exit_code = Report(Bom(*flags)); });
}

}  // namespace modelwatch::cli
