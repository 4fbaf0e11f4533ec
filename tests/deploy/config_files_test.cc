// SPDX-License-Identifier: Apache-2.0
// The configuration files in deploy/config are what the program reads and what it does by default.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "cli/config.h"
#include "testing/status_matchers.h"

namespace modelwatch::testing {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

std::string ConfigPath(const char* name) {
  return std::string(MODELWATCH_SOURCE_DIR) + "/deploy/config/" + name;
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Every field below `message` must stand as a line `name: ...` or `name {`, with a comment above
// it; a list, empty by default, as an example that is commented out.
void ExpectDocumented(const Descriptor& message, const std::string& text) {
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    const bool is_block = field.type() == FieldDescriptor::TYPE_MESSAGE;
    const char* indent = is_block ? "" : field.is_repeated() ? "  # " : "  ";
    const std::string line = std::string("\n") + indent + field.name();
    const size_t at = text.find(line + (is_block ? " {" : ": "));
    ASSERT_NE(at, std::string::npos)
        << message.full_name() << "." << field.name()
        << " is not in deploy/config/modelwatch.textproto; add it with unit, default and reason";
    if (is_block) {
      ExpectDocumented(*field.message_type(), text);
      continue;
    }
    const std::string before = text.substr(0, at);
    const std::string last_line = before.substr(before.rfind('\n') + 1);
    EXPECT_EQ(last_line.rfind("  # ", 0), 0U) << field.full_name() << " has no comment above it";
  }
}

TEST(ConfigFilesTest, TheFullFileMentionsEveryField) {
  ExpectDocumented(*v1::Config::descriptor(), ReadFile(ConfigPath("modelwatch.textproto")));
}

TEST(ConfigFilesTest, TheFullFileSaysTheDefaults) {
  ASSERT_OK_AND_ASSIGN(const v1::Config written,
                       cli::LoadConfig(ConfigPath("modelwatch.textproto"), {}));
  ASSERT_OK_AND_ASSIGN(const v1::Config defaults, cli::LoadConfig("", {}));
  std::string differences;
  google::protobuf::util::MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&differences);
  EXPECT_TRUE(differencer.Compare(written, defaults)) << differences;
}

TEST(ConfigFilesTest, TheQuickstartFileIsReadAndSaysThatItIsAReplay) {
  ASSERT_OK_AND_ASSIGN(const v1::Config config,
                       cli::LoadConfig(ConfigPath("quickstart.textproto"),
                                       {{"huggingface=http://127.0.0.1:1"}, ""}));
  ASSERT_EQ(config.hubs_size(), 1);
  EXPECT_NE(config.hubs(0).label().find("replay"), std::string::npos);
  EXPECT_NE(config.site().title().find("replay"), std::string::npos);
}

}  // namespace
}  // namespace modelwatch::testing
