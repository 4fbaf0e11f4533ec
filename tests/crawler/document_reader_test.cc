// SPDX-License-Identifier: Apache-2.0
#include "crawler/document_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "common/digest.h"
#include "crawler/hub/huggingface.h"
#include "indexer/frontier/budget.h"
#include "replay_hub/beside_world.h"
#include "testing/fake_clock.h"
#include "testing/fake_http_client.h"
#include "testing/status_matchers.h"

namespace modelwatch::crawler {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kLink[] = "https://terms.example/licence";
constexpr char kPath[] = "https:terms.example/licence";
constexpr char kText[] = "You may use it.\n";

class DocumentReaderTest : public ::testing::Test {
 protected:
  DocumentReaderTest() {
    BudgetOptions budget;
    budget.hub = "huggingface";
    budget.share = [this](const v1::ShareBudgetRequest& request) {
      return indexer::Share(ledger_[request.key().quota_class()], request, ++token_,
                            common::ToMicros(clock_.Now()));
    };
    fetcher_ =
        std::make_unique<Fetcher>(*hub_, hub_client_, clock_, metrics_, budget, FetcherOptions());
    reader_ =
        std::make_unique<DocumentReader>(*hub_, *fetcher_, outside_, clock_, metrics_, &pdfs_);
  }

  static v1::PutItem Item(const std::string& link, const std::string& id = "1") {
    v1::PutItem item;
    v1::Observation& observation = *item.mutable_observation();
    observation.mutable_key()->set_hub("huggingface");
    observation.mutable_key()->set_id(id);
    observation.set_name("acme/model");
    observation.mutable_access()->set_presence(v1::PRESENT);
    observation.mutable_declared()->set_license_link(link);
    v1::File& card = *observation.add_files();
    card.set_path("README.md");
    card.set_outcome(v1::FETCHED);
    return item;
  }

  void Complete(v1::PutItem item, std::vector<v1::File> known = {},
                Freshness freshness = Freshness::kAnew) {
    reader_->Complete(std::move(item), std::move(known), freshness,
                      [this](v1::PutItem done) { done_.push_back(std::move(done)); });
  }

  static v1::File Known(const std::string& text) {
    v1::File file;
    file.set_path(kPath);
    file.set_outcome(v1::FETCHED);
    file.set_digest(common::Sha256(text));
    file.set_size(text.size());
    return file;
  }

  static std::vector<std::string> Paths(const v1::PutItem& item) {
    std::vector<std::string> paths;
    for (const v1::File& file : item.observation().files()) paths.push_back(file.path());
    return paths;
  }

  testing::FakeClock clock_;
  std::map<std::string, v1::StoredBudget> ledger_;  // the index's
  uint64_t token_ = 0;
  common::Metrics metrics_;
  testing::FakeHttpClient hub_client_;
  testing::FakeHttpClient outside_;
  std::unique_ptr<Hub> hub_ = NewHuggingFace("huggingface", "https://huggingface.co").value();
  PdfReader pdfs_{clock_};
  std::unique_ptr<Fetcher> fetcher_;
  std::unique_ptr<DocumentReader> reader_;
  std::vector<v1::PutItem> done_;
};

TEST_F(DocumentReaderTest, AddsTheTextBehindTheLinkAsAFile) {
  Complete(Item(kLink));
  ASSERT_EQ(outside_.started.size(), 1U);
  EXPECT_EQ(outside_.started[0].request.url, kLink);
  for (const auto& [name, value] : outside_.started[0].request.headers) {
    EXPECT_NE(name, "authorization");
  }
  outside_.Answer(200, "content-type: text/plain", kText);
  ASSERT_EQ(done_.size(), 1U);
  EXPECT_THAT(Paths(done_[0]), ElementsAre("README.md", kPath));
  EXPECT_EQ(done_[0].observation().files(1).digest(), common::Sha256(kText));
  ASSERT_EQ(done_[0].blobs_size(), 1);
  EXPECT_EQ(done_[0].blobs(0).content(), kText);
}

TEST_F(DocumentReaderTest, LeavesAReleaseWithoutSuchALinkAlone) {
  for (const char* link : {"", "LICENSE", "https://huggingface.co/acme/model/blob/main/LICENSE"}) {
    Complete(Item(link));
  }
  ASSERT_EQ(done_.size(), 3U);
  EXPECT_THAT(Paths(done_[2]), ElementsAre("README.md"));
  EXPECT_TRUE(outside_.started.empty());
}

TEST_F(DocumentReaderTest, ReadsThePolicyThatTheLicenceNames) {
  Complete(Item(kLink));
  outside_.Answer(200, "", "Our Use Policy (https://terms.example/use-policy) is part of this.");
  EXPECT_THAT(done_, IsEmpty());
  outside_.Answer(200, "content-type: text/html",
                  "<html><p>You may not use it for anything that we would not like.</p></html>");
  ASSERT_EQ(done_.size(), 1U);
  EXPECT_THAT(Paths(done_[0]), ElementsAre("README.md", kPath, "https:terms.example/use-policy"));
}

TEST_F(DocumentReaderTest, AsksAnAddressOnceADayForAllReleases) {
  Complete(Item(kLink, "1"));
  Complete(Item(kLink, "2"));
  ASSERT_EQ(outside_.started.size(), 1U);
  outside_.Answer(200, "", kText);
  Complete(Item(kLink, "3"));
  EXPECT_TRUE(outside_.started.empty());
  ASSERT_EQ(done_.size(), 3U);
  EXPECT_EQ(done_[0].blobs_size() + done_[1].blobs_size() + done_[2].blobs_size(), 1);
  clock_.Advance(absl::Hours(25));
  Complete(Item(kLink, "3"));
  EXPECT_EQ(outside_.started.size(), 1U);
}

TEST_F(DocumentReaderTest, SendsAContentAlongAgainThatTheIndexHasNot) {
  Complete(Item(kLink));
  outside_.Answer(200, "", kText);
  reader_->Forget(done_[0].observation());
  Complete(Item(kLink));
  EXPECT_EQ(done_[1].blobs_size(), 1);
}

TEST_F(DocumentReaderTest, KeepsWhatIsKnownWhereThatWillDo) {
  Complete(Item(kLink), {Known(kText)}, Freshness::kKnownWillDo);
  EXPECT_TRUE(outside_.started.empty());
  EXPECT_THAT(Paths(done_[0]), ElementsAre("README.md", kPath));
  EXPECT_EQ(done_[0].blobs_size(), 0);
}

TEST_F(DocumentReaderTest, LeavesWhatIsKnownStandingWhenItCannotBeReadNow) {
  for (const int status : {500, 503, 429, 302}) {
    Complete(Item(kLink), {Known(kText)});
    outside_.Answer(status);
    EXPECT_THAT(Paths(done_.back()), ElementsAre("README.md", kPath)) << status;
    EXPECT_EQ(done_.back().observation().files(1).outcome(), v1::FETCHED) << status;
    clock_.Advance(absl::Hours(2));
  }
  Complete(Item(kLink));
  outside_.Break(absl::UnavailableError("no route"));
  EXPECT_THAT(Paths(done_.back()), ElementsAre("README.md"));
}

TEST_F(DocumentReaderTest, SaysThatADocumentIsGoneOrNoText) {
  const auto outcome = [this](int status, const std::string& body) {
    Complete(Item(kLink), {Known(kText)});
    outside_.Answer(status, "", body);
    while (pdfs_.active() > 0) pdfs_.Step();
    clock_.Advance(absl::Hours(25));
    return done_.back().observation().files(1).outcome();
  };
  EXPECT_EQ(outcome(404, ""), v1::MISSING);
  EXPECT_EQ(outcome(403, ""), v1::REFUSED);
  EXPECT_EQ(outcome(200, "%PDF-1.7"), v1::EXTERNAL);
}

TEST_F(DocumentReaderTest, KeepsTheWordsOfAPdf) {
  Complete(Item(kLink));
  outside_.Answer(200, "content-type: application/pdf",
                  replay_hub::MadeUpPdf("You may use it. Our Use Policy: "
                                        "https://terms.example/use-policy applies."));
  while (pdfs_.active() > 0) pdfs_.Step();
  ASSERT_EQ(outside_.started.size(), 1U);
  EXPECT_EQ(outside_.started[0].request.url, "https://terms.example/use-policy");
  outside_.Answer(404);
  ASSERT_EQ(done_.size(), 1U);
  EXPECT_THAT(done_[0].blobs(0).content(), ::testing::HasSubstr("You may use it."));
}

TEST_F(DocumentReaderTest, FollowsRedirectsButNotForEverAndNotOutOfTls) {
  Complete(Item(kLink));
  outside_.Answer(301, "location: https://other.example/x");
  ASSERT_EQ(outside_.started.size(), 1U);
  EXPECT_EQ(outside_.started[0].request.url, "https://other.example/x");
  outside_.Answer(200, "", kText);
  EXPECT_THAT(Paths(done_.back()), ElementsAre("README.md", kPath));

  clock_.Advance(absl::Hours(25));
  Complete(Item(kLink));
  for (int i = 0; i < 6; ++i) outside_.Answer(302, "location: /again");
  EXPECT_TRUE(outside_.started.empty());

  clock_.Advance(absl::Hours(25));
  Complete(Item(kLink));
  outside_.Answer(302, "location: http://terms.example/licence");
  EXPECT_TRUE(outside_.started.empty());
  EXPECT_EQ(done_.size(), 3U);
}

TEST_F(DocumentReaderTest, AsksTheHubForWhatStandsInAnotherOfItsReleases) {
  Complete(Item("https://huggingface.co/acme/base/blob/main/LICENSE"));
  EXPECT_TRUE(outside_.started.empty());
  fetcher_->Pump();
  ASSERT_EQ(hub_client_.started.size(), 1U);
  EXPECT_EQ(hub_client_.started[0].request.url,
            "https://huggingface.co/acme/base/resolve/main/LICENSE");
  hub_client_.Answer(200, "", kText);
  EXPECT_THAT(Paths(done_.back()),
              ElementsAre("README.md", "https:huggingface.co/acme/base/resolve/main/LICENSE"));
}

TEST_F(DocumentReaderTest, AsksAFewAtATime) {
  for (int i = 0; i < 30; ++i) Complete(Item("https://terms.example/" + std::to_string(i)));
  EXPECT_EQ(outside_.started.size(), 8U);
  while (!outside_.started.empty()) outside_.Answer(200, "", kText);
  EXPECT_EQ(done_.size(), 30U);
}

}  // namespace
}  // namespace modelwatch::crawler
