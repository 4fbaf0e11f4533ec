// SPDX-License-Identifier: Apache-2.0
// What an export costs: export_bench DIR RELEASES [TABLES]
//
// Makes an index of made-up releases in DIR/data when it is not there, each with one version and
// one assessment of the usual size, and exports it to DIR/export. Prints Markdown: seconds, rows a
// second, and the peak memory of the export, database and server included (they are in this
// process, opened read-only). tests/bench/export/run.py sets pyarrow and DuckDB beside it.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "common/digest.h"
#include "indexer/export/export.h"
#include "indexer/indexer.h"

namespace modelwatch::indexer {
namespace {

constexpr uint64_t kBatch = 256;
constexpr int64_t kStartUs = 1'700'000'000'000'000;
constexpr const char* kLicences[] = {"apache-2.0",   "mit",   "openrail", "llama3.1",
                                     "cc-by-nc-4.0", "gemma", "other",    "cc-by-4.0"};

template <typename T>
T Must(absl::StatusOr<T> value) {
  if (value.ok()) return *std::move(value);
  std::fprintf(stderr, "%s\n", value.status().ToString().c_str());
  std::exit(1);
}

v1::Observation ObservationOf(uint64_t n) {
  v1::Observation seen;
  seen.mutable_key()->set_hub("huggingface");
  seen.mutable_key()->set_id(absl::StrFormat("%024x", n * 0x9e3779b97f4a7c15));
  seen.set_name(absl::StrCat("publisher-", n % 40'000, "/model-", n, "-instruct"));
  seen.set_observed_at_us(kStartUs + static_cast<int64_t>(n) * 1000);
  seen.set_revision(common::GitBlobOid(seen.name()));
  seen.set_created_at_us(kStartUs - static_cast<int64_t>(n) * 777'777);
  seen.set_last_modified_us(kStartUs - static_cast<int64_t>(n) * 333'333);
  seen.mutable_access()->set_presence(v1::PRESENT);
  seen.mutable_access()->set_gate(n % 30 == 0 ? v1::MANUAL : v1::OPEN);
  seen.mutable_declared()->add_tag_licences(kLicences[n % std::size(kLicences)]);
  seen.mutable_declared()->add_card_licences(kLicences[n % std::size(kLicences)]);
  if (n % 5 < 2) {
    v1::BaseModel& base = *seen.mutable_declared()->add_base_models();
    base.set_name(absl::StrCat("publisher-", n % 97, "/model-", n % 97, "-instruct"));
    base.set_relation("finetune");
  }
  v1::File& card = *seen.add_files();
  card.set_path("README.md");
  card.set_oid(common::GitBlobOid(absl::StrCat(n)));
  card.set_size(5000);
  card.set_outcome(v1::REFUSED);
  return seen;
}

void AddTerms(uint64_t n, v1::Assessment& assessment) {
  for (int i = 0; i < 12; ++i) {
    v1::Outcome& outcome = *assessment.mutable_terms()->add_outcomes();
    outcome.set_scenario(absl::StrCat("scenario_", i));
    outcome.mutable_interval()->set_low(static_cast<uint32_t>(n + 1) % 2);
    outcome.mutable_interval()->set_high(static_cast<uint32_t>(n) % 4);
    v1::Because& because = *outcome.add_because();
    because.set_clause("duty.attribution");
    because.set_licence("Apache-2.0");
  }
  for (const char* framework : {"redhat", "osaid", "mof", "eu-ai-act"}) {
    v1::FrameworkVerdict& verdict = *assessment.add_verdicts();
    verdict.set_framework(framework);
    verdict.set_answer(v1::NO);
    for (int i = 0; i < 6; ++i) {
      v1::CriterionResult& result = *verdict.add_criteria();
      result.set_criterion(absl::StrCat(framework, ".", i));
      result.set_title("What the framework asks for here");
      result.set_answer(v1::NOT_KNOWN);
      result.set_text("Nothing in the release shows it.");
    }
  }
}

v1::Assessment AssessmentOf(const v1::Observation& seen, uint64_t n, uint64_t version) {
  v1::Assessment assessment;
  *assessment.mutable_key() = seen.key();
  assessment.set_name(seen.name());
  assessment.set_version(version);
  assessment.set_observed_at_us(seen.observed_at_us());
  assessment.set_evaluator_version("bench 0123456789abcdef");
  assessment.set_corpus_version("corpus 0123456789abcdef");
  assessment.set_licence(kLicences[n % std::size(kLicences)]);
  assessment.set_expression(assessment.licence());
  assessment.set_status(v1::MENTION);
  assessment.set_terms_class("permissive");
  for (const v1::FindingSource source : {v1::HUB_TAG, v1::CARD_FRONT_MATTER}) {
    v1::Finding& finding = *assessment.add_findings();
    finding.set_source(source);
    finding.set_declared(assessment.licence());
    finding.set_licence(assessment.licence());
    finding.set_status(v1::MENTION);
    finding.set_reason("named by the hub, not given as a text");
  }
  AddTerms(n, assessment);
  return assessment;
}

void Fill(Index& index, uint64_t releases) {
  uint64_t sequence = 0;
  for (uint64_t first = 0; first < releases; first += kBatch) {
    const uint64_t end = std::min(first + kBatch, releases);
    v1::PutBatchRequest batch;
    v1::PutAssessmentsRequest judged;
    judged.set_evaluator("evaluator");
    for (uint64_t n = first; n < end; ++n) {
      v1::Observation& seen = *batch.add_items()->mutable_observation();
      seen = ObservationOf(n);
      v1::Judgement& judgement = *judged.add_judgements();
      *judgement.mutable_key() = seen.key();
      *judgement.mutable_assessment() = AssessmentOf(seen, n, sequence + n - first + 1);
    }
    static_cast<void>(Must(index.PutBatch(batch)));
    sequence += end - first;
    judged.set_cursor(sequence);
    static_cast<void>(Must(index.PutAssessments(judged)));
    sequence += end - first;
  }
}

// Highest resident memory since the last call, MB.
double PeakMegabytes() {
  std::ifstream status("/proc/self/status");
  double peak = 0;
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmHWM:", 0) == 0) peak = std::strtod(line.c_str() + 6, nullptr) / 1000;
  }
  std::ofstream("/proc/self/clear_refs") << "5";
  return peak;
}

int Run(const std::string& directory, uint64_t releases, const std::string& tables) {
  const std::string data = directory + "/data";
  if (!std::filesystem::exists(data)) {
    IndexerOptions options;
    options.data_dir = data;
    common::Metrics metrics;
    const auto indexer = Must(Indexer::Open(options, common::SystemClock(), metrics));
    const absl::Time start = absl::Now();
    Fill(*indexer->InProcess(), releases);
    std::fprintf(stderr, "filled %s in %.0f s\n", data.c_str(),
                 absl::ToDoubleSeconds(absl::Now() - start));
  }
  const OpenedReader opened = Must(OpenReader(data));
  ExportOptions options;
  options.out_dir = directory + "/export";
  options.parquet_module = MODELWATCH_BINARY_DIR "/modelwatch-parquet.so";
  options.program_version = "bench";
  if (tables != "all") options.tables = absl::StrSplit(tables, ',');
  std::filesystem::remove_all(options.out_dir);
  static_cast<void>(PeakMegabytes());
  const std::clock_t processor = std::clock();
  const absl::Time start = absl::Now();
  const ExportSummary summary = Must(Export(*opened.reader, options, common::Stopper()));
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  const double cpu = static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC;
  uint64_t rows = 0;
  uint64_t bytes = 0;
  for (const ExportedFile& file : summary.files) {
    rows += file.rows;
    bytes += file.bytes;
  }
  std::printf(
      "| tables | rows | s | CPU s | rows/s | MB written | peak MB "
      "|\n|---|---:|---:|---:|---:|---:|---:|\n");
  std::printf("| %s | %ju | %.2f | %.2f | %.0f | %.1f | %.0f |\n", tables.c_str(), uintmax_t{rows},
              seconds, cpu, static_cast<double>(rows) / seconds, static_cast<double>(bytes) / 1e6,
              PeakMegabytes());
  return 0;
}

}  // namespace
}  // namespace modelwatch::indexer

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "export_bench DIR RELEASES [TABLES|all]\n");
    return 64;
  }
  return modelwatch::indexer::Run(argv[1], std::strtoull(argv[2], nullptr, 10),
                                  argc > 3 ? argv[3] : "releases");
}
