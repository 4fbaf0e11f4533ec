// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/webhook_emitter.h"

#include "common/bounded_queue.h"
#include "replay_hub/replay_fixture.h"

namespace modelwatch::replay_hub {
namespace {

class WebhookEmitterTest : public ReplayFixture {
 protected:
  common::BoundedQueue<Request> received_{100};
  HttpServer listener_{[this](const Request& request) {
    EXPECT_TRUE(received_.Push(request));
    return Response{};
  }};
};

TEST_F(WebhookEmitterTest, TellsAListenerWithTheSecret) {
  ServeCases();
  ASSERT_OK_AND_ASSIGN(const int port, listener_.Start("127.0.0.1", 0));
  ASSERT_OK_AND_ASSIGN(WebhookTarget target,
                       ParseWebhookUrl("http://127.0.0.1:" + std::to_string(port) + "/hook"));
  target.secret = "s3cret";
  WebhookEmitter emitter(target);
  server_->hub().SendWebhooksTo(emitter, server_->url());
  Ask("POST", "/_replay/advance?to=end");

  const auto push = received_.Pop(absl::Seconds(10));
  ASSERT_TRUE(push.has_value());
  EXPECT_EQ(push->method, "POST");
  EXPECT_EQ(push->path, "/hook");
  EXPECT_EQ(push->Get("x-webhook-secret"), "s3cret");
  const auto body = nlohmann::json::parse(push->body);
  EXPECT_EQ(body["event"]["action"], "update");
  EXPECT_EQ(body["event"]["scope"], "repo.content");
  EXPECT_EQ(body["repo"]["name"], "acme/open");
  EXPECT_EQ(body["webhook"]["version"], 3);
  EXPECT_EQ(body["updatedRefs"][0]["newSha"], body["repo"]["headSha"]);

  std::vector<std::string> actions;
  for (int i = 0; i < 9; ++i) {
    const auto next = received_.Pop(absl::Seconds(10));
    ASSERT_TRUE(next.has_value()) << i;
    const auto event = nlohmann::json::parse(next->body)["event"];
    actions.push_back(event["action"].get<std::string>() + " " + event["scope"].get<std::string>());
  }
  EXPECT_EQ(actions, (std::vector<std::string>{"update repo.content", "update repo.content",
                                               "update repo.config", "update repo.config",
                                               "update repo.config", "delete repo", "move repo",
                                               "create repo", "create repo"}));
}

TEST(WebhookUrlTest, TakesPlainHttpToAnAddressAlone) {
  EXPECT_OK(ParseWebhookUrl("http://127.0.0.1:80/x"));
  for (const char* url : {"", "https://127.0.0.1:80/x", "http://127.0.0.1/x", "http://:x"}) {
    EXPECT_THAT(ParseWebhookUrl(url), testing::StatusIs(absl::StatusCode::kInvalidArgument)) << url;
  }
}

}  // namespace
}  // namespace modelwatch::replay_hub
