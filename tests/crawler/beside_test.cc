// SPDX-License-Identifier: Apache-2.0
// What stands beside a release's own texts, against a replay hub: headers of weights, contents
// outside git, PDFs; and the hub's datasets and spaces.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "crawler/crawler.h"
#include "testing/fake_index.h"
#include "testing/replay_hub_process.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::crawler {
namespace {

using ::modelwatch::testing::FakeIndex;
using ::modelwatch::testing::ReplayHubProcess;
using ::modelwatch::testing::StatusIs;
using ::modelwatch::testing::TempDir;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class BesideTest : public ::testing::Test {
 protected:
  void StartHub(const std::vector<std::string>& flags = {}) {
    std::vector<std::string> all = {"--world", "beside:", "--no-limits"};
    all.insert(all.end(), flags.begin(), flags.end());
    auto hub = ReplayHubProcess::Start(all);
    ASSERT_OK(hub);
    hub_ = *std::move(hub);
    v1::HubConfig& config = *config_.add_hubs();
    config.set_name("huggingface");
    config.set_endpoint(hub_->url());
    config.set_keep_up_ms(3'600'000);
    config_.mutable_crawl()->set_backoff_ms(5);
    options_.data_dir = dir_.Sub("data");
    options_.allow_private_addresses = true;
    options_.seed = 7;
  }

  absl::Status Crawl() {
    index_.MakeDue();
    Crawler crawler(config_, index_, common::SystemClock(), metrics_, options_);
    return crawler.RunOnce(stopper_);
  }

  [[nodiscard]] v1::Observation Of(const std::string& name) const {
    for (const v1::Observation& seen : index_.LatestObservations()) {
      if (seen.name() == name) return seen;
    }
    return {};
  }
  [[nodiscard]] std::vector<std::string> Names(const std::string& hub) const {
    std::vector<std::string> names;
    for (const v1::Observation& seen : index_.LatestObservations()) {
      if (seen.key().hub() == hub) names.push_back(seen.name());
    }
    return names;
  }
  // The file of a release; none when it has none.
  [[nodiscard]] v1::File File(const std::string& name, const std::string& path) const {
    const v1::Observation seen = Of(name);
    for (const v1::File& file : seen.files()) {
      if (file.path() == path) return file;
    }
    return {};
  }
  std::string Text(const std::string& name, const std::string& path) {
    v1::GetBlobRequest request;
    request.set_digest(File(name, path).digest());
    const auto blob = index_.GetBlob(request);
    return blob.ok() ? blob->content() : "none";
  }

  TempDir dir_;
  FakeIndex index_{common::SystemClock()};
  common::Metrics metrics_;
  common::Stopper stopper_;
  v1::Config config_;
  CrawlerOptions options_;
  std::unique_ptr<ReplayHubProcess> hub_;
};

TEST_F(BesideTest, ReadsTheLicenceInTheHeaderOfTheWeightsByRange) {
  StartHub();
  ASSERT_OK(Crawl());
  const std::string path = "gguf:model.gguf";
  EXPECT_EQ(Text("acme/gguf", path), "license: cc-by-nc-4.0\n");
  EXPECT_EQ(File("acme/gguf", "gguf:q8/model.gguf").path(), "") << "one header a release";
  EXPECT_EQ(Text("acme/gguf-copy", path), "license: cc-by-nc-4.0\n");
  for (const char* name : {"acme/gguf-v1", "acme/gguf-big", "acme/gguf-long"}) {
    EXPECT_EQ(Text(name, path), "license: mit\n") << name;
  }
  for (const char* name :
       {"acme/gguf-silent", "acme/gguf-cut", "acme/gguf-magic", "acme/gguf-lies"}) {
    EXPECT_EQ(File(name, path).path(), "") << name;
    EXPECT_EQ(File(name, "README.md").outcome(), v1::FETCHED) << name;
  }
  ASSERT_OK_AND_ASSIGN(const std::string status, hub_->Status());
  EXPECT_THAT(status, HasSubstr("\"leaked_credentials\":0"));
}

TEST_F(BesideTest, ASharedContentGoesWithWhicheverReleaseIsReadToTheEndFirst) {
  StartHub();
  ASSERT_OK(Crawl());
  EXPECT_EQ(Text("acme/gguf", "NOTICE"), "The same in every release.\n");
  EXPECT_EQ(Text("acme/lfs", "NOTICE"), "The same in every release.\n");
  EXPECT_THAT(metrics_.Text(), Not(HasSubstr("status=\"retry\"")));
}

TEST_F(BesideTest, ReadsAHeaderOnceAndKeepsItAsLongAsTheRevisionStands) {
  StartHub();
  ASSERT_OK(Crawl());
  const auto resolvers = [this] {
    const std::string status = hub_->Status().value_or("");
    return status.substr(status.find("\"resolvers\":"), 24);
  };
  const std::string before = resolvers();
  ASSERT_OK(Crawl());
  EXPECT_EQ(resolvers(), before);
  EXPECT_EQ(Text("acme/gguf", "gguf:model.gguf"), "license: cc-by-nc-4.0\n");
}

TEST_F(BesideTest, LeavesAHeaderWhereTheStorageServesNoRanges) {
  StartHub({"--no-ranges"});
  ASSERT_OK(Crawl());
  EXPECT_EQ(File("acme/gguf", "gguf:model.gguf").path(), "");
  EXPECT_EQ(File("acme/gguf", "README.md").outcome(), v1::FETCHED);
  EXPECT_THAT(metrics_.Text(), HasSubstr("outcome=\"unread\""));
}

TEST_F(BesideTest, ReadsALicenceOutsideGitWhenItIsSmallEnoughToBeOne) {
  StartHub();
  ASSERT_OK(Crawl());
  EXPECT_EQ(File("acme/lfs", "LICENSE").outcome(), v1::FETCHED);
  EXPECT_THAT(Text("acme/lfs", "LICENSE"), HasSubstr("Outside git."));
  EXPECT_EQ(File("acme/lfs-huge", "LICENSE").outcome(), v1::EXTERNAL);
  EXPECT_EQ(File("acme/lfs-huge", "LICENSE").size(), 5'000'000u);
  EXPECT_EQ(File("acme/lfs-false", "LICENSE").outcome(), v1::EXTERNAL);
}

TEST_F(BesideTest, KeepsTheBytesOfAPdfAndItsWords) {
  StartHub();
  ASSERT_OK(Crawl());
  EXPECT_THAT(Text("acme/pdf", "LICENSE.pdf"), HasSubstr("%PDF-"));
  EXPECT_THAT(Text("acme/pdf", "pdf:LICENSE.pdf"), HasSubstr("You may use this for anything."));
}

TEST_F(BesideTest, AsksNothingOfWhatIsOutsideWhenItMayNot) {
  StartHub();
  options_.read_documents = false;
  ASSERT_OK(Crawl());
  EXPECT_EQ(File("acme/gguf", "gguf:model.gguf").path(), "");
  EXPECT_EQ(File("acme/lfs", "LICENSE").outcome(), v1::EXTERNAL);
}

TEST_F(BesideTest, SeesModelsAloneUnlessToldOtherwise) {
  StartHub();
  ASSERT_OK(Crawl());
  EXPECT_THAT(Names("huggingface"), Not(IsEmpty()));
  EXPECT_THAT(Names("huggingface-datasets"), IsEmpty());
  EXPECT_THAT(Names("huggingface-spaces"), IsEmpty());
}

TEST_F(BesideTest, SeesDatasetsAndSpacesWithTheirLicencesWhenTold) {
  StartHub();
  for (const char* kind : {"models", "datasets", "spaces"}) {
    config_.mutable_hubs(0)->add_kinds(kind);
  }
  ASSERT_OK(Crawl());
  EXPECT_THAT(Names("huggingface-datasets"),
              UnorderedElementsAre("datasets/acme/data", "datasets/plain"));
  EXPECT_THAT(Names("huggingface-spaces"), ElementsAre("spaces/acme/demo"));
  EXPECT_THAT(Names("huggingface"), Not(IsEmpty()));
  EXPECT_THAT(Of("datasets/acme/data").declared().tag_licences(), ElementsAre("cc-by-4.0"));
  EXPECT_THAT(Text("datasets/acme/data", "LICENSE"), HasSubstr("For data."));
  EXPECT_THAT(Text("datasets/plain", "LICENSE"), HasSubstr("For plain data."));
  EXPECT_THAT(Of("spaces/acme/demo").declared().card_licences(), ElementsAre("mit"));
}

TEST_F(BesideTest, FollowsADatasetToItsNewName) {
  StartHub();
  config_.mutable_hubs(0)->add_kinds("datasets");
  config_.mutable_hubs(0)->add_watch("datasets/acme/*");
  ASSERT_OK(Crawl());
  EXPECT_THAT(Names("huggingface"), IsEmpty());
  ASSERT_OK(hub_->Advance());
  ASSERT_OK(Crawl());
  EXPECT_THAT(Names("huggingface-datasets"),
              UnorderedElementsAre("datasets/acme/renamed", "datasets/plain"));
}

TEST_F(BesideTest, RefusesAKindThatNoHubHas) {
  StartHub();
  config_.mutable_hubs(0)->add_kinds("papers");
  EXPECT_THAT(Crawl(), StatusIs(absl::StatusCode::kInvalidArgument, "papers"));
}

}  // namespace
}  // namespace modelwatch::crawler
