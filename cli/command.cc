// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "absl/strings/str_format.h"
#include "common/log.h"

namespace modelwatch::cli {
namespace {

std::string EnvironmentOr(const char* name, std::string otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? std::string(value) : std::move(otherwise);
}

std::string DefaultCorpus() {
  std::error_code ignored;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", ignored);
  const std::filesystem::path installed =
      program.parent_path().parent_path() / "share/modelwatch/corpus.bin";
  if (std::filesystem::exists(installed, ignored)) return installed.string();
  return (program.parent_path() / "corpus.bin").string();
}

}  // namespace

void AddDataOption(CLI::App& command, std::string& data_dir) {
  data_dir = EnvironmentOr("MODELWATCH_DATA", "data");
  command.add_option("--data", data_dir, "Directory that holds everything ($MODELWATCH_DATA)")
      ->capture_default_str();
}

void AddFormatOption(CLI::App& command, Format& format) {
  static const std::map<std::string, Format> kFormats = {{"text", Format::kText},
                                                         {"json", Format::kJson}};
  command.add_option("--format", format, "text, or json on standard output")
      ->transform(CLI::CheckedTransformer(kFormats))
      ->option_text("text|json");
}

void AddCorpusOption(CLI::App& command, std::string& corpus_path) {
  corpus_path = EnvironmentOr("MODELWATCH_CORPUS", DefaultCorpus());
  command.add_option("--corpus", corpus_path, "Licence corpus file ($MODELWATCH_CORPUS)")
      ->capture_default_str();
}

void AddAsOfOptions(CLI::App& command, std::string& as_of, bool& reassessments) {
  CLI::Option* const moment = command.add_option(
      "--as-of", as_of,
      "Only what was recorded up to a sequence number or a time: the same answer for ever");
  command
      .add_flag("--reassessments", reassessments,
                "With --as-of: also what later evaluators said up to then")
      ->needs(moment);
}

void SetExample(CLI::App& command, std::string_view example) {
  command.footer(absl::StrFormat("Example:\n  %s", example));
}

int Report(const absl::Status& status) {
  if (status.ok()) return kDone;
  absl::FPrintF(stderr, "modelwatch: %s\n", common::OneLine(std::string(status.message()), 1000));
  return kFailed;
}

int ReportUsage(const CLI::App& app, const CLI::ParseError& error) {
  std::string command = "modelwatch";
  for (const CLI::App* chosen : app.get_subcommands()) command += " " + chosen->get_name();
  absl::FPrintF(stderr, "modelwatch: %s (see %s --help)\n", common::OneLine(error.what()), command);
  return kUsage;
}

void Print(std::string_view line) {
  if (std::fwrite(line.data(), 1, line.size(), stdout) != line.size()) std::_Exit(kFailed);
}

}  // namespace modelwatch::cli
