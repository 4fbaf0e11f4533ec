// SPDX-License-Identifier: Apache-2.0
// modelwatch corpus candidates: licence texts of the index that no reference knows, and which of
// them a rule promotes to one.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "cli/command.h"
#include "cli/corpus_commands.h"
#include "cli/daemon.h"
#include "cli/judge.h"
#include "cli/run_group.h"
#include "common/atomic_file.h"
#include "common/clock.h"
#include "common/status_macros.h"
#include "evaluator/harvest/harvest.h"
#include "evaluator/harvest/proposal.h"
#include "evaluator/license/fingerprints.h"
#include "indexer/indexer.h"

namespace modelwatch::cli {
namespace {

using Json = nlohmann::ordered_json;
using evaluator::Candidate;
namespace fs = std::filesystem;

struct CandidatesOptions {
  std::string data_dir;
  IndexerAddress indexer;
  std::string corpus;
  std::string rules;       // file; empty = the built-in ones
  std::string promote_to;  // folder; empty = only list
  std::vector<std::string> accept;
  Format format = Format::kText;
};

Json Of(const Candidate& candidate) {
  Json publishers = Json::array();
  for (const auto& [publisher, keys] : candidate.releases) {
    publishers.push_back({{"publisher", publisher}, {"releases", keys.size()}});
  }
  const evaluator::CandidateSource& source = candidate.source;
  return {{"key", candidate.key},
          {"promote", candidate.promotes()},
          {"rule", candidate.rule},
          {"reason", candidate.verdict},
          {"publisher", candidate.publisher},
          {"name", candidate.name},
          {"version", candidate.version},
          {"status", v1::FindingStatus_Name(candidate.finding.status())},
          {"base", candidate.finding.base()},
          {"score", candidate.finding.score()},
          {"words", candidate.words},
          {"legal_words", candidate.legal_words},
          {"releases", candidate.release_count()},
          {"publishers", std::move(publishers)},
          {"first_seen", common::FormatMicros(candidate.first_seen_us)},
          {"last_seen", common::FormatMicros(candidate.last_seen_us)},
          {"source",
           {{"hub", source.hub},
            {"release", source.release},
            {"revision", source.revision},
            {"path", source.path},
            {"oid", source.oid},
            {"sha256", source.sha256}}}};
}

std::string TextOf(const Candidate& candidate) {
  const std::string base =
      candidate.finding.base().empty()
          ? ""
          : absl::StrFormat(" of %s (%.2f)", candidate.finding.base(), candidate.finding.score());
  return absl::StrFormat(
      "%-8s %s\n         %s, %s\n         %s%s, %d words; %d releases of %d publishers, %s to %s\n"
      "         %s: %s\n",
      candidate.promotes() ? "promote" : "hold", candidate.key, candidate.publisher, candidate.name,
      v1::FindingStatus_Name(candidate.finding.status()), base, candidate.words,
      candidate.release_count(), candidate.releases.size(),
      common::FormatMicros(candidate.first_seen_us).substr(0, 10),
      common::FormatMicros(candidate.last_seen_us).substr(0, 10),
      candidate.promotes() ? candidate.rule : "no rule", candidate.verdict);
}

// The text of a file that an earlier promotion wrote: what follows its header.
std::string BodyOf(const std::string& file) {
  const size_t end = file.find("\n---\n", 3);
  return end == std::string::npos ? file : file.substr(end + 5);
}

// Writes the candidate as DIR/KEY.LICENSE. A file of that name with other words stays, and this one
// takes its digest into its key; one with the same words stays too: it may have been edited.
absl::Status Promote(Candidate candidate, const std::string& folder) {
  const auto path_of = [&] { return (fs::path(folder) / (candidate.key + ".LICENSE")).string(); };
  absl::StatusOr<std::string> held = common::ReadWholeFile(path_of());
  if (held.ok() && evaluator::CoreDigest(evaluator::Tokenise(BodyOf(*held)),
                                         evaluator::kCopyrightMark) != candidate.words_digest) {
    candidate.key += "-" + candidate.words_digest.substr(0, 8);
    held = common::ReadWholeFile(path_of());
  }
  if (held.ok()) {
    absl::FPrintF(stderr, "%s: already there\n", path_of());
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(common::WriteFileAtomically(path_of(), evaluator::PromotedFile(candidate)));
  absl::FPrintF(stderr, "%s: written\n", path_of());
  return absl::OkStatus();
}

absl::Status PromoteAll(const std::vector<Candidate>& candidates,
                        const CandidatesOptions& options) {
  std::error_code error;
  fs::create_directories(options.promote_to, error);
  if (error) {
    return absl::UnavailableError(
        absl::StrFormat("%s cannot be made: %s", options.promote_to, error.message()));
  }
  for (const Candidate& candidate : candidates) {
    if (candidate.promotes()) RETURN_IF_ERROR(Promote(candidate, options.promote_to));
  }
  return absl::OkStatus();
}

// Reviewed by a person: promoted whatever the rules say. NOT_FOUND: no candidate has that key.
absl::Status Accept(const std::vector<std::string>& keys, std::vector<Candidate>& candidates) {
  for (const std::string& key : keys) {
    const auto found =
        std::find_if(candidates.begin(), candidates.end(),
                     [&](const Candidate& candidate) { return candidate.key == key; });
    if (found == candidates.end()) {
      return absl::NotFoundError(absl::StrFormat("no candidate has the key '%s'", key));
    }
    if (found->promotes()) continue;
    found->rule = "accepted";
    found->verdict = "accepted by name";
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::PromotionRules> RulesOf(const CandidatesOptions& options) {
  if (options.rules.empty()) return evaluator::BuiltinPromotionRules();
  ASSIGN_OR_RETURN(const std::string textproto, common::ReadWholeFile(options.rules));
  absl::StatusOr<v1::PromotionRules> rules = evaluator::ParsePromotionRules(textproto);
  if (rules.ok()) return rules;
  return absl::InvalidArgumentError(
      absl::StrFormat("%s: %s", options.rules, rules.status().message()));
}

// A line on a terminal, drawn over, once the work has taken 2 s.
evaluator::HarvestProgress ShowProgress(absl::Time started) {
  if (isatty(STDERR_FILENO) == 0) return nullptr;
  return [started](uint64_t read, uint64_t newest) {
    if (absl::Now() - started < absl::Seconds(2)) return;
    absl::FPrintF(stderr, "\r%3d %%  %d of %d log entries%s",
                  newest == 0 ? 100 : read * 100 / newest, read, newest,
                  read == newest ? "\n" : "");
  };
}

absl::Status ListCandidates(indexer::Reader& reader, const CandidatesOptions& options,
                            const common::Stopper& stopper) {
  ASSIGN_OR_RETURN(const v1::PromotionRules rules, RulesOf(options));
  ASSIGN_OR_RETURN(const JudgeOwner judge, LoadJudge(options.corpus));
  ASSIGN_OR_RETURN(
      std::vector<Candidate> candidates,
      evaluator::Harvest(reader, *judge.matcher, rules, stopper, ShowProgress(absl::Now())));
  RETURN_IF_ERROR(Accept(options.accept, candidates));
  for (const Candidate& candidate : candidates) {
    Print(options.format == Format::kJson
              ? Of(candidate).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"
              : TextOf(candidate));
  }
  if (options.promote_to.empty()) return absl::OkStatus();
  return PromoteAll(candidates, options);
}

absl::Status Candidates(const CandidatesOptions& options) {
  RunGroup group;
  indexer::OpenedReader opened;
  if (options.indexer.target.empty()) {
    ASSIGN_OR_RETURN(opened, indexer::OpenReader(options.data_dir));
  } else {
    ASSIGN_OR_RETURN(opened.reader, ConnectTo(options.indexer, options.data_dir));
  }
  group.Add("candidates", [&] { return ListCandidates(*opened.reader, options, group.stopper()); });
  return group.Run();
}

}  // namespace

void AddCorpusCandidatesCommand(CLI::App& corpus, int& exit_code) {
  auto options = std::make_shared<CandidatesOptions>();
  CLI::App* command = corpus.add_subcommand(
      "candidates", "List licence texts of the index that the corpus does not know");
  AddDataOption(*command, options->data_dir);
  AddIndexerOptions(*command, options->indexer);
  AddCorpusOption(*command, options->corpus);
  command->add_option("--rules", options->rules,
                      "Promotion rules (textproto); default: the built-in ones");
  command->add_option("--promote-to", options->promote_to,
                      "Folder to write the promoted texts to, for 'corpus build --from'");
  command->add_option("--accept", options->accept,
                      "Key of a candidate to promote whatever the rules say; may be repeated");
  AddFormatOption(*command, options->format);
  SetExample(*command, "modelwatch corpus candidates --data data --promote-to harvested");
  command->callback([options, &exit_code] { exit_code = Report(Candidates(*options)); });
}

}  // namespace modelwatch::cli
