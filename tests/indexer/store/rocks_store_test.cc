// SPDX-License-Identifier: Apache-2.0
#include "indexer/store/rocks_store.h"

#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <sys/mount.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>

#include "common/stopper.h"
#include "indexer/store/keys.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::indexer {
namespace {

namespace fs = std::filesystem;
using absl::StatusCode;
using testing::StatusIs;

using Model = std::map<std::pair<Table, std::string>, std::string>;

constexpr Table kTried[] = {Table::kMeta, Table::kObservation, Table::kBlob, Table::kLog};

std::unique_ptr<Store> OpenOrDie(const std::string& path, bool read_only = false) {
  RocksOptions options;
  options.read_only = read_only;
  auto store = OpenRocksStore(path, options);
  EXPECT_OK(store);
  return store.ok() ? *std::move(store) : nullptr;
}

Batch OnePut(Table table, const std::string& key, const std::string& value) {
  Batch batch;
  batch.Put(table, key, value);
  return batch;
}

Model Contents(const View& view) {
  Model found;
  for (const Table table : kTried) {
    EXPECT_OK(view.Scan(table, "", "", [&](std::string_view key, std::string_view value) {
      found[{table, std::string(key)}] = std::string(value);
      return true;
    }));
  }
  return found;
}

// Random operations on the store and on a std::map.
class Twin {
 public:
  explicit Twin(uint32_t seed) : random_(seed) {}

  void Step(Store& store) {
    Batch batch;
    for (uint32_t i = 0; i < 1 + random_() % 8; ++i) AddOperation(batch);
    ASSERT_OK(store.Write(batch));
    const auto probe = std::make_pair(AnyTable(), AnyKey());
    const auto value = store.Get(probe.first, probe.second);
    const auto expected = model_.find(probe);
    ASSERT_EQ(value.ok(), expected != model_.end());
    ASSERT_EQ(value.value_or(""), expected == model_.end() ? "" : expected->second);
  }
  const Model& model() const { return model_; }

 private:
  Table AnyTable() { return kTried[random_() % std::size(kTried)]; }
  std::string AnyKey() { return SequenceKey(random_() % 200); }

  void AddOperation(Batch& batch) {
    const Table table = AnyTable();
    const std::string key = AnyKey();
    const uint32_t choice = static_cast<uint32_t>(random_() % 10);
    if (choice < 7) {
      const std::string value(random_() % 2000, static_cast<char>('a' + random_() % 26));
      batch.Put(table, key, value);
      model_[{table, key}] = value;
    } else if (choice < 9) {
      batch.Delete(table, key);
      model_.erase({table, key});
    } else {
      const std::string end = AnyKey();
      if (end <= key) return;
      batch.DeleteRange(table, key, end);
      model_.erase(model_.lower_bound({table, key}), model_.lower_bound({table, end}));
    }
  }

  std::mt19937 random_;
  Model model_;
};

TEST(RocksStoreTest, HoldsWhatAMapHoldsAlsoWhenReopened) {
  const testing::TempDir dir;
  Twin twin(20260801);
  for (int opening = 0; opening < 5; ++opening) {
    const auto store = OpenOrDie(dir.Sub("db"));
    ASSERT_EQ(Contents(*store), twin.model());
    for (int step = 0; step < 60; ++step) {
      ASSERT_NO_FATAL_FAILURE(twin.Step(*store));
    }
    ASSERT_EQ(Contents(*store), twin.model());
  }
}

TEST(RocksStoreTest, ScansARangeInBothDirections) {
  const testing::TempDir dir;
  const auto store = OpenOrDie(dir.Sub("db"));
  Batch batch;
  for (uint64_t i = 1; i <= 5; ++i) batch.Put(Table::kLog, SequenceKey(i), "v");
  ASSERT_OK(store->Write(batch));
  std::vector<uint64_t> seen;
  const auto each = [&](std::string_view key, std::string_view) {
    seen.push_back(ParseSequenceKey(key).value_or(0));
    return true;
  };
  ASSERT_OK(store->Scan(Table::kLog, SequenceKey(2), SequenceKey(4), each));
  EXPECT_EQ(seen, (std::vector<uint64_t>{2, 3}));
  seen.clear();
  ASSERT_OK(store->ScanBack(Table::kLog, SequenceKey(2), "", each));
  EXPECT_EQ(seen, (std::vector<uint64_t>{5, 4, 3, 2}));
}

TEST(RocksStoreTest, KeepsASnapshotUnmovedByLaterWrites) {
  const testing::TempDir dir;
  const auto store = OpenOrDie(dir.Sub("db"));
  ASSERT_OK(store->Write(OnePut(Table::kMeta, "k", "old")));
  const auto snapshot = store->Snapshot();
  ASSERT_OK(store->Write(OnePut(Table::kMeta, "k", "new")));
  EXPECT_EQ(*snapshot->Get(Table::kMeta, "k"), "old");
  EXPECT_EQ(*store->Get(Table::kMeta, "k"), "new");
}

TEST(RocksStoreTest, SaysThatAnotherProcessHasItOpen) {
  const testing::TempDir dir;
  const auto store = OpenOrDie(dir.Sub("db"));
  const auto second = OpenRocksStore(dir.Sub("db"), {});
  EXPECT_THAT(second, StatusIs(StatusCode::kFailedPrecondition, "another process has it open"));
  EXPECT_EQ(second.status().message().find('\n'), absl::string_view::npos);
}

TEST(RocksStoreTest, ReadsWithoutTheLockAndRefusesToWriteThen) {
  const testing::TempDir dir;
  { ASSERT_OK(OpenOrDie(dir.Sub("db"))->Write(OnePut(Table::kMeta, "k", "v"))); }
  const auto store = OpenOrDie(dir.Sub("db"), /*read_only=*/true);
  EXPECT_EQ(*store->Get(Table::kMeta, "k"), "v");
  EXPECT_THAT(store->Write(OnePut(Table::kMeta, "k", "w")),
              StatusIs(StatusCode::kFailedPrecondition, "read-only"));
}

TEST(RocksStoreTest, LeavesNothingBehindWhenItOnlyReads) {
  const testing::TempDir dir;
  { ASSERT_OK(OpenOrDie(dir.Sub("db"))->Write(OnePut(Table::kMeta, "k", "v"))); }
  const auto files = [&dir] {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(dir.Sub("db"))) names.insert(entry.path());
    return names;
  };
  const auto before = files();
  ASSERT_NE(OpenOrDie(dir.Sub("db"), /*read_only=*/true), nullptr);
  ASSERT_NE(OpenOrDie(dir.Sub("db"), /*read_only=*/true), nullptr);
  EXPECT_EQ(files(), before);
}

// A database as it was before a table was added.
void DropTable(const std::string& path, Table table) {
  std::vector<rocksdb::ColumnFamilyDescriptor> all = {{"default", {}}};
  for (const std::string_view name : kTableNames)
    all.emplace_back(std::string(name), rocksdb::ColumnFamilyOptions());
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open({}, path, all, &handles, &db).ok());
  EXPECT_TRUE(db->DropColumnFamily(handles[static_cast<size_t>(table) + 1]).ok());
  for (rocksdb::ColumnFamilyHandle* handle : handles) {
    EXPECT_TRUE(db->DestroyColumnFamilyHandle(handle).ok());
  }
  delete db;
}

TEST(RocksStoreTest, MakesATableThatIsNewAndSaysSoWhenItOnlyReads) {
  const testing::TempDir dir;
  { ASSERT_OK(OpenOrDie(dir.Sub("db"))->Write(OnePut(Table::kMeta, "k", "v"))); }
  DropTable(dir.Sub("db"), Table::kFinding);
  RocksOptions options;
  options.read_only = true;
  EXPECT_THAT(OpenRocksStore(dir.Sub("db"), options),
              StatusIs(StatusCode::kFailedPrecondition, "start the indexer once"));
  { EXPECT_EQ(*OpenOrDie(dir.Sub("db"))->Get(Table::kMeta, "k"), "v"); }
  EXPECT_OK(OpenRocksStore(dir.Sub("db"), options));
}

TEST(RocksStoreTest, SaysThatThereIsNoDatabaseToRead) {
  const testing::TempDir dir;
  RocksOptions options;
  options.read_only = true;
  EXPECT_THAT(OpenRocksStore(dir.Sub("none"), options), StatusIs(StatusCode::kNotFound));
  EXPECT_FALSE(fs::exists(dir.Sub("none")));
}

// The write-ahead log that holds the writes, and a copy of the directory to damage it in.
class DamagedLogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto store = OpenOrDie(dir_.Sub("db"));
    for (uint64_t i = 1; i <= kWrites; ++i) {
      if (i == kWrites) fs::copy_file(dir_.Sub("db") + "/WATERMARK", before_last_);
      ASSERT_OK(store->Write(OnePut(Table::kLog, SequenceKey(i), std::string(1000, 'x'))));
    }
    // Copied while it is open, as a kill would leave it.
    fs::copy(dir_.Sub("db"), killed_, fs::copy_options::recursive);
    Restart();
  }

  void Restart() const {
    fs::remove_all(copy_);
    fs::copy(killed_, copy_, fs::copy_options::recursive);
  }

  static void Flip(const fs::path& path, uint64_t at, char mask) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at));
    const char byte = static_cast<char>(file.get() ^ mask);
    file.seekp(static_cast<std::streamoff>(at));
    file.put(byte);
  }

  // Where the records of the last block begin: 7 bytes of checksum, length and type each.
  static std::vector<uint64_t> LastHeaders(const fs::path& log) {
    std::ifstream file(log, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    std::vector<uint64_t> headers;
    for (size_t at = bytes.size() / kLogBlock * kLogBlock; at + 7 <= bytes.size();) {
      headers.push_back(at);
      at += 7 + static_cast<uint8_t>(bytes[at + 4]) + 256u * static_cast<uint8_t>(bytes[at + 5]);
    }
    return headers;
  }

  fs::path Log() const {
    fs::path largest;
    for (const auto& entry : fs::directory_iterator(copy_)) {
      if (entry.path().extension() != ".log") continue;
      if (largest.empty() || fs::file_size(entry) > fs::file_size(largest)) largest = entry.path();
    }
    return largest;
  }

  static constexpr uint64_t kWrites = 100;
  static constexpr size_t kLogBlock = 32768;
  const testing::TempDir dir_;
  const std::string killed_ = dir_.Sub("killed");
  const std::string before_last_ = dir_.Sub("before_last");
  const std::string copy_ = dir_.Sub("copy");
};

TEST_F(DamagedLogTest, IsReadWholeAfterAKill) {
  const auto store = OpenOrDie(copy_);
  EXPECT_OK(store->Get(Table::kLog, SequenceKey(kWrites)));
}

TEST_F(DamagedLogTest, IsRefusedWhenABitFlippedInTheMiddle) {
  const fs::path log = Log();
  Flip(log, fs::file_size(log) / 2, 1);
  EXPECT_THAT(OpenRocksStore(copy_, {}), StatusIs(StatusCode::kDataLoss, "damaged"));
}

// Of a write that was never acknowledged.
TEST_F(DamagedLogTest, LosesOnlyTheTornTail) {
  const fs::path log = Log();
  fs::resize_file(log, fs::file_size(log) - 300);
  fs::copy_file(before_last_, copy_ + "/WATERMARK", fs::copy_options::overwrite_existing);
  const auto store = OpenOrDie(copy_);
  ASSERT_NE(store, nullptr);
  EXPECT_OK(store->Get(Table::kLog, SequenceKey(kWrites - 1)));
  EXPECT_THAT(store->Get(Table::kLog, SequenceKey(kWrites)), StatusIs(StatusCode::kNotFound));
}

TEST_F(DamagedLogTest, IsRefusedWhenItWasCutWithinWhatWasAcknowledged) {
  const fs::path log = Log();
  const uint64_t whole = fs::file_size(log);
  for (const uint64_t cut : {uint64_t{1}, uint64_t{300}, uint64_t{5000}, whole / 2, whole}) {
    Restart();
    fs::resize_file(log, whole - cut);
    const auto opened = OpenRocksStore(copy_, {});
    EXPECT_THAT(opened, StatusIs(StatusCode::kDataLoss, "damaged")) << cut;
    EXPECT_EQ(opened.status().message().find('\n'), absl::string_view::npos);
    EXPECT_THAT(OpenRocksStore(copy_, {}), StatusIs(StatusCode::kDataLoss)) << "again, " << cut;
  }
}

// Everywhere: in the headers of records (checksum, length, type) and in what they hold.
TEST_F(DamagedLogTest, GivesBackEverythingOrIsRefusedWhereverAByteFlipped) {
  const fs::path log = Log();
  const uint64_t size = fs::file_size(log);
  int refused = 0;
  std::vector<uint64_t> places;
  for (uint64_t at = 0; at < size; at += 4999) places.push_back(at);
  for (uint64_t at = 0; at < 21; ++at) places.push_back(at);
  for (uint64_t at = size - 1200; at < size; at += 60) places.push_back(at);
  const std::vector<uint64_t> headers = LastHeaders(log);
  ASSERT_GE(headers.size(), 3u);
  for (const uint64_t header : {headers[0], headers[1], headers.back()}) {
    for (uint64_t at = header; at < header + 7; ++at) places.push_back(at);
  }
  for (const uint64_t at : places) {
    for (const char mask : {'\x01', '\x80'}) {
      Flip(log, at, mask);
      RocksOptions reading;
      reading.read_only = true;
      const auto store = OpenRocksStore(copy_, reading);
      if (store.ok()) {
        for (uint64_t i = 1; i <= kWrites; ++i) {
          ASSERT_OK((*store)->Get(Table::kLog, SequenceKey(i))) << i << " lost, flipped " << at;
        }
      } else {
        ASSERT_THAT(store, StatusIs(StatusCode::kDataLoss, "damaged")) << at;
        ++refused;
      }
      Flip(log, at, mask);
    }
  }
  EXPECT_GT(refused, static_cast<int>(places.size()));
}

TEST_F(DamagedLogTest, IsRefusedWhenItsMarkIsDamaged) {
  Flip(copy_ + "/WATERMARK", 19, 1);
  EXPECT_THAT(OpenRocksStore(copy_, {}), StatusIs(StatusCode::kDataLoss, "WATERMARK is damaged"));
  fs::remove(copy_ + "/WATERMARK");
  EXPECT_OK(OpenRocksStore(copy_, {}));
}

// A file system of 96 MiB that fills up with bytes that do not compress.
class FullDiskTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(small_);
    mounted_ = mount("tmpfs", small_.c_str(), "tmpfs", 0, "size=96m") == 0;
    if (!mounted_) GTEST_SKIP() << "a small tmpfs cannot be mounted here (needs root)";
    std::ofstream(ballast_) << std::string(size_t{30} << 20, 'b');
  }
  void TearDown() override { EXPECT_EQ(mounted_ ? umount(small_.c_str()) : 0, 0); }

  // Writes until it fails; the last sequence that was acknowledged.
  uint64_t Fill(Store& store, absl::Status& failed) {
    std::mt19937_64 random(1);
    for (uint64_t i = 1; i <= 20'000; ++i) {
      std::string value;
      for (int word = 0; word < 1250; ++word) value.append(SequenceKey(random()));
      failed = store.Write(OnePut(Table::kLog, SequenceKey(i), value));
      if (!failed.ok()) return i - 1;
    }
    return 0;
  }

  static bool Heals(Store& store) {
    const common::Stopper never;
    for (int tries = 0; tries < 200; ++tries) {
      if (store.Recover().ok()) return true;
      never.WaitFor(absl::Milliseconds(50));  // RocksDB's own recovery may be under way
    }
    return false;
  }

  const testing::TempDir dir_;
  const std::string small_ = dir_.Sub("small");
  const std::string ballast_ = small_ + "/ballast";
  bool mounted_ = false;
};

TEST_F(FullDiskTest, RefusesWritesBeforeTheDiskIsFullAndHealsWhenThereIsSpace) {
  RocksOptions options;
  options.reserve_bytes = size_t{16} << 20;
  uint64_t acknowledged = 0;
  {
    ASSERT_OK_AND_ASSIGN(const auto store, OpenRocksStore(small_ + "/db", options));
    absl::Status failed;
    acknowledged = Fill(*store, failed);
    ASSERT_THAT(failed, StatusIs(StatusCode::kUnavailable, "the disk is full"));
    EXPECT_THAT(store->Recover(), StatusIs(StatusCode::kUnavailable, "the disk is full"));
    EXPECT_OK(store->Get(Table::kLog, SequenceKey(acknowledged)));
    fs::remove(ballast_);
    ASSERT_TRUE(Heals(*store));
    EXPECT_OK(store->Write(OnePut(Table::kMeta, "after", "v")));
  }
  ASSERT_OK_AND_ASSIGN(const auto store, OpenRocksStore(small_ + "/db", options));
  EXPECT_OK(store->Get(Table::kMeta, "after"));
  EXPECT_OK(store->Get(Table::kLog, SequenceKey(acknowledged)));
}

}  // namespace
}  // namespace modelwatch::indexer
