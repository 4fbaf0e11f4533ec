// SPDX-License-Identifier: Apache-2.0
// Times evaluator::Matcher::Identify in this process on one thread, without any cache.
//
//   time_files CORPUS < paths          one path a line; prints one JSON object
//
// Every text is read first and identified once unmeasured; then each is measured once, in CPU time
// of the thread, so that other work on the machine changes little. Opening the corpus and making
// the matcher is measured apart, as is the memory that is resident after it and at the end.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "evaluator/license/corpus.h"
#include "evaluator/license/matcher.h"

namespace {

using modelwatch::evaluator::Corpus;
using modelwatch::evaluator::Matcher;

double SecondsOf(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// Resident bytes: {all, of which backed by files (the mapped corpus, the program)}.
std::pair<double, double> ResidentMib() {
  std::ifstream statm("/proc/self/statm");
  double size = 0, resident = 0, shared = 0;
  statm >> size >> resident >> shared;
  const double page_mib = static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
  return {resident * page_mib, shared * page_mib};
}

std::vector<std::string> ReadTexts(std::istream& paths) {
  std::vector<std::string> texts;
  for (std::string path; std::getline(paths, path);) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    texts.push_back(std::move(text).str());
  }
  return texts;
}

std::vector<double> MeasureMs(const Matcher& matcher, const std::vector<std::string>& texts) {
  std::vector<double> times;
  times.reserve(texts.size());
  for (const std::string& text : texts) {
    const double start = SecondsOf(CLOCK_THREAD_CPUTIME_ID);
    const auto finding = matcher.Identify(text);
    times.push_back((SecondsOf(CLOCK_THREAD_CPUTIME_ID) - start) * 1000);
    if (finding.status() == 0) std::cerr << "a finding without a status\n";
  }
  return times;
}

double Quantile(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  return sorted[std::min(sorted.size() - 1,
                         static_cast<size_t>(share * static_cast<double>(sorted.size())))];
}

void Print(std::vector<double> times, const std::vector<std::string>& texts) {
  double bytes = 0, total_ms = 0;
  for (const std::string& text : texts) bytes += static_cast<double>(text.size());
  for (const double ms : times) total_ms += ms;
  std::cout << ",\"each_ms\":[";
  for (size_t i = 0; i < times.size(); ++i) std::cout << (i ? "," : "") << times[i];
  std::sort(times.begin(), times.end());
  std::cout << "],\"files\":" << times.size() << ",\"bytes\":" << static_cast<long long>(bytes)
            << ",\"mean_ms\":" << total_ms / std::max<double>(1, static_cast<double>(times.size()))
            << ",\"p50_ms\":" << Quantile(times, 0.5) << ",\"p99_ms\":" << Quantile(times, 0.99)
            << ",\"max_ms\":" << (times.empty() ? 0 : times.back())
            << ",\"mb_s\":" << (total_ms > 0 ? bytes / 1e6 / (total_ms / 1000) : 0) << "}\n";
}

int Run(const std::string& corpus_path) {
  const auto texts = ReadTexts(std::cin);
  const double before_mib = ResidentMib().first;
  const double wall = SecondsOf(CLOCK_MONOTONIC), cpu = SecondsOf(CLOCK_PROCESS_CPUTIME_ID);
  const auto corpus = Corpus::Load(corpus_path);
  if (!corpus.ok()) {
    std::cerr << corpus.status().message() << "\n";
    return 1;
  }
  const Matcher matcher(**corpus);
  std::cout << "{\"open_wall_ms\":" << (SecondsOf(CLOCK_MONOTONIC) - wall) * 1000
            << ",\"open_cpu_ms\":" << (SecondsOf(CLOCK_PROCESS_CPUTIME_ID) - cpu) * 1000
            << ",\"open_resident_mib\":" << ResidentMib().first - before_mib;
  MeasureMs(matcher, texts);
  const auto times = MeasureMs(matcher, texts);
  const auto [resident, shared] = ResidentMib();
  std::cout << ",\"resident_mib\":" << resident - before_mib << ",\"file_backed_mib\":" << shared;
  Print(times, texts);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: time_files CORPUS < paths\n";
    return 64;
  }
  return Run(argv[1]);
}
