// SPDX-License-Identifier: Apache-2.0
// The judgement of one version of a release: five sources compared, effective terms, conflicts.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evaluator/license/corpus.h"
#include "evaluator/terms/terms_table.h"
#include "evaluator/terms/text_terms.h"
#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/change.pb.h"
#include "modelwatch/v1/observation.pb.h"

namespace modelwatch::evaluator {

// Bytes of one FETCHED file of the observation.
struct FileText {
  std::string_view path;   // as in Observation.files
  std::string_view bytes;  // may be left out where Assessor::NeedsText says so
};

// Which licence a text is: as Matcher::Identify says, or a memo of what it said. `digest` is the
// SHA-256 of the text.
using IdentifyText = std::function<v1::Finding(const std::string& digest, std::string_view text)>;

// Judges observations. Pure but for a bounded memo of texts by content digest: a hub repeats the
// same LICENSE a million times. Safe to call from many threads.
class Assessor {
 public:
  // `corpus` and `table` must outlive this. `corpus` may be null: then no text is identified, and
  // declared tags alone are judged. `identify` empty means the corpus's matcher; otherwise it must
  // answer as that does, and is called from the threads that call Assess.
  Assessor(const Corpus* corpus, const TermsTable& table, IdentifyText identify = nullptr);
  ~Assessor();
  Assessor(const Assessor&) = delete;
  Assessor& operator=(const Assessor&) = delete;

  // Program version + digest of the judging data: judgements of another version may differ.
  [[nodiscard]] const std::string& evaluator_version() const;
  [[nodiscard]] const std::string& corpus_version() const;
  // For ShiftBetween. Its matcher is null without a corpus.
  [[nodiscard]] Judge judge() const;

  // Which files of an observation this would read, so that only they are loaded: README.md, licence
  // and use-policy files at any depth (FETCHED ones), at most 32.
  [[nodiscard]] static std::vector<const v1::File*> FilesToRead(const v1::Observation& observation);

  // The licence files among them, which Assess identifies.
  [[nodiscard]] static std::vector<const v1::File*> FilesToIdentify(
      const v1::Observation& observation);
  // Whether Assess has to see the bytes of a file of FilesToRead, given what is known of its
  // content (null: nothing). Not for a licence file that is a known licence as it stands.
  [[nodiscard]] bool NeedsText(const v1::Observation& observation, const v1::File& file,
                               const v1::Finding* known) const;

  // Effective terms = worst of licence text, incorporated use policy, the card's own words, gate
  // and presence; text outranks tag; a licence text in the gate's prompt or the card's body counts
  // where no file holds one; no licence anywhere stays unknown. Files missing from `files` count as
  // unread, so their terms stay unknown where they matter. `previous` is the assessment of the
  // version before, or null at first sight: a removed release keeps its licence, and a file that
  // the hub refused to serve again keeps the finding of the same git blob. Leaves `shift`,
  // `sequence` and `recorded_at_us` unset.
  //
  // `verdicts` rest on what is shown: `paths` are all files of the release where they are known (a
  // local directory), else null. Without the card's text what it would show is not known.
  [[nodiscard]] v1::Assessment Assess(const v1::Version& version, std::span<const FileText> files,
                                      const v1::Assessment* previous,
                                      const std::vector<std::string>* paths = nullptr) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace modelwatch::evaluator
