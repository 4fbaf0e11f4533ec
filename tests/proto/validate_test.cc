// SPDX-License-Identifier: Apache-2.0
#include "proto/validate.h"

#include <gtest/gtest.h>

#include <functional>

#include "testing/status_matchers.h"

namespace modelwatch::proto {
namespace {

using ::absl::StatusCode;
using ::modelwatch::testing::StatusIs;

v1::Observation Sound() {
  v1::Observation seen;
  seen.mutable_key()->set_hub("huggingface");
  seen.mutable_key()->set_id("621ffdc036468d709f17434d");
  seen.set_name("openai-community/gpt2");
  seen.set_observed_at_us(1);
  seen.set_revision(std::string(40, 'a'));
  seen.mutable_access()->set_presence(v1::PRESENT);
  v1::File* file = seen.add_files();
  file->set_path("LICENSE");
  file->set_oid(std::string(40, 'b'));
  file->set_digest(std::string(32, '\x01'));
  file->set_outcome(v1::FETCHED);
  return seen;
}

struct Case {
  const char* what;
  const char* field;
  std::function<void(v1::Observation&)> damage;
};

TEST(ValidateObservationTest, AcceptsASoundObservation) { EXPECT_OK(ValidateObservation(Sound())); }

TEST(ValidateObservationTest, NamesTheFieldItRefuses) {
  const Case kCases[] = {
      {"hub in capitals", "key.hub", [](auto& o) { o.mutable_key()->set_hub("HF"); }},
      {"empty id", "key.id", [](auto& o) { o.mutable_key()->clear_id(); }},
      {"id with a zero byte", "key.id",
       [](auto& o) { o.mutable_key()->set_id(std::string("a\0b", 3)); }},
      {"empty name", "name", [](auto& o) { o.clear_name(); }},
      {"no time", "observed_at_us", [](auto& o) { o.clear_observed_at_us(); }},
      {"no presence", "access.presence", [](auto& o) { o.clear_access(); }},
      {"short revision", "revision", [](auto& o) { o.set_revision("abc"); }},
      {"absolute path", "files.path", [](auto& o) { o.mutable_files(0)->set_path("/etc/passwd"); }},
      {"path that leaves", "files.path",
       [](auto& o) { o.mutable_files(0)->set_path("a/../../b"); }},
      {"bad oid", "files.oid", [](auto& o) { o.mutable_files(0)->set_oid("zz"); }},
      {"short digest", "files.digest", [](auto& o) { o.mutable_files(0)->set_digest("x"); }},
      {"repeated path", "files", [](auto& o) { *o.add_files() = o.files(0); }},
      {"65 base models", "declared",
       [](auto& o) {
         for (int i = 0; i < 65; ++i) o.mutable_declared()->add_base_models();
       }},
      {"long gated prompt", "gated_prompt",
       [](auto& o) {
         o.mutable_declared()->set_gated_prompt(std::string(kMaxGatedPromptBytes + 1, 'x'));
       }},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.what);
    v1::Observation seen = Sound();
    c.damage(seen);
    EXPECT_THAT(ValidateObservation(seen), StatusIs(StatusCode::kInvalidArgument, c.field));
  }
}

TEST(ToValidUtf8Test, KeepsValidTextAndReplacesTheRest) {
  EXPECT_EQ(ToValidUtf8("licence 许可 \xF0\x9F\xA4\x97"), "licence 许可 \xF0\x9F\xA4\x97");
  EXPECT_EQ(ToValidUtf8("a\xFF"
                        "b"),
            "a\xEF\xBF\xBD"
            "b");
  // A surrogate half, an overlong slash and a cut sequence are not UTF-8.
  EXPECT_EQ(ToValidUtf8("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(ToValidUtf8("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(ToValidUtf8("\xE4\xB8"), "\xEF\xBF\xBD\xEF\xBF\xBD");
}

}  // namespace
}  // namespace modelwatch::proto
