// SPDX-License-Identifier: Apache-2.0
#include "indexer/export/export.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/atomic_file.h"
#include "common/status_macros.h"

namespace modelwatch::indexer {
namespace {

namespace fs = std::filesystem;

constexpr uint32_t kPageRows = 500;

absl::Status PrepareDirectory(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat("make ", path, ": ", error.message(), "; choose another --out"));
  }
  if (fs::is_empty(path, error) && !error) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("export to ", path, ": the directory is not empty; name a new one with --out"));
}

absl::Status Stopped() { return absl::CancelledError("the export was stopped; it is incomplete"); }

// One export under way.
class Exporter {
 public:
  Exporter(Reader& reader, const ExportOptions& options, const common::Stopper& stopper)
      : reader_(reader), options_(options), stopper_(stopper) {}

  absl::StatusOr<ExportResult> Run() {
    RETURN_IF_ERROR(Begin());
    if (Wanted("releases")) RETURN_IF_ERROR(WriteReleases());
    if (Wanted("changes") || Wanted("assessments")) RETURN_IF_ERROR(WriteLog());
    if (Wanted("alerts")) RETURN_IF_ERROR(WriteAlerts());
    for (const std::string& table : ExportTables()) {
      if (!Wanted(table)) continue;
      ASSIGN_OR_RETURN(ExportedFile file, files_.at(table)->Close());
      result_.files.push_back(std::move(file));
    }
    RETURN_IF_ERROR(WriteManifest());
    return result_;
  }

 private:
  bool Wanted(const std::string& table) const { return files_.count(table) > 0; }

  absl::Status Begin() {
    v1::GetStatusRequest request;
    request.set_evaluator("evaluator");
    ASSIGN_OR_RETURN(status_, reader_.GetStatus(request));
    if (options_.as_of > status_.newest_sequence()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "export as of ", options_.as_of, ": the log ends at ", status_.newest_sequence()));
    }
    result_.first_sequence = status_.oldest_sequence();
    result_.last_sequence = options_.as_of == 0 ? status_.newest_sequence() : options_.as_of;
    RETURN_IF_ERROR(PrepareDirectory(options_.out_dir));
    const auto& tables = options_.tables.empty() ? ExportTables() : options_.tables;
    for (const std::string& table : tables) RETURN_IF_ERROR(OpenTable(table));
    return absl::OkStatus();
  }

  absl::Status OpenTable(const std::string& table) {
    const char* const end = options_.format == ExportFormat::kCsv ? ".csv" : ".jsonl";
    ASSIGN_OR_RETURN(auto file, TableFile::Create(options_.out_dir, table + end));
    RETURN_IF_ERROR(file->AddHeader(HeaderRow(options_.format, table)));
    files_[table] = std::move(file);
    return absl::OkStatus();
  }

  template <typename Record>
  absl::Status Write(const char* table, const Record& record) {
    return files_.at(table)->AddRow(Row(options_.format, record));
  }

  absl::Status WriteReleases() {
    v1::ListReleasesRequest request;
    request.set_limit(kPageRows);
    while (!stopper_.stopped()) {
      ASSIGN_OR_RETURN(const v1::ListReleasesResponse page, reader_.ListReleases(request));
      for (const v1::GetReleaseResponse& release : page.releases()) {
        RETURN_IF_ERROR(WriteRelease(release.version()));
      }
      if (page.next_page_token().empty()) return absl::OkStatus();
      request.set_page_token(page.next_page_token());
    }
    return Stopped();
  }

  absl::Status WriteRelease(const v1::Version& newest) {
    if (newest.sequence() <= result_.last_sequence) return Write("releases", newest);
    v1::GetHistoryRequest request;
    *request.mutable_key() = newest.observation().key();
    request.set_limit(1);
    request.set_before_version(result_.last_sequence + 1);
    ASSIGN_OR_RETURN(const v1::GetHistoryResponse history, reader_.GetHistory(request));
    if (history.rows_size() == 0) return absl::OkStatus();
    return Write("releases", history.rows(0).version());
  }

  absl::Status WriteEntry(const v1::LogEntry& entry) {
    if (entry.has_change() && Wanted("changes")) return Write("changes", entry.change());
    if (entry.has_assessment() && Wanted("assessments")) {
      return Write("assessments", entry.assessment());
    }
    return absl::OkStatus();
  }

  absl::Status WriteLog() {
    v1::FollowRequest request;
    request.set_changes(Wanted("changes"));
    request.set_assessments(Wanted("assessments"));
    request.set_until_now(true);
    absl::Status written;
    RETURN_IF_ERROR(reader_.Follow(request, stopper_, [&](const v1::FollowResponse& message) {
      if (!message.has_entry()) return message.progress().sequence() < result_.last_sequence;
      if (message.entry().sequence() > result_.last_sequence) return false;
      written = WriteEntry(message.entry());
      return written.ok();
    }));
    RETURN_IF_ERROR(written);
    return stopper_.stopped() ? Stopped() : absl::OkStatus();
  }

  absl::Status WriteAlerts() {
    v1::ListAlertsRequest request;
    request.set_limit(kPageRows);
    while (!stopper_.stopped()) {
      ASSIGN_OR_RETURN(const v1::ListAlertsResponse page, reader_.ListAlerts(request));
      for (const v1::Alert& alert : page.alerts()) {
        if (alert.sequence() > result_.last_sequence) return absl::OkStatus();
        RETURN_IF_ERROR(Write("alerts", alert));
        request.set_after_sequence(alert.sequence());
      }
      if (!page.has_more()) return absl::OkStatus();
    }
    return Stopped();
  }

  absl::Status WriteManifest() const {
    nlohmann::ordered_json manifest;
    manifest["format"] = options_.format == ExportFormat::kCsv ? "csv" : "jsonl";
    manifest["first_sequence"] = result_.first_sequence;
    manifest["last_sequence"] = result_.last_sequence;
    manifest["schema_version"] = status_.schema_version();
    manifest["program_version"] = options_.program_version;
    manifest["files"] = nlohmann::ordered_json::array();
    for (const ExportedFile& file : result_.files) {
      nlohmann::ordered_json entry;
      entry["name"] = file.name;
      entry["rows"] = file.rows;
      entry["bytes"] = file.bytes;
      entry["sha256"] = file.sha256;
      manifest["files"].push_back(std::move(entry));
    }
    return common::WriteFileAtomically(fs::path(options_.out_dir) / "manifest.json",
                                       manifest.dump(2) + "\n");
  }

  Reader& reader_;
  const ExportOptions& options_;
  const common::Stopper& stopper_;
  v1::GetStatusResponse status_;
  ExportResult result_;
  std::map<std::string, std::unique_ptr<TableFile>> files_;
};

}  // namespace

const std::vector<std::string>& ExportTables() {
  static const auto* const tables =
      new std::vector<std::string>{"releases", "changes", "assessments", "alerts"};
  return *tables;
}

absl::StatusOr<ExportResult> Export(Reader& reader, const ExportOptions& options,
                                    const common::Stopper& stopper) {
  for (const std::string& table : options.tables) {
    const auto& known = ExportTables();
    if (std::find(known.begin(), known.end(), table) != known.end()) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "export: there is no table '", table, "'; choose releases, changes, assessments, alerts"));
  }
  return Exporter(reader, options, stopper).Run();
}

absl::StatusOr<uint64_t> SequenceAt(Reader& reader, int64_t recorded_at_us,
                                    const common::Stopper& stopper) {
  v1::FollowRequest request;
  request.set_until_now(true);
  uint64_t sequence = 0;
  uint64_t first_later = 0;
  RETURN_IF_ERROR(reader.Follow(request, stopper, [&](const v1::FollowResponse& message) {
    if (!message.has_entry()) return true;
    if (message.entry().recorded_at_us() > recorded_at_us) {
      first_later = message.entry().sequence();
      return false;
    }
    sequence = message.entry().sequence();
    return true;
  }));
  if (stopper.stopped()) return Stopped();
  if (sequence == 0 && first_later > 1) {
    return absl::OutOfRangeError(
        absl::StrCat("as of that time: the log before ", first_later, " was compacted"));
  }
  return sequence;
}

}  // namespace modelwatch::indexer
