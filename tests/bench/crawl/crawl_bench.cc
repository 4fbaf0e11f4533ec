// SPDX-License-Identifier: Apache-2.0
// How fast a hub is crawled and kept, beside what `wrk` gets from the same hub in the same run.
//
//   crawl_bench WORLD    e.g. hf-2022:../shared/data/hf-2022/models.jsonl.zst
//
// The replay hub is a process of its own, without limits. Crawler, indexer and evaluator run here,
// speaking gRPC in-process as in `modelwatch run`; then `modelwatch run --once` itself is timed.
// Prints one Markdown table. docs/benchmarks.md says what the rows mean.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "common/clock.h"
#include "common/metrics.h"
#include "common/status_macros.h"
#include "common/stopper.h"
#include "crawler/crawler.h"
#include "crawler/hub/registry.h"
#include "evaluator/evaluator.h"
#include "indexer/indexer.h"
#include "testing/process.h"
#include "testing/replay_hub_process.h"
#include "testing/shifted_clock.h"
#include "testing/temp_dir.h"

namespace modelwatch::bench {
namespace {

using ::modelwatch::testing::ReplayHubProcess;
using ::modelwatch::testing::RunProcess;
using ::modelwatch::testing::TempDir;

constexpr char kWrkSeconds[] = "4s";
constexpr double kMiB = 1024.0 * 1024.0;
constexpr uint32_t kPageSize = 1000;
constexpr absl::Duration kMoreThanASweep = absl::Hours(7);  // HubConfig.sweep_ms is 6 hours

v1::HubConfig HubAt(const std::string& url) {
  v1::HubConfig hub;
  hub.set_name("huggingface");
  hub.set_endpoint(url);
  hub.set_page_size(kPageSize);
  return hub;
}

double PeakMiB(const rusage& usage) { return static_cast<double>(usage.ru_maxrss) / 1024.0; }

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// What the hub answered up to now.
struct Asked {
  double api = 0;
  double files = 0;
};

absl::StatusOr<Asked> AskedOf(const ReplayHubProcess& hub) {
  ASSIGN_OR_RETURN(const std::string text, hub.Status());
  const nlohmann::json status = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!status.contains("requests")) return absl::InternalError("the hub's status has no requests");
  return Asked{status["requests"]["api"].get<double>(),
               status["requests"]["resolvers"].get<double>()};
}

// "Requests/sec:   1234.56" of a run of wrk with `script`.
absl::StatusOr<double> Wrk(const std::string& url, int connections, const std::string& script) {
  const std::vector<std::string> command = {
      "wrk",  "-t1",       absl::StrFormat("-c%d", connections),
      "-d",   kWrkSeconds, "-s",
      script, "-H",        "Accept-Encoding: gzip",
      url};
  ASSIGN_OR_RETURN(const auto ended, RunProcess(command, absl::Minutes(1)));
  const std::string label = "Requests/sec:";
  const size_t at = ended.out.find(label);
  double rate = 0;
  const std::string tail = at == std::string::npos ? "" : ended.out.substr(at + label.size(), 20);
  if (!absl::SimpleAtod(tail.substr(0, tail.find('\n')), &rate)) {
    return absl::InternalError(absl::StrFormat("wrk said: %s%s", ended.out, ended.err));
  }
  return rate;
}

// A wrk script that asks for these targets in turn.
std::string Script(const TempDir& directory, const std::vector<std::string>& targets) {
  const std::string path = directory.Sub("targets.lua");
  std::ofstream file(path);
  file << "local targets = {\n";
  for (const std::string& target : targets) file << "  [[" << target << "]],\n";
  file << "}\nlocal n = 0\nrequest = function()\n  n = n % #targets + 1\n"
          "  return wrk.format('GET', targets[n])\nend\n";
  return path;
}

struct Stage {
  std::string name;
  double seconds = 0;
  double cpu_seconds = 0;
  Asked asked;
};

// One table row: what, our rate, wrk's, their ratio.
void PrintRow(const std::string& what, double ours, double wrk) {
  const std::string ceiling = wrk > 0 ? absl::StrFormat("%.0f", wrk) : "";
  const std::string ratio = wrk > 0 ? absl::StrFormat("%.2f", ours / wrk) : "";
  absl::PrintF("| %s | %.0f | %s | %s |\n", what, ours, ceiling, ratio);
}

class Bench {
 public:
  explicit Bench(std::string world) : world_(std::move(world)) {}

  absl::Status Run() {
    ASSIGN_OR_RETURN(hub_, ReplayHubProcess::Start({"--world", world_, "--no-limits"}));
    RETURN_IF_ERROR(OpenIndex());
    ASSIGN_OR_RETURN(first_, Measure("first crawl", [&] { return Crawl(); }));
    ASSIGN_OR_RETURN(again_, Measure("sweep and keep-up, nothing new", [&] { return Crawl(); }));
    ASSIGN_OR_RETURN(judged_, Measure("judge all, declared licences", [&] { return Judge(); }));
    getrusage(RUSAGE_SELF, &usage_);
    ASSIGN_OR_RETURN(status_, index_->GetStatus({}));
    RETURN_IF_ERROR(MeasureCeiling());
    index_.reset();
    indexer_.reset();
    return RunProgram();
  }

  void Print() const {
    const double stored = static_cast<double>(status_.versions());
    absl::PrintF("world %s: %d releases, %d versions, %d texts\n\n", world_, status_.releases(),
                 status_.versions(), status_.blobs());
    absl::PrintF("| what, a second | modelwatch | wrk, same hub | ratio |\n|---|---|---|---|\n");
    PrintRow("listing pages of 1000 rows, second sweep", again_.asked.api / again_.seconds,
             wrk_pages_);
    PrintRow("card and licence files, first crawl", first_.asked.files / first_.seconds,
             wrk_files_);
    PrintRow("observations stored, first crawl", stored / first_.seconds, 0);
    PrintRow("observations seen again, second sweep", stored / again_.seconds, 0);
    PrintRow("versions judged (declared licences)", stored / judged_.seconds, 0);
    absl::PrintF("\n| stage | wall s | CPU s | listing requests | file requests |\n");
    absl::PrintF("|---|---|---|---|---|\n");
    for (const Stage* stage : {&first_, &again_, &judged_}) {
      absl::PrintF("| %s | %.2f | %.2f | %.0f | %.0f |\n", stage->name, stage->seconds,
                   stage->cpu_seconds, stage->asked.api, stage->asked.files);
    }
    absl::PrintF(
        "\n| process | wall s | peak memory MiB | data on disk MiB |\n|---|---|---|---|\n");
    absl::PrintF("| crawler + indexer + evaluator, all stages above | %.2f | %.0f | %.0f |\n",
                 first_.seconds + again_.seconds + judged_.seconds, PeakMiB(usage_),
                 DiskMiB("index"));
    absl::PrintF("| modelwatch run --once, everything | %.2f | %.0f | %.0f |\n", program_seconds_,
                 PeakMiB(program_), DiskMiB("program"));
  }

 private:
  absl::Status OpenIndex() {
    indexer::IndexerOptions options;
    options.data_dir = directory_.Sub("index");
    ASSIGN_OR_RETURN(indexer_, indexer::Indexer::Open(options, clock_, metrics_));
    index_ = indexer_->InProcess();
    return absl::OkStatus();
  }

  absl::Status Crawl() {
    clock_.Advance(kMoreThanASweep);
    v1::Config config;
    *config.add_hubs() = HubAt(hub_->url());
    crawler::CrawlerOptions options;
    options.data_dir = directory_.Sub("index");
    options.allow_private_addresses = true;
    crawler::Crawler crawler(config, *index_, clock_, metrics_, options);
    return crawler.RunOnce(stopper_);
  }

  absl::Status Judge() {
    evaluator::Evaluator judge({}, *index_, nullptr, metrics_, nullptr, clock_);
    return judge.RunOnce(stopper_);
  }

  template <typename Work>
  absl::StatusOr<Stage> Measure(const std::string& name, Work&& work) {
    ASSIGN_OR_RETURN(const Asked before, AskedOf(*hub_));
    const absl::Time start = absl::Now();
    const double cpu = CpuSeconds();
    RETURN_IF_ERROR(work());
    Stage stage{name, absl::ToDoubleSeconds(absl::Now() - start), CpuSeconds() - cpu, {}};
    ASSIGN_OR_RETURN(const Asked after, AskedOf(*hub_));
    stage.asked = Asked{after.api - before.api, after.files - before.files};
    absl::FPrintF(stderr, "%s: %.2f s\n", name, stage.seconds);
    return stage;
  }

  // The same requests by wrk: pages one after the other as a cursor forces us to, files in
  // parallel.
  absl::Status MeasureCeiling() {
    ASSIGN_OR_RETURN(const auto hubs, crawler::NewHubs(HubAt(hub_->url())));
    const auto& hub = hubs.front();
    const std::vector<std::string> page = {
        hub->ListingTarget(crawler::Listing::kByCreation, kPageSize)};
    ASSIGN_OR_RETURN(wrk_pages_, Wrk(hub_->url(), 1, Script(directory_, page)));
    std::vector<std::string> files;
    v1::ListReleasesRequest request;
    request.set_limit(1000);
    ASSIGN_OR_RETURN(const v1::ListReleasesResponse releases, index_->ListReleases(request));
    for (const v1::GetReleaseResponse& release : releases.releases()) {
      const v1::Observation& seen = release.version().observation();
      for (const v1::File& file : seen.files()) {
        if (file.outcome() != v1::FETCHED) continue;
        files.push_back(hub->FileTarget(seen.name(), seen.revision(), file.path()));
      }
    }
    ASSIGN_OR_RETURN(wrk_files_, Wrk(hub_->url(), 8, Script(directory_, files)));
    return absl::OkStatus();
  }

  // The program as a user starts it, alone, into an empty directory.
  absl::Status RunProgram() {
    const std::string data = directory_.Sub("program");
    const std::string hub = "huggingface=" + hub_->url();
    const absl::Time start = absl::Now();
    const pid_t pid = fork();
    if (pid == 0) {
      std::freopen("/dev/null", "w", stdout);
      const std::string program = MODELWATCH_BINARY_DIR "/modelwatch";
      execl(program.c_str(), program.c_str(), "run", "--once", "--hub", hub.c_str(), "--data",
            data.c_str(), "--log-level", "error", nullptr);
      _exit(127);
    }
    int ended = 0;
    if (pid < 0 || wait4(pid, &ended, 0, &program_) != pid || ended != 0) {
      return absl::InternalError(
          absl::StrFormat("modelwatch run --once ended with status %d", ended));
    }
    program_seconds_ = absl::ToDoubleSeconds(absl::Now() - start);
    return absl::OkStatus();
  }

  double DiskMiB(const std::string& name) const {
    double bytes = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory_.Sub(name))) {
      if (entry.is_regular_file()) bytes += static_cast<double>(entry.file_size());
    }
    return bytes / kMiB;
  }

  const std::string world_;
  testing::ShiftedClock clock_;
  TempDir directory_;
  common::Metrics metrics_;
  common::Stopper stopper_;
  std::unique_ptr<ReplayHubProcess> hub_;
  std::unique_ptr<indexer::Indexer> indexer_;
  std::unique_ptr<indexer::Index> index_;
  v1::GetStatusResponse status_;
  Stage first_, again_, judged_;
  double wrk_pages_ = 0, wrk_files_ = 0;
  rusage usage_{}, program_{};
  double program_seconds_ = 0;
};

}  // namespace
}  // namespace modelwatch::bench

int main(int argc, char** argv) {
  if (argc != 2) {
    absl::FPrintF(stderr, "usage: %s WORLD, e.g. hf-2022:FILE or synthetic:10000\n", argv[0]);
    return 64;
  }
  modelwatch::bench::Bench bench(argv[1]);
  const absl::Status status = bench.Run();
  if (!status.ok()) {
    absl::FPrintF(stderr, "crawl_bench: %s\n", std::string(status.message()));
    return 1;
  }
  bench.Print();
  return 0;
}
