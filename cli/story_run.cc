// SPDX-License-Identifier: Apache-2.0
#include "cli/story_run.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "common/clock.h"
#include "common/digest.h"
#include "common/status_macros.h"
#include "indexer/indexer.h"
#include "proto/json.h"

namespace modelwatch::cli {
namespace {

namespace fs = std::filesystem;

constexpr char kHub[] = "huggingface";
constexpr size_t kIdDigits = 24;  // as the hub's own

// Removed with all that is in it.
class Folder {
 public:
  static absl::StatusOr<std::unique_ptr<Folder>> Make() {
    std::string path = (fs::temp_directory_path() / "modelwatch-story-XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr) {
      return absl::UnavailableError("no temporary folder can be made; is the disk full?");
    }
    return std::unique_ptr<Folder>(new Folder(path));
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  explicit Folder(std::string path) : path_(std::move(path)) {}
  const std::string path_;
};

absl::Status NotAValue(const std::string& key, const std::string& value, const char* instead) {
  return absl::InvalidArgumentError(
      absl::StrFormat("%s \"%s\" is not known; %s", key, value, instead));
}

template <typename Value>
absl::StatusOr<Value> OneOf(const std::string& key, const std::string& word,
                            const std::map<std::string, Value>& values, const char* instead) {
  const auto found = values.find(word);
  if (found == values.end()) return NotAValue(key, word, instead);
  return found->second;
}

// What a hub shows of one release.
class Shown {
 public:
  Shown(const std::string& name, int64_t created_us) {
    seen_.mutable_key()->set_hub(kHub);
    seen_.mutable_key()->set_id(common::GitBlobOid(name).substr(0, kIdDigits));
    seen_.set_name(name);
    seen_.set_created_at_us(created_us);
    seen_.mutable_access()->set_presence(v1::PRESENT);
    seen_.mutable_access()->set_gate(v1::OPEN);
  }

  absl::Status Apply(const std::string& key, const std::string& value, const StoryWorld& world) {
    v1::Declared& declared = *seen_.mutable_declared();
    if (absl::StartsWith(key, "file ")) return SetFile(key.substr(5), value, world);
    if (key == "tag") return SetList(value, *declared.mutable_tag_licences());
    if (key == "card") return SetList(value, *declared.mutable_card_licences());
    if (key == "base") return SetBases(value);
    if (key == "name") declared.set_license_name(value == "-" ? "" : value);
    if (key == "link") declared.set_license_link(value == "-" ? "" : value);
    if (key == "prompt") declared.set_gated_prompt(value == "-" ? "" : value);
    if (key == "excludes-eu") declared.set_excludes_eu(value == "yes");
    if (key == "private") seen_.mutable_access()->set_is_private(value == "yes");
    if (key == "rename") seen_.set_name(value);
    if (key == "created") {
      ASSIGN_OR_RETURN(const int64_t at_us, common::ParseMicros(value));
      seen_.set_created_at_us(at_us);
    }
    return SetAccess(key, value);
  }

  // The item to put, with the texts it needs.
  v1::PutItem At(int64_t at_us) {
    seen_.set_observed_at_us(at_us);
    v1::PutItem item;
    std::string content = seen_.declared().SerializeAsString();
    seen_.clear_files();
    for (const auto& [path, text] : texts_) {
      v1::File& file = *seen_.add_files();
      file.set_path(path);
      file.set_oid(common::GitBlobOid(text));
      file.set_digest(common::Sha256(text));
      file.set_size(text.size());
      file.set_outcome(v1::FETCHED);
      v1::Blob& blob = *item.add_blobs();
      blob.set_digest(file.digest());
      blob.set_content(text);
      blob.set_oid(file.oid());
      content += path + file.digest();
    }
    seen_.set_revision(common::GitBlobOid(content));
    *item.mutable_observation() = seen_;
    return item;
  }

 private:
  absl::Status SetAccess(const std::string& key, const std::string& value) {
    if (key == "gate") {
      ASSIGN_OR_RETURN(
          const v1::Gate gate,
          OneOf<v1::Gate>(key, value,
                          {{"open", v1::OPEN}, {"auto", v1::AUTO}, {"manual", v1::MANUAL}},
                          "open, auto or manual"));
      seen_.mutable_access()->set_gate(gate);
    }
    if (key == "presence") {
      ASSIGN_OR_RETURN(
          const v1::Presence presence,
          OneOf<v1::Presence>(
              key, value,
              {{"present", v1::PRESENT}, {"removed", v1::REMOVED}, {"disabled", v1::DISABLED}},
              "present, removed or disabled"));
      seen_.mutable_access()->set_presence(presence);
    }
    return absl::OkStatus();
  }

  static absl::Status SetList(const std::string& value,
                              google::protobuf::RepeatedPtrField<std::string>& list) {
    list.Clear();
    if (value == "-") return absl::OkStatus();
    for (const auto& word : absl::StrSplit(value, ',')) list.Add(std::string(word));
    return absl::OkStatus();
  }

  // "owner/name:relation,owner/name"
  absl::Status SetBases(const std::string& value) {
    auto& bases = *seen_.mutable_declared()->mutable_base_models();
    bases.Clear();
    if (value == "-") return absl::OkStatus();
    std::vector<std::string> words = absl::StrSplit(value, ',');
    std::sort(words.begin(), words.end());
    for (const std::string& word : words) {
      const std::vector<std::string> parts = absl::StrSplit(word, absl::MaxSplits(':', 1));
      v1::BaseModel& base = *bases.Add();
      base.set_name(parts[0]);
      if (parts.size() > 1) base.set_relation(parts[1]);
    }
    return absl::OkStatus();
  }

  // "-" no such file, "@MIT" the licence's text of the corpus, "=PATH" that file's, else the words.
  absl::Status SetFile(const std::string& path, const std::string& value, const StoryWorld& world) {
    if (value == "-") {
      texts_.erase(path);
      return absl::OkStatus();
    }
    std::string text = value;
    if (absl::StartsWith(value, "@")) {
      if (world.corpus == nullptr) return NotAValue("file", value, "there is no corpus");
      const std::optional<evaluator::Licence> licence = world.corpus->Find(value.substr(1));
      if (!licence.has_value()) return NotAValue("file", value, "no licence of the corpus");
      text = std::string(licence->text);
    } else if (absl::StartsWith(value, "=")) {
      std::ifstream in(fs::path(world.folder) / value.substr(1), std::ios::binary);
      if (!in) return NotAValue("file", value, "it cannot be read");
      text.assign(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    texts_[path] = std::move(text);
    return absl::OkStatus();
  }

  v1::Observation seen_;
  std::map<std::string, std::string> texts_;  // by path
};

bool Meets(const Expectation& expected, const v1::Alert& alert) {
  return (expected.rule.empty() || expected.rule == alert.rule()) &&
         (expected.severity.empty() || expected.severity == proto::Word(alert.severity())) &&
         (expected.event.empty() || expected.event == alert.event()) &&
         (expected.release.empty() || expected.release == alert.name());
}

std::string WordsOf(const Expectation& expected) {
  std::string words;
  for (const std::string* word :
       {&expected.rule, &expected.severity, &expected.event, &expected.release}) {
    if (!word->empty()) words += (words.empty() ? "" : " ") + *word;
  }
  return words.empty() ? "an alert" : words;
}

class Teller {
 public:
  explicit Teller(const StoryWorld& world) : world_(world) {}

  absl::Status Open() {
    ASSIGN_OR_RETURN(folder_, Folder::Make());
    indexer::IndexerOptions options;
    options.data_dir = folder_->path();
    ASSIGN_OR_RETURN(indexer_, indexer::Indexer::Open(options, common::SystemClock(), metrics_));
    index_ = indexer_->InProcess();
    evaluator_ =
        std::make_unique<evaluator::Evaluator>(world_.judging, *index_, world_.corpus, metrics_);
    return absl::OkStatus();
  }
  ~Teller() {
    if (indexer_ != nullptr) indexer_->Stop();
    evaluator_.reset();
    index_.reset();
    indexer_.reset();
  }
  Teller() = delete;
  Teller(const Teller&) = delete;
  Teller& operator=(const Teller&) = delete;

  absl::Status Tell(const StoryStep& step) {
    RETURN_IF_ERROR(Put(step));
    RETURN_IF_ERROR(evaluator_->RunOnce(stopper_));
    std::vector<v1::Alert> told;
    v1::ListAlertsRequest request;
    request.set_after_sequence(seen_alert_);
    request.set_limit(1000);
    ASSIGN_OR_RETURN(const v1::ListAlertsResponse page, index_->ListAlerts(request));
    for (const v1::Alert& alert : page.alerts()) {
      seen_alert_ = alert.sequence();
      told.push_back(alert);
    }
    Compare(step, std::move(told));
    return absl::OkStatus();
  }

  std::vector<std::string> failures;

 private:
  absl::Status Put(const StoryStep& step) {
    const std::string name = step.release.empty() ? kClockRelease : step.release;
    const auto [shown, is_new] = shown_.try_emplace(name, name, step.at_us);
    for (const auto& [key, value] : step.changes) {
      RETURN_IF_ERROR(shown->second.Apply(key, value, world_));
    }
    v1::PutBatchRequest request;
    *request.add_items() = shown->second.At(step.at_us);
    ASSIGN_OR_RETURN(const v1::PutBatchResponse response, index_->PutBatch(request));
    const v1::ItemAck& ack = response.acks(0);
    if (ack.reason().empty()) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrFormat("the index does not take it: %s", ack.reason()));
  }

  void Compare(const StoryStep& step, std::vector<v1::Alert> told) {
    for (const Expectation& expected : step.expected) {
      const auto met = std::find_if(told.begin(), told.end(),
                                    [&](const v1::Alert& alert) { return Meets(expected, alert); });
      if (met != told.end()) {
        told.erase(met);
        continue;
      }
      failures.push_back(absl::StrFormat("line %d: %s is expected and not told", expected.line,
                                         WordsOf(expected)));
    }
    for (const v1::Alert& alert : told) {
      failures.push_back(absl::StrFormat(
          "line %d: told and not expected: %s %s %s \"%s\"", step.line, alert.rule(),
          std::string(proto::Word(alert.severity())), alert.event(), alert.title()));
    }
  }

  // Something of the hub that is seen whenever time passes and nothing else happens.
  static constexpr char kClockRelease[] = "story-clock/passing-time";

  const StoryWorld& world_;
  std::unique_ptr<Folder> folder_;
  common::Metrics metrics_;
  common::Stopper stopper_;
  std::unique_ptr<indexer::Indexer> indexer_;
  std::unique_ptr<indexer::Index> index_;
  std::unique_ptr<evaluator::Evaluator> evaluator_;
  std::map<std::string, Shown> shown_;  // by the name in the story
  uint64_t seen_alert_ = 0;
};

}  // namespace

absl::StatusOr<std::vector<std::string>> RunStory(const Story& story, const StoryWorld& world) {
  Teller teller(world);
  RETURN_IF_ERROR(teller.Open());
  for (const StoryStep& step : story.steps) {
    const absl::Status status = teller.Tell(step);
    if (status.ok()) continue;
    return absl::Status(status.code(), absl::StrFormat("story \"%s\", line %d: %s", story.title,
                                                       step.line, std::string(status.message())));
  }
  return std::move(teller.failures);
}

}  // namespace modelwatch::cli
