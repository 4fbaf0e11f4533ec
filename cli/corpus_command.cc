// SPDX-License-Identifier: Apache-2.0
// modelwatch corpus: the licence corpus. list and show stand here, the others in files of their
// own.
#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/corpus_commands.h"
#include "common/status_macros.h"
#include "evaluator/license/corpus.h"

namespace modelwatch::cli {
namespace {

using Json = nlohmann::ordered_json;

struct CorpusOptions {
  std::string corpus;
  std::string licence;
  Format format = Format::kText;
};

Json Of(const evaluator::Corpus& corpus, const evaluator::Licence& licence) {
  const size_t words =
      licence.pattern == evaluator::kNone ? 0 : corpus.words_of(licence.pattern).size();
  return {{"key", licence.key},
          {"spdx", licence.spdx},
          {"name", licence.name},
          {"category", licence.category},
          {"exception", licence.is_exception},
          {"deprecated", licence.is_deprecated},
          {"generic", licence.is_generic},
          {"words", words}};
}

absl::Status List(const CorpusOptions& options) {
  ASSIGN_OR_RETURN(const auto corpus, evaluator::Corpus::Load(options.corpus));
  for (evaluator::LicenceId id = 0; id < corpus->licence_count(); ++id) {
    const evaluator::Licence licence = corpus->licence(id);
    Print(options.format == Format::kJson
              ? Of(*corpus, licence).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"
              : absl::StrFormat("%-44s %-44s %s\n", licence.key, licence.spdx, licence.name));
  }
  return absl::OkStatus();
}

absl::Status Show(const CorpusOptions& options) {
  ASSIGN_OR_RETURN(const auto corpus, evaluator::Corpus::Load(options.corpus));
  const auto licence = corpus->Find(options.licence);
  if (!licence) {
    return absl::NotFoundError(
        absl::StrFormat("licence '%s' is not in the corpus %s (version %s); 'modelwatch corpus "
                        "list' names those that are",
                        options.licence, options.corpus, corpus->version()));
  }
  if (options.format == Format::kJson) {
    Json json = Of(*corpus, *licence);
    json["text"] = licence->text;
    Print(json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
  } else {
    Print(licence->text);
  }
  return absl::OkStatus();
}

}  // namespace

void AddCorpusCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<CorpusOptions>();
  CLI::App* corpus = app.add_subcommand("corpus", "The licence texts that judging compares with");
  corpus->require_subcommand(1);
  SetExample(*corpus,
             "modelwatch corpus build --from .deps/licences/scancode/licenses --out corpus.bin");

  AddCorpusBuildCommand(*corpus, exit_code);
  AddCorpusCandidatesCommand(*corpus, exit_code);
  AddCorpusDiffCommand(*corpus, exit_code);
  AddCorpusFingerprintCommand(*corpus, exit_code);

  CLI::App* list = corpus->add_subcommand("list", "List the licences of the corpus");
  AddCorpusOption(*list, options->corpus);
  AddFormatOption(*list, options->format);
  SetExample(*list, "modelwatch corpus list --format json");
  list->callback([options, &exit_code] { exit_code = Report(List(*options)); });

  CLI::App* show = corpus->add_subcommand("show", "Print the text of a licence");
  show->add_option("LICENCE", options->licence, "Key or SPDX id")->required();
  AddCorpusOption(*show, options->corpus);
  AddFormatOption(*show, options->format);
  SetExample(*show, "modelwatch corpus show Apache-2.0");
  show->callback([options, &exit_code] { exit_code = Report(Show(*options)); });
}

}  // namespace modelwatch::cli
