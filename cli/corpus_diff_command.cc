// SPDX-License-Identifier: Apache-2.0
// modelwatch corpus diff: what differs between two corpora.
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "cli/command.h"
#include "cli/corpus_commands.h"
#include "cli/corpus_texts.h"
#include "common/status_macros.h"

namespace modelwatch::cli {
namespace {

using Json = nlohmann::ordered_json;

struct DiffOptions {
  std::string before, after;
  Format format = Format::kText;
};

std::string Text(bool value) { return value ? "true" : "false"; }

// Field -> {before, after}, of the fields that differ.
Json Changes(const CorpusText& before, const CorpusText& after) {
  Json changes = Json::object();
  const auto compare = [&](const char* field, const std::string& was, const std::string& is) {
    if (was != is) changes[field] = {{"before", was}, {"after", is}};
  };
  compare("spdx", before.spdx, after.spdx);
  compare("name", before.name, after.name);
  compare("category", before.category, after.category);
  compare("exception", Text(before.is_exception), Text(after.is_exception));
  compare("deprecated", Text(before.is_deprecated), Text(after.is_deprecated));
  if (before.text != after.text) {
    changes["text"] = {{"before", absl::StrFormat("%d bytes", before.text.size())},
                       {"after", absl::StrFormat("%d bytes", after.text.size())}};
  }
  return changes;
}

void PrintLine(Format format, const Json& row) {
  if (format == Format::kJson) {
    Print(row.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
    return;
  }
  std::string line = absl::StrFormat("%-8s %-44s %s", row["change"].get<std::string>(),
                                     row["key"].get<std::string>(), row["spdx"].get<std::string>());
  if (row.contains("fields")) {
    for (const auto& [field, change] : row["fields"].items()) {
      line += absl::StrFormat("\n         %s: %s -> %s", field, change["before"].get<std::string>(),
                              change["after"].get<std::string>());
    }
  }
  Print(line + "\n");
}

absl::Status Diff(const DiffOptions& options) {
  ASSIGN_OR_RETURN(const CorpusTexts before, ReadCorpusTexts(options.before));
  ASSIGN_OR_RETURN(const CorpusTexts after, ReadCorpusTexts(options.after));
  size_t added = 0, removed = 0, changed = 0;
  struct Sides {
    const CorpusText *was = nullptr, *is = nullptr;
  };
  std::map<std::string_view, Sides> sides;  // by key
  for (const CorpusText& licence : before.licences) sides[licence.key].was = &licence;
  for (const CorpusText& licence : after.licences) sides[licence.key].is = &licence;
  for (const auto& [key, side] : sides) {
    Json row = {{"change", "changed"}, {"key", key}};
    row["spdx"] = side.is != nullptr ? side.is->spdx : side.was->spdx;
    if (side.was == nullptr) {
      row["change"] = "added";
      ++added;
    } else if (side.is == nullptr) {
      row["change"] = "removed";
      ++removed;
    } else {
      Json fields = Changes(*side.was, *side.is);
      if (fields.empty()) continue;
      row["fields"] = std::move(fields);
      ++changed;
    }
    PrintLine(options.format, row);
  }
  absl::FPrintF(stderr, "version %s -> %s: %d added, %d removed, %d changed, %d the same\n",
                before.version, after.version, added, removed, changed,
                sides.size() - added - removed - changed);
  return absl::OkStatus();
}

}  // namespace

void AddCorpusDiffCommand(CLI::App& corpus, int& exit_code) {
  auto options = std::make_shared<DiffOptions>();
  CLI::App* command = corpus.add_subcommand("diff", "List what differs between two corpora");
  command->add_option("OLD", options->before, "Corpus file")->required();
  command->add_option("NEW", options->after, "Corpus file")->required();
  AddFormatOption(*command, options->format);
  SetExample(*command, "modelwatch corpus diff corpus-2026-10.bin corpus.bin --format json");
  command->callback([options, &exit_code] { exit_code = Report(Diff(*options)); });
}

}  // namespace modelwatch::cli
