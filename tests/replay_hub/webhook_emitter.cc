// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/webhook_emitter.h"

#include <nlohmann/json.hpp>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "testing/loopback_http.h"

namespace modelwatch::replay_hub {
namespace {

using Json = nlohmann::ordered_json;
constexpr size_t kMostWaiting = 1000;

struct Event {
  const char* action = nullptr;  // null: nobody is told
  const char* scope = "repo";
};

Event EventOf(const Mutation& mutation) {
  if (std::holds_alternative<Create>(mutation)) return {"create", "repo"};
  if (std::holds_alternative<Restore>(mutation)) return {"create", "repo"};
  if (std::holds_alternative<Delete>(mutation)) return {"delete", "repo"};
  if (std::holds_alternative<Rename>(mutation)) return {"move", "repo"};
  if (std::holds_alternative<Push>(mutation)) return {"update", "repo.content"};
  if (std::holds_alternative<SetCounts>(mutation)) return {};
  if (std::holds_alternative<SetMetadata>(mutation)) return {};
  return {"update", "repo.config"};
}

}  // namespace

absl::StatusOr<WebhookTarget> ParseWebhookUrl(std::string_view url) {
  constexpr std::string_view kScheme = "http://";
  const auto refuse = [url] {
    return absl::InvalidArgumentError(
        absl::StrFormat("webhook \"%s\": not of the form http://127.0.0.1:PORT/PATH", url));
  };
  if (url.substr(0, kScheme.size()) != kScheme) return refuse();
  std::string_view rest = url.substr(kScheme.size());
  const size_t slash = rest.find('/');
  const std::string_view authority = rest.substr(0, slash);
  const size_t colon = authority.find(':');
  WebhookTarget target;
  if (colon == std::string_view::npos ||
      !absl::SimpleAtoi(std::string(authority.substr(colon + 1)), &target.port)) {
    return refuse();
  }
  target.host = std::string(authority.substr(0, colon));
  target.path = slash == std::string_view::npos ? "/" : std::string(rest.substr(slash));
  return target;
}

std::string WebhookBody(const World::Applied& applied, std::string_view origin) {
  const Event event = EventOf(applied.mutation);
  if (event.action == nullptr || applied.after == nullptr) return "";
  const Release& release = applied.after->release;
  const std::string url = absl::StrFormat("%s/%s", origin, release.name);
  Json json = {
      {"event", {{"action", event.action}, {"scope", event.scope}}},
      {"repo",
       {{"type", "model"},
        {"name", release.name},
        {"id", release.id},
        {"private", release.is_private},
        {"url", {{"web", url}, {"api", absl::StrFormat("%s/api/models/%s", origin, release.name)}}},
        {"headSha", release.head().sha},
        {"owner", {{"id", DeriveReleaseId(OwnerOf(release.name), 0)}}}}}};
  if (std::holds_alternative<Push>(applied.mutation) && applied.before != nullptr) {
    json["updatedRefs"] = {{{"ref", "refs/heads/main"},
                            {"oldSha", applied.before->release.head().sha},
                            {"newSha", release.head().sha}}};
  }
  if (std::string_view(event.scope) == "repo.config") {
    json["updatedConfig"] = Json::object();
    if (std::holds_alternative<SetPrivate>(applied.mutation)) {
      json["updatedConfig"]["private"] = release.is_private;
    }
  }
  json["webhook"] = {{"id", "000000000000000000000002"}, {"version", 3}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

WebhookEmitter::WebhookEmitter(WebhookTarget target)
    : target_(std::move(target)), queue_(kMostWaiting), thread_([this] { Run(); }) {}

WebhookEmitter::~WebhookEmitter() {
  queue_.Close();
  thread_.join();
}

void WebhookEmitter::Offer(std::string body) {
  if (!body.empty() && !queue_.TryPush(body)) ++failed_;
}

void WebhookEmitter::Run() {
  while (!queue_.closed()) {
    const auto body = queue_.Pop();
    if (!body) return;
    std::vector<std::string> headers = {"Content-Type: application/json"};
    if (!target_.secret.empty()) headers.push_back("X-Webhook-Secret: " + target_.secret);
    const auto answer = testing::LoopbackPost(target_.port, target_.path, *body, headers);
    if (answer.ok() && answer->status / 100 == 2) {
      ++delivered_;
    } else {
      ++failed_;
    }
  }
}

}  // namespace modelwatch::replay_hub
