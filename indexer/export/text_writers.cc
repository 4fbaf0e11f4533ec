// SPDX-License-Identifier: Apache-2.0
#include <zstd.h>

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/clock.h"
#include "common/status_macros.h"
#include "indexer/export/csv.h"
#include "indexer/export/table_writer.h"

namespace modelwatch::indexer {
namespace {

// Lines are handed on in pieces of this size.
constexpr size_t kPieceBytes = size_t{256} << 10;
// The default of zstd: beyond it, time grows faster than files shrink.
constexpr int kZstdLevel = 3;

// A value of a column that is no list, as both formats write it.
std::string Plain(const v1::ExportColumn& column, const Cell& cell) {
  switch (column.type()) {
    case v1::TIME:
      return common::FormatMicros(cell.integer);
    case v1::BOOLEAN:
      return cell.integer != 0 ? "true" : "false";
    case v1::REAL:
      return absl::StrCat(cell.real);
    case v1::INTEGER:
      return absl::StrCat(cell.integer);
    default:
      return std::string(cell.text);
  }
}

class CsvWriter final : public TableWriter {
 public:
  CsvWriter(const v1::ExportTable& table, std::unique_ptr<TableFile> file)
      : table_(table), file_(std::move(file)), fields_(static_cast<size_t>(table.columns_size())) {}

  absl::Status Begin() {
    for (int i = 0; i < table_.columns_size(); ++i) {
      fields_[static_cast<size_t>(i)] = table_.columns(i).name();
    }
    return file_->Append(CsvLine(fields_));
  }

  absl::Status Add(const Row& row) override {
    for (size_t i = 0; i < row.size(); ++i) {
      fields_[i] = Field(table_.columns(static_cast<int>(i)), row[i]);
    }
    return file_->Append(CsvLine(fields_));
  }

  absl::StatusOr<WrittenFile> Close() override { return file_->Close(); }

 private:
  static std::string Field(const v1::ExportColumn& column, const Cell& cell) {
    if (!column.list()) return cell.is_null ? "" : Plain(column, cell);
    std::vector<std::string> values(cell.texts.begin(), cell.texts.end());
    for (const int64_t value : cell.integers) values.push_back(absl::StrCat(value));
    return CsvList(values);
  }

  const v1::ExportTable& table_;
  const std::unique_ptr<TableFile> file_;
  std::vector<std::string> fields_;
};

void AppendJsonText(std::string& line, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  line.push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      line.push_back('\\');
      line.push_back(c);
    } else if (c == '\n') {
      line.append("\\n");
    } else if (byte < 0x20) {
      line.append("\\u00").push_back(kHex[byte >> 4]);
      line.push_back(kHex[byte & 0xf]);
    } else {
      line.push_back(c);
    }
  }
  line.push_back('"');
}

void AppendJson(std::string& line, const v1::ExportColumn& column, const Cell& cell) {
  if (column.list()) {
    line.push_back('[');
    const size_t start = line.size();
    const auto comma = [&] {
      if (line.size() > start) line.push_back(',');
    };
    for (const std::string_view text : cell.texts) {
      comma();
      AppendJsonText(line, text);
    }
    for (const int64_t value : cell.integers) {
      comma();
      absl::StrAppend(&line, value);
    }
    line.push_back(']');
  } else if (cell.is_null) {
    line.append("null");
  } else if (column.type() == v1::TEXT || column.type() == v1::TIME) {
    AppendJsonText(line, column.type() == v1::TEXT ? cell.text : Plain(column, cell));
  } else {
    line.append(Plain(column, cell));
  }
}

struct CompressorDeleter {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

class JsonlWriter final : public TableWriter {
 public:
  JsonlWriter(const v1::ExportTable& table, std::unique_ptr<TableFile> file)
      : table_(table),
        file_(std::move(file)),
        zstd_(ZSTD_createCCtx()),
        compressed_(ZSTD_CStreamOutSize(), '\0') {
    ZSTD_CCtx_setParameter(zstd_.get(), ZSTD_c_compressionLevel, kZstdLevel);
    ZSTD_CCtx_setParameter(zstd_.get(), ZSTD_c_checksumFlag, 1);
  }

  absl::Status Add(const Row& row) override {
    lines_.push_back('{');
    for (size_t i = 0; i < row.size(); ++i) {
      const v1::ExportColumn& column = table_.columns(static_cast<int>(i));
      if (i > 0) lines_.push_back(',');
      lines_.append("\"").append(column.name()).append("\":");
      AppendJson(lines_, column, row[i]);
    }
    lines_.append("}\n");
    return lines_.size() < kPieceBytes ? absl::OkStatus() : Compress(ZSTD_e_continue);
  }

  absl::StatusOr<WrittenFile> Close() override {
    RETURN_IF_ERROR(Compress(ZSTD_e_end));
    return file_->Close();
  }

 private:
  absl::Status Compress(ZSTD_EndDirective directive) {
    ZSTD_inBuffer in = {lines_.data(), lines_.size(), 0};
    bool more = true;
    while (more) {
      ZSTD_outBuffer out = {compressed_.data(), compressed_.size(), 0};
      const size_t left = ZSTD_compressStream2(zstd_.get(), &out, &in, directive);
      if (ZSTD_isError(left) != 0) {
        return absl::InternalError(absl::StrCat("zstd: ", ZSTD_getErrorName(left)));
      }
      RETURN_IF_ERROR(file_->Append(std::string_view(compressed_.data(), out.pos)));
      more = directive == ZSTD_e_end ? left != 0 : in.pos < in.size;
    }
    lines_.clear();
    return absl::OkStatus();
  }

  const v1::ExportTable& table_;
  const std::unique_ptr<TableFile> file_;
  const std::unique_ptr<ZSTD_CCtx, CompressorDeleter> zstd_;
  std::string compressed_;
  std::string lines_;
};

}  // namespace

std::string FileEnding(ExportFormat format) {
  switch (format) {
    case ExportFormat::kParquet:
      return "parquet";
    case ExportFormat::kJsonl:
      return "jsonl.zst";
    case ExportFormat::kCsv:
      return "csv";
  }
  return "";
}

absl::StatusOr<std::unique_ptr<TableWriter>> OpenCsv(const v1::ExportTable& table,
                                                     const std::string& path) {
  ASSIGN_OR_RETURN(auto file, TableFile::Create(path));
  auto writer = std::make_unique<CsvWriter>(table, std::move(file));
  RETURN_IF_ERROR(writer->Begin());
  return writer;
}

absl::StatusOr<std::unique_ptr<TableWriter>> OpenJsonl(const v1::ExportTable& table,
                                                       const std::string& path) {
  ASSIGN_OR_RETURN(auto file, TableFile::Create(path));
  return std::make_unique<JsonlWriter>(table, std::move(file));
}

}  // namespace modelwatch::indexer
