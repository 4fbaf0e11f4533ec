// SPDX-License-Identifier: Apache-2.0
// The engine that crawls, alone: how many requests a second of its processor it sends and reads.
//
//   fetch_bench serve [BYTES]              the answers, 8037 bytes each, until it is ended
//   fetch_bench load URL SECONDS AT_ONCE   one line: requests, failures, processor seconds, seconds
//   fetch_bench bare URL SECONDS AT_ONCE   the same by libcurl alone (bare_load.h)
//
// run.py starts both, and other clients against the same answers.
#include <sys/resource.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "bench/fetch/answer_server.h"
#include "bench/fetch/bare_load.h"
#include "common/http/curl_client.h"

namespace modelwatch::bench {
namespace {

constexpr size_t kBodyBytes = 8037;

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void Print(int64_t requests, int64_t failures, double cpu_s, absl::Duration wall) {
  absl::PrintF("{\"requests\":%d,\"failures\":%d,\"cpu_s\":%.6f,\"wall_s\":%.6f}\n", requests,
               failures, cpu_s, absl::ToDoubleSeconds(wall));
}

// Asks for one URL over and over, `at_once` at a time.
class Load {
 public:
  Load(std::string url, size_t at_once) : url_(std::move(url)), at_once_(at_once) {
    common::CurlClientOptions options;
    options.user_agent = "modelwatch/bench";
    options.max_in_flight = at_once;
    options.allow_private_addresses = true;
    client_ = common::NewCurlClient(options);
  }

  void Run(absl::Duration length) {
    const absl::Time start = absl::Now();
    const double cpu = CpuSeconds();
    end_ = start + length;
    for (size_t i = 0; i < at_once_; ++i) Start();
    while (client_->in_flight() > 0) client_->Poll(absl::Seconds(1));
    Print(requests_, failures_, CpuSeconds() - cpu, absl::Now() - start);
  }
  [[nodiscard]] bool is_sound() const { return requests_ > 0 && failures_ == 0; }

 private:
  void Start() {
    common::HttpRequest request;
    request.url = url_;
    request.headers.emplace_back("Accept", "application/json");
    client_->Start(std::move(request), [this](const absl::StatusOr<common::HttpResponse>& answer) {
      ++requests_;
      if (!answer.ok() || answer->status != 200 || answer->body.size() < 2) ++failures_;
      // The clock is looked at every 64th time.
      if (requests_ % 64 == 0 && absl::Now() >= end_) is_over_ = true;
      if (!is_over_) Start();
    });
  }

  const std::string url_;
  const size_t at_once_;
  std::unique_ptr<common::HttpClient> client_;
  absl::Time end_;
  bool is_over_ = false;
  int64_t requests_ = 0;
  int64_t failures_ = 0;
};

bool RunBare(const std::string& url, absl::Duration length, size_t at_once) {
  const absl::Time start = absl::Now();
  const double cpu = CpuSeconds();
  const BareCounts counts = LoadBare(url, length, at_once);
  Print(counts.requests, counts.failures, CpuSeconds() - cpu, absl::Now() - start);
  return counts.requests > 0 && counts.failures == 0;
}

int Main(int argc, char** argv) {
  const std::string_view mode = argc > 1 ? argv[1] : "";
  if (mode == "serve") {
    int bytes = static_cast<int>(kBodyBytes);
    if (argc > 2 && !absl::SimpleAtoi(argv[2], &bytes)) return 64;
    absl::FPrintF(stderr, "fetch_bench: %s\n", ServeAnswers(static_cast<size_t>(bytes)));
    return 1;
  }
  int seconds = 0;
  int at_once = 0;
  if ((mode == "load" || mode == "bare") && argc == 5 && absl::SimpleAtoi(argv[3], &seconds) &&
      absl::SimpleAtoi(argv[4], &at_once) && at_once > 0) {
    const auto most = static_cast<size_t>(at_once);
    if (mode == "bare") return RunBare(argv[2], absl::Seconds(seconds), most) ? 0 : 1;
    Load load(argv[2], most);
    load.Run(absl::Seconds(seconds));
    return load.is_sound() ? 0 : 1;
  }
  absl::FPrintF(stderr, "usage: fetch_bench serve [BYTES] | load|bare URL SECONDS AT_ONCE\n");
  return 64;
}

}  // namespace
}  // namespace modelwatch::bench

int main(int argc, char** argv) { return modelwatch::bench::Main(argc, argv); }
