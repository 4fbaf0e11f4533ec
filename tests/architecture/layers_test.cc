// SPDX-License-Identifier: Apache-2.0
// The house rules that a compiler does not check: layers.txt, heavy headers, size, licence lines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "architecture/source_tree.h"
#include "testing/status_matchers.h"

namespace modelwatch::testing {
namespace {

using ::testing::HasSubstr;

constexpr size_t kMaxLines = 600;
// In two parts, so that licence checkers do not read it as this file's own.
constexpr char kLicenceLine[] =
    "// SPDX-License-"
    "Identifier: Apache-2.0\n";

const std::vector<std::string>& SourceFolders() {
  static const auto* const folders =
      new std::vector<std::string>{"common", "proto", "crawler", "indexer", "evaluator", "cli"};
  return *folders;
}

const std::vector<SourceFile>& Sources() {
  static const auto* const files =
      new std::vector<SourceFile>(ReadSources(MODELWATCH_SOURCE_DIR, SourceFolders()));
  return *files;
}

const std::vector<SourceFile>& SourcesAndTests() {
  static const auto* const files = [] {
    std::vector<std::string> folders = SourceFolders();
    folders.emplace_back("tests");
    return new std::vector<SourceFile>(ReadSources(MODELWATCH_SOURCE_DIR, folders));
  }();
  return *files;
}

LayerTable Layers() {
  std::ifstream in(std::string(MODELWATCH_SOURCE_DIR) + "/tests/architecture/layers.txt");
  std::ostringstream text;
  text << in.rdbuf();
  return ParseLayers(text.str()).value();
}

// The room that a quoted include points into, "" when it is not a file of ours (generated code).
std::string RoomOf(const Include& include) {
  const std::filesystem::path path(include.what);
  if (!include.quoted || include.what.rfind("modelwatch/", 0) == 0) return "";
  for (const std::string& folder : SourceFolders()) {
    if (*path.begin() == folder) return path.parent_path().generic_string();
  }
  return "";
}

struct HeavyHeader {
  std::string prefix;
  std::set<std::string> rooms;  // whose .cc files may include it
  bool in_headers = false;      // or their .h files too
};

// Each costs seconds of compile time a file, or ties a room to a library it should not know.
const std::vector<HeavyHeader>& HeavyHeaders() {
  static const auto* const headers = new std::vector<HeavyHeader>{
      {"grpcpp/", {"common/rpc", "indexer/client", "indexer/service"}, true},
      {"rocksdb/", {"indexer/store"}, true},
      {"curl/", {"common/http"}},
      {"simdjson", {"crawler/hub"}},
      {"CLI/", {"cli"}, true},
      {"httplib.h", {"common/http"}},
      {"prometheus/", {"common"}},
      {"spdlog/", {"common"}},
      {"uchardet", {"evaluator/license"}},
      {"iconv.h", {"evaluator/license"}},
      {"archive", {"cli"}},
      {"libxml/", {"crawler/documents"}},
      {"yaml-cpp/", {"crawler/hub", "evaluator/license"}},
      {"arrow/", {"indexer/export"}},
      {"parquet/", {"indexer/export"}},
      {"nlohmann/", {}},
  };
  return *headers;
}

TEST(LayersTest, TheTableHasNoCycle) { EXPECT_EQ(FindCycle(Layers()), ""); }

TEST(LayersTest, EveryRoomWithAFileHasARow) {
  const LayerTable table = Layers();
  for (const SourceFile& file : Sources()) {
    EXPECT_TRUE(table.count(file.room) == 1) << file.path << ": add a row for " << file.room;
  }
}

TEST(LayersTest, EveryRowIsARoomThatExists) {
  for (const auto& [room, unused] : Layers()) {
    EXPECT_TRUE(std::filesystem::is_directory(std::filesystem::path(MODELWATCH_SOURCE_DIR) / room))
        << room;
  }
}

TEST(LayersTest, NoFileIncludesARoomThatItsRowDoesNotName) {
  const LayerTable table = Layers();
  for (const SourceFile& file : Sources()) {
    for (const Include& include : file.includes) {
      const std::string room = RoomOf(include);
      if (room.empty()) continue;
      EXPECT_TRUE(MayInclude(table, file.room, room))
          << file.path << " includes " << include.what << ", but the row of " << file.room
          << " in tests/architecture/layers.txt does not name " << room;
    }
  }
}

TEST(LayersTest, NothingIncludesTests) {
  for (const SourceFile& file : Sources()) {
    for (const Include& include : file.includes) {
      for (const char* prefix : {"tests/", "testing/", "replay_hub/", "gtest/", "gmock/"}) {
        EXPECT_NE(include.what.rfind(prefix, 0), 0U) << file.path << " includes " << include.what;
      }
    }
  }
}

TEST(LayersTest, HeavyHeadersStayInTheirRooms) {
  for (const SourceFile& file : Sources()) {
    const bool is_header = file.path.size() > 2 && file.path.substr(file.path.size() - 2) == ".h";
    for (const Include& include : file.includes) {
      for (const HeavyHeader& heavy : HeavyHeaders()) {
        if (include.what.rfind(heavy.prefix, 0) != 0) continue;
        EXPECT_TRUE(heavy.rooms.empty() || heavy.rooms.count(file.room) == 1)
            << file.path << " includes <" << include.what << ">, which is for other rooms";
        EXPECT_TRUE(!is_header || heavy.in_headers)
            << file.path << " is a header and includes <" << include.what << ">";
      }
    }
  }
}

TEST(LayersTest, GeneratedServiceCodeStaysAtTheEdges) {
  for (const SourceFile& file : Sources()) {
    for (const Include& include : file.includes) {
      if (include.what.find(".grpc.pb.h") == std::string::npos) continue;
      EXPECT_TRUE(file.room == "indexer/client" || file.room == "indexer/service")
          << file.path << " includes " << include.what;
    }
  }
}

TEST(HouseRulesTest, NoFileIsLongerThanTheLimit) {
  for (const SourceFile& file : SourcesAndTests()) {
    EXPECT_LE(file.lines, kMaxLines) << file.path << ": split it";
  }
}

TEST(HouseRulesTest, EveryFileNamesItsLicenceInTheFirstLine) {
  for (const SourceFile& file : SourcesAndTests()) {
    EXPECT_EQ(file.text.rfind(kLicenceLine, 0), 0U) << file.path;
  }
}

// A source file that no CMakeLists.txt names is lost without a word.
TEST(HouseRulesTest, EverySourceFileIsBuilt) {
  const std::string root = std::string(MODELWATCH_SOURCE_DIR) + "/";
  for (const SourceFile& file : SourcesAndTests()) {
    const std::filesystem::path path(file.path);
    if (path.extension() != ".cc") continue;
    bool is_named = false;
    // Its own folder builds it, or one that shares it.
    for (const char* lists : {"", "tests/", "tests/replay_hub/", "tests/fuzz/", "tests/bench/"}) {
      const std::string folder = *lists == '\0' ? file.room + "/" : lists;
      std::ifstream in(root + folder + "CMakeLists.txt");
      std::ostringstream text;
      text << in.rdbuf();
      is_named = is_named || text.str().find(path.filename().string()) != std::string::npos;
    }
    EXPECT_TRUE(is_named) << file.path << " is in no CMakeLists.txt";
  }
}

TEST(HouseRulesTest, EveryHeaderIsGuarded) {
  for (const SourceFile& file : SourcesAndTests()) {
    if (file.path.substr(file.path.size() - 2) != ".h") continue;
    EXPECT_THAT(file.text, HasSubstr("#pragma once\n")) << file.path;
  }
}

TEST(HouseRulesTest, FactsThatDoNotCompileOnDebianAreNotUsed) {
  for (const SourceFile& file : SourcesAndTests()) {
    for (const Include& include : file.includes) {
      EXPECT_NE(include.what, "regex") << file.path << ": g++ 12 with asan warns falsely; use RE2";
      EXPECT_NE(include.what, "source_location") << file.path << ": clang 14 cannot compile it";
      EXPECT_NE(include.what, "format") << file.path << ": libstdc++ 12 has none";
    }
  }
}

TEST(HouseRulesTest, LocksAreOnesThatBothCheckersUnderstand) {
  for (const SourceFile& file : Sources()) {
    EXPECT_EQ(file.text.find("absl::MutexLock"), std::string::npos)
        << file.path << ": ThreadSanitizer reports false races on it; use common/mutex.h";
    if (file.path == "common/mutex.h") continue;
    for (const Include& include : file.includes) {
      EXPECT_NE(include.what, "mutex") << file.path << ": clang checks common/mutex.h only";
      EXPECT_NE(include.what, "condition_variable") << file.path << ": use common/mutex.h";
    }
  }
}

TEST(SourceTreeTest, ReadsQuotedAndBracketedIncludes) {
  const std::vector<Include> includes =
      ReadIncludes("// x\n#include <map>\n  #include \"common/log.h\"\n#include MACRO\nint a;\n");
  ASSERT_EQ(includes.size(), 2U);
  EXPECT_EQ(includes[0].what, "map");
  EXPECT_FALSE(includes[0].quoted);
  EXPECT_EQ(includes[1].what, "common/log.h");
  EXPECT_TRUE(includes[1].quoted);
}

TEST(SourceTreeTest, AStarStandsForTheRoomsBelowAFolder) {
  ASSERT_OK_AND_ASSIGN(const LayerTable table, ParseLayers("a : b/* c\nb :\nb/x :\nc :\n"));
  EXPECT_TRUE(MayInclude(table, "a", "b/x"));
  EXPECT_TRUE(MayInclude(table, "a", "c"));
  EXPECT_TRUE(MayInclude(table, "a", "a"));
  EXPECT_FALSE(MayInclude(table, "a", "b"));
  EXPECT_FALSE(MayInclude(table, "c", "a"));
  EXPECT_FALSE(MayInclude(table, "unknown", "a"));
}

TEST(SourceTreeTest, FindsACycle) {
  ASSERT_OK_AND_ASSIGN(const LayerTable table, ParseLayers("a : b\nb : c/*\nc/x : a\nd :\n"));
  EXPECT_EQ(FindCycle(table), "a -> b -> c/x -> a");
}

TEST(SourceTreeTest, RefusesARowOutOfShape) {
  EXPECT_THAT(ParseLayers("a b\n"), StatusIs(absl::StatusCode::kInvalidArgument, "line 1"));
  EXPECT_THAT(ParseLayers("a : b\n\na : c\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, "line 3: a comes twice"));
}

}  // namespace
}  // namespace modelwatch::testing
