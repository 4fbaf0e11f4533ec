// SPDX-License-Identifier: Apache-2.0
#include "indexer/export/export.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "indexer/export/tables.h"
#include "indexer/export/version_tables.h"
#include "modelwatch/v1/scan.pb.h"

namespace modelwatch::indexer {
namespace {

absl::Status Stopped() {
  return absl::CancelledError("the export was stopped; what it had written is removed");
}

// One export under way.
class Exporter {
 public:
  Exporter(Reader& reader, const ExportOptions& options, const common::Stopper& stopper)
      : reader_(reader), options_(options), stopper_(stopper) {}

  absl::StatusOr<ExportSummary> Run() {
    RETURN_IF_ERROR(CheckDestination(options_.out_dir));
    RETURN_IF_ERROR(ReadMoment());
    ASSIGN_OR_RETURN(
        files_, ExportFiles::Create(options_.out_dir, options_.format, options_.parquet_module));
    Begin();
    RETURN_IF_ERROR(WriteVersions());
    RETURN_IF_ERROR(WriteLog());
    InOrderOfTables();
    RETURN_IF_ERROR(Describe());
    RETURN_IF_ERROR(files_->Complete(Manifest(summary_)));
    return summary_;
  }

 private:
  // What the export is of. Records are immutable, so a sequence is a snapshot.
  absl::Status ReadMoment() {
    ASSIGN_OR_RETURN(const v1::GetStatusResponse status, reader_.GetStatus({}));
    if (status.newest_sequence() == 0) {
      return absl::FailedPreconditionError("export: the index is empty; crawl something first");
    }
    if (options_.as_of > status.newest_sequence()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "export as of ", options_.as_of, ": the log ends at ", status.newest_sequence()));
    }
    summary_.schema_version = status.schema_version();
    summary_.first_sequence = std::max<uint64_t>(status.oldest_sequence(), 1);
    summary_.last_sequence = options_.as_of == 0 ? status.newest_sequence() : options_.as_of;
    v1::FollowRequest request;
    request.set_from_sequence(summary_.last_sequence);
    request.set_until_now(true);
    return reader_.Follow(request, stopper_, [&](const v1::FollowResponse& message) {
      summary_.last_recorded_at_us = message.entry().recorded_at_us();
      return !message.has_entry();
    });
  }

  void Begin() {
    summary_.program_version = options_.program_version;
    summary_.format = options_.format;
    summary_.with_texts = options_.with_texts;
    summary_.writer = files_->writer();
    wanted_ = {options_.tables.begin(), options_.tables.end()};
    for (const v1::ExportTable& table : ExportTables().tables()) {
      if (options_.tables.empty()) wanted_.insert(table.name());
      if (wanted_.count(table.name()) > 0) summary_.tables.push_back(table.name());
    }
  }

  // Passes on what ended a scan: our own failure, the stopper, or the index.
  absl::Status Ended(const absl::Status& scanned, const absl::Status& written) const {
    RETURN_IF_ERROR(written);
    RETURN_IF_ERROR(scanned);
    return stopper_.stopped() ? Stopped() : absl::OkStatus();
  }

  absl::Status WriteVersions() {
    VersionTables tables(wanted_, *files_);
    if (!tables.any()) return absl::OkStatus();
    absl::Status written;
    const absl::Status scanned =
        reader_.ScanVersions(tables.Request(summary_.last_sequence), stopper_,
                             [&](const v1::ScanVersionsResponse& chunk) {
                               written = tables.Add(chunk);
                               return written.ok();
                             });
    RETURN_IF_ERROR(Ended(scanned, written));
    return tables.Close(reader_, options_.with_texts, summary_.files);
  }

  template <typename Record>
  std::unique_ptr<TableOf<Record>> IfWanted(const char* name) const {
    if (wanted_.count(name) == 0) return nullptr;
    return std::make_unique<TableOf<Record>>(*FindTable(name), *files_);
  }

  absl::Status WriteLog() {
    const auto changes = IfWanted<v1::Change>("changes");
    const auto assessments = IfWanted<v1::Assessment>("assessments");
    const auto alerts = IfWanted<v1::Alert>("alerts");
    v1::ScanLogRequest request;
    request.set_as_of(summary_.last_sequence);
    request.set_changes(changes != nullptr);
    request.set_assessments(assessments != nullptr);
    request.set_alerts(alerts != nullptr);
    if (!request.changes() && !request.assessments() && !request.alerts()) return absl::OkStatus();
    absl::Status written;
    const auto add = [&](const v1::LogEntry& entry) {
      if (entry.has_change()) return changes->Add(entry.change());
      if (entry.has_assessment()) return assessments->Add(entry.assessment());
      return alerts->Add(entry.alert());
    };
    const absl::Status scanned =
        reader_.ScanLog(request, stopper_, [&](const v1::ScanLogResponse& chunk) {
          for (int i = 0; written.ok() && i < chunk.entries_size(); ++i) {
            written = add(chunk.entries(i));
          }
          return written.ok();
        });
    RETURN_IF_ERROR(Ended(scanned, written));
    if (changes != nullptr) RETURN_IF_ERROR(changes->output.Close(summary_.files));
    if (assessments != nullptr) RETURN_IF_ERROR(assessments->output.Close(summary_.files));
    return alerts != nullptr ? alerts->output.Close(summary_.files) : absl::OkStatus();
  }

  void InOrderOfTables() {
    std::map<std::string, size_t> place;
    for (const std::string& table : summary_.tables) place.emplace(table, place.size());
    std::stable_sort(summary_.files.begin(), summary_.files.end(),
                     [&](const ExportedFile& a, const ExportedFile& b) {
                       return place[a.table] < place[b.table];
                     });
  }

  absl::Status Describe() const {
    const DatasetWords& words = options_.words;
    RETURN_IF_ERROR(files_->Write("README.md", DatasetCard(summary_, words)));
    RETURN_IF_ERROR(files_->Write("CITATION.cff", Citation(summary_, words)));
    RETURN_IF_ERROR(files_->Write("croissant.json", Croissant(summary_, words)));
    RETURN_IF_ERROR(files_->Write("data-dictionary.md", DataDictionary()));
    return files_->Write("queries.sql", ExampleQueries());
  }

  Reader& reader_;
  const ExportOptions& options_;
  const common::Stopper& stopper_;
  ExportSummary summary_;
  std::set<std::string> wanted_;
  std::unique_ptr<ExportFiles> files_;
};

}  // namespace

absl::StatusOr<ExportSummary> Export(Reader& reader, const ExportOptions& options,
                                     const common::Stopper& stopper) {
  for (const std::string& table : options.tables) {
    if (FindTable(table) != nullptr) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("export: there is no table '", table, "'; choose of ", TableNames()));
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
