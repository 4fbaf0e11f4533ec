// SPDX-License-Identifier: Apache-2.0
#include "evaluator/feed/site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "evaluator/feed/world.h"

namespace modelwatch::evaluator {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kHostile[] = "<script>alert(1)</script>/\"><img src=x>\u202Egpj";

std::string Lines(int count, const std::string& odd) {
  std::string text;
  for (int i = 1; i <= count; ++i) {
    text += i == 2 ? odd + "\n" : absl::StrFormat("Clause %d stays.\n", i);
  }
  return text;
}

size_t CountOf(const std::string& text, std::string_view words) {
  size_t count = 0;
  for (size_t at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) {
    ++count;
  }
  return count;
}

TEST(SiteTest, ExplainsAnEmptyPageAndWhatHappensNext) {
  World world;
  const Response page = world.Get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("No alert yet"));
  EXPECT_THAT(page.body, HasSubstr("What happens next"));
  EXPECT_THAT(page.body, HasSubstr("No hub is watched yet"));
  EXPECT_THAT(page.body, HasSubstr("not legal advice"));
}

TEST(SiteTest, SaysPlainlyThatAReplayIsNotTheLiveHub) {
  World world;
  world.DeclareHub("http://127.0.0.1:8600", "recorded history");
  EXPECT_THAT(world.Get("/").body,
              HasSubstr("Not the live Hugging Face Hub: replay or mirror at http://127.0.0.1:8600 "
                        "(recorded history)."));
}

TEST(SiteTest, ListsAlertsNewestFirstWithWhoLostWhat) {
  World world;
  const uint64_t older = world.PutAlert(World::SampleAlert("acme/older", "1"));
  const uint64_t newer = world.PutAlert(World::SampleAlert("acme/newer", "2"));
  const std::string page = world.Get("/").body;
  EXPECT_LT(page.find("acme/newer"), page.find("acme/older"));
  EXPECT_THAT(page, HasSubstr(absl::StrFormat("href=\"/alerts/%d\"", older)));
  EXPECT_THAT(page, HasSubstr(absl::StrFormat("href=\"/alerts/%d\"", newer)));
  EXPECT_THAT(page, HasSubstr("Lost: commercial use by a very small company."));
  EXPECT_THAT(page, HasSubstr("CC-BY-NC-4.0"));
  EXPECT_THAT(page, HasSubstr("datetime=\"2023-07-22T04:26:40Z\""));
}

TEST(SiteTest, LoadsNothingFromElsewhereAndRunsNothing) {
  World world;
  world.PutAlert(World::SampleAlert("acme/model", "1"));
  const std::string page = world.Get("/").body;
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("src=")));
  EXPECT_THAT(page, Not(HasSubstr(" style=")));
  EXPECT_THAT(page, Not(HasSubstr("href=\"http")));
}

TEST(SiteTest, EscapesWhateverAHubSent) {
  World world;
  world.DeclareHub("javascript:alert(1)", kHostile);
  v1::Alert alert = World::SampleAlert(kHostile, "1");
  alert.set_title(kHostile);
  alert.mutable_before()->set_licence(kHostile);
  alert.mutable_after()->set_declared(kHostile);
  alert.mutable_after()->set_access(kHostile);
  alert.mutable_after()->set_path(kHostile);
  alert.mutable_after()->set_text(kHostile);
  alert.mutable_after()->set_revision(kHostile);
  alert.mutable_shift()->mutable_lost(0)->set_scenario(kHostile);
  alert.mutable_shift()->mutable_lost(0)->mutable_because(0)->set_path(kHostile);
  alert.mutable_shift()->mutable_lost(0)->mutable_because(0)->set_text(kHostile);
  const uint64_t sequence = world.PutAlert(alert);
  world.PutVersion(kHostile, "1", kHostile);
  for (const std::string& path :
       {std::string("/"), absl::StrFormat("/alerts/%d", sequence),
        std::string("/releases/huggingface/x"), std::string("/feed.atom"), std::string(kHostile)}) {
    const Response page = world.Get(path, {{"id", "1"}});
    EXPECT_THAT(page.body, Not(HasSubstr("<script"))) << path;
    EXPECT_THAT(page.body, Not(HasSubstr("<img"))) << path;
    EXPECT_THAT(page.body, Not(HasSubstr("\u202E"))) << path;
    EXPECT_THAT(page.body, Not(HasSubstr("href=\"javascript"))) << path;
  }
}

TEST(SiteTest, TurnsPagesThereAndBackWithoutALossOrARepeat) {
  World world;
  for (int i = 0; i < 70; ++i) {
    world.PutAlert(World::SampleAlert(absl::StrFormat("acme/m%02d.", i), std::to_string(i)));
  }
  const std::string first = world.Get("/").body;
  EXPECT_EQ(CountOf(first, "<article"), 30u);
  EXPECT_THAT(first, HasSubstr("acme/m69."));
  EXPECT_THAT(first, HasSubstr("href=\"/?before=41\""));
  EXPECT_THAT(first, Not(HasSubstr("Newer")));
  const std::string second = world.Get("/", {{"before", "41"}}).body;
  EXPECT_THAT(second, HasSubstr("acme/m39."));
  EXPECT_THAT(second, HasSubstr("rel=\"prev\" href=\"/\""));
  const std::string third = world.Get("/", {{"before", "11"}}).body;
  EXPECT_EQ(CountOf(third, "<article"), 10u);
  EXPECT_THAT(third, HasSubstr("rel=\"prev\" href=\"/?before=41\""));
  EXPECT_THAT(third, Not(HasSubstr("Older →")));
}

TEST(SiteTest, FiltersBySeverityAndKeepsTheFilterWhenTurningPages) {
  World world;
  for (int i = 0; i < 40; ++i) {
    world.PutAlert(World::SampleAlert("acme/loud", std::to_string(i), v1::CRITICAL));
    world.PutAlert(World::SampleAlert("acme/quiet", std::to_string(100 + i), v1::NOTICE));
  }
  const std::string page = world.Get("/", {{"severity", "critical"}}).body;
  EXPECT_THAT(page, Not(HasSubstr("acme/quiet")));
  EXPECT_THAT(page, HasSubstr("&amp;severity=critical"));
  EXPECT_THAT(page, HasSubstr("aria-current=\"true\""));
}

TEST(SiteTest, RefusesAQueryThatMeansNothing) {
  World world;
  EXPECT_EQ(world.Get("/", {{"before", "x"}}).status, 400);
  EXPECT_EQ(world.Get("/", {{"before", "-1"}}).status, 400);
  EXPECT_EQ(world.Get("/", {{"before", std::string(1000, '9')}}).status, 400);
  EXPECT_EQ(world.Get("/", {{"severity", "loud"}}).status, 400);
  EXPECT_EQ(world.Get("/api/v1/alerts", {{"limit", "5000"}}).status, 400);
}

TEST(SiteTest, AnswersUnknownAddressesWithNotFound) {
  World world;
  world.PutVersion("acme/model", "1", "text");
  for (const char* path :
       {"/nothing", "/alerts/", "/alerts/999", "/alerts/0", "/alerts/x", "/alerts/1/2",
        "/releases/", "/releases/huggingface", "/releases/huggingface/", "/releases/h/no/one",
        "/texts/", "/texts/abc", "/texts/../../etc/passwd", "/site/../site.cc", "//", "/metrics",
        "/texts/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}) {
    EXPECT_EQ(world.Get(path).status, 404) << path;
  }
}

TEST(SiteTest, ShowsTheTextsOfAnAlertComparedWordByWord) {
  World world;
  world.DeclareHub("https://huggingface.co", "");
  const uint64_t sequence =
      world.PutSwap("acme/model", "1", Lines(60, "You may use it for any purpose."),
                    Lines(60, "You may use it for non-commercial purposes only."));
  const std::string page = world.Get(absl::StrFormat("/alerts/%d", sequence)).body;
  EXPECT_THAT(page, HasSubstr("<del>"));
  EXPECT_THAT(page, HasSubstr("<ins>"));
  EXPECT_THAT(page, HasSubstr("class=\"line added cause\" id=\"new-2\""));
  EXPECT_THAT(page, HasSubstr("href=\"#new-2\""));
  EXPECT_THAT(page, HasSubstr("unchanged lines"));
  EXPECT_THAT(page, HasSubstr("<details>"));
  EXPECT_THAT(page, HasSubstr("https://huggingface.co/acme/model/resolve/"));
  EXPECT_THAT(page, HasSubstr("for non-commercial purposes only"));
  EXPECT_THAT(page, HasSubstr("commercial use by a very small company"));
  EXPECT_THAT(page, HasSubstr("prohibited"));
}

TEST(SiteTest, ShowsTheDeclaredFactsWhenThereIsNoText) {
  World world;
  v1::Alert alert = World::SampleAlert("acme/model", "1");
  alert.mutable_shift()->set_kind(v1::ACCESS);
  alert.mutable_before()->set_access("open");
  alert.mutable_after()->set_access("removed");
  const uint64_t sequence = world.PutAlert(alert);
  const std::string page = world.Get(absl::StrFormat("/alerts/%d", sequence)).body;
  EXPECT_THAT(page, HasSubstr("The terms were not read from a text"));
  EXPECT_THAT(page, HasSubstr("removed"));
}

TEST(SiteTest, ShowsTheOneTextWhenTheOtherSideHasNone) {
  World world;
  v1::Alert alert = World::SampleAlert("acme/model", "1");
  world.PutVersion("acme/model", "1", "Only for research.\n");
  alert.mutable_after()->set_digest(common::Sha256("Only for research.\n"));
  const uint64_t sequence = world.PutAlert(alert);
  const std::string page = world.Get(absl::StrFormat("/alerts/%d", sequence)).body;
  EXPECT_THAT(page, HasSubstr("Before, there was no licence text"));
  EXPECT_THAT(page, HasSubstr("Only for research."));
}

TEST(SiteTest, ShowsAReleaseByNameAndByKeyAfterARename) {
  World world;
  world.PutVersion("acme/old-name", "1", "one");
  world.PutVersion("acme/new-name", "1", "two");
  EXPECT_EQ(world.Get("/releases/huggingface/acme/old-name").status, 404);
  const Response by_key = world.Get("/releases/huggingface/acme/old-name", {{"id", "1"}});
  EXPECT_EQ(by_key.status, 200);
  EXPECT_THAT(by_key.body, HasSubstr("acme/new-name"));
  EXPECT_THAT(by_key.body, HasSubstr("Former names"));
  const Response by_name = world.Get("/releases/huggingface/acme/new-name");
  EXPECT_EQ(CountOf(by_name.body, "class=\"version\""), 2u);
  EXPECT_THAT(by_name.body, HasSubstr("licence file"));
}

TEST(SiteTest, GivesKeptTextsAsPlainTextOnly) {
  World world;
  world.PutVersion("acme/model", "1", "<script>alert(1)</script>");
  const Response text =
      world.Get("/texts/" + common::ToHex(common::Sha256("<script>alert(1)</script>")));
  EXPECT_EQ(text.status, 200);
  EXPECT_EQ(text.content_type, "text/plain; charset=utf-8");
  EXPECT_EQ(text.body, "<script>alert(1)</script>");
}

TEST(SiteTest, AnswersTheApiInTheOrderOfTheLogAndTellsWhereToGoOn) {
  World world;
  for (int i = 0; i < 5; ++i) world.PutAlert(World::SampleAlert("a/b", std::to_string(i)));
  const auto first = nlohmann::json::parse(world.Get("/api/v1/alerts", {{"limit", "3"}}).body);
  EXPECT_EQ(first["alerts"].size(), 3u);
  EXPECT_EQ(first["alerts"][0]["sequence"], 1);
  EXPECT_EQ(first["has_more"], true);
  EXPECT_EQ(first["next_after"], 3);
  const auto rest = nlohmann::json::parse(world.Get("/api/v1/alerts", {{"after", "3"}}).body);
  EXPECT_EQ(rest["alerts"].size(), 2u);
  EXPECT_EQ(rest["has_more"], false);
  const auto none = nlohmann::json::parse(world.Get("/api/v1/alerts", {{"after", "5"}}).body);
  EXPECT_EQ(none["next_after"], 5);
}

TEST(SiteTest, AnswersStatusHealthAndMetrics) {
  World world;
  world.DeclareHub("http://127.0.0.1:1", "replay");
  const auto status = nlohmann::json::parse(world.Get("/api/v1/status").body);
  EXPECT_EQ(status["hubs"][0]["is_live_hugging_face"], false);
  EXPECT_EQ(world.Get("/healthz").body, "ok\n");
  world.options().metrics_text = [] { return std::string("up 1\n"); };
  EXPECT_EQ(world.Get("/metrics").body, "up 1\n");
}

TEST(SiteTest, ShowsHowTheWatchStandsAndOpensItWhenItIsNotWell) {
  World world;
  world.DeclareHub("http://127.0.0.1:1", "replay");
  EXPECT_THAT(world.Get("/").body, HasSubstr("How the watch of huggingface stands"));
  EXPECT_THAT(world.Get("/").body, Not(HasSubstr("open=\"open\"")));
  world.index().SetSilent("huggingface", true);
  EXPECT_THAT(world.Get("/").body, HasSubstr("open=\"open\""));
  EXPECT_THAT(world.Get("/").body, HasSubstr("SILENT"));
}

TEST(SiteTest, TellsOfASilenceWithoutARelease) {
  World world;
  v1::PutAssessmentsRequest request;
  request.set_evaluator("evaluator");
  v1::HubNotice& notice = *request.add_hub_notices();
  notice.set_news(v1::HUB_SILENT);
  v1::Alert& alert = *notice.mutable_alert();
  alert.set_is_about_hub(true);
  alert.mutable_key()->set_hub("huggingface");
  alert.set_name("huggingface");
  alert.set_severity(v1::WARNING);
  alert.set_title("huggingface: no listing succeeded");
  alert.mutable_cause()->set_text("Changes <since> then are not known.");
  ASSERT_OK(world.index().PutAssessments(request));
  EXPECT_THAT(world.Get("/").body, HasSubstr("no listing succeeded"));
  EXPECT_THAT(world.Get("/").body, Not(HasSubstr("History of the release")));
  const std::string page = world.Get("/alerts/1").body;
  EXPECT_THAT(page, HasSubstr("Changes &lt;since&gt; then"));
  EXPECT_THAT(page, Not(HasSubstr("Evidence")));
  EXPECT_THAT(world.Get("/feed.atom").body, HasSubstr("no listing succeeded"));
  EXPECT_THAT(world.Get("/feed.atom").body, Not(HasSubstr("/releases/")));
}

TEST(SiteTest, SaysSoWhenTheIndexIsAway) {
  World world;
  world.index().SetAway(true);
  for (const char* path : {"/", "/feed.atom", "/api/v1/alerts", "/alerts/1", "/healthz"}) {
    const Response response = world.Get(path);
    EXPECT_EQ(response.status, 503) << path;
    EXPECT_THAT(response.body, HasSubstr("The index does not answer"));
  }
  EXPECT_EQ(world.Get("/site/style.css").status, 200);
}

TEST(SiteTest, LinksToAStyleSheetThatIsThere) {
  World world;
  const std::string page = world.Get("/").body;
  EXPECT_THAT(page, HasSubstr("/site/style.css?v="));
  const Response style = world.Get("/site/style.css");
  EXPECT_EQ(style.content_type, "text/css; charset=utf-8");
  EXPECT_THAT(style.body, HasSubstr("prefers-color-scheme: dark"));
  EXPECT_THAT(world.Get("/site/icon.svg").body, HasSubstr("<svg"));
}

}  // namespace
}  // namespace modelwatch::evaluator
