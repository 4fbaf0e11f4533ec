// SPDX-License-Identifier: Apache-2.0
// The feed as the tools of others read it: xmllint and python3-feedparser.
#include "evaluator/feed/atom.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "evaluator/feed/world.h"
#include "testing/process.h"
#include "testing/temp_dir.h"

namespace modelwatch::evaluator {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// What feedparser understood, as lines; the test fails when it calls the feed malformed.
std::string Parse(const std::string& xml) {
  static constexpr char kProgram[] = R"(
import sys, feedparser
feed = feedparser.parse(open(sys.argv[1], 'rb').read(),
                        response_headers={'content-type': 'application/atom+xml; charset=utf-8'})
print('bozo', bool(feed.bozo), feed.get('bozo_exception', ''))
print('version', feed.version)
print('feed', feed.feed.id, feed.feed.updated)
for link in feed.feed.links: print('link', link.rel, link.href)
for entry in feed.entries:
    print('entry', entry.id, entry.updated, entry.link)
    print('title', entry.title)
    print('tags', ' '.join(tag.term for tag in entry.tags))
)";
  testing::TempDir directory;
  const std::string path = directory.Sub("feed.atom");
  std::ofstream(path) << xml;
  const auto lint = testing::RunProcess({"xmllint", "--noout", path});
  EXPECT_OK(lint);
  if (!lint.ok()) return "";
  EXPECT_EQ(lint->exit_code, 0) << lint->err;
  // Debian's own: the package is not visible to another Python that PATH may name.
  const auto parsed = testing::RunProcess({"/usr/bin/python3", "-c", kProgram, path});
  EXPECT_OK(parsed);
  if (!parsed.ok()) return "";
  EXPECT_EQ(parsed->exit_code, 0) << parsed->err;
  EXPECT_THAT(parsed->out, HasSubstr("bozo False"));
  EXPECT_THAT(parsed->out, HasSubstr("version atom10"));
  return parsed->out;
}

TEST(AtomTest, IsValidWhenEmptyAndThenOlderThanEverything) {
  World world;
  const Response feed = world.Get("/feed.atom");
  EXPECT_EQ(feed.content_type, "application/atom+xml; charset=utf-8");
  EXPECT_EQ(feed.last_modified, absl::UnixEpoch());
  EXPECT_THAT(Parse(feed.body), HasSubstr("1970-01-01T00:00:00Z"));
}

TEST(AtomTest, GivesEveryAlertAnIdThatDoesNotDependOnAddressNameOrNumber) {
  World world;
  world.PutAlert(World::SampleAlert("acme/model", "1"));
  const std::string id = absl::StrFormat(
      "tag:watch.example,2026:modelwatch/alert/huggingface/1/%d/swap-tighter", kSeenAt);
  EXPECT_THAT(Parse(world.Get("/feed.atom").body), HasSubstr("entry " + id));
  World moved;
  moved.options().config.set_base_url("https://elsewhere.example");
  moved.PutAlert(World::SampleAlert("first/one", "7"));
  moved.PutAlert(World::SampleAlert("acme/renamed", "1"));
  const std::string parsed = Parse(moved.Get("/feed.atom").body);
  EXPECT_THAT(parsed, HasSubstr("entry " + id));
  EXPECT_THAT(parsed, HasSubstr("https://elsewhere.example/alerts/2"));
}

TEST(AtomTest, TellsSeverityAndDirectionAsCategories) {
  World world;
  world.PutAlert(World::SampleAlert("acme/model", "1"));
  EXPECT_THAT(Parse(world.Get("/feed.atom").body),
              HasSubstr("tags critical tighter swap huggingface"));
}

TEST(AtomTest, StaysValidWhateverAHubSent) {
  World world;
  v1::Alert alert = World::SampleAlert("]]><a>\u202E\x01&amp;\"'", "<&>");
  alert.set_title("]]></content><entry>\uFFFE\u202E");
  alert.mutable_before()->set_licence("a\x02<b>");
  world.DeclareHub("http://x\"/>", "<label>");
  world.PutAlert(alert);
  const std::string parsed = Parse(world.Get("/feed.atom").body);
  EXPECT_THAT(parsed, HasSubstr("[U+202E]"));
}

TEST(AtomTest, PagesThroughEverythingOnceByItsNextLinks) {
  World world;
  for (int i = 0; i < 120; ++i) world.PutAlert(World::SampleAlert("a/b", std::to_string(i)));
  const std::string first = world.Get("/feed.atom").body;
  EXPECT_THAT(first, HasSubstr("rel=\"self\" type=\"application/atom+xml\" "
                               "href=\"https://watch.example/feed.atom\""));
  EXPECT_THAT(first, HasSubstr("rel=\"next\" type=\"application/atom+xml\" "
                               "href=\"https://watch.example/feed.atom?before=71\""));
  EXPECT_THAT(first, Not(HasSubstr("rel=\"previous\"")));
  const std::string last = world.Get("/feed.atom", {{"before", "21"}}).body;
  EXPECT_THAT(last, Not(HasSubstr("rel=\"next\"")));
  const std::string parsed = Parse(last);
  EXPECT_THAT(parsed, HasSubstr("link previous https://watch.example/feed.atom?before=71"));
  EXPECT_THAT(parsed, HasSubstr("modelwatch/alert/huggingface/0/"));
}

TEST(AtomTest, IsDatedByItsNewestAlert) {
  World world;
  world.PutAlert(World::SampleAlert("a/b", "1"));
  world.clock().Advance(absl::Hours(5));
  world.PutAlert(World::SampleAlert("a/b", "2"));
  EXPECT_EQ(world.Get("/feed.atom").last_modified, world.clock().Now());
}

}  // namespace
}  // namespace modelwatch::evaluator
