// SPDX-License-Identifier: Apache-2.0
// Compares many pairs of texts in one process: what `modelwatch diff` says of each, without
// starting a program for each.
//
//   diff_pairs CORPUS < PAIRS      PAIRS: one pair a line, OLD<tab>NEW, paths of two files
//
// Prints the JSON of the shift, one line a pair. Exits with 1 when a file cannot be read.
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>

#include "evaluator/license/corpus.h"
#include "evaluator/license/matcher.h"
#include "evaluator/terms/text_terms.h"
#include "proto/json.h"

namespace modelwatch::evaluator {
namespace {

std::optional<std::string> ReadWhole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

int Run(const std::string& corpus_path) {
  const auto corpus = Corpus::Load(corpus_path);
  if (!corpus.ok()) {
    std::cerr << corpus.status() << "\n";
    return 1;
  }
  const Matcher matcher(**corpus);
  const Judge judge{&matcher, &TermsTable::Builtin()};
  for (std::string line; std::getline(std::cin, line);) {
    const size_t tab = line.find('\t');
    const auto then = ReadWhole(line.substr(0, tab));
    const auto now = ReadWhole(tab == std::string::npos ? "" : line.substr(tab + 1));
    if (!then || !now) {
      std::cerr << "diff_pairs: cannot read " << line << "\n";
      return 1;
    }
    std::cout << proto::ShiftJson(CompareTexts(judge, *then, *now)) << "\n";
  }
  return 0;
}

}  // namespace
}  // namespace modelwatch::evaluator

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: diff_pairs CORPUS < PAIRS\n";
    return 1;
  }
  return modelwatch::evaluator::Run(argv[1]);
}
