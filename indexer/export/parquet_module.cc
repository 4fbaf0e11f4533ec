// SPDX-License-Identifier: Apache-2.0
// The module that writes Parquet with Apache Arrow. Arrow reports by exceptions here, which end in
// this file.
#include <arrow/io/interfaces.h>
#include <arrow/memory_pool.h>
#include <arrow/status.h>
#include <arrow/util/config.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/column_writer.h>
#include <parquet/file_writer.h>
#include <parquet/properties.h>
#include <parquet/schema.h>

#include <exception>
#include <utility>

#include "indexer/export/parquet_module.h"

namespace modelwatch::indexer {
namespace {

using Type = ParquetColumn::Type;

// Rows of a group, and its size before encoding: enough for good compression and few requests by
// readers over the network (the Hub advises small groups), little enough to hold nine tables'
// groups.
constexpr size_t kGroupRows = 50'000;
constexpr size_t kGroupBytes = size_t{24} << 20;
constexpr int kZstdLevel = 3;

class SinkStream final : public arrow::io::OutputStream {
 public:
  explicit SinkStream(ParquetSink& sink) : sink_(sink) {}

  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  arrow::Result<int64_t> Tell() const override { return written_; }
  bool closed() const override { return closed_; }
  arrow::Status Write(const void* bytes, int64_t size) override {
    if (!sink_.Append(static_cast<const char*>(bytes), static_cast<size_t>(size))) {
      return arrow::Status::IOError("the file cannot be written");
    }
    written_ += size;
    return arrow::Status::OK();
  }

 private:
  ParquetSink& sink_;
  int64_t written_ = 0;
  bool closed_ = false;
};

// The values of one column of the group under way: packed, with Parquet's levels beside them.
class ColumnBuffer {
 public:
  explicit ColumnBuffer(const ParquetColumn& column) : column_(column) {}

  // Returns how much it grew, in bytes.
  size_t Add(const Cell& cell) {
    if (column_.is_list) return AddList(cell);
    if (column_.is_nullable) defined_.push_back(cell.is_null ? 0 : 1);
    if (cell.is_null && column_.is_nullable) return 1;
    switch (column_.type) {
      case Type::kText:
        return AddText(cell.text);
      case Type::kReal:
        reals_.push_back(cell.real);
        break;
      default:
        integers_.push_back(cell.integer);
    }
    return sizeof(int64_t);
  }

  void WriteTo(parquet::ColumnWriter& writer) {
    switch (column_.type) {
      case Type::kText:
        WriteTexts(static_cast<parquet::ByteArrayWriter&>(writer));
        break;
      case Type::kReal:
        Write(static_cast<parquet::DoubleWriter&>(writer), reals_.data(), reals_.size());
        break;
      case Type::kBoolean:
        WriteBooleans(static_cast<parquet::BoolWriter&>(writer));
        break;
      default:
        Write(static_cast<parquet::Int64Writer&>(writer), integers_.data(), integers_.size());
    }
    defined_.clear();
    repeated_.clear();
    integers_.clear();
    reals_.clear();
    sizes_.clear();
    bytes_.clear();
  }

 private:
  size_t AddText(std::string_view text) {
    bytes_.append(text);
    sizes_.push_back(static_cast<uint32_t>(text.size()));
    return text.size() + sizeof(uint32_t);
  }

  size_t AddList(const Cell& cell) {
    const bool of_text = column_.type == Type::kText;
    const size_t values = of_text ? cell.texts.size() : cell.integers.size();
    size_t grown = 0;
    for (size_t i = 0; i < values; ++i) {
      defined_.push_back(1);
      repeated_.push_back(i == 0 ? 0 : 1);
      if (of_text) {
        grown += AddText(cell.texts[i]);
      } else {
        integers_.push_back(cell.integers[i]);
        grown += sizeof(int64_t);
      }
    }
    if (values == 0) {
      defined_.push_back(0);
      repeated_.push_back(0);
    }
    return grown + 1;
  }

  template <typename Writer, typename Value>
  void Write(Writer& writer, const Value* values, size_t count) {
    const bool has_levels = column_.is_nullable || column_.is_list;
    writer.WriteBatch(static_cast<int64_t>(has_levels ? defined_.size() : count),
                      has_levels ? defined_.data() : nullptr,
                      column_.is_list ? repeated_.data() : nullptr, values);
  }

  void WriteTexts(parquet::ByteArrayWriter& writer) {
    std::vector<parquet::ByteArray> values;
    values.reserve(sizes_.size());
    const auto* at = reinterpret_cast<const uint8_t*>(bytes_.data());
    for (const uint32_t size : sizes_) {
      values.emplace_back(size, at);
      at += size;
    }
    Write(writer, values.data(), values.size());
  }

  void WriteBooleans(parquet::BoolWriter& writer) {
    const std::unique_ptr<bool[]> values(new bool[integers_.size()]);
    for (size_t i = 0; i < integers_.size(); ++i) values[i] = integers_[i] != 0;
    Write(writer, values.get(), integers_.size());
  }

  const ParquetColumn& column_;
  std::vector<int16_t> defined_;
  std::vector<int16_t> repeated_;
  std::vector<int64_t> integers_;
  std::vector<double> reals_;
  std::vector<uint32_t> sizes_;
  std::string bytes_;
};

parquet::schema::NodePtr NodeOf(const ParquetColumn& column) {
  namespace schema = parquet::schema;
  using Logical = parquet::LogicalType;
  std::shared_ptr<const Logical> logical = Logical::None();
  parquet::Type::type physical = parquet::Type::INT64;
  if (column.type == Type::kText) {
    logical = Logical::String();
    physical = parquet::Type::BYTE_ARRAY;
  } else if (column.type == Type::kTime) {
    logical = Logical::Timestamp(/*is_adjusted_to_utc=*/true, Logical::TimeUnit::MICROS);
  } else if (column.type == Type::kBoolean) {
    physical = parquet::Type::BOOLEAN;
  } else if (column.type == Type::kReal) {
    physical = parquet::Type::DOUBLE;
  }
  const auto repetition =
      column.is_nullable ? parquet::Repetition::OPTIONAL : parquet::Repetition::REQUIRED;
  if (!column.is_list) {
    return schema::PrimitiveNode::Make(column.name, repetition, logical, physical);
  }
  const auto element =
      schema::PrimitiveNode::Make("element", parquet::Repetition::REQUIRED, logical, physical);
  const auto list = schema::GroupNode::Make("list", parquet::Repetition::REPEATED, {element});
  return schema::GroupNode::Make(column.name, parquet::Repetition::REQUIRED, {list},
                                 Logical::List());
}

std::shared_ptr<parquet::WriterProperties> PropertiesOf(const ParquetSpec& spec) {
  parquet::WriterProperties::Builder builder;
  builder.memory_pool(arrow::system_memory_pool())
      ->version(parquet::ParquetVersion::PARQUET_2_6)
      ->compression(parquet::Compression::ZSTD)
      ->compression_level(kZstdLevel)
      ->max_row_group_length(static_cast<int64_t>(kGroupRows))
      ->enable_write_page_index();
  std::vector<parquet::SortingColumn> sorted;
  for (const size_t column : spec.sorted_by) {
    parquet::SortingColumn by;
    by.column_idx = static_cast<int32_t>(column);
    by.descending = false;
    by.nulls_first = false;
    sorted.push_back(by);
  }
  builder.set_sorting_columns(std::move(sorted));
  for (const ParquetColumn& column : spec.columns) {
    if (column.is_distinct) builder.disable_dictionary(column.name);
  }
  return builder.build();
}

class ArrowFile final : public ParquetFile {
 public:
  ArrowFile(const ParquetSpec& spec, ParquetSink& sink) : spec_(spec) {
    parquet::schema::NodeVector nodes;
    for (const ParquetColumn& column : spec_.columns) {
      nodes.push_back(NodeOf(column));
      buffers_.emplace_back(column);
    }
    const auto root = std::static_pointer_cast<parquet::schema::GroupNode>(
        parquet::schema::GroupNode::Make("row", parquet::Repetition::REQUIRED, nodes));
    auto metadata = std::make_shared<arrow::KeyValueMetadata>();
    for (const auto& [key, value] : spec_.metadata) metadata->Append(key, value);
    writer_ = parquet::ParquetFileWriter::Open(std::make_shared<SinkStream>(sink), root,
                                               PropertiesOf(spec_), metadata);
  }

  std::string Add(const Row& row) override {
    for (size_t i = 0; i < buffers_.size(); ++i) bytes_ += buffers_[i].Add(row[i]);
    ++rows_;
    return rows_ < kGroupRows && bytes_ < kGroupBytes ? "" : WriteGroup();
  }

  std::string Close() override {
    if (rows_ > 0) {
      if (std::string error = WriteGroup(); !error.empty()) return error;
    }
    try {
      writer_->Close();
      return "";
    } catch (const std::exception& error) {
      return error.what();
    }
  }

 private:
  std::string WriteGroup() {
    try {
      parquet::RowGroupWriter* const group = writer_->AppendRowGroup();
      for (ColumnBuffer& buffer : buffers_) buffer.WriteTo(*group->NextColumn());
      group->Close();
      rows_ = 0;
      bytes_ = 0;
      return "";
    } catch (const std::exception& error) {
      return error.what();
    }
  }

  const ParquetSpec spec_;
  std::vector<ColumnBuffer> buffers_;
  std::unique_ptr<parquet::ParquetFileWriter> writer_;
  size_t rows_ = 0;
  size_t bytes_ = 0;
};

}  // namespace
}  // namespace modelwatch::indexer

extern "C" {

extern __attribute__((visibility("default"))) const char modelwatch_arrow_version[];
const char modelwatch_arrow_version[] = ARROW_VERSION_STRING;

__attribute__((visibility("default"))) modelwatch::indexer::ParquetFile*
modelwatch_open_parquet_file(const modelwatch::indexer::ParquetSpec& spec,
                             modelwatch::indexer::ParquetSink& sink, std::string& error) {
  try {
    return new modelwatch::indexer::ArrowFile(spec, sink);
  } catch (const std::exception& failed) {
    error = failed.what();
    return nullptr;
  }
}

}  // extern "C"
