// SPDX-License-Identifier: Apache-2.0
// modelwatch corpus build: folders of licence files become one corpus.
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "cli/command.h"
#include "cli/corpus_commands.h"
#include "cli/text_input.h"
#include "common/status_macros.h"
#include "evaluator/license/corpus_builder.h"
#include "evaluator/license/corpus_writer.h"

namespace modelwatch::cli {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr size_t kMaxCorpusFileBytes = 64 << 20;

struct BuildOptions {
  std::vector<std::string> from;
  std::string out;
  Format format = Format::kText;
};

absl::Status AddFolder(evaluator::CorpusBuilder& builder, const std::string& folder) {
  ASSIGN_OR_RETURN(const std::vector<std::string> files, FilesBelow(folder));
  for (const std::string& file : files) {
    auto bytes = ReadText(file, kMaxCorpusFileBytes);
    if (!bytes.ok()) return bytes.status();
    RETURN_IF_ERROR(builder.AddFile(file, *bytes));
  }
  builder.AddSource(fs::path(folder).lexically_normal().filename().string());
  return absl::OkStatus();
}

// Written beside and renamed, so that a reader never sees half a corpus.
absl::Status WriteWhole(const std::string& path, const std::string& bytes) {
  const std::string beside = path + ".part";
  std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(beside.c_str(), "wb"), &std::fclose);
  const auto failed = [&] {
    return absl::UnavailableError(absl::StrFormat("%s cannot be written; is the disk full?", path));
  };
  if (file == nullptr || std::fwrite(bytes.data(), 1, bytes.size(), file.get()) != bytes.size() ||
      std::fflush(file.get()) != 0) {
    return failed();
  }
  file.reset();
  std::error_code error;
  fs::rename(beside, path, error);
  return error ? failed() : absl::OkStatus();
}

absl::Status Build(const BuildOptions& options) {
  evaluator::CorpusBuilder builder;
  for (const std::string& folder : options.from) {
    absl::FPrintF(stderr, "reading %s\n", folder);
    RETURN_IF_ERROR(AddFolder(builder, folder));
  }
  ASSIGN_OR_RETURN(const v1::Corpus corpus, builder.Build());
  const std::string bytes = evaluator::EncodeCorpus(corpus);
  RETURN_IF_ERROR(WriteWhole(options.out, bytes));
  if (options.format == Format::kJson) {
    Print(Json({{"out", options.out},
                {"version", corpus.version()},
                {"licences", corpus.licences_size()},
                {"patterns", corpus.patterns_size()},
                {"bytes", bytes.size()}})
              .dump() +
          "\n");
  } else {
    Print(absl::StrFormat("%s: %d licences, %d patterns, version %s, %.1f MB\n", options.out,
                          corpus.licences_size(), corpus.patterns_size(), corpus.version(),
                          static_cast<double>(bytes.size()) / 1e6));
  }
  return absl::OkStatus();
}

}  // namespace

void AddCorpusBuildCommand(CLI::App& corpus, int& exit_code) {
  auto options = std::make_shared<BuildOptions>();
  CLI::App* build =
      corpus.add_subcommand("build", "Compile folders of licence files into a corpus");
  build->add_option("--from", options->from, "Folder of licence files; may be repeated")
      ->required();
  build->add_option("--out", options->out, "File to write")->required();
  AddFormatOption(*build, options->format);
  SetExample(*build, "modelwatch corpus build --from licenses --from my-licences --out corpus.bin");
  build->callback([options, &exit_code] { exit_code = Report(Build(*options)); });
}

}  // namespace modelwatch::cli
