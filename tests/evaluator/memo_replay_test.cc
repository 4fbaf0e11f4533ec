// SPDX-License-Identifier: Apache-2.0
// A history judged with the memo: nothing is classified twice, and no judgement differs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "common/digest.h"
#include "evaluator/assess/assessor.h"
#include "evaluator/evaluator.h"
#include "evaluator/identifier_version.h"
#include "evaluator/license/corpus.h"
#include "evaluator/license/corpus_builder.h"
#include "evaluator/mortal_index.h"
#include "evaluator/terms/terms_table.h"
#include "proto/release_id.h"
#include "testing/fake_clock.h"
#include "testing/fake_index.h"
#include "testing/status_matchers.h"

namespace modelwatch::evaluator {
namespace {

namespace fs = std::filesystem;
using ::modelwatch::testing::FakeClock;
using ::modelwatch::testing::FakeIndex;

std::string ReadWhole(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// Two synthetic licences, the permissive one under the name of MIT so that the terms table knows
// it. `is_larger` has one more, so its version is another.
std::unique_ptr<Corpus> MakeCorpus(bool is_larger) {
  const fs::path folder = fs::path(MODELWATCH_SOURCE_DIR) / "tests/evaluator/license/cases/corpus";
  CorpusBuilder builder;
  std::string permissive = ReadWhole(folder / "example-permissive.LICENSE");
  const auto replace = [&](std::string_view from, std::string_view to) {
    permissive.replace(permissive.find(from), from.size(), to);
  };
  replace("key: example-permissive", "key: mit");
  replace("LicenseRef-scancode-example-permissive", "MIT");
  EXPECT_OK(builder.AddFile("mit.LICENSE", permissive));
  EXPECT_OK(builder.AddFile("c.LICENSE", ReadWhole(folder / "example-community-1.0.LICENSE")));
  if (is_larger) {
    EXPECT_OK(builder.AddFile("d.LICENSE", ReadWhole(folder / "example-community-2.0.LICENSE")));
  }
  return *Corpus::Make(*builder.Build());
}
const Corpus& Small() {
  static const auto corpus = MakeCorpus(false);
  return *corpus;
}
const Corpus& Larger() {
  static const auto corpus = MakeCorpus(true);
  return *corpus;
}

std::vector<std::string> Texts() {
  const std::string permissive(Small().Find("MIT")->text);
  const std::string community(
      ReadWhole(fs::path(MODELWATCH_SOURCE_DIR) / "tests/evaluator/license/cases/corpus/"
                                                  "example-community-1.0.LICENSE"));
  return {permissive,
          permissive + "\nYou may not use the software for commercial purposes.\n",
          permissive + "\nYou may not use the output to train another model.\n",
          permissive + "\nSincerely yours.\n",
          community,
          community + "\nUse by persons in the Antarctic is prohibited.\n",
          "All rights reserved. No licence is granted to anybody, except by the written agreement "
          "of the licensor.",
          "hello",
          std::string("\x7f\x00\x01 binary", 10)};
}

class MemoReplayTest : public ::testing::Test {
 protected:
  void SetUp() override {
    v1::DeclareHubRequest hub;
    hub.set_hub("huggingface");
    ASSERT_OK(index_.DeclareHub(hub));
  }

  static void AddFile(const std::string& path, const std::string& text, v1::PutItem& item) {
    v1::File& file = *item.mutable_observation()->add_files();
    file.set_path(path);
    file.set_oid(common::GitBlobOid(text));
    file.set_digest(common::Sha256(text));
    file.set_size(text.size());
    file.set_outcome(v1::FETCHED);
    v1::Blob& blob = *item.add_blobs();
    blob.set_digest(file.digest());
    blob.set_content(text);
  }

  // `changes` moves of `releases` releases: texts, tags, cards, gates, removals.
  void Write(int changes, int releases, uint32_t seed) {
    std::mt19937 random(seed);
    const std::vector<std::string> texts = Texts();
    const std::vector<std::string> tags = {"mit", "other", "cc-by-nc-4.0", ""};
    for (int i = 0; i < changes; ++i) {
      const int number = static_cast<int>(random() % static_cast<uint32_t>(releases));
      v1::PutItem item;
      v1::Observation& seen = *item.mutable_observation();
      seen.mutable_key()->set_hub("huggingface");
      seen.mutable_key()->set_id(absl::StrFormat("r%d", number));
      seen.set_name(absl::StrFormat("acme/r%d", number));
      seen.set_observed_at_us(++hour_ * int64_t{3'600'000'000});
      seen.set_revision(common::GitBlobOid(absl::StrFormat("at %d", hour_)));
      seen.mutable_access()->set_presence(random() % 8 == 0 ? v1::REMOVED : v1::PRESENT);
      seen.mutable_access()->set_gate(random() % 6 == 0 ? v1::MANUAL : v1::OPEN);
      const std::string& tag = tags[random() % tags.size()];
      if (!tag.empty()) seen.mutable_declared()->add_tag_licences(tag);
      if (seen.access().presence() == v1::PRESENT) {
        if (random() % 6 != 0) AddFile("LICENSE", texts[random() % texts.size()], item);
        if (random() % 4 == 0) AddFile("LICENSE-MODEL", texts[random() % texts.size()], item);
        if (random() % 4 == 0) AddFile("USE_POLICY.md", texts[random() % texts.size()], item);
        AddFile("README.md", "---\nlicense: mit\n---\n" + std::to_string(number), item);
      }
      v1::PutBatchRequest request;
      *request.add_items() = item;
      ASSERT_OK(index_.PutBatch(request));
    }
  }

  absl::Status Evaluate(indexer::Index& index, const Corpus& corpus) {
    EvaluatorOptions options;
    options.first_backoff = absl::ZeroDuration();
    options.longest_backoff = absl::ZeroDuration();
    Evaluator evaluator(options, index, &corpus, metrics_, nullptr, clock_);
    return evaluator.RunOnce(stopper_);
  }
  void Evaluate(const Corpus& corpus) { ASSERT_OK(Evaluate(index_, corpus)); }

  // How many texts were classified since it was last asked.
  int Classified() {
    const std::string text = metrics_.Text();
    const std::string name = "modelwatch_evaluate_texts_total{from=\"classified\"} ";
    const size_t at = text.find(name);
    int total = 0;
    if (at != std::string::npos) {
      const size_t begin = at + name.size();
      EXPECT_TRUE(absl::SimpleAtoi(text.substr(begin, text.find('\n', begin) - begin), &total));
    }
    const int more = total - classified_;
    classified_ = total;
    return more;
  }

  // The texts that judging everything has to identify.
  std::set<std::string> Distinct() {
    std::set<std::string> digests;
    for (const v1::LogEntry& entry : index_.Entries()) {
      if (!entry.has_change()) continue;
      const auto seen = VersionAt(entry.change());
      for (const v1::File* file : Assessor::FilesToIdentify(seen.observation())) {
        digests.insert(file->digest());
      }
    }
    return digests;
  }
  v1::Version VersionAt(const v1::Change& change) {
    v1::GetVersionsRequest request;
    request.add_versions()->set_version(change.sequence());
    *request.mutable_versions(0)->mutable_key() = change.key();
    return index_.GetVersions(request)->rows(0).version();
  }
  uint64_t Stored() { return index_.GetStatus({})->findings(); }

  // Every stored assessment against one by the matcher alone, with every text at hand.
  void ExpectTheSameWithoutMemo(const Corpus& corpus) {
    const Assessor plain(&corpus, TermsTable::Builtin());
    std::map<std::string, v1::Assessment> previous;
    std::map<uint64_t, v1::Assessment> stored;
    for (const v1::LogEntry& entry : index_.Entries()) {
      if (entry.has_assessment()) stored[entry.assessment().version()] = entry.assessment();
    }
    for (const v1::LogEntry& entry : index_.Entries()) {
      if (!entry.has_change()) continue;
      const v1::Version version = VersionAt(entry.change());
      std::vector<std::string> bytes;
      std::vector<FileText> files;
      bytes.reserve(64);
      for (const v1::File* file : Assessor::FilesToRead(version.observation())) {
        v1::GetBlobRequest request;
        request.set_digest(file->digest());
        bytes.push_back(index_.GetBlob(request)->content());
        files.push_back({file->path(), bytes.back()});
      }
      const std::string key = proto::FormatKey(entry.change().key());
      const auto before = previous.find(key);
      v1::Assessment alone =
          plain.Assess(version, files, before == previous.end() ? nullptr : &before->second);
      v1::Assessment memoised = stored.at(version.sequence());
      memoised.clear_shift();
      memoised.clear_sequence();
      memoised.clear_recorded_at_us();
      ASSERT_EQ(memoised.SerializeAsString(), alone.SerializeAsString()) << key;
      previous[key] = alone;
    }
  }

  FakeClock clock_;
  FakeIndex index_{clock_};
  common::Metrics metrics_;
  common::Stopper stopper_;
  int classified_ = 0;
  int hour_ = 0;
};

TEST_F(MemoReplayTest, ClassifiesEachTextOnceAlsoAfterRestarts) {
  for (uint32_t chapter = 0; chapter < 6; ++chapter) {
    Write(60, 20, chapter);
    Evaluate(Small());  // a new evaluator every time
  }
  EXPECT_EQ(Classified(), static_cast<int>(Distinct().size()));
  EXPECT_EQ(Stored(), Distinct().size());
}

TEST_F(MemoReplayTest, JudgesByteForByteAsWithoutAMemo) {
  for (uint32_t chapter = 0; chapter < 6; ++chapter) {
    Write(60, 20, chapter + 100);
    Evaluate(Small());
  }
  ExpectTheSameWithoutMemo(Small());
}

TEST_F(MemoReplayTest, ClassifiesAgainWhenTheCorpusChanges) {
  ASSERT_NE(IdentifierVersion(Small()), IdentifierVersion(Larger()));
  Write(120, 20, 1);
  Evaluate(Small());
  const int distinct = static_cast<int>(Distinct().size());
  EXPECT_EQ(Classified(), distinct);
  // The same texts at other releases.
  Write(300, 40, 2);
  Evaluate(Larger());
  EXPECT_GT(Classified(), 0);
  Write(300, 40, 3);
  Evaluate(Larger());
  const int again = Classified();
  // Back to the corpus before: it is still known.
  Write(300, 40, 4);
  Evaluate(Small());
  EXPECT_EQ(again, 0);
  EXPECT_EQ(Classified(), 0);
}

// Killed at every call of a long pass, before and after it took effect: the next start classifies
// what no commit holds, and nothing else.
class KilledTest : public MemoReplayTest, public ::testing::WithParamInterface<int> {};

TEST_P(KilledTest, LeavesForTheNextStartOnlyWhatWasNotCommitted) {
  Write(400, 100, 7);
  const auto distinct = static_cast<int>(Distinct().size());
  MortalIndex mortal(index_);
  mortal.DieAt(GetParam() / 2 + 1,
               GetParam() % 2 == 0 ? MortalIndex::Death::kBefore : MortalIndex::Death::kAfter);
  const bool is_done = Evaluate(mortal, Small()).ok();
  Classified();
  const int committed = static_cast<int>(Stored());
  Evaluate(Small());
  EXPECT_EQ(Classified(), distinct - committed);
  EXPECT_EQ(Stored(), Distinct().size());
  if (is_done) {
    EXPECT_EQ(committed, distinct);
  }
  ExpectTheSameWithoutMemo(Small());
}

INSTANTIATE_TEST_SUITE_P(AtEveryCall, KilledTest, ::testing::Range(0, 24));

}  // namespace
}  // namespace modelwatch::evaluator
