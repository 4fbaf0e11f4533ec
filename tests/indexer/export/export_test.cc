// SPDX-License-Identifier: Apache-2.0
#include "indexer/export/export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "common/atomic_file.h"
#include "common/digest.h"
#include "indexer/export/csv.h"
#include "indexer/indexer.h"
#include "testing/fake_clock.h"
#include "testing/observations.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::indexer {
namespace {

namespace fs = std::filesystem;
using absl::StatusCode;
using testing::BatchOf;
using ::testing::HasSubstr;
using testing::KeyOf;
using testing::ObservationOf;
using testing::StatusIs;

TEST(CsvTest, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(CsvLine({"plain", "a,b", "say \"hi\"", "two\nlines", ""}),
            "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\r\n");
  EXPECT_EQ(CsvList({"a", "b"}), "a;b");
  EXPECT_EQ(CsvList({}), "");
}

class ExportTest : public ::testing::Test {
 protected:
  void SetUp() override {
    IndexerOptions options;
    options.data_dir = dir_.Sub("data");
    ASSERT_OK_AND_ASSIGN(indexer_, Indexer::Open(options, clock_, metrics_));
    index_ = indexer_->InProcess();
    ASSERT_OK(index_->PutBatch(BatchOf({ObservationOf("b", 1, "mit")})));  // 1
    v1::Observation odd = ObservationOf("a", 2, "other");                  // 2
    odd.mutable_declared()->set_license_name("a \"licence\", of sorts");
    ASSERT_OK(index_->PutBatch(BatchOf({odd})));
    ASSERT_OK(index_->PutBatch(BatchOf({ObservationOf("b", 3, "cc-by-nc-4.0")})));  // 3
    Judge();                                                                        // 4, 5
  }

  void Judge() {
    v1::PutAssessmentsRequest request;
    request.set_evaluator("evaluator");
    request.set_cursor(3);
    v1::Judgement& judgement = *request.add_judgements();
    *judgement.mutable_key() = KeyOf("b");
    *judgement.mutable_assessment()->mutable_key() = KeyOf("b");
    judgement.mutable_assessment()->set_version(3);
    judgement.mutable_assessment()->set_licence("CC-BY-NC-4.0");
    v1::Alert& alert = *judgement.add_alerts();
    *alert.mutable_key() = KeyOf("b");
    alert.set_name("owner/b");
    alert.set_severity(v1::CRITICAL);
    alert.set_title("owner/b may no longer be sold");
    alert.mutable_shift()->set_direction(v1::TIGHTER);
    alert.mutable_shift()->add_lost()->set_scenario("sell");
    ASSERT_OK(index_->PutAssessments(request));
  }

  absl::StatusOr<ExportResult> Run(const std::string& name, ExportFormat format,
                                   uint64_t as_of = 0) {
    ExportOptions options;
    options.out_dir = dir_.Sub(name);
    options.format = format;
    options.as_of = as_of;
    options.program_version = "test";
    return Export(*index_, options, never_);
  }
  std::string Read(const std::string& path) {
    const auto text = common::ReadWholeFile(dir_.Sub(path));
    EXPECT_OK(text);
    return text.value_or("");
  }
  static std::vector<std::string> Lines(const std::string& text) {
    std::vector<std::string> lines;
    for (size_t start = 0; start < text.size();) {
      const size_t end = text.find('\n', start);
      lines.push_back(text.substr(start, end - start));
      start = end + 1;
    }
    return lines;
  }

  const testing::TempDir dir_;
  const testing::FakeClock clock_;
  common::Metrics metrics_;
  std::unique_ptr<Indexer> indexer_;
  std::unique_ptr<Index> index_;
  const common::Stopper never_;
};

TEST_F(ExportTest, WritesTheseCsvBytes) {
  ASSERT_OK(Run("out", ExportFormat::kCsv));
  const std::string recorded = common::FormatMicros(common::ToMicros(clock_.Now()));
  const std::string was = ObservationOf("b", 1, "mit").revision();
  const std::string is = ObservationOf("b", 3, "cc-by-nc-4.0").revision();
  const std::string other = ObservationOf("a", 2, "other").revision();
  EXPECT_EQ(Read("out/releases.csv"),
            "hub,id,name,sequence,observed_at,recorded_at,revision,created_at,last_modified,"
            "presence,gate,is_private,tag_licences,card_licences,license_name,license_link,"
            "base_models,files\r\n"
            "huggingface,a,owner/a,2,2023-11-14T22:13:22Z," +
                recorded + "," + other +
                ",,,present,open,false,other,,\"a \"\"licence\"\", of sorts\",,,\r\n"
                "huggingface,b,owner/b,3,2023-11-14T22:13:23Z," +
                recorded + "," + is + ",,,present,open,false,cc-by-nc-4.0,,,,,\r\n");
  EXPECT_EQ(Lines(Read("out/changes.csv"))[3],
            "3,huggingface,b,owner/b,revision;declared_licence,1,2023-11-14T22:13:23Z," + recorded +
                "," + is + "," + was + "\r");
  EXPECT_THAT(Read("out/alerts.csv"),
              HasSubstr("5,huggingface,b,owner/b,critical,,owner/b may no longer be sold,tighter"));
}

TEST_F(ExportTest, WritesOneJsonObjectALine) {
  ASSERT_OK_AND_ASSIGN(const ExportResult result, Run("out", ExportFormat::kJsonl));
  ASSERT_EQ(result.files.size(), 4u);
  for (const ExportedFile& file : result.files) {
    const auto lines = Lines(Read("out/" + file.name));
    EXPECT_EQ(lines.size(), file.rows) << file.name;
    for (const std::string& line : lines) {
      EXPECT_TRUE(nlohmann::json::parse(line, nullptr, false).is_object()) << line;
    }
  }
}

TEST_F(ExportTest, DescribesItsFilesInTheManifest) {
  ASSERT_OK(Run("out", ExportFormat::kJsonl));
  const auto manifest = nlohmann::json::parse(Read("out/manifest.json"), nullptr, false);
  EXPECT_EQ(manifest["format"], "jsonl");
  EXPECT_EQ(manifest["first_sequence"], 1);
  EXPECT_EQ(manifest["last_sequence"], 5);
  EXPECT_EQ(manifest["program_version"], "test");
  ASSERT_EQ(manifest["files"].size(), 4u);
  for (const auto& file : manifest["files"]) {
    const std::string bytes = Read("out/" + file["name"].get<std::string>());
    EXPECT_EQ(file["sha256"], common::ToHex(common::Sha256(bytes)));
    EXPECT_EQ(file["bytes"], bytes.size());
  }
}

TEST_F(ExportTest, IsTheSameBytesForTheSameSequenceLater) {
  ASSERT_OK(Run("first", ExportFormat::kJsonl));
  ASSERT_OK(index_->PutBatch(BatchOf({ObservationOf("b", 9, "gpl-3.0"), ObservationOf("c", 9)})));
  ASSERT_OK(Run("second", ExportFormat::kJsonl, 5));
  for (const char* name :
       {"releases.jsonl", "changes.jsonl", "assessments.jsonl", "alerts.jsonl", "manifest.json"}) {
    EXPECT_EQ(Read(std::string("first/") + name), Read(std::string("second/") + name)) << name;
  }
}

TEST_F(ExportTest, ShowsReleasesAsTheyWere) {
  ASSERT_OK(Run("out", ExportFormat::kCsv, 1));
  const auto lines = Lines(Read("out/releases.csv"));
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_THAT(lines[1], HasSubstr("owner/b,1,"));
}

TEST_F(ExportTest, RefusesADirectoryThatHoldsSomething) {
  fs::create_directories(dir_.Sub("out"));
  ASSERT_OK(common::WriteFileAtomically(dir_.Sub("out/mine"), "precious"));
  EXPECT_THAT(Run("out", ExportFormat::kCsv),
              StatusIs(StatusCode::kFailedPrecondition, "not empty"));
  EXPECT_EQ(Read("out/mine"), "precious");
}

TEST_F(ExportTest, RefusesUnknownTablesAndTimesToCome) {
  ExportOptions options;
  options.out_dir = dir_.Sub("out");
  options.tables = {"everything"};
  EXPECT_THAT(Export(*index_, options, never_), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(Run("out", ExportFormat::kCsv, 99), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_FALSE(fs::exists(dir_.Sub("out")));
}

TEST_F(ExportTest, LeavesNoManifestWhenItIsStopped) {
  common::Stopper stopped;
  stopped.Stop();
  ExportOptions options;
  options.out_dir = dir_.Sub("out");
  EXPECT_THAT(Export(*index_, options, stopped), StatusIs(StatusCode::kCancelled));
  EXPECT_FALSE(fs::exists(dir_.Sub("out/manifest.json")));
}

TEST_F(ExportTest, FindsTheSequenceOfATime) {
  const int64_t now_us = common::ToMicros(clock_.Now());
  ASSERT_OK_AND_ASSIGN(const uint64_t before, SequenceAt(*index_, now_us - 1, never_));
  ASSERT_OK_AND_ASSIGN(const uint64_t now, SequenceAt(*index_, now_us, never_));
  EXPECT_EQ(before, 0u);
  EXPECT_EQ(now, 5u);
}

}  // namespace
}  // namespace modelwatch::indexer
