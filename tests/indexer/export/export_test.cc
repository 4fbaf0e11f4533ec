// SPDX-License-Identifier: Apache-2.0
#include "indexer/export/export.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "common/digest.h"
#include "export_fixture.h"
#include "indexer/export/csv.h"
#include "indexer/export/rows.h"
#include "indexer/export/tables.h"
#include "replay_hub/zstd_lines.h"

namespace modelwatch::indexer {
namespace {

namespace fs = std::filesystem;
using absl::StatusCode;
using testing::BatchOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::ObservationOf;
using testing::StatusIs;

TEST(CsvTest, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(CsvLine({"plain", "a,b", "say \"hi\"", "two\nlines", ""}),
            "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\r\n");
  EXPECT_EQ(CsvList({"a", "b"}), "a;b");
  EXPECT_EQ(CsvList({}), "");
}

// Aborts where a column is named that nothing fills.
TEST(TablesTest, EveryColumnIsFilledFromARecord) {
  const RowMaker<VersionRecord> releases(*FindTable("releases"));
  const RowMaker<VersionRecord> observations(*FindTable("observations"));
  const RowMaker<FindingRecord> licences(*FindTable("licences"));
  const RowMaker<TextRecord> texts(*FindTable("licence_texts"));
  const RowMaker<v1::Change> changes(*FindTable("changes"));
  const RowMaker<v1::Assessment> assessments(*FindTable("assessments"));
  const RowMaker<v1::Alert> alerts(*FindTable("alerts"));
  const RowMaker<VerdictRecord> openness(*FindTable("openness"));
  const RowMaker<BaseRecord> lineage(*FindTable("lineage"));
  EXPECT_EQ(ExportTables().tables_size(), 9);
}

TEST(TablesTest, EveryColumnSaysWhatItIsAndWhereItIsFrom) {
  for (const v1::ExportTable& table : ExportTables().tables()) {
    EXPECT_NE(table.meaning(), "") << table.name();
    std::set<std::string> names;
    for (const v1::ExportColumn& column : table.columns()) {
      const std::string which = table.name() + "." + column.name();
      EXPECT_TRUE(names.insert(column.name()).second) << which;
      EXPECT_NE(column.type(), v1::COLUMN_TYPE_UNSPECIFIED) << which;
      EXPECT_NE(column.meaning(), "") << which;
      EXPECT_NE(column.source(), "") << which;
      EXPECT_FALSE(column.list() && (column.nullable() || column.distinct())) << which;
    }
    for (const std::string& by : table.sorted_by()) EXPECT_EQ(names.count(by), 1u) << by;
  }
}

TEST(TablesTest, TheDictionaryInDocsIsMadeFromThem) {
  const auto docs = common::ReadWholeFile(MODELWATCH_SOURCE_DIR "/docs/data-dictionary.md");
  ASSERT_OK(docs);
  EXPECT_EQ(*docs, DataDictionary()) << "modelwatch export --dictionary > docs/data-dictionary.md";
}

class ExportTest : public ExportFixture {
 protected:
  static std::vector<std::string> Lines(const std::string& text) {
    std::vector<std::string> lines;
    for (size_t start = 0; start < text.size();) {
      const size_t end = text.find('\n', start);
      lines.push_back(text.substr(start, end - start));
      start = end + 1;
    }
    return lines;
  }
  std::vector<nlohmann::json> Objects(const std::string& path) {
    std::vector<nlohmann::json> objects;
    EXPECT_OK(replay_hub::ForEachLine(dir_.Sub(path), [&](std::string_view line) {
      objects.push_back(nlohmann::json::parse(line, nullptr, false));
      return absl::OkStatus();
    }));
    return objects;
  }
  // Every file below a directory, by path.
  std::map<std::string, std::string> Tree(const std::string& name) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(dir_.Sub(name))) {
      if (!entry.is_regular_file()) continue;
      const std::string path = fs::relative(entry.path(), dir_.path());
      files[path.substr(name.size())] = Read(path);
    }
    return files;
  }
};

TEST_F(ExportTest, WritesTheseCsvBytes) {
  ASSERT_OK(Run("out", ExportFormat::kCsv));
  const std::string recorded = common::FormatMicros(common::ToMicros(clock_.Now()));
  const std::string is = ObservationOf("b", 3, "cc-by-nc-4.0").revision();
  const std::string was = ObservationOf("b", 1, "mit").revision();
  const auto releases = Lines(Read("out/releases.csv"));
  ASSERT_EQ(releases.size(), 3u);
  EXPECT_EQ(
      releases[0],
      "hub,_id,id,author,sequence,sha,created_at,last_modified,presence,gated,private,license,"
      "card_license,license_name,license_link,base_model,base_model_relation,"
      "gated_eu_disallowed,files,file_sha256,observed_at,recorded_at,assessment,licence,"
      "licence_expression,licence_status,terms_class\r");
  EXPECT_EQ(releases[2],
            "huggingface,b,owner/b,owner,3," + is +
                ",,,present,false,false,cc-by-nc-4.0,,,,,,false,,,2023-11-14T22:13:23Z," +
                recorded + ",4,CC-BY-NC-4.0,,,\r");
  EXPECT_THAT(releases[1], HasSubstr(",other,,\"a \"\"licence\"\", of sorts\",,owner/b,finetune,"));
  const std::string day = recorded.substr(0, 10);
  EXPECT_EQ(Lines(Read("out/changes/recorded_date=" + day + "/part-0.csv"))[3],
            "3,huggingface,b,owner/b,owner,revision;declared_licence,1," + is + "," + was +
                ",2023-11-14T22:13:23Z," + recorded + "\r");
}

TEST_F(ExportTest, WritesOneJsonObjectALineWithListsAsLists) {
  ASSERT_OK_AND_ASSIGN(const ExportSummary summary, Run("out", ExportFormat::kJsonl));
  for (const ExportedFile& file : summary.files) {
    const auto objects = Objects("out/" + file.name);
    EXPECT_EQ(objects.size(), file.rows) << file.name;
    for (const auto& object : objects) EXPECT_TRUE(object.is_object()) << file.name;
  }
  const auto lineage = Objects("out/lineage.jsonl.zst");
  ASSERT_EQ(lineage.size(), 1u);
  EXPECT_EQ(lineage[0]["base_model"], "owner/b");
  const auto versions = Objects("out/observations.jsonl.zst");
  ASSERT_EQ(versions.size(), 3u);
  EXPECT_EQ(versions[0]["files"], nlohmann::json({"LICENSE"}));
  EXPECT_EQ(versions[1]["valid_to"], versions[2]["observed_at"]);
  EXPECT_TRUE(versions[2]["valid_to"].is_null());
  EXPECT_EQ(Objects("out/openness.jsonl.zst")[0]["answers"], nlohmann::json({"not_known"}));
}

TEST_F(ExportTest, LeavesTheWordsOfOthersOutUnlessAsked) {
  ASSERT_OK(Run("without", ExportFormat::kJsonl));
  ExportOptions options = OptionsFor("with", ExportFormat::kJsonl);
  options.with_texts = true;
  ASSERT_OK(Export(*index_, options, never_));
  const auto without = Objects("without/licence_texts.jsonl.zst");
  const auto with = Objects("with/licence_texts.jsonl.zst");
  ASSERT_EQ(without.size(), 1u);
  ASSERT_EQ(with.size(), 1u);
  EXPECT_TRUE(without[0]["text"].is_null());
  EXPECT_EQ(with[0]["text"], kLicenceText);
  EXPECT_EQ(with[0]["sha256"], common::ToHex(common::Sha256(kLicenceText)));
  EXPECT_EQ(with[0]["releases"], 1);
}

TEST_F(ExportTest, DescribesItsFilesInTheManifest) {
  ASSERT_OK(Run("out", ExportFormat::kParquet));
  const auto manifest = nlohmann::json::parse(Read("out/manifest.json"), nullptr, false);
  EXPECT_EQ(manifest["format"], "parquet");
  EXPECT_EQ(manifest["first_sequence"], 1);
  EXPECT_EQ(manifest["last_sequence"], 6);
  EXPECT_EQ(manifest["program_version"], "test");
  ASSERT_EQ(manifest["files"].size(), 10u);  // nine tables and the teaser
  for (const auto& file : manifest["files"]) {
    const std::string bytes = Read("out/" + file["name"].get<std::string>());
    EXPECT_EQ(file["sha256"], common::ToHex(common::Sha256(bytes)));
    EXPECT_EQ(file["bytes"], bytes.size());
  }
  EXPECT_FALSE(fs::exists(dir_.Sub("out/export.incomplete")));
}

TEST_F(ExportTest, IsTheSameBytesForTheSameSequenceLater) {
  for (const ExportFormat format : {ExportFormat::kParquet, ExportFormat::kJsonl}) {
    const std::string ending = FileEnding(format);
    ASSERT_OK(Run("first" + ending, format, 6));
    ASSERT_OK(index_->PutBatch(
        BatchOf({ObservationOf("b", format == ExportFormat::kJsonl ? 9 : 8, "gpl-" + ending),
                 ObservationOf("c" + std::to_string(ending.size()), 9)})));
    ASSERT_OK(Run("second" + ending, format, 6));
    EXPECT_EQ(Tree("first" + ending), Tree("second" + ending)) << ending;
  }
}

TEST_F(ExportTest, KeepsAFinishedDayAsItWas) {
  ASSERT_OK(Run("first", ExportFormat::kParquet));
  clock_.Advance(absl::Hours(24));
  ASSERT_OK(index_->PutBatch(BatchOf({ObservationOf("b", 9, "gpl-3.0")})));
  ASSERT_OK_AND_ASSIGN(const ExportSummary summary, Run("second", ExportFormat::kParquet));
  std::vector<const ExportedFile*> days;
  for (const ExportedFile& file : summary.files) {
    if (file.table == "changes") days.push_back(&file);
  }
  ASSERT_EQ(days.size(), 2u);
  EXPECT_EQ(Read("first/" + days[0]->name), Read("second/" + days[0]->name));
  EXPECT_EQ(days[1]->first_sequence, 7u);
  EXPECT_LT(days[0]->recorded_date, days[1]->recorded_date);
}

TEST_F(ExportTest, ShowsReleasesAsTheyWere) {
  ASSERT_OK(Run("out", ExportFormat::kCsv, 1));
  const auto lines = Lines(Read("out/releases.csv"));
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_THAT(lines[1], HasSubstr("owner/b,owner,1,"));
  EXPECT_EQ(Lines(Read("out/alerts/part-0.csv")).size(), 1u);  // nothing but the header
}

TEST_F(ExportTest, SamplesTheSameThousandReleasesForTheTeaser) {
  for (int batch = 0; batch < 12; ++batch) {
    std::vector<v1::Observation> many;
    for (int i = 0; i < 100; ++i) {
      many.push_back(ObservationOf("m" + std::to_string(batch * 100 + i), 10));
    }
    ASSERT_OK(index_->PutBatch(BatchOf(many)));
  }
  ASSERT_OK(Run("out", ExportFormat::kJsonl));
  const auto teaser = Objects("out/teaser/releases.jsonl.zst");
  EXPECT_EQ(teaser.size(), 1000u);
  EXPECT_EQ(Objects("out/releases.jsonl.zst").size(), 1202u);
  for (size_t i = 1; i < teaser.size(); ++i) {
    EXPECT_LT(teaser[i - 1]["_id"].get<std::string>(), teaser[i]["_id"].get<std::string>());
  }
}

TEST_F(ExportTest, RefusesADirectoryThatHoldsSomething) {
  fs::create_directories(dir_.Sub("out"));
  ASSERT_OK(common::WriteFileAtomically(dir_.Sub("out/mine"), "precious"));
  EXPECT_THAT(Run("out", ExportFormat::kCsv),
              StatusIs(StatusCode::kFailedPrecondition, "not empty"));
  EXPECT_EQ(Read("out/mine"), "precious");
  ASSERT_OK(common::WriteFileAtomically(dir_.Sub("file"), "precious"));
  EXPECT_THAT(Run("file", ExportFormat::kCsv), StatusIs(StatusCode::kFailedPrecondition, "a file"));
  ASSERT_OK(Run("done", ExportFormat::kCsv));
  EXPECT_THAT(Run("done", ExportFormat::kCsv),
              StatusIs(StatusCode::kFailedPrecondition, "holds an export"));
}

TEST_F(ExportTest, CleansUpAfterOneThatWasCutOff) {
  fs::create_directories(dir_.Sub("out/changes/recorded_date=2026-01-01"));
  ASSERT_OK(common::WriteFileAtomically(dir_.Sub("out/export.incomplete"), ""));
  ASSERT_OK(common::WriteFileAtomically(dir_.Sub("out/releases.parquet"), "half"));
  ASSERT_OK(Run("out", ExportFormat::kCsv));
  EXPECT_FALSE(fs::exists(dir_.Sub("out/releases.parquet")));
  EXPECT_FALSE(fs::exists(dir_.Sub("out/changes/recorded_date=2026-01-01")));
  EXPECT_TRUE(fs::exists(dir_.Sub("out/manifest.json")));
}

TEST_F(ExportTest, RefusesUnknownTablesAndTimesToCome) {
  ExportOptions options = OptionsFor("out", ExportFormat::kCsv);
  options.tables = {"everything"};
  EXPECT_THAT(Export(*index_, options, never_),
              StatusIs(StatusCode::kInvalidArgument, "releases, observations"));
  EXPECT_THAT(Run("out", ExportFormat::kCsv, 99), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_FALSE(fs::exists(dir_.Sub("out")));
}

TEST_F(ExportTest, SaysWhatToDoWithoutAWriterOfParquet) {
  ExportOptions options = OptionsFor("out", ExportFormat::kParquet);
  options.parquet_module = dir_.Sub("no-module.so");
  EXPECT_THAT(Export(*index_, options, never_),
              StatusIs(StatusCode::kFailedPrecondition, "deploy/setup.sh"));
  EXPECT_FALSE(fs::exists(dir_.Sub("out")));
}

TEST_F(ExportTest, LeavesNothingWhenItIsStopped) {
  common::Stopper stopped;
  stopped.Stop();
  EXPECT_THAT(Export(*index_, OptionsFor("out", ExportFormat::kCsv), stopped),
              StatusIs(StatusCode::kCancelled));
  EXPECT_TRUE(fs::is_empty(dir_.Sub("out")));
}

TEST_F(ExportTest, FindsTheSequenceOfATime) {
  const int64_t now_us = common::ToMicros(clock_.Now());
  ASSERT_OK_AND_ASSIGN(const uint64_t before, SequenceAt(*index_, now_us - 1, never_));
  ASSERT_OK_AND_ASSIGN(const uint64_t now, SequenceAt(*index_, now_us, never_));
  EXPECT_EQ(before, 0u);
  EXPECT_EQ(now, 6u);
}

}  // namespace
}  // namespace modelwatch::indexer
