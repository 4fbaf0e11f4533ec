// SPDX-License-Identifier: Apache-2.0
// modelwatch export: the index as files, the same bytes whenever it is repeated.
#include <filesystem>
#include <map>
#include <memory>

#include "absl/strings/str_format.h"
#include "cli/as_of.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/run_group.h"
#include "cli/version.h"
#include "common/status_macros.h"
#include "indexer/export/export.h"
#include "indexer/export/tables.h"
#include "indexer/indexer.h"

namespace modelwatch::cli {
namespace {

struct ExportFlags {
  std::string data_dir;
  std::string as_of;
  bool dictionary = false;
  indexer::ExportOptions what;
};

// Beside the program as built, or in PREFIX/lib/modelwatch as installed.
std::string ParquetModulePath() {
  constexpr char kName[] = "modelwatch-parquet.so";
  std::error_code ignored;
  const std::filesystem::path folder =
      std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  const std::filesystem::path installed = folder.parent_path() / "lib/modelwatch" / kName;
  return std::filesystem::exists(installed, ignored) ? installed : folder / kName;
}

// Its answer would be another tomorrow.
absl::Status RefuseTheFuture(indexer::Reader& reader, const AsOf& as_of, const std::string& text) {
  if (as_of.recorded_at_us == INT64_MAX) return absl::OkStatus();
  ASSIGN_OR_RETURN(const v1::GetStatusResponse status, reader.GetStatus({}));
  if (as_of.recorded_at_us <= status.now_us()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrFormat("--as-of %s is in the future; give a time that has passed", text));
}

absl::Status WriteExport(indexer::Reader& reader, const ExportFlags& flags,
                         const common::Stopper& stopper) {
  indexer::ExportOptions what = flags.what;
  what.program_version = kVersion;
  what.parquet_module = ParquetModulePath();
  if (!flags.as_of.empty()) {
    ASSIGN_OR_RETURN(const AsOf as_of, ParseAsOf(flags.as_of));
    RETURN_IF_ERROR(RefuseTheFuture(reader, as_of, flags.as_of));
    what.as_of = as_of.sequence;
    if (as_of.sequence == UINT64_MAX) {
      ASSIGN_OR_RETURN(what.as_of, indexer::SequenceAt(reader, as_of.recorded_at_us, stopper));
    }
    if (what.as_of == 0) {
      return absl::InvalidArgumentError(absl::StrFormat(
          "--as-of %s is before the first record; give a later time or sequence", flags.as_of));
    }
  }
  ASSIGN_OR_RETURN(const indexer::ExportSummary result, indexer::Export(reader, what, stopper));
  for (const indexer::ExportedFile& file : result.files) {
    absl::FPrintF(stderr, "%s: %d rows, %d bytes\n", file.name, file.rows, file.bytes);
  }
  absl::FPrintF(stderr, "exported up to sequence %d; manifest.json is complete\n",
                result.last_sequence);
  return absl::OkStatus();
}

std::string KnownTable(const std::string& name) {
  if (indexer::FindTable(name) != nullptr) return "";
  return "there is no table '" + name + "'; choose of " + indexer::TableNames();
}

absl::Status Export(const ExportFlags& flags) {
  RunGroup group;
  ASSIGN_OR_RETURN(const indexer::OpenedReader opened, indexer::OpenReader(flags.data_dir));
  group.Add("export", [&] { return WriteExport(*opened.reader, flags, group.stopper()); });
  return group.Run();
}

}  // namespace

void AddExportCommand(CLI::App& app, int& exit_code) {
  static const std::map<std::string, indexer::ExportFormat> kFormats = {
      {"parquet", indexer::ExportFormat::kParquet},
      {"jsonl", indexer::ExportFormat::kJsonl},
      {"csv", indexer::ExportFormat::kCsv}};
  auto flags = std::make_shared<ExportFlags>();
  indexer::ExportOptions& what = flags->what;
  CLI::App* command =
      app.add_subcommand("export", "Write the record as tables: Parquet, JSONL, CSV");
  command->add_option("--out", what.out_dir,
                      "Directory to make; absent, empty, or an export cut off");
  command
      ->add_option("--tables", what.tables,
                   "Only these, separated by commas, of: " + indexer::TableNames())
      ->delimiter(',')
      ->check(KnownTable);
  command->add_option("--format", what.format, "parquet (default), jsonl (zstd) or csv")
      ->transform(CLI::CheckedTransformer(kFormats))
      ->option_text("parquet|jsonl|csv");
  command->add_option("--as-of", flags->as_of,
                      "Only what was recorded up to a sequence number or a time");
  command->add_flag("--with-texts", what.with_texts,
                    "Also the licence texts, which belong to their authors");
  command->add_option("--name", what.words.name, "Name of the dataset, for its card and citation");
  command->add_option("--creator", what.words.creator, "Who publishes it");
  command->add_option("--url", what.words.url, "Where it will be published");
  command->add_option("--license", what.words.license, "SPDX id for the facts in it: CC-BY-4.0");
  command->add_flag("--dictionary", flags->dictionary,
                    "Only print what tables and columns there are, as Markdown");
  AddDataOption(*command, flags->data_dir);
  SetExample(*command,
             "modelwatch export --out export --as-of 2026-11-30 --tables releases,alerts");
  command->callback([flags, command, &exit_code] {
    if (flags->dictionary) {
      Print(indexer::DataDictionary());
      exit_code = kDone;
      return;
    }
    exit_code = flags->what.out_dir.empty() ? ReportUsage(*command, CLI::RequiredError("--out"))
                                            : Report(Export(*flags));
  });
}

}  // namespace modelwatch::cli
