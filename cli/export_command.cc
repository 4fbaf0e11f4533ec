// SPDX-License-Identifier: Apache-2.0
// modelwatch export: the index as files, the same bytes whenever it is repeated.
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
#include "indexer/indexer.h"

namespace modelwatch::cli {
namespace {

struct ExportFlags {
  std::string data_dir;
  std::string as_of;
  indexer::ExportOptions what;
};

absl::Status WriteExport(indexer::Reader& reader, const ExportFlags& flags,
                         const common::Stopper& stopper) {
  indexer::ExportOptions what = flags.what;
  what.program_version = kVersion;
  if (!flags.as_of.empty()) {
    ASSIGN_OR_RETURN(const AsOf as_of, ParseAsOf(flags.as_of));
    what.as_of = as_of.sequence;
    if (as_of.sequence == UINT64_MAX) {
      ASSIGN_OR_RETURN(what.as_of, indexer::SequenceAt(reader, as_of.recorded_at_us, stopper));
    }
    if (what.as_of == 0) {
      return absl::InvalidArgumentError(absl::StrFormat(
          "--as-of %s is before the first record; give a later time or sequence", flags.as_of));
    }
  }
  ASSIGN_OR_RETURN(const indexer::ExportResult result, indexer::Export(reader, what, stopper));
  for (const indexer::ExportedFile& file : result.files) {
    absl::FPrintF(stderr, "%s: %d rows, %d bytes\n", file.name, file.rows, file.bytes);
  }
  absl::FPrintF(stderr, "exported up to sequence %d; manifest.json is complete\n",
                result.last_sequence);
  return absl::OkStatus();
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
      {"jsonl", indexer::ExportFormat::kJsonl}, {"csv", indexer::ExportFormat::kCsv}};
  auto flags = std::make_shared<ExportFlags>();
  CLI::App* command =
      app.add_subcommand("export", "Write releases, changes, assessments and alerts as files");
  command->add_option("--out", flags->what.out_dir, "Directory to make; must be absent or empty")
      ->required();
  command->add_option("--tables", flags->what.tables, "Only these tables, separated by commas")
      ->delimiter(',');
  command->add_option("--format", flags->what.format, "jsonl or csv")
      ->transform(CLI::CheckedTransformer(kFormats))
      ->option_text("jsonl|csv");
  command->add_option("--as-of", flags->as_of,
                      "Only what was recorded up to a sequence number or a time");
  AddDataOption(*command, flags->data_dir);
  SetExample(*command, "modelwatch export --out export --format csv --tables releases,alerts");
  command->callback([flags, &exit_code] { exit_code = Report(Export(*flags)); });
}

}  // namespace modelwatch::cli
