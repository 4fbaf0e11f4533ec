// SPDX-License-Identifier: Apache-2.0
#include "indexer/export/parquet_writer.h"

#include <dlfcn.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "indexer/export/tables.h"

namespace modelwatch::indexer {
namespace {

ParquetColumn::Type TypeOf(v1::ColumnType type) {
  switch (type) {
    case v1::INTEGER:
      return ParquetColumn::Type::kInteger;
    case v1::REAL:
      return ParquetColumn::Type::kReal;
    case v1::BOOLEAN:
      return ParquetColumn::Type::kBoolean;
    case v1::TIME:
      return ParquetColumn::Type::kTime;
    default:
      return ParquetColumn::Type::kText;
  }
}

ParquetSpec SpecOf(const v1::ExportTable& table) {
  ParquetSpec spec;
  for (const v1::ExportColumn& column : table.columns()) {
    spec.columns.push_back({column.name(), TypeOf(column.type()), column.nullable(), column.list(),
                            column.distinct()});
  }
  for (const std::string& by : table.sorted_by()) {
    for (size_t i = 0; i < spec.columns.size(); ++i) {
      if (spec.columns[i].name == by) spec.sorted_by.push_back(i);
    }
  }
  spec.metadata = {{"modelwatch.table", table.name()},
                   {"modelwatch.tables_version", absl::StrCat(ExportTables().version())}};
  return spec;
}

// Keeps the first failure, which Arrow would tell with fewer words.
class FileSink final : public ParquetSink {
 public:
  explicit FileSink(std::unique_ptr<TableFile> file) : file_(std::move(file)) {}

  bool Append(const char* bytes, size_t size) override {
    if (status_.ok()) status_ = file_->Append(std::string_view(bytes, size));
    return status_.ok();
  }
  [[nodiscard]] const absl::Status& status() const { return status_; }
  [[nodiscard]] TableFile& file() { return *file_; }

 private:
  const std::unique_ptr<TableFile> file_;
  absl::Status status_;
};

class ParquetWriter final : public TableWriter {
 public:
  explicit ParquetWriter(std::unique_ptr<TableFile> file) : sink_(std::move(file)) {}

  absl::Status Begin(OpenParquetFile open, const v1::ExportTable& table) {
    std::string error;
    file_.reset(open(SpecOf(table), sink_, error));
    return Told(error);
  }
  absl::Status Add(const Row& row) override { return Told(file_->Add(row)); }
  absl::StatusOr<WrittenFile> Close() override {
    RETURN_IF_ERROR(Told(file_->Close()));
    return sink_.file().Close();
  }

 private:
  absl::Status Told(const std::string& error) const {
    if (error.empty()) return absl::OkStatus();
    if (!sink_.status().ok()) return sink_.status();
    return absl::InternalError(absl::StrCat("write Parquet: ", error));
  }

  FileSink sink_;
  std::unique_ptr<ParquetFile> file_;  // goes before the sink
};

}  // namespace

absl::StatusOr<ParquetModule> ParquetModule::Load(const std::string& path) {
  void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("load the writer of Parquet: ", dlerror(),
                     "; run deploy/setup.sh and build again, or export --format jsonl"));
  }
  ParquetModule module;
  module.open_ = reinterpret_cast<OpenParquetFile>(dlsym(library, kOpenParquetFile));
  const void* const version = dlsym(library, kArrowVersion);
  if (module.open_ == nullptr || version == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("load the writer of Parquet: ", path, " is not ours; build again"));
  }
  module.version_ = static_cast<const char*>(version);
  return module;
}

absl::StatusOr<std::unique_ptr<TableWriter>> ParquetModule::Open(const v1::ExportTable& table,
                                                                 const std::string& path) const {
  ASSIGN_OR_RETURN(auto file, TableFile::Create(path));
  auto writer = std::make_unique<ParquetWriter>(std::move(file));
  RETURN_IF_ERROR(writer->Begin(open_, table));
  return writer;
}

}  // namespace modelwatch::indexer
