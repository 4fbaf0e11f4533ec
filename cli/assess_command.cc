// SPDX-License-Identifier: Apache-2.0
// modelwatch assess MODEL|DIR: findings, terms, conflicts, and what each framework says.
#include <filesystem>
#include <memory>

#include "cli/checkout.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/release_argument.h"
#include "cli/render.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "evaluator/assess/assessor.h"
#include "indexer/indexer.h"
#include "proto/json.h"

namespace modelwatch::cli {
namespace {

struct AssessOptions {
  std::string subject;
  std::string data_dir;
  std::string corpus;
  Format format = Format::kText;
};

// The files of an observation that the assessor reads, from the index.
absl::StatusOr<std::vector<std::pair<std::string, std::string>>> TextsOf(
    indexer::Reader& reader, const v1::Observation& seen) {
  std::vector<std::pair<std::string, std::string>> texts;
  for (const v1::File* file : evaluator::Assessor::FilesToRead(seen)) {
    v1::GetBlobRequest request;
    request.set_digest(file->digest());
    absl::StatusOr<v1::GetBlobResponse> blob = reader.GetBlob(request);
    if (absl::IsNotFound(blob.status())) continue;  // its terms stay unknown
    RETURN_IF_ERROR(blob.status());
    texts.emplace_back(file->path(), std::move(*blob->mutable_content()));
  }
  return texts;
}

// Judged anew, by this program: the index may hold what an older one said. What happened to the
// release, and the move from the version before, are the index's.
absl::StatusOr<v1::Assessment> AssessModel(const AssessOptions& options,
                                           const evaluator::Assessor& assessor) {
  ASSIGN_OR_RETURN(const auto request, RequestFor<v1::GetReleaseRequest>(options.subject));
  ASSIGN_OR_RETURN(const indexer::OpenedReader opened, indexer::OpenReader(options.data_dir));
  ASSIGN_OR_RETURN(const v1::GetReleaseResponse release, opened.reader->GetRelease(request));
  ASSIGN_OR_RETURN(const auto texts, TextsOf(*opened.reader, release.version().observation()));
  std::vector<evaluator::FileText> files;
  for (const auto& [path, bytes] : texts) files.push_back({path, bytes});
  const v1::Assessment& stored = release.assessment();
  v1::Assessment assessment =
      assessor.Assess(release.version(), files, release.has_assessment() ? &stored : nullptr);
  *assessment.mutable_events() = stored.events();
  if (stored.has_shift()) *assessment.mutable_shift() = stored.shift();
  return assessment;
}

absl::StatusOr<v1::Assessment> AssessFolder(const std::string& folder,
                                            const evaluator::Assessor& assessor) {
  ASSIGN_OR_RETURN(const Checkout checkout, ReadCheckout(folder));
  return assessor.Assess(checkout.version, checkout.files(), nullptr, &checkout.paths);
}

absl::Status Assess(const AssessOptions& options) {
  std::error_code ignored;
  const bool is_folder = std::filesystem::is_directory(options.subject, ignored);
  if (!is_folder && std::filesystem::exists(options.subject, ignored)) {
    return absl::InvalidArgumentError(options.subject +
                                      ": a file; 'modelwatch identify' and 'terms' judge texts");
  }
  ASSIGN_OR_RETURN(const auto corpus, evaluator::Corpus::Load(options.corpus));
  const evaluator::Assessor assessor(corpus.get(), evaluator::TermsTable::Builtin());
  ASSIGN_OR_RETURN(const v1::Assessment assessment, is_folder
                                                        ? AssessFolder(options.subject, assessor)
                                                        : AssessModel(options, assessor));
  if (options.format == Format::kJson) {
    Print(proto::AssessmentJson(assessment) + "\n");
  } else {
    Print(common::OneLine(assessment.name()) + "\n" + AssessmentText(assessment) +
          VerdictsText(assessment));
  }
  return absl::OkStatus();
}

}  // namespace

void AddAssessCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<AssessOptions>();
  CLI::App* command = app.add_subcommand(
      "assess", "Judge a release: findings, terms, conflicts, and each openness framework");
  command
      ->add_option("SUBJECT", options->subject,
                   "owner/name of a release in the index, or a directory that holds one")
      ->required();
  AddDataOption(*command, options->data_dir);
  AddCorpusOption(*command, options->corpus);
  AddFormatOption(*command, options->format);
  SetExample(*command, "modelwatch assess ./Mistral-7B-v0.1 --format json");
  command->callback([options, &exit_code] { exit_code = Report(Assess(*options)); });
}

}  // namespace modelwatch::cli
