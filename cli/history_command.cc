// SPDX-License-Identifier: Apache-2.0
// modelwatch history MODEL: every version kept, with what changed and what it meant; before them
// what its commits held before it was first seen.
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "cli/as_of.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/release_argument.h"
#include "cli/render.h"
#include "common/log.h"
#include "evaluator/license/corpus.h"
#include "evaluator/past_judge.h"
#include "indexer/indexer.h"
#include "indexer/record.h"
#include "proto/json.h"

namespace modelwatch::cli {
namespace {

struct HistoryOptions {
  std::string model;
  std::string data_dir;
  std::string as_of;
  bool reassessments = false;
  std::string corpus;
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

std::string PastJson(const v1::PastVersion& version, v1::Assessment assessment) {
  using Json = nlohmann::ordered_json;
  Json json = Json::parse(proto::PastVersionJson(version));
  json["assessment"] = Json::parse(proto::AssessmentJson(assessment));
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

struct Timeline {
  std::vector<v1::PastVersion> past;  // oldest first
  v1::PastState past_state = v1::PAST_STATE_UNSPECIFIED;
  std::vector<v1::HistoryRow> rows;  // all versions, oldest first
};

// The index pages versions newest first. `get` answers a page of a history, now or as of a moment.
template <typename Request, typename Get>
absl::StatusOr<Timeline> ReadTimeline(Request request, const Get& get) {
  Timeline timeline;
  while (true) {
    ASSIGN_OR_RETURN(const auto page, get(request));
    if (page.rows().empty()) break;
    timeline.rows.insert(timeline.rows.end(), page.rows().begin(), page.rows().end());
    if (request.before_version() == 0) {
      timeline.past.assign(page.past().begin(), page.past().end());
      timeline.past_state = page.past_state();
    }
    request.set_before_version(timeline.rows.back().version().sequence());
  }
  std::reverse(timeline.rows.begin(), timeline.rows.end());
  return timeline;
}

absl::StatusOr<Timeline> TimelineNow(indexer::Reader& reader, const HistoryOptions& options) {
  ASSIGN_OR_RETURN(auto request, RequestFor<v1::GetHistoryRequest>(options.model));
  return ReadTimeline(std::move(request), [&reader](const v1::GetHistoryRequest& page) {
    return reader.GetHistory(page);
  });
}

absl::StatusOr<Timeline> TimelineAsOf(const HistoryOptions& options) {
  ASSIGN_OR_RETURN(auto request, RequestFor<v1::GetHistoryAsOfRequest>(options.model));
  ASSIGN_OR_RETURN(*request.mutable_moment(), ParseMoment(options.as_of, options.reassessments));
  ASSIGN_OR_RETURN(const auto record, indexer::OpenRecord(options.data_dir));
  return ReadTimeline(std::move(request), [&record](const v1::GetHistoryAsOfRequest& page) {
    return record->GetHistoryAsOf(page);
  });
}

// To standard error: what is printed stays what was asked for.
void TellWhatIsMissing(v1::PastState past) {
  if (past == v1::PAST_WAITING) {
    absl::FPrintF(stderr, "modelwatch: its commits before the first sight are not read yet\n");
  } else if (past == v1::PAST_CUT) {
    absl::FPrintF(stderr, "modelwatch: some of its commits before the first sight are left out\n");
  } else if (past == v1::PAST_UNREADABLE) {
    absl::FPrintF(stderr, "modelwatch: its commits before the first sight cannot be read\n");
  }
}

// Without a corpus no text is judged; the history is shown all the same.
std::unique_ptr<evaluator::Corpus> LoadCorpus(const std::string& path) {
  auto corpus = evaluator::Corpus::Load(path);
  if (corpus.ok()) return *std::move(corpus);
  absl::FPrintF(stderr, "modelwatch: the past is judged by its cards alone: %s\n",
                common::OneLine(std::string(corpus.status().message())));
  return nullptr;
}

absl::Status PrintPast(indexer::Reader& reader, const HistoryOptions& options,
                       const Timeline& timeline) {
  const std::vector<v1::PastVersion>& past = timeline.past;
  if (past.empty()) return absl::OkStatus();
  const v1::Observation& first = timeline.rows.front().version().observation();
  const auto corpus = LoadCorpus(options.corpus);
  ASSIGN_OR_RETURN(std::vector<v1::Assessment> assessments,
                   evaluator::JudgePast(reader, corpus.get(), first.key(), first.name(), past));
  for (size_t i = 0; i < past.size(); ++i) {
    v1::Assessment& assessment = assessments[i];
    assessment.clear_version();
    if (assessment.has_shift()) {
      assessment.mutable_shift()->clear_from_version();
      assessment.mutable_shift()->clear_to_version();
    }
    Print(options.format == Format::kJson ? PastJson(past[i], assessment)
                                          : PastRowText(past[i], assessment));
  }
  return absl::OkStatus();
}

absl::Status History(const HistoryOptions& options) {
  ASSIGN_OR_RETURN(const indexer::OpenedReader opened, indexer::OpenReader(options.data_dir));
  ASSIGN_OR_RETURN(const Timeline timeline, options.as_of.empty()
                                                ? TimelineNow(*opened.reader, options)
                                                : TimelineAsOf(options));
  TellWhatIsMissing(timeline.past_state);
  RETURN_IF_ERROR(PrintPast(*opened.reader, options, timeline));
  for (const v1::HistoryRow& row : timeline.rows) {
    Print(options.format == Format::kJson ? RowJson(row) : HistoryRowText(row));
  }
  return absl::OkStatus();
}

}  // namespace

void AddHistoryCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<HistoryOptions>();
  CLI::App* command = app.add_subcommand(
      "history",
      "Show every version of a release, oldest first: before its first sight the "
      "commits that changed its card or licence files");
  command
      ->add_option("MODEL", options->model, "owner/name, datasets/owner/name or spaces/owner/name")
      ->required();
  AddAsOfOptions(*command, options->as_of, options->reassessments);
  AddDataOption(*command, options->data_dir);
  AddCorpusOption(*command, options->corpus);
  AddFormatOption(*command, options->format);
  SetExample(*command, "modelwatch history suno/bark --as-of 2023-05-02 --format json");
  command->callback([options, &exit_code] { exit_code = Report(History(*options)); });
}

}  // namespace modelwatch::cli
