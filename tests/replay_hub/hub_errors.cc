// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/hub_errors.h"

#include "absl/strings/str_format.h"
#include "replay_hub/json_text.h"

namespace modelwatch::replay_hub {
namespace {

constexpr char kChallenge[] = "Bearer realm=\"Authentication required\", charset=\"UTF-8\"";

// `code` "" for none.
Response Error(int status, std::string_view code, std::string_view message, ErrorForm form) {
  Response response = form == ErrorForm::kJson
                          ? JsonAnswer("{\"error\":" + JsonString(message) + "}", status)
                          : TextAnswer(std::string(message), status);
  if (!code.empty()) response.Set("X-Error-Code", std::string(code));
  response.Set("X-Error-Message", std::string(message));
  if (status == 401) response.Set("WWW-Authenticate", kChallenge);
  return response;
}

}  // namespace

Response JsonAnswer(std::string body, int status) {
  Response response;
  response.status = status;
  response.Set("Content-Type", "application/json; charset=utf-8");
  response.body = std::move(body);
  return response;
}

Response TextAnswer(std::string body, int status) {
  Response response;
  response.status = status;
  response.Set("Content-Type", "text/plain; charset=utf-8");
  response.body = std::move(body);
  return response;
}

Response MissingRepo(bool has_token, ErrorForm form) {
  if (has_token) return Error(404, "RepoNotFound", "Repository not found", form);
  return Error(401, "", "Invalid username or password.", form);
}

Response BadToken(ErrorForm form) {
  return Error(401, "", "Invalid credentials in Authorization header", form);
}

Response BadRevision(std::string_view revision, ErrorForm form) {
  return Error(404, "RevisionNotFound", absl::StrFormat("Invalid rev id: %s", revision), form);
}

Response MissingEntry(std::string_view commit_sha) {
  Response response = Error(404, "EntryNotFound", "Entry not found", ErrorForm::kText);
  response.Set("X-Repo-Commit", std::string(commit_sha));
  return response;
}

Response MissingTreeEntry(std::string_view path, std::string_view commit_sha) {
  return Error(404, "EntryNotFound",
               absl::StrFormat("%s does not exist on \"%s\"", path, commit_sha), ErrorForm::kJson);
}

Response GatedRepo(std::string_view name, bool has_token, ErrorForm form) {
  if (!has_token) {
    return Error(401, "GatedRepo",
                 absl::StrFormat("Access to model %s is restricted. You must have access to it and "
                                 "be authenticated to access it. Please log in.",
                                 name),
                 form);
  }
  return Error(403, "GatedRepo",
               absl::StrFormat("Access to model %s is restricted and you are not in the authorized "
                               "list. Visit https://huggingface.co/%s to ask for access.",
                               name, name),
               form);
}

Response DisabledRepo(ErrorForm form) {
  return Error(403, "", "Access to this resource is disabled.", form);
}

Response BadOption(const std::vector<std::string_view>& allowed) {
  std::string message = "\u2716 Invalid option: expected one of ";
  for (size_t i = 0; i < allowed.size(); ++i) {
    message += absl::StrFormat("%s\"%s\"", i == 0 ? "" : "|", allowed[i]);
  }
  return BadQuery(message);
}

Response BadQuery(std::string_view message) {
  return JsonAnswer("{\"error\":" + JsonString(message) + "}", 400);
}

std::string RateLimitedText(bool has_token, std::string_view peer, Bucket bucket, int64_t quota,
                            int64_t window_seconds) {
  if (!has_token) {
    return absl::StrFormat(
        "We had to rate limit your IP (%s). To continue using our service, create a HF account or "
        "login to your existing account, and make sure you pass a HF_TOKEN if you're using the "
        "API.",
        peer);
  }
  return absl::StrFormat(
      "We had to rate limit you, you hit the quota of %d %s requests per %d minutes period. "
      "Upgrade to a PRO user or Team/Enterprise organization account to get higher limits.",
      quota, BucketWord(bucket), (window_seconds + 59) / 60);
}

Response RateLimited(bool has_token, std::string_view peer, Bucket bucket,
                     const QuotaWindows::Grant& grant) {
  const std::string text =
      RateLimitedText(has_token, peer, bucket, grant.quota, grant.window_seconds);
  if (bucket == Bucket::kApi) return JsonAnswer("{\"error\":" + JsonString(text) + "}", 429);
  return TextAnswer(text, 429);
}

Response NoSuchRoute() {
  return JsonAnswer("{\"error\":\"Sorry, we can't find the page you are looking for.\"}", 404);
}

Response MethodNotAllowed() { return JsonAnswer("{\"error\":\"Method not allowed\"}", 405); }

}  // namespace modelwatch::replay_hub
