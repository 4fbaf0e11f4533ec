// SPDX-License-Identifier: Apache-2.0
// How fast the past is judged again, from memoised findings, through the real index: the judging
// alone, then all of it. A rate a CPU-second is what a core gives; other work on the machine
// changes it little.
//
//   reassess_bench CORPUS [RELEASES [THREADS]]
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "common/clock.h"
#include "common/digest.h"
#include "common/status_macros.h"
#include "evaluator/assess/assessor.h"
#include "evaluator/evaluator.h"
#include "evaluator/license/corpus.h"
#include "indexer/indexer.h"
#include "testing/temp_dir.h"

namespace modelwatch {
namespace {

constexpr int kBatch = 256;
// The most frequent tags of the Hub (spec section 7d), in about their proportions.
constexpr const char* kTags[] = {"apache-2.0",   "apache-2.0", "apache-2.0", "apache-2.0",
                                 "mit",          "mit",        "other",      "openrail",
                                 "llama3.1",     "gemma",      "",           "",
                                 "cc-by-nc-4.0", "llama2",     "unknown"};
constexpr const char* kTexts[] = {"MIT", "Apache-2.0", "BSD-3-Clause", "GPL-3.0-only"};

v1::PutItem ItemOf(int i, const evaluator::Corpus& corpus) {
  v1::PutItem item;
  v1::Observation& seen = *item.mutable_observation();
  const std::string name = "owner" + std::to_string(i % 997) + "/model-" + std::to_string(i);
  seen.mutable_key()->set_hub("huggingface");
  seen.mutable_key()->set_id(common::GitBlobOid(name).substr(0, 24));
  seen.set_name(name);
  seen.set_observed_at_us(1'700'000'000'000'000 + i);
  seen.set_created_at_us(1'600'000'000'000'000 + i);
  seen.set_revision(common::GitBlobOid(name));
  seen.mutable_access()->set_presence(v1::PRESENT);
  seen.mutable_access()->set_gate(i % 20 == 0 ? v1::AUTO : v1::OPEN);
  const std::string tag = kTags[static_cast<size_t>(i) % std::size(kTags)];
  if (!tag.empty()) seen.mutable_declared()->add_tag_licences(tag);
  if (i % 5 != 0) return item;  // one in five has a licence file
  const auto licence = corpus.Find(kTexts[static_cast<size_t>(i / 5) % std::size(kTexts)]);
  if (!licence.has_value()) return item;
  v1::Blob& blob = *item.add_blobs();
  blob.set_content(std::string(licence->text));
  blob.set_digest(common::Sha256(blob.content()));
  v1::File& file = *seen.add_files();
  file.set_path("LICENSE");
  file.set_oid(common::GitBlobOid(blob.content()));
  file.set_digest(blob.digest());
  file.set_size(blob.content().size());
  file.set_outcome(v1::FETCHED);
  return item;
}

absl::Status Fill(indexer::Index& index, int releases, const evaluator::Corpus& corpus) {
  for (int begin = 0; begin < releases; begin += kBatch) {
    v1::PutBatchRequest request;
    for (int i = begin; i < std::min(begin + kBatch, releases); ++i) {
      *request.add_items() = ItemOf(i, corpus);
    }
    RETURN_IF_ERROR(index.PutBatch(request).status());
  }
  return absl::OkStatus();
}

// Of all threads of this process.
double CpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// Assess alone, the findings at hand.
void PrintJudging(const evaluator::Corpus& corpus, int threads) {
  std::vector<v1::Version> versions(2000);
  for (int i = 0; i < 2000; ++i) {
    *versions[static_cast<size_t>(i)].mutable_observation() = ItemOf(i, corpus).observation();
  }
  v1::Finding known;
  known.set_status(v1::EXACT);
  known.set_licence("MIT");
  known.set_expression("MIT");
  const evaluator::Assessor assessor(
      &corpus, evaluator::TermsTable::Builtin(),
      [&known](const std::string&, std::string_view) { return known; });
  constexpr int kRounds = 10;
  const absl::Time started = absl::Now();
  const double cpu = CpuSeconds();
  std::vector<std::thread> workers;
  for (int t = 0; t < threads; ++t) {
    workers.emplace_back([&] {
      for (int round = 0; round < kRounds; ++round) {
        for (const v1::Version& version : versions) {
          std::vector<evaluator::FileText> files;
          for (const v1::File& file : version.observation().files()) {
            files.push_back({file.path(), std::string_view()});
          }
          (void)assessor.Assess(version, files, nullptr);
        }
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  const double judged = static_cast<double>(threads) * kRounds * 2000;
  std::printf("judging alone, findings at hand: %.0f a second, %.0f a CPU-second\n\n",
              judged / absl::ToDoubleSeconds(absl::Now() - started), judged / (CpuSeconds() - cpu));
}

void Print(const char* what, const evaluator::ReassessReport& report, double cpu) {
  const double seconds = absl::ToDoubleSeconds(report.took);
  std::printf("| %s | %llu | %llu | %.2f s | %.0f | %.0f |\n", what,
              static_cast<unsigned long long>(report.judged),
              static_cast<unsigned long long>(report.changed), seconds,
              static_cast<double>(report.judged) / seconds,
              static_cast<double>(report.judged) / cpu);
}

absl::Status Run(const std::string& corpus_path, int releases, int threads) {
  ASSIGN_OR_RETURN(const auto corpus, evaluator::Corpus::Load(corpus_path));
  std::printf("%d releases, %d threads\n\n", releases, threads);
  PrintJudging(*corpus, threads);
  const testing::TempDir dir;
  common::Metrics metrics;
  indexer::IndexerOptions options;
  options.data_dir = dir.Sub("data");
  ASSIGN_OR_RETURN(const auto indexer,
                   indexer::Indexer::Open(options, common::SystemClock(), metrics));
  const auto index = indexer->InProcess();
  RETURN_IF_ERROR(Fill(*index, releases, *corpus));
  evaluator::EvaluatorOptions judging;
  judging.threads = static_cast<uint32_t>(threads);
  common::Stopper stopper;
  // Judged first without a corpus, then again with it: the licence files come out otherwise. Then
  // without again, and with: the findings are in the memo.
  const absl::Time started = absl::Now();
  {
    evaluator::Evaluator without(judging, *index, nullptr, metrics);
    RETURN_IF_ERROR(without.RunOnce(stopper));
  }
  std::printf("first judgement: %.0f a second\n\n",
              releases / absl::ToDoubleSeconds(absl::Now() - started));
  std::printf(
      "| re-assessment | judged | came out otherwise | took | a second | a CPU-second |\n"
      "|---|--:|--:|--:|--:|--:|\n");
  evaluator::Evaluator with(judging, *index, corpus.get(), metrics);
  const double cpu = CpuSeconds();
  ASSIGN_OR_RETURN(const auto first, with.Reassess(stopper, 100, nullptr));
  Print("a corpus for the first time", first, CpuSeconds() - cpu);
  indexer->Stop();
  return absl::OkStatus();
}

}  // namespace
}  // namespace modelwatch

int main(int argc, char** argv) {
  const int releases = argc > 2 ? std::atoi(argv[2]) : 50'000;
  const int threads = argc > 3 ? std::atoi(argv[3]) : 2;
  if (argc < 2 || releases <= 0 || threads <= 0) {
    std::fprintf(stderr, "usage: reassess_bench CORPUS [RELEASES [THREADS]]\n");
    return 64;
  }
  const absl::Status status = modelwatch::Run(argv[1], releases, threads);
  if (!status.ok()) std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return status.ok() ? 0 : 1;
}
