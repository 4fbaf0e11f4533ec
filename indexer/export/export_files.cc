// SPDX-License-Identifier: Apache-2.0
#include "indexer/export/export_files.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/atomic_file.h"
#include "common/clock.h"
#include "common/status_macros.h"
#include "indexer/export/metadata.h"
#include "indexer/export/tables.h"

namespace modelwatch::indexer {
namespace {

namespace fs = std::filesystem;

constexpr char kIncomplete[] = "export.incomplete";
constexpr char kManifest[] = "manifest.json";
constexpr int64_t kDayMicros = int64_t{86'400} * 1'000'000;

// Everything that an export may have left, and nothing else.
void RemoveExport(const fs::path& directory) {
  std::error_code ignored;
  for (const v1::ExportTable& table : ExportTables().tables()) {
    fs::remove_all(directory / table.name(), ignored);
    for (const ExportFormat format :
         {ExportFormat::kParquet, ExportFormat::kJsonl, ExportFormat::kCsv}) {
      fs::remove(directory / absl::StrCat(table.name(), ".", FileEnding(format)), ignored);
    }
  }
  fs::remove_all(directory / "teaser", ignored);
  for (const std::string& name : MetadataFiles()) {
    fs::remove(directory / name, ignored);
    fs::remove(directory / (name + ".tmp"), ignored);
  }
  fs::remove(directory / (std::string(kManifest) + ".tmp"), ignored);
  fs::remove(directory / kIncomplete, ignored);
}

absl::Status Refuse(const std::string& directory, const std::string& why) {
  return absl::FailedPreconditionError(
      absl::StrCat("export to ", directory, ": ", why, "; name a new directory with --out"));
}

absl::Status PrepareDirectory(const std::string& directory) {
  RETURN_IF_ERROR(CheckDestination(directory));
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat("make ", directory, ": ", error.message(), "; choose another --out"));
  }
  const fs::path path(directory);
  if (fs::exists(path / kIncomplete, error)) RemoveExport(path);
  if (!fs::is_empty(path, error) || error) return Refuse(directory, "the directory is not empty");
  return common::WriteFileAtomically(path / kIncomplete,
                                     "modelwatch export is writing here, or was cut off\n");
}

int ColumnOf(const v1::ExportTable& table, std::string_view name) {
  for (int i = 0; i < table.columns_size(); ++i) {
    if (table.columns(i).name() == name) return i;
  }
  return -1;
}

}  // namespace

absl::Status CheckDestination(const std::string& directory) {
  std::error_code error;
  const fs::path path(directory);
  if (!fs::exists(path, error)) return absl::OkStatus();
  if (!fs::is_directory(path, error)) return Refuse(directory, "there is a file of that name");
  if (fs::exists(path / kManifest, error)) return Refuse(directory, "it holds an export");
  if (fs::exists(path / kIncomplete, error) || fs::is_empty(path, error)) return absl::OkStatus();
  return Refuse(directory, "the directory is not empty");
}

absl::StatusOr<std::unique_ptr<ExportFiles>> ExportFiles::Create(
    const std::string& directory, ExportFormat format, const std::string& parquet_module) {
  std::optional<ParquetModule> parquet;
  if (format == ExportFormat::kParquet) {
    ASSIGN_OR_RETURN(parquet, ParquetModule::Load(parquet_module));
  }
  RETURN_IF_ERROR(PrepareDirectory(directory));
  std::unique_ptr<ExportFiles> files(new ExportFiles(directory, format));
  files->parquet_ = std::move(parquet);
  return files;
}

ExportFiles::~ExportFiles() {
  if (!is_complete_) RemoveExport(directory_);
}

std::string ExportFiles::writer() const {
  return parquet_.has_value() ? absl::StrCat("Apache Arrow ", parquet_->version()) : "";
}

absl::StatusOr<std::unique_ptr<TableWriter>> ExportFiles::Open(const v1::ExportTable& table,
                                                               const std::string& name) const {
  const fs::path path = fs::path(directory_) / name;
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) {
    return absl::UnavailableError(absl::StrCat("make ", path.parent_path().string(), ": ",
                                               error.message(), "; choose another --out"));
  }
  switch (format_) {
    case ExportFormat::kJsonl:
      return OpenJsonl(table, path);
    case ExportFormat::kCsv:
      return OpenCsv(table, path);
    default:
      return parquet_->Open(table, path);
  }
}

absl::Status ExportFiles::Write(const std::string& name, std::string_view content) const {
  return common::WriteFileAtomically(fs::path(directory_) / name, content);
}

absl::Status ExportFiles::Complete(std::string_view manifest) {
  RETURN_IF_ERROR(Write(kManifest, manifest));
  is_complete_ = true;
  std::error_code ignored;
  fs::remove(fs::path(directory_) / kIncomplete, ignored);
  return absl::OkStatus();
}

TableOutput::TableOutput(const v1::ExportTable& table, const ExportFiles& files, bool is_teaser)
    : table_(table),
      files_(files),
      is_teaser_(is_teaser),
      sequence_(ColumnOf(table, "sequence")),
      recorded_at_(ColumnOf(table, "recorded_at")) {}

absl::Status TableOutput::Add(const Row& row) {
  if (table_.daily() && !is_teaser_) {
    const int64_t day = row[static_cast<size_t>(recorded_at_)].integer / kDayMicros;
    if (writer_ == nullptr || day > day_) RETURN_IF_ERROR(OpenDay(day));
  } else if (writer_ == nullptr) {
    RETURN_IF_ERROR(OpenDay(0));
  }
  ++file_.rows;
  if (sequence_ >= 0) {
    const auto sequence = static_cast<uint64_t>(row[static_cast<size_t>(sequence_)].integer);
    file_.first_sequence =
        file_.first_sequence == 0 ? sequence : std::min(file_.first_sequence, sequence);
    file_.last_sequence = std::max(file_.last_sequence, sequence);
  }
  return writer_->Add(row);
}

absl::Status TableOutput::OpenDay(int64_t day) {
  RETURN_IF_ERROR(CloseFile());
  day_ = day;
  file_.table = table_.name();
  file_.is_teaser = is_teaser_;
  const std::string ending = FileEnding(files_.format());
  if (is_teaser_) {
    file_.name = absl::StrCat("teaser/", table_.name(), ".", ending);
  } else if (!table_.daily()) {
    file_.name = absl::StrCat(table_.name(), ".", ending);
  } else if (day == 0) {
    file_.name = absl::StrCat(table_.name(), "/part-0.", ending);
  } else {
    file_.recorded_date = common::FormatMicros(day * kDayMicros).substr(0, 10);
    file_.name =
        absl::StrCat(table_.name(), "/recorded_date=", file_.recorded_date, "/part-0.", ending);
  }
  ASSIGN_OR_RETURN(writer_, files_.Open(table_, file_.name));
  return absl::OkStatus();
}

absl::Status TableOutput::CloseFile() {
  if (writer_ == nullptr) return absl::OkStatus();
  ASSIGN_OR_RETURN(const WrittenFile written, writer_->Close());
  writer_.reset();
  file_.bytes = written.bytes;
  file_.sha256 = written.sha256;
  closed_.push_back(std::exchange(file_, {}));
  return absl::OkStatus();
}

absl::Status TableOutput::Close(std::vector<ExportedFile>& written) {
  if (writer_ == nullptr && closed_.empty()) RETURN_IF_ERROR(OpenDay(0));
  RETURN_IF_ERROR(CloseFile());
  written.insert(written.end(), closed_.begin(), closed_.end());
  return absl::OkStatus();
}

}  // namespace modelwatch::indexer
