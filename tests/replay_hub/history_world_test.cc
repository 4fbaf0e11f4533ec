// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/history_world.h"

#include <fstream>

#include "common/clock.h"
#include "replay_hub/licence_texts.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::replay_hub {
namespace {

using ::modelwatch::testing::StatusIs;

constexpr char kReleases[] =
    "release,id,created_at,pipeline_tag,library,base_model,origin\n"
    "acme/one,0123456789abcdef01234567,2023-01-01T00:00:00Z,text-generation,,,github\n";
constexpr char kMomentColumns[] =
    "date,release,id,what,revision,tag,license_name,gate,path,text,edits,new_name\n";
constexpr char kCreate[] =
    "2023-01-01T00:00:00Z,acme/one,0123456789abcdef01234567,create,"
    "1111111111111111111111111111111111111111,mit,,,LICENSE,made-up,year=2023;holder=Acme,\n";

class HistoryWorldTest : public ::testing::Test {
 protected:
  HistoryWorldTest() {
    Write("releases.csv", kReleases);
    Write("made-up.LICENSE", "---\nkey: made-up\n---\n\nYou may use this.\nCopyright <year>.\n");
    Write("other.LICENSE", "---\nkey: other\n---\n\nThe other text.\n");
  }
  void Write(const std::string& name, const std::string& text) {
    std::ofstream(directory_.path() / name) << text;
  }
  absl::Status Load(const std::string& moments) {
    Write("moments.csv", kMomentColumns + moments);
    return LoadHistoryWorld(directory_.path().string() + "," + directory_.path().string(), world_);
  }
  void RunTo(const char* time) {
    EXPECT_TRUE(world_.ApplyThrough(*common::ParseMicros(time)).refused.empty());
  }
  ReleasePtr Now() const { return world_.FindById("0123456789abcdef01234567"); }
  std::string File(const std::string& path) const {
    for (const RepoFile& file : Now()->release.head().files) {
      if (file.path == path) return *world_.Blob(file.oid);
    }
    return "(none)";
  }

  testing::TempDir directory_;
  World world_;
};

TEST_F(HistoryWorldTest, ServesTheCorpusTextWithItsBlanksFilled) {
  ASSERT_OK(Load(kCreate));
  RunTo("2023-01-01T00:00:00Z");
  ASSERT_NE(Now(), nullptr);
  EXPECT_EQ(File("LICENSE"), "You may use this.\nCopyright 2023.\n");
  EXPECT_EQ(Now()->release.head().sha, "1111111111111111111111111111111111111111");
  EXPECT_EQ(Now()->release.metadata.card_data_json,
            R"({"license":"mit","pipeline_tag":"text-generation"})");
}

TEST_F(HistoryWorldTest, ChangesWhatAPushSays) {
  ASSERT_OK(Load(std::string(kCreate) +
                 "2023-02-01T00:00:00Z,acme/one,0123456789abcdef01234567,push,"
                 "2222222222222222222222222222222222222222,other,x-1.0,,A|B,other|made-up,,\n"));
  RunTo("2023-02-01T00:00:00Z");
  EXPECT_EQ(File("A"), "The other text.\n");
  EXPECT_EQ(File("LICENSE"), "(none)");
  EXPECT_EQ(Now()->release.metadata.tags,
            (std::vector<std::string>{"text-generation", "license:other", "region:us"}));
}

TEST_F(HistoryWorldTest, GatesRemovesRestoresRenamesAndDisables) {
  const std::string row = ",acme/one,0123456789abcdef01234567,";
  ASSERT_OK(Load(kCreate + ("2023-02-01T00:00:00Z" + row) + "gate,,,,manual,,,,\n" +
                 "2023-02-02T00:00:00Z" + row + "remove,,,,,,,,\n" + "2023-02-03T00:00:00Z" + row +
                 "restore,,,,,,,,\n" + "2023-02-04T00:00:00Z" + row + "rename,,,,,,,,acme/two\n" +
                 "2023-02-05T00:00:00Z" + row + "ungate,,,,open,,,,\n" + "2023-02-06T00:00:00Z" +
                 row + "disable,,,,auto,,,,\n"));
  RunTo("2023-02-01T00:00:00Z");
  EXPECT_EQ(Now()->release.gate, Gate::kManual);
  RunTo("2023-02-02T00:00:00Z");
  EXPECT_TRUE(Now()->release.removed);
  RunTo("2023-02-04T00:00:00Z");
  EXPECT_EQ(world_.Find("acme/one").moved_to, "acme/two");
  RunTo("2023-02-05T00:00:00Z");
  EXPECT_EQ(Now()->release.gate, Gate::kOpen);
  RunTo("2023-02-06T00:00:00Z");
  EXPECT_TRUE(Now()->release.disabled);
  EXPECT_EQ(Now()->release.gate, Gate::kAuto);
}

TEST_F(HistoryWorldTest, NamesTheLineThatItCannotUse) {
  EXPECT_THAT(Load(std::string(kCreate) + "2023-02-01,acme/one,0123456789abcdef01234567,"
                                          "fly,,,,,,,,\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, "line 3 (acme/one): unknown moment"));
}

TEST_F(HistoryWorldTest, SaysThatTheCorpusIsNotInstalled) {
  Write("moments.csv", std::string(kMomentColumns) + kCreate);
  EXPECT_THAT(LoadHistoryWorld(directory_.path().string() + ",/nowhere", world_),
              StatusIs(absl::StatusCode::kFailedPrecondition, "run deploy/setup.sh"));
}

TEST_F(HistoryWorldTest, KnowsTheEditsOfTexts) {
  LicenceTexts texts(directory_.path());
  EXPECT_EQ(*texts.Edited("other", "year=2024;holder=Acme, Inc"),
            "Copyright (c) 2024 Acme, Inc\n\nThe other text.\n");
  EXPECT_EQ(*texts.Edited("other", "holder=Acme"), "Copyright (c) Acme\n\nThe other text.\n");
  EXPECT_EQ(*texts.Edited("other", "omit-word=1"), "The text.\n");
  EXPECT_EQ(*texts.Edited("other", "append=made-up:A Thing"),
            "The other text.\n\n---------------- LICENSE FOR A Thing ----------------\n\n"
            "You may use this.\nCopyright <year>.\n");
  EXPECT_THAT(texts.Edited("other", "omit-word=9"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(texts.Edited("other", "sing=1"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(texts.Edited("none", ""), StatusIs(absl::StatusCode::kNotFound, "none.LICENSE"));
}

}  // namespace
}  // namespace modelwatch::replay_hub
