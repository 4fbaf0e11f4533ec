// SPDX-License-Identifier: Apache-2.0
// modelwatch corpus fingerprint: the row of a licence text, or all rows computed again.
#include <google/protobuf/text_format.h>

#include <map>
#include <memory>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_format.h"
#include "cli/command.h"
#include "cli/corpus_commands.h"
#include "cli/corpus_texts.h"
#include "cli/text_input.h"
#include "common/digest.h"
#include "common/status_macros.h"
#include "evaluator/license/decode.h"
#include "evaluator/license/fingerprints.h"
#include "evaluator/terms/terms_table.h"

namespace modelwatch::cli {
namespace {

struct FingerprintOptions {
  std::string path;  // a text: print its row
  v1::Fingerprint row;
  std::string refresh;  // a table: print it computed again from the texts below `from`
  std::vector<std::string> from;
  std::string corpus;
};

constexpr size_t kMaxTableBytes = 64 << 20;

// Whose word runs the corpus' texts are: the common stock of licences tells no family apart.
class Stock {
 public:
  // `table` says the family of licences that terms.textproto does not know.
  static absl::StatusOr<Stock> Of(const std::string& corpus, const v1::FingerprintTable& table) {
    std::map<std::string, std::string> families;
    for (const v1::Fingerprint& row : table.fingerprint()) families[row.id()] = row.family();
    ASSIGN_OR_RETURN(const CorpusTexts texts, ReadCorpusTexts(corpus));
    Stock stock;
    for (const CorpusText& licence : texts.licences) {
      const v1::LicenceTerms* terms = evaluator::TermsTable::Builtin().Find(licence.key);
      std::string family = terms != nullptr ? terms->family() : "";
      if (const auto row = families.find(licence.key); row != families.end()) family = row->second;
      if (family.empty()) family = "licence " + licence.key;
      for (const uint64_t gram : evaluator::AllGrams(evaluator::Tokenise(licence.text))) {
        std::string& owner = stock.owners_.try_emplace(gram, family).first->second;
        if (owner != family) owner = kSeveral;
      }
    }
    return stock;
  }

  [[nodiscard]] bool Has(uint64_t gram, const v1::Fingerprint& row) const {
    const auto found = owners_.find(gram);
    return found != owners_.end() && found->second != row.family();
  }

 private:
  static constexpr char kSeveral[] = "several";
  absl::flat_hash_map<uint64_t, std::string> owners_;  // run -> the one family that has it
};

void Compute(const std::string& bytes, const Stock& stock, v1::Fingerprint& row) {
  row.set_sha256(common::ToHex(common::Sha256(bytes)));
  const evaluator::Decoded decoded = evaluator::Decode(bytes);
  evaluator::ComputeFingerprint(evaluator::Tokenise(decoded.text()), row,
                                [&](uint64_t gram) { return stock.Has(gram, row); });
}

absl::StatusOr<std::string> Printed(const v1::FingerprintTable& table) {
  google::protobuf::TextFormat::Printer printer;
  printer.SetUseUtf8StringEscaping(true);
  std::string text;
  if (!printer.PrintToString(table, &text)) return absl::InternalError("a row cannot be printed");
  return text;
}

absl::Status PrintRow(const FingerprintOptions& options) {
  ASSIGN_OR_RETURN(const std::string text, ReadText(options.path));
  v1::FingerprintTable table;
  v1::Fingerprint& row = *table.add_fingerprint();
  row = options.row;
  ASSIGN_OR_RETURN(const Stock stock, Stock::Of(options.corpus, table));
  if (row.spdx().empty()) row.set_spdx("LicenseRef-modelwatch-" + row.id());
  Compute(text, stock, row);
  if (row.words() == 0) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s has no text outside copyright lines and title", options.path));
  }
  ASSIGN_OR_RETURN(const std::string printed, Printed(table));
  Print(printed);
  return absl::OkStatus();
}

// The comment that opens the table, kept as it is.
std::string OpeningComment(const std::string& table) {
  size_t end = 0;
  while (end < table.size() && table[end] == '#') {
    const size_t line_end = table.find('\n', end);
    end = line_end == std::string::npos ? table.size() : line_end + 1;
  }
  return table.substr(0, end);
}

// SHA-256 in hex -> path, of every file that could be a licence text.
absl::StatusOr<std::map<std::string, std::string>> TextsBelow(
    const std::vector<std::string>& folders) {
  std::map<std::string, std::string> paths;
  for (const std::string& folder : folders) {
    ASSIGN_OR_RETURN(const std::vector<std::string> files, FilesBelow(folder));
    for (const std::string& file : files) {
      const absl::StatusOr<std::string> text = ReadText(file);
      if (text.ok()) paths.emplace(common::ToHex(common::Sha256(*text)), file);
    }
  }
  return paths;
}

absl::Status Refresh(const FingerprintOptions& options) {
  ASSIGN_OR_RETURN(const std::string bytes, ReadText(options.refresh, kMaxTableBytes));
  v1::FingerprintTable table;
  if (!google::protobuf::TextFormat::ParseFromString(bytes, &table)) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s is not a table of fingerprints", options.refresh));
  }
  ASSIGN_OR_RETURN(const Stock stock, Stock::Of(options.corpus, table));
  ASSIGN_OR_RETURN(const auto paths, TextsBelow(options.from));
  std::string without_text;
  for (v1::Fingerprint& row : *table.mutable_fingerprint()) {
    const auto found = paths.find(row.sha256());
    if (found == paths.end()) {
      without_text += absl::StrFormat(" %s (%s)", row.id(), row.sha256().substr(0, 12));
      continue;
    }
    ASSIGN_OR_RETURN(const std::string text, ReadText(found->second));
    Compute(text, stock, row);
  }
  ASSIGN_OR_RETURN(const std::string printed, Printed(table));
  Print(OpeningComment(bytes) + printed);
  if (without_text.empty()) return absl::OkStatus();
  return absl::NotFoundError(absl::StrFormat(
      "left as they were, for no file of --from has their SHA-256:%s", without_text));
}

absl::Status Run(const FingerprintOptions& options) {
  if (!options.refresh.empty()) return Refresh(options);
  if (options.path.empty() || options.row.id().empty()) {
    return absl::InvalidArgumentError(
        "give a text and its --id, or --refresh TABLE --from FOLDER (see modelwatch corpus "
        "fingerprint --help)");
  }
  return PrintRow(options);
}

}  // namespace

void AddCorpusFingerprintCommand(CLI::App& corpus, int& exit_code) {
  static const std::map<std::string, v1::LicenceScope> scopes = {
      {"code", v1::CODE}, {"weights", v1::WEIGHTS}, {"data", v1::DATA}, {"outputs", v1::OUTPUTS}};
  auto options = std::make_shared<FingerprintOptions>();
  auto text = [&](CLI::App& command, const char* flag, std::string* (v1::Fingerprint::*field)(),
                  const char* says) {
    command.add_option_function<std::string>(
        flag, [options, field](const std::string& value) { *(options->row.*field)() = value; },
        says);
  };
  CLI::App* command = corpus.add_subcommand(
      "fingerprint", "Print what a licence text is known by, without the text");
  command->add_option("PATH", options->path, "Licence text, or - for standard input");
  text(*command, "--id", &v1::Fingerprint::mutable_id, "Key of the licence");
  text(*command, "--spdx", &v1::Fingerprint::mutable_spdx,
       "SPDX id (default LicenseRef-modelwatch-ID)");
  text(*command, "--name", &v1::Fingerprint::mutable_name, "Name as the publisher writes it");
  text(*command, "--family", &v1::Fingerprint::mutable_family, "Family of licences");
  text(*command, "--version", &v1::Fingerprint::mutable_version, "Version or date of the licence");
  text(*command, "--publisher", &v1::Fingerprint::mutable_publisher, "Who publishes it");
  text(*command, "--language", &v1::Fingerprint::mutable_language, "BCP 47: en, zh, \"zh en\"");
  text(*command, "--source", &v1::Fingerprint::mutable_source, "Where the publisher gives it");
  text(*command, "--date", &v1::Fingerprint::mutable_date, "Of the source, YYYY-MM-DD");
  command
      ->add_option_function<v1::LicenceScope>(
          "--scope", [options](v1::LicenceScope scope) { options->row.set_scope(scope); },
          "What it covers")
      ->transform(CLI::CheckedTransformer(scopes))
      ->option_text("code|weights|data|outputs");
  command->add_flag_callback(
      "--policy", [options] { options->row.set_is_policy(true); }, "It is a use policy");
  command->add_option("--refresh", options->refresh,
                      "Table of fingerprints to compute again; printed whole");
  command->add_option("--from", options->from, "With --refresh: folder of texts; may be repeated");
  AddCorpusOption(*command, options->corpus);
  SetExample(*command,
             "modelwatch corpus fingerprint LICENSE --id my-licence --source https://example.org");
  command->callback([options, &exit_code] { exit_code = Report(Run(*options)); });
}

}  // namespace modelwatch::cli
