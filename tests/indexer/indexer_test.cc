// SPDX-License-Identifier: Apache-2.0
#include "indexer/indexer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "common/atomic_file.h"
#include "indexer/client/remote_index.h"
#include "indexer/data_dir.h"
#include "indexer/repair.h"
#include "indexer/store/keys.h"
#include "indexer/store/records.h"
#include "indexer/store/rocks_store.h"
#include "indexer/store/schema.h"
#include "testing/fake_clock.h"
#include "testing/observations.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::indexer {
namespace {

namespace fs = std::filesystem;
using absl::StatusCode;
using testing::BatchOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::KeyOf;
using testing::ObservationOf;
using testing::StatusIs;

class IndexerTest : public ::testing::Test {
 protected:
  IndexerOptions Options() const {
    IndexerOptions options;
    options.data_dir = Data();
    return options;
  }
  std::string Data() const { return dir_.Sub("data"); }

  std::unique_ptr<Indexer> OpenOrDie(const IndexerOptions& options) {
    auto opened = Indexer::Open(options, clock_, metrics_);
    EXPECT_OK(opened);
    return opened.ok() ? *std::move(opened) : nullptr;
  }
  // Changes the stored bytes behind the indexer's back.
  void Tamper(const Batch& batch) {
    ASSERT_OK_AND_ASSIGN(const auto store, OpenRocksStore(DatabasePath(Data()), {}));
    ASSERT_OK(store->Write(batch));
  }

  const testing::TempDir dir_;
  const testing::FakeClock clock_;
  common::Metrics metrics_;
};

TEST_F(IndexerTest, ServesItsSocketAndThisProcessAlike) {
  const auto indexer = OpenOrDie(Options());
  EXPECT_EQ(indexer->address(), "unix:" + SocketPath(Data()));
  ASSERT_OK_AND_ASSIGN(const auto socket, ConnectLocal(Data()));
  ASSERT_OK_AND_ASSIGN(const auto put, socket->PutBatch(BatchOf({ObservationOf("a", 1)})));
  EXPECT_EQ(put.acks(0).status(), v1::STORED);
  v1::GetHeadsRequest request;
  *request.add_keys() = KeyOf("a");
  ASSERT_OK_AND_ASSIGN(const auto heads, indexer->InProcess()->GetHeads(request));
  EXPECT_EQ(heads.heads(0).version(), 1u);
}

TEST_F(IndexerTest, WritesItsAddressWhileItServesAndRemovesIt) {
  auto indexer = OpenOrDie(Options());
  EXPECT_EQ(*ReadAddress(Data()), indexer->address());
  indexer->Stop();
  EXPECT_FALSE(fs::exists(AddressPath(Data())));
  EXPECT_FALSE(fs::exists(SocketPath(Data())));
  EXPECT_THAT(ConnectLocal(Data()), StatusIs(StatusCode::kUnavailable));
}

TEST_F(IndexerTest, ListensOnTheLoopbackWhenThePathIsTooLongForASocket) {
  IndexerOptions options;
  options.data_dir = dir_.Sub(std::string(120, 'x'));
  const auto indexer = OpenOrDie(options);
  EXPECT_THAT(indexer->address(), HasSubstr("127.0.0.1:"));
  ASSERT_OK_AND_ASSIGN(const auto index, ConnectLocal(options.data_dir));
  EXPECT_OK(index->GetStatus({}));
}

TEST_F(IndexerTest, AnswersUnavailableAfterItStopped) {
  auto indexer = OpenOrDie(Options());
  const auto index = indexer->InProcess();
  indexer->Stop();
  EXPECT_THAT(index->GetStatus({}), StatusIs(StatusCode::kUnavailable));
}

TEST_F(IndexerTest, RefusesADirectoryThatIsInUse) {
  const auto indexer = OpenOrDie(Options());
  EXPECT_THAT(Indexer::Open(Options(), clock_, metrics_),
              StatusIs(StatusCode::kFailedPrecondition, "another process has it open"));
  EXPECT_OK(ConnectLocal(Data()));  // the first one is unharmed
}

TEST_F(IndexerTest, RefusesADatabaseOfANewerProgram) {
  OpenOrDie(Options())->Stop();
  Batch batch;
  batch.Put(Table::kMeta, std::string(kSchemaKey), std::to_string(kSchemaVersion + 1));
  Tamper(batch);
  EXPECT_THAT(Indexer::Open(Options(), clock_, metrics_),
              StatusIs(StatusCode::kFailedPrecondition, "newer modelwatch"));
  EXPECT_THAT(OpenReader(Data()), StatusIs(StatusCode::kFailedPrecondition, "newer modelwatch"));
}

TEST_F(IndexerTest, RefusesAPortThatIsInUse) {
  IndexerOptions first = Options();
  first.listen = "127.0.0.1:0";
  const auto indexer = OpenOrDie(first);
  ASSERT_NE(indexer->listen_port(), 0);
  IndexerOptions second;
  second.data_dir = dir_.Sub("other");
  second.listen = "127.0.0.1:" + std::to_string(indexer->listen_port());
  EXPECT_THAT(Indexer::Open(second, clock_, metrics_),
              StatusIs(StatusCode::kUnavailable, "in use"));
}

TEST_F(IndexerTest, AsksCallersFromElsewhereForTheToken) {
  IndexerOptions options = Options();
  options.listen = "127.0.0.1:0";
  options.token = "secret";
  const auto indexer = OpenOrDie(options);
  const std::string target = "127.0.0.1:" + std::to_string(indexer->listen_port());
  ConnectOptions bearing;
  for (const auto& [token, code] :
       {std::pair{"", StatusCode::kUnauthenticated},
        std::pair{"secre", StatusCode::kUnauthenticated}, std::pair{"secret", StatusCode::kOk}}) {
    bearing.token = token;
    ASSERT_OK_AND_ASSIGN(const auto index, Connect(target, bearing));
    EXPECT_THAT(index->GetStatus({}), StatusIs(code)) << token;
  }
  EXPECT_OK(indexer->InProcess()->GetStatus({}));
}

TEST_F(IndexerTest, ReadsThroughTheRunningIndexer) {
  const auto indexer = OpenOrDie(Options());
  ASSERT_OK_AND_ASSIGN(const OpenedReader opened, OpenReader(Data()));
  EXPECT_EQ(opened.local, nullptr);
  EXPECT_OK(opened.reader->GetStatus({}));
}

TEST_F(IndexerTest, ReadsTheDirectoryWhenNoIndexerRuns) {
  {
    const auto indexer = OpenOrDie(Options());
    ASSERT_OK(indexer->InProcess()->PutBatch(BatchOf({ObservationOf("a", 1)})));
  }
  ASSERT_OK(common::WriteFileAtomically(AddressPath(Data()), "unix:/nobody/is/here\n"));
  ASSERT_OK_AND_ASSIGN(const OpenedReader opened, OpenReader(Data()));
  ASSERT_NE(opened.local, nullptr);
  ASSERT_OK_AND_ASSIGN(const auto status, opened.reader->GetStatus({}));
  EXPECT_EQ(status.releases(), 1u);
  EXPECT_THAT(opened.reader->PutBatch(BatchOf({ObservationOf("b", 1)})),
              StatusIs(StatusCode::kFailedPrecondition, "read-only"));
}

TEST_F(IndexerTest, SaysWhatIsMissingToRead) {
  EXPECT_THAT(OpenReader(dir_.Sub("none")), StatusIs(StatusCode::kNotFound, "no data directory"));
  fs::create_directories(dir_.Sub("empty"));
  EXPECT_THAT(OpenReader(dir_.Sub("empty")), StatusIs(StatusCode::kNotFound, "no database"));
  EXPECT_THAT(CheckStore(dir_.Sub("none")), StatusIs(StatusCode::kNotFound));
}

class CheckStoreTest : public IndexerTest {
 protected:
  void SetUp() override {
    const auto indexer = OpenOrDie(Options());
    v1::PutBatchRequest request = BatchOf({ObservationOf("a", 1), ObservationOf("b", 1)});
    testing::AddFile(*request.mutable_items(0), "LICENSE", "the text");
    auto& base =
        *request.mutable_items(1)->mutable_observation()->mutable_declared()->add_base_models();
    base.set_name("owner/a");
    base.set_relation("finetune");
    const auto index = indexer->InProcess();
    ASSERT_OK(index->PutBatch(request));
    v1::DeclareHubRequest hub;
    hub.set_hub(testing::kHub);
    hub.set_keep_up_ms(1000);
    hub.set_sweep_ms(1000);
    ASSERT_OK(index->DeclareHub(hub));
  }

  // Damaged so, it is found and repaired, and every table is as it was.
  void ExpectRepaired(const Batch& damage) {
    const auto before = Contents();
    ASSERT_NE(ProblemAfter(damage), "none");
    ASSERT_OK_AND_ASSIGN(const uint64_t changed, RepairStore(Data()));
    EXPECT_GT(changed, 0u);
    ASSERT_OK_AND_ASSIGN(const StoreReport report, CheckStore(Data()));
    EXPECT_THAT(report.problems, IsEmpty());
    EXPECT_EQ(Contents(), before);
  }

  // Of every table, but the work that time moves.
  std::map<std::pair<size_t, std::string>, std::string> Contents() const {
    std::map<std::pair<size_t, std::string>, std::string> all;
    RocksOptions options;
    options.read_only = true;
    const auto store = OpenRocksStore(DatabasePath(Data()), options);
    EXPECT_OK(store);
    for (size_t table = 0; store.ok() && table < kTables; ++table) {
      EXPECT_OK((*store)->Scan(static_cast<Table>(table), "", "",
                               [&](std::string_view key, std::string_view value) {
                                 all[{table, std::string(key)}] = std::string(value);
                                 return true;
                               }));
    }
    return all;
  }

  // The first problem after one change behind the indexer's back.
  std::string ProblemAfter(const Batch& batch) {
    Tamper(batch);
    const auto report = CheckStore(Data());
    EXPECT_OK(report);
    return !report.ok() || report->problems.empty() ? "none" : report->problems.front();
  }
};

TEST_F(CheckStoreTest, FindsNothingInASoundStore) {
  ASSERT_OK_AND_ASSIGN(const StoreReport report, CheckStore(Data()));
  EXPECT_THAT(report.problems, IsEmpty());
  EXPECT_EQ(report.releases, 2u);
  EXPECT_EQ(report.blobs, 1u);
  EXPECT_EQ(report.work, 2u);
}

TEST_F(CheckStoreTest, FindsATextThatChanged) {
  Batch batch;
  batch.Put(Table::kBlob, common::Sha256("the text"), "another text");
  EXPECT_THAT(ProblemAfter(batch), HasSubstr("another digest"));
}

TEST_F(CheckStoreTest, FindsATextThatIsGone) {
  Batch batch;
  batch.Delete(Table::kBlob, common::Sha256("the text"));
  EXPECT_THAT(ProblemAfter(batch), HasSubstr("the text of LICENSE is missing"));
}

TEST_F(CheckStoreTest, FindsAFindingOfNoText) {
  Batch batch;
  batch.Put(Table::kFinding, FindingKey(7, common::Sha256("never seen")), "");
  EXPECT_THAT(ProblemAfter(batch), HasSubstr("is of a text not here"));
}

TEST_F(CheckStoreTest, FindsAFindingOfNoIdentifierVersion) {
  Batch batch;
  batch.Put(Table::kFinding, FindingKey(7, common::Sha256("the text")), "");
  EXPECT_THAT(ProblemAfter(batch), HasSubstr("under an identifier version that was dropped"));
}

TEST_F(CheckStoreTest, FindsAGapInTheLog) {
  Batch batch;
  batch.Delete(Table::kLog, SequenceKey(1));
  EXPECT_THAT(ProblemAfter(batch), HasSubstr("the log goes from 0 to 2"));
}

TEST_F(CheckStoreTest, FindsAHeadWithoutItsVersion) {
  Batch batch;
  batch.Delete(Table::kObservation, VersionKey(KeyOf("b"), 2));
  EXPECT_THAT(ProblemAfter(batch), HasSubstr("its head is version 2, its newest is 0"));
}

TEST_F(CheckStoreTest, FindsANameThatLeadsNowhere) {
  Batch batch;
  batch.Delete(Table::kName, NameKey(testing::kHub, "owner/b"));
  EXPECT_THAT(ProblemAfter(batch), HasSubstr("leads nowhere"));
}

TEST_F(CheckStoreTest, FindsWorkThatIsNeverDue) {
  Batch batch;
  batch.DeleteRange(Table::kDue, "", "\xff");
  EXPECT_THAT(ProblemAfter(batch), HasSubstr("is never due"));
}

TEST_F(CheckStoreTest, FindsAKeyThatDoesNotParse) {
  Batch batch;
  batch.Put(Table::kSeen, "no key", "no value");
  EXPECT_THAT(ProblemAfter(batch), HasSubstr("does not parse"));
}

// A byte in the middle of a file of the database; false = there is no such file.
bool FlipByteOf(const std::string& database, const std::string& extension) {
  for (const auto& entry : fs::directory_iterator(database)) {
    if (entry.path().extension() != extension) continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    const auto middle = static_cast<std::streamoff>(entry.file_size() / 2);
    file.seekg(middle);
    const char byte = static_cast<char>(file.get() ^ 1);
    file.seekp(middle);
    file.put(byte);
    return true;
  }
  return false;
}

TEST_F(CheckStoreTest, FindsAFlippedByteInAFileOfTextsAndInOneOfATable) {
  {
    v1::PutBatchRequest request = BatchOf({ObservationOf("c", 1)});
    std::string text;
    for (int i = 0; i < 2000; ++i) text += std::to_string(i * 7919);
    testing::AddFile(*request.mutable_items(0), "LICENSE", text);
    ASSERT_OK(OpenOrDie(Options())->InProcess()->PutBatch(request));
  }
  OpenOrDie(Options());  // what the log held stands in files now
  ASSERT_TRUE(CheckStore(Data())->clean());
  ASSERT_TRUE(FlipByteOf(DatabasePath(Data()), ".blob"));
  ASSERT_OK_AND_ASSIGN(const StoreReport texts, CheckStore(Data()));
  EXPECT_THAT(texts.problems, Contains(HasSubstr("read table blob")));
  ASSERT_TRUE(FlipByteOf(DatabasePath(Data()), ".blob"));
  ASSERT_TRUE(FlipByteOf(DatabasePath(Data()), ".sst"));
  const auto tables = CheckStore(Data());
  EXPECT_TRUE(absl::IsDataLoss(tables.status()) || !tables->clean());
}

TEST_F(CheckStoreTest, RepairsNames) {
  Batch gone;
  gone.Delete(Table::kName, NameKey(testing::kHub, "owner/b"));
  ExpectRepaired(gone);
  Batch wrong;
  wrong.Put(Table::kName, NameKey(testing::kHub, "owner/b"), ReleaseKeyBytes(KeyOf("a")));
  ExpectRepaired(wrong);
  Batch nobody;
  nobody.Put(Table::kName, NameKey(testing::kHub, "owner/none"), ReleaseKeyBytes(KeyOf("none")));
  ExpectRepaired(nobody);
}

TEST_F(CheckStoreTest, RepairsOids) {
  Batch gone;
  gone.DeleteRange(Table::kOid, "", "\xff");
  ExpectRepaired(gone);
  Batch stray;
  stray.Put(Table::kOid, std::string(common::kGitOidBytes, 'o'), common::Sha256("the text"));
  ExpectRepaired(stray);
}

TEST_F(CheckStoreTest, RepairsDueTimes) {
  Batch gone;
  gone.DeleteRange(Table::kDue, "", "\xff");
  ExpectRepaired(gone);
  Batch stray;
  stray.Put(Table::kDue, DueKey(testing::kHub, 1, 5, "no work"), "");
  ExpectRepaired(stray);
}

TEST_F(CheckStoreTest, RepairsDerivatives) {
  Batch stray;
  stray.Put(Table::kDerivative, DerivativeKey(testing::kHub, "owner/base", "b"), "finetune");
  ExpectRepaired(stray);
  Batch gone;
  gone.DeleteRange(Table::kDerivative, "", "\xff");
  ExpectRepaired(gone);
}

TEST_F(CheckStoreTest, RepairsWhatReleasesAreFoundBy) {
  Batch stray;
  stray.Put(Table::kFacet, FacetKey({Facet::kPublisher, "nobody", 1, KeyOf("a")}), "");
  ExpectRepaired(stray);
  Batch gone;
  gone.DeleteRange(Table::kFacet, "", "\xff");
  ExpectRepaired(gone);
  Batch nobody;
  nobody.Put(Table::kConclusion, ReleaseKeyBytes(KeyOf("none")), "");
  ExpectRepaired(nobody);
}

TEST_F(CheckStoreTest, RepairsListsOfAlerts) {
  Batch stray;
  stray.Put(Table::kAlertOf, VersionKey(KeyOf("a"), 9), "");
  ExpectRepaired(stray);
}

TEST_F(CheckStoreTest, RepairsCounts) {
  v1::StoredState state;
  state.set_newest_sequence(2);
  state.set_oldest_sequence(1);
  state.set_releases(77);
  Batch wrong;
  wrong.Put(Table::kMeta, std::string(kStateKey), state.SerializeAsString());
  Tamper(wrong);
  EXPECT_OK(RepairStore(Data()));
  ASSERT_OK_AND_ASSIGN(const StoreReport report, CheckStore(Data()));
  EXPECT_THAT(report.problems, IsEmpty());
}

TEST_F(CheckStoreTest, RepairsNothingInASoundStoreAndNoRecord) {
  EXPECT_EQ(*RepairStore(Data()), 0u);
  Batch batch;
  batch.Delete(Table::kBlob, common::Sha256("the text"));
  Tamper(batch);
  EXPECT_OK(RepairStore(Data()));
  EXPECT_FALSE(CheckStore(Data())->clean());
}

TEST_F(CheckStoreTest, RefusesWhileAnIndexerWrites) {
  const auto indexer = OpenOrDie(Options());
  EXPECT_THAT(CheckStore(Data()), StatusIs(StatusCode::kFailedPrecondition, "stop that first"));
}

}  // namespace
}  // namespace modelwatch::indexer
