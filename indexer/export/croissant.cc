// SPDX-License-Identifier: Apache-2.0
// Croissant 1.1: https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html (read 2026-11).
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "common/clock.h"
#include "indexer/export/metadata.h"
#include "indexer/export/tables.h"

namespace modelwatch::indexer {
namespace {

using Json = nlohmann::ordered_json;

// As the specification gives it.
constexpr char kContext[] = R"({
  "@language": "en",
  "@vocab": "https://schema.org/",
  "arrayShape": "cr:arrayShape",
  "citeAs": "cr:citeAs",
  "column": "cr:column",
  "conformsTo": "dct:conformsTo",
  "containedIn": "cr:containedIn",
  "cr": "http://mlcommons.org/croissant/",
  "rai": "http://mlcommons.org/croissant/RAI/",
  "data": {"@id": "cr:data", "@type": "@json"},
  "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
  "dct": "http://purl.org/dc/terms/",
  "description": {"@container": "@language"},
  "equivalentProperty": "cr:equivalentProperty",
  "examples": {"@id": "cr:examples", "@type": "@json"},
  "extract": "cr:extract",
  "field": "cr:field",
  "fileProperty": "cr:fileProperty",
  "fileObject": "cr:fileObject",
  "fileSet": "cr:fileSet",
  "format": "cr:format",
  "includes": "cr:includes",
  "isArray": "cr:isArray",
  "isLiveDataset": "cr:isLiveDataset",
  "jsonPath": "cr:jsonPath",
  "key": "cr:key",
  "md5": "cr:md5",
  "name": {"@container": "@language"},
  "parentField": "cr:parentField",
  "path": "cr:path",
  "recordSet": "cr:recordSet",
  "references": "cr:references",
  "regex": "cr:regex",
  "repeated": "cr:repeated",
  "replace": "cr:replace",
  "samplingRate": "cr:samplingRate",
  "sc": "https://schema.org/",
  "separator": "cr:separator",
  "source": "cr:source",
  "subField": "cr:subField",
  "transform": "cr:transform"
})";

const char* EncodingOf(ExportFormat format) {
  switch (format) {
    case ExportFormat::kParquet:
      return "application/x-parquet";
    case ExportFormat::kJsonl:
      return "application/jsonlines";
    case ExportFormat::kCsv:
      return "text/csv";
  }
  return "";
}

const char* DataTypeOf(v1::ColumnType type) {
  switch (type) {
    case v1::INTEGER:
      return "sc:Integer";
    case v1::REAL:
      return "sc:Float";
    case v1::BOOLEAN:
      return "sc:Boolean";
    case v1::TIME:
      return "sc:DateTime";
    default:
      return "sc:Text";
  }
}

Json FileOf(const ExportedFile& file, ExportFormat format) {
  return {{"@type", "cr:FileObject"},
          {"@id", file.name},
          {"name", file.name},
          {"contentUrl", file.name},
          {"contentSize", absl::StrCat(file.bytes, " B")},
          {"encodingFormat", EncodingOf(format)},
          {"sha256", file.sha256}};
}

// The days of a table together.
Json DaysOf(const std::string& table, ExportFormat format) {
  return {{"@type", "cr:FileSet"},
          {"@id", table + "-days"},
          {"name", table + "-days"},
          {"encodingFormat", EncodingOf(format)},
          {"includes", absl::StrCat(table, "/**/*.", FileEnding(format))}};
}

Json FieldOf(const v1::ExportTable& table, const v1::ExportColumn& column, const Json& from) {
  Json field = {{"@type", "cr:Field"},
                {"@id", absl::StrCat(table.name(), "/", column.name())},
                {"name", column.name()},
                {"description", column.meaning()},
                {"dataType", DataTypeOf(column.type())}};
  if (column.list()) {
    field["isArray"] = true;
    field["arrayShape"] = "-1";
  }
  field["source"] = from;
  field["source"]["extract"] = {{"column", column.name()}};
  return field;
}

Json RecordsOf(const v1::ExportTable& table, ExportFormat format) {
  Json from;
  if (table.daily()) {
    from["fileSet"] = {{"@id", table.name() + "-days"}};
  } else {
    from["fileObject"] = {{"@id", absl::StrCat(table.name(), ".", FileEnding(format))}};
  }
  Json records = {{"@type", "cr:RecordSet"},
                  {"@id", table.name()},
                  {"name", table.name()},
                  {"description", table.meaning()},
                  {"field", Json::array()}};
  for (const v1::ExportColumn& column : table.columns()) {
    records["field"].push_back(FieldOf(table, column, from));
  }
  return records;
}

}  // namespace

std::string Croissant(const ExportSummary& summary, const DatasetWords& words) {
  Json dataset;
  dataset["@context"] = Json::parse(kContext);
  dataset["@type"] = "sc:Dataset";
  dataset["conformsTo"] = "http://mlcommons.org/croissant/1.1";
  dataset["name"] = words.name;
  dataset["description"] =
      absl::StrCat("The terms under which open models are released, as recorded up to sequence ",
                   summary.last_sequence, ". Indicators with evidence, never legal advice.");
  dataset["license"] = absl::StrCat("https://spdx.org/licenses/", words.license);
  dataset["url"] = words.url;
  const std::string day = common::FormatMicros(summary.last_recorded_at_us).substr(0, 10);
  dataset["citeAs"] = absl::StrCat(words.creator, ": ", words.name, ", as of sequence ",
                                   summary.last_sequence, ", ", day, ". ", words.url);
  dataset["creator"] = {{"@type", "sc:Organization"}, {"name", words.creator}};
  dataset["datePublished"] = day;
  dataset["version"] = absl::StrCat(ExportTables().version(), ".0.", summary.last_sequence);
  dataset["isLiveDataset"] = false;
  dataset["distribution"] = Json::array();
  for (const ExportedFile& file : summary.files) {
    dataset["distribution"].push_back(FileOf(file, summary.format));
  }
  dataset["recordSet"] = Json::array();
  for (const std::string& name : summary.tables) {
    const v1::ExportTable& table = *FindTable(name);
    if (table.daily()) dataset["distribution"].push_back(DaysOf(name, summary.format));
    dataset["recordSet"].push_back(RecordsOf(table, summary.format));
  }
  return dataset.dump(2) + "\n";
}

}  // namespace modelwatch::indexer
