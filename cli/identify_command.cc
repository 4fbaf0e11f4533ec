// SPDX-License-Identifier: Apache-2.0
// modelwatch identify PATH|-...: which licence each text is.

#include <algorithm>
#include <memory>
#include <set>
#include <thread>

#include "absl/strings/str_format.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/finding_cache.h"
#include "cli/identify_sources.h"
#include "cli/parallel_map.h"
#include "cli/progress.h"
#include "cli/text_input.h"
#include "common/clock.h"
#include "common/digest.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "evaluator/license/decode.h"
#include "evaluator/license/matcher.h"
#include "evaluator/terms/clause_names.h"
#include "proto/json.h"

namespace modelwatch::cli {
namespace {

struct IdentifyOptions {
  std::vector<std::string> paths;
  std::vector<std::string> statuses;
  std::string corpus;
  Format format = Format::kJson;
  size_t jobs = 0;
};

// A path's answer: what to print, or why it could not be read.
struct Answer {
  std::string printed;
  absl::Status problem;
  std::string path;
  uint64_t bytes = 0;
  double fraction = 0;
};

std::string Shown(std::string_view text, size_t max_bytes = 4096) {
  return common::OneLine(text, max_bytes);
}

std::string Text(const v1::Finding& finding) {
  const std::string& named = finding.base().empty() ? finding.expression() : finding.base();
  std::string out =
      absl::StrFormat("%s: %s%s%s (%s)\n", Shown(finding.path()), proto::Word(finding.status()),
                      named.empty() ? "" : " ", Shown(named), Shown(finding.reason()));
  if (finding.licences_size() > 1) {
    for (const v1::LicenceMatch& match : finding.licences()) {
      out += absl::StrFormat("  = lines %d to %d: %s %s (%s)\n", match.start_line(),
                             match.end_line(), proto::Word(match.status()), Shown(match.licence()),
                             proto::Word(match.role()));
    }
  }
  for (const v1::ResidueSpan& span : finding.added()) {
    out += absl::StrFormat("  + line %d: %s\n", span.line(), Shown(span.text()));
  }
  for (const v1::ResidueSpan& span : finding.missing()) {
    out += absl::StrFormat("  - %s\n", Shown(span.text()));
  }
  return out;
}

v1::Finding None(std::string_view reason) {
  v1::Finding finding;
  finding.set_status(v1::NONE);
  finding.set_reason(std::string(reason));
  return finding;
}

// Judges sources on many threads.
class Identification {
 public:
  // Both must outlive this.
  Identification(const evaluator::Matcher& matcher, const IdentifyOptions& options)
      : matcher_(matcher),
        options_(options),
        statuses_(options.statuses.begin(), options.statuses.end()) {}

  Answer Judge(Source source) {
    Answer answer;
    answer.path = source.path;
    answer.fraction = source.fraction;
    if (source.kind == Source::Kind::kFile) Read(source);
    if (source.kind == Source::Kind::kProblem) {
      answer.problem = source.problem;
      return answer;
    }
    answer.bytes = source.whole_bytes;
    v1::Finding finding =
        source.kind == Source::Kind::kArchive
            ? None("an archive inside an archive, which is not opened; unpack it first")
            : OfBytes(source);
    finding.set_path(source.path);
    answer.printed = Line(finding);
    return answer;
  }

 private:
  static void Read(Source& source) {
    absl::StatusOr<FileBeginning> beginning = ReadBeginning(source.path);
    if (!beginning.ok()) {
      source.kind = Source::Kind::kProblem;
      source.problem = beginning.status();
      return;
    }
    source.bytes = std::move(beginning->bytes);
    source.whole_bytes = beginning->whole_bytes;
  }

  v1::Finding OfBytes(const Source& source) {
    const std::string key =
        common::Sha256(source.bytes) + absl::StrFormat("%d", source.whole_bytes);
    return *cache_.Get(key, [&] {
      const evaluator::Decoded decoded = evaluator::Decode(source.bytes, source.whole_bytes);
      if (decoded.kind != evaluator::ContentKind::kText) return None(decoded.reason);
      v1::Finding finding = matcher_.Identify(decoded.text());
      evaluator::NameClauses(finding, decoded.text());
      if (!decoded.note.empty()) finding.set_reason(finding.reason() + "; " + decoded.note);
      return finding;
    });
  }

  std::string Line(const v1::Finding& finding) const {
    if (!statuses_.empty() && statuses_.count(std::string(proto::Word(finding.status()))) == 0) {
      return {};
    }
    return options_.format == Format::kJson ? proto::FindingJson(finding) + "\n" : Text(finding);
  }

  const evaluator::Matcher& matcher_;
  const IdentifyOptions& options_;
  const std::set<std::string> statuses_;
  FindingCache cache_;
};

size_t Jobs(const IdentifyOptions& options) {
  return options.jobs != 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());
}

// A path that cannot be read is told at once, and the rest goes on.
//
//   WalkSources (this thread) --> Judge (all cores) --> Print, in the order of the walk (this
//   thread)
absl::StatusOr<int> Identify(const IdentifyOptions& options) {
  ASSIGN_OR_RETURN(const auto corpus, evaluator::Corpus::Load(options.corpus));
  const evaluator::Matcher matcher(*corpus);
  Identification identification(matcher, options);
  Progress progress(common::SystemClock());
  int exit_code = kDone;
  const auto tell = [&](const Answer& answer) {
    if (!answer.problem.ok() || !answer.printed.empty()) progress.Clear();
    if (!answer.problem.ok()) exit_code = Report(answer.problem);
    Print(answer.printed);
    progress.Add(answer.bytes, answer.fraction, answer.path);
  };
  ParallelMapOptions pool;
  pool.jobs = Jobs(options);
  pool.max_items = 64 * pool.jobs;
  ParallelMap<Source, Answer> judged(
      pool, [&](Source source) { return identification.Judge(std::move(source)); }, tell);
  WalkSources(options.paths, [&](Source source) {
    const size_t weight = source.bytes.size();
    judged.Put(std::move(source), weight);
  });
  judged.Finish();
  return exit_code;
}

int Run(const IdentifyOptions& options) {
  const absl::StatusOr<int> exit_code = Identify(options);
  return exit_code.ok() ? *exit_code : Report(exit_code.status());
}

}  // namespace

void AddIdentifyCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<IdentifyOptions>();
  CLI::App* command = app.add_subcommand("identify", "Tell which licence each text is");
  command->add_option("PATH", options->paths, "Files, folders, archives, or - for standard input")
      ->required();
  command
      ->add_option("--status", options->statuses,
                   "Print only these: EXACT,MODIFIED,FAMILY,MENTION,UNKNOWN_LICENCE,NONE")
      ->delimiter(',')
      ->check(CLI::IsMember({"EXACT", "MODIFIED", "FAMILY", "MENTION", "UNKNOWN_LICENCE", "NONE"},
                            CLI::ignore_case))
      ->option_text("STATUS,...");
  command->add_option("--jobs", options->jobs, "Threads that judge (default: one a core)")
      ->check(CLI::Range(1, 1024));
  AddCorpusOption(*command, options->corpus);
  AddFormatOption(*command, options->format);
  SetExample(*command,
             "modelwatch identify LICENSE src/ vendor.tar.gz --status MODIFIED,FAMILY "
             "--format text");
  command->callback([options, &exit_code] { exit_code = Run(*options); });
}

}  // namespace modelwatch::cli
