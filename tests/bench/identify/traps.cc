// SPDX-License-Identifier: Apache-2.0
// What hostile texts cost: CPU milliseconds a megabyte of decoding, tokenising and identifying, and
// how the cost grows with the size.
//
//   build/release/tests/bench/identify_traps CORPUS [LICENCE_FILE...]
//
// Every trap is a text that makes some obvious algorithm quadratic: it is timed at 64 KiB, 256 KiB
// and 1 MiB. "growth" is the cost a byte at 1 MiB over that at 64 KiB: about 1 is linear, 16 is
// quadratic. The licence files, if any, become traps as well: repeated, and repeated as one line.
// Exits with 1 when a trap takes more than 20 ms a megabyte, the limit that issue 3 sets.
#include <time.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "evaluator/license/corpus.h"
#include "evaluator/license/decode.h"
#include "evaluator/license/matcher.h"
#include "evaluator/license/tokens.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kSizes[] = {64 << 10, 256 << 10, 1 << 20};
constexpr double kLimitMsPerMb = 20;
constexpr double kGiveUpMs = 20'000;

struct Trap {
  std::string name;
  std::function<std::string(size_t)> make;  // a text of about so many bytes
};

std::string Repeat(const std::string& part, size_t bytes) {
  std::string out;
  out.reserve(bytes + part.size());
  while (out.size() < bytes) out += part;
  out.resize(bytes);
  return out;
}

// Words in an order in which every sequence of four of them comes once: nothing repeats, so no
// shortcut applies, yet every word is one that licences use.
std::string DeBruijn(size_t bytes) {
  static const std::vector<std::string> words = {
      "the",        "of",      "software", "license", "copyright", "notice", "permission", "and",
      "warranty",   "without", "use",      "copy",    "modify",    "or",     "in",         "to",
      "distribute", "this",    "provided", "is",      "granted",   "any",    "not",        "work"};
  std::string out;
  std::vector<size_t> sequence(5, 0);
  std::function<void(size_t, size_t)> grow = [&](size_t at, size_t period) {
    if (out.size() >= bytes) return;
    if (at > 4) {
      if (4 % period != 0) return;
      for (size_t i = 1; i <= period; ++i) out += words[sequence[i]] + " ";
      return;
    }
    sequence[at] = sequence[at - period];
    grow(at + 1, period);
    for (size_t word = sequence[at - period] + 1; word < words.size(); ++word) {
      sequence[at] = word;
      grow(at + 1, at);
    }
  };
  grow(1, 1);
  out.resize(std::min(out.size(), bytes));
  return out;
}

std::string RandomWords(size_t bytes, size_t vocabulary) {
  std::string out;
  uint32_t state = 7;
  while (out.size() < bytes) {
    state = state * 1664525 + 1013904223;
    out += absl::StrFormat("w%d ", (state >> 8) % vocabulary);
  }
  return out;
}

std::string RandomBytes(size_t bytes, uint8_t low, uint8_t high) {
  std::string out(bytes, ' ');
  uint32_t state = 7;
  for (char& c : out) {
    state = state * 1664525 + 1013904223;
    c = static_cast<char>(low + (state >> 16) % static_cast<uint32_t>(high - low + 1));
  }
  return out;
}

Trap Repeated(std::string name, std::string part) {
  return {std::move(name), [part = std::move(part)](size_t bytes) { return Repeat(part, bytes); }};
}

std::vector<Trap> Synthetic() {
  return {
      Repeated("the the the", "the "),
      Repeated("MIT MIT MIT", "MIT "),
      Repeated("MIT License, a line each", "MIT License\n"),
      Repeated("alternating licence names", "MIT or Apache-2.0 and GPL-2.0+ with BSD "),
      Repeated("alternating licence words", "license copyright warranty permission notice "),
      Repeated("SPDX lines", "SPDX-License-Identifier: MIT\n"),
      Repeated("one SPDX line of ORs", "SPDX-License-Identifier: MIT OR "),
      Repeated("nested open brackets", "((("),
      Repeated("nested bracket pairs", "([{<"),
      Repeated("<<<<", "<"),
      Repeated("[[[[", "["),
      Repeated("(a) (a) (a)", "(a) "),
      Repeated("1.1.1.1.", "1."),
      Repeated("one word", "a"),
      Repeated("dashes", "- "),
      Repeated("stars", "*"),
      Repeated("line ends", "\n"),
      Repeated("blanks and one word a line", "        license\r\n"),
      Repeated("copyright signs", "\u00A9 "),
      Repeated("copyright lines", "Copyright (c) 2026 A Holder\n"),
      Repeated("ampersands", "&"),
      Repeated("open comments", "/* <!-- "),
      Repeated("open tags", "<a href=\"x "),
      Repeated("open HTML page", "<html><script>"),
      Repeated("links", "http://a.b/c "),
      Repeated("one link", "http://"),
      Repeated("front matter", "---\nlicense: mit\n"),
      Repeated("front matter of nested lists", "---\n[[[[[[[["),
      Repeated("hyphens at line ends", "li-\ncense "),
      Repeated("ideographs", "许可协议"),
      Repeated("quotes", "\u201C\""),
      {"de Bruijn sequence of licence words", DeBruijn},
      {"random words of 30", [](size_t bytes) { return RandomWords(bytes, 30); }},
      {"random words of 100,000", [](size_t bytes) { return RandomWords(bytes, 100'000); }},
      {"random bytes", [](size_t bytes) { return RandomBytes(bytes, 0, 255); }},
      {"random high bytes", [](size_t bytes) { return RandomBytes(bytes, 0x81, 0xFE); }},
      {"random printable bytes", [](size_t bytes) { return RandomBytes(bytes, 32, 126); }},
      {"UTF-8 with bad bytes",
       [](size_t bytes) { return Repeat("licen\xE9s \xC3\xA9 \xE4\xBD ", bytes); }},
      {"UTF-16 mark, random units",
       [](size_t bytes) { return "\xFF\xFE" + RandomBytes(bytes, 0x4E, 0x9F); }},
  };
}

std::vector<Trap> FromFiles(const std::vector<std::string>& paths) {
  std::vector<Trap> traps;
  for (const std::string& path : paths) {
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (text.empty()) continue;
    const std::string name = path.substr(path.rfind('/') + 1);
    std::string line = text;
    std::replace(line.begin(), line.end(), '\n', ' ');
    // Every other word: nearly each licence word, no passage whole.
    std::string thinned;
    bool is_kept = true;
    for (const char c : text) {
      if (c == ' ' || c == '\n') is_kept = !is_kept;
      if (is_kept) thinned += c;
    }
    traps.push_back(Repeated(name + " repeated", text + "\n"));
    traps.push_back(Repeated(name + " repeated as one line", line + " "));
    traps.push_back(Repeated(name + ", every other word", thinned + " "));
    traps.push_back({name + " backwards", [text](size_t bytes) {
                       std::string words;
                       std::string word;
                       for (auto at = text.rbegin(); at != text.rend(); ++at) {
                         if (*at != ' ' && *at != '\n') {
                           word.insert(word.begin(), *at);
                           continue;
                         }
                         words += word + " ";
                         word.clear();
                       }
                       return Repeat(words, bytes);
                     }});
  }
  return traps;
}

double CpuMs() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

// The least of three: the first pays for memory that the system gives out for the first time.
double Timed(const std::function<void()>& work) {
  constexpr int kRuns = 3;
  double least = std::numeric_limits<double>::max();
  for (int run = 0; run < kRuns; ++run) {
    const double begin = CpuMs();
    work();
    least = std::min(least, CpuMs() - begin);
  }
  return least;
}

double PerMb(double ms, size_t bytes) { return ms * 1e6 / static_cast<double>(bytes); }

// Milliseconds a megabyte for identifying the largest text that was tried.
double Run(const Matcher& matcher, const Trap& trap) {
  double decode = 0;
  double tokenise = 0;
  std::vector<double> identify;
  size_t size = 0;
  std::string status;
  for (const size_t wanted : kSizes) {
    if (!identify.empty() && identify.back() * static_cast<double>(size) / 1e6 > kGiveUpMs) break;
    const std::string bytes = trap.make(wanted);
    size = std::max<size_t>(bytes.size(), 1);
    Decoded decoded;
    decode = PerMb(Timed([&] { decoded = Decode(bytes); }), size);
    tokenise = PerMb(Timed([&] { (void)Tokenise(decoded.text()); }), size);
    v1::Finding finding;
    identify.push_back(PerMb(Timed([&] { finding = matcher.Identify(bytes); }), size));
    status = v1::FindingStatus_Name(finding.status());
  }
  std::cout << absl::StrFormat("| %s | %.1f | %.1f | %.1f | %.1f | %.1f | %s |\n", trap.name,
                               decode, tokenise, identify.front(), identify.back(),
                               identify.back() / std::max(identify.front(), 1e-3), status)
            << std::flush;
  return identify.back();
}

int Main(const std::vector<std::string>& arguments) {
  auto corpus = Corpus::Load(arguments.at(0));
  if (!corpus.ok()) {
    std::cerr << corpus.status().message() << "\n";
    return 1;
  }
  const Matcher matcher(**corpus);
  std::vector<Trap> traps = Synthetic();
  for (Trap& trap : FromFiles({arguments.begin() + 1, arguments.end()})) {
    traps.push_back(std::move(trap));
  }
  std::cout << "| trap | decode ms/MB | tokenise ms/MB | identify ms/MB at 64 KiB | at 1 MiB | "
               "growth | status |\n|---|---|---|---|---|---|---|\n";
  double slowest = 0;
  for (const Trap& trap : traps) slowest = std::max(slowest, Run(matcher, trap));
  std::cout << absl::StrFormat("\nslowest: %.1f ms/MB, the limit is %.0f\n", slowest,
                               kLimitMsPerMb);
  return slowest <= kLimitMsPerMb ? 0 : 1;
}

}  // namespace
}  // namespace modelwatch::evaluator

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: identify_traps CORPUS [LICENCE_FILE...]\n";
    return 64;
  }
  return modelwatch::evaluator::Main({argv + 1, argv + argc});
}
