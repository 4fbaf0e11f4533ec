// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/commits_route.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "replay_hub/json_text.h"

namespace modelwatch::replay_hub {
namespace {

constexpr int64_t kDefaultPage = 50;
constexpr int64_t kMaxPage = 1000;

std::string CommitEntry(const Release& release, const Commit& commit, bool formatted) {
  std::string out = absl::StrFormat(
      R"({"id":"%s","title":%s,"message":%s,"authors":[{"user":%s,"avatar":""}],"date":"%s")",
      commit.sha, JsonString(commit.title), JsonString(commit.message),
      JsonString(OwnerOf(release.name)), HubTime(commit.date_us));
  if (formatted) {
    out += absl::StrFormat(R"(,"formatted":{"title":%s,"message":%s})", JsonString(commit.title),
                           JsonString(commit.message));
  }
  return out + "}";
}

bool WantsFormatted(const Query& query) {
  return std::any_of(query.pairs().begin(), query.pairs().end(), [](const auto& pair) {
    return (pair.first == "expand[]" || pair.first == "expand") && pair.second == "formatted";
  });
}

std::string RefEntry(std::string_view name, std::string_view kind, std::string_view sha) {
  return absl::StrFormat(R"({"name":%s,"ref":%s,"targetCommit":"%s"})", JsonString(name),
                         JsonString(absl::StrFormat("refs/%s/%s", kind, name)), sha);
}

}  // namespace

Response ModelCommits(const RouteContext& context, const std::string& name,
                      std::string_view revision) {
  const Visit visit = VisitRelease(context, name, Wants::kContent, ErrorForm::kJson);
  if (!visit) return visit.refusal;
  const Commit* const newest = FindCommit(*visit, revision);
  if (newest == nullptr) return BadRevision(revision, ErrorForm::kJson);

  const int64_t total = newest - visit->commits.data() + 1;
  const int64_t limit =
      std::clamp<int64_t>(context.query.Number("limit", kDefaultPage), 1, kMaxPage);
  const int64_t page = std::clamp<int64_t>(context.query.Number("p", 0), 0, total);
  const int64_t end = std::min(total, (page + 1) * limit);
  const bool formatted = WantsFormatted(context.query);
  std::string body = "[";
  for (int64_t i = page * limit; i < end; ++i) {
    if (body.size() > 1) body.push_back(',');
    body += CommitEntry(*visit, visit->commits[static_cast<size_t>(total - 1 - i)], formatted);
  }
  Response response = JsonAnswer(body + "]");
  response.Set("X-Total-Count", std::to_string(total));
  if (end < total) {
    response.Set("Link", absl::StrFormat("<%s%s?p=%d&limit=%d>; rel=\"next\"", context.origin,
                                         context.request.path, page + 1, limit));
  }
  return response;
}

Response ModelRefs(const RouteContext& context, const std::string& name) {
  const Visit visit = VisitRelease(context, name, Wants::kDetails, ErrorForm::kJson);
  if (!visit) return visit.refusal;
  std::string tags;
  for (const NamedRef& tag : visit->tags) {
    if (!tags.empty()) tags.push_back(',');
    tags += RefEntry(tag.name, "tags", tag.sha);
  }
  const char* const prs = context.query.IsTrue("include_prs") ? ",\"pullRequests\":[]" : "";
  return JsonAnswer(absl::StrFormat(R"({"tags":[%s],"branches":[%s],"converts":[]%s})", tags,
                                    RefEntry("main", "heads", visit->head().sha), prs));
}

}  // namespace modelwatch::replay_hub
