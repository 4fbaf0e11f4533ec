// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/router.h"

#include <algorithm>

#include "replay_hub/catalog_routes.h"
#include "replay_hub/commits_route.h"
#include "replay_hub/content_route.h"
#include "replay_hub/info_route.h"
#include "replay_hub/list_route.h"
#include "replay_hub/tree_route.h"

namespace modelwatch::replay_hub {
namespace {

using Segments = std::vector<std::string_view>;

constexpr std::string_view kVerbs[] = {"revision", "tree",       "treesize", "commits",
                                       "refs",     "paths-info", "scan"};

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

bool IsVerb(std::string_view segment) {
  return std::find(std::begin(kVerbs), std::end(kVerbs), segment) != std::end(kVerbs);
}

std::string Joined(const Segments& segments, size_t begin) {
  std::string path;
  for (size_t i = begin; i < segments.size(); ++i) {
    if (!path.empty()) path.push_back('/');
    path += PercentDecode(segments[i]);
  }
  return path;
}

// "owner/name" or a legacy "name" at the head of `segments`, which ends where `ends_at` says.
std::string NameAt(const Segments& segments, size_t begin, size_t end) {
  std::string name = PercentDecode(segments[begin]);
  if (end - begin == 2) name += "/" + PercentDecode(segments[begin + 1]);
  return name;
}

bool IsKind(std::string_view segment) {
  return segment == "models" || segment == "datasets" || segment == "spaces";
}

// /api/{kind}/{id}[/{verb}[/{rev}[/{path}]]]
Response RouteRelease(const RouteContext& context, const Segments& segments) {
  constexpr size_t kBegin = 2;
  const size_t count = segments.size();
  const bool is_legacy =
      count == kBegin + 1 || (count > kBegin + 1 && IsVerb(segments[kBegin + 1]));
  const size_t end = is_legacy ? kBegin + 1 : kBegin + 2;
  const std::string name = NameOf(segments[1], NameAt(segments, kBegin, end));
  if (count == end) return ModelInfo(context, name, "");
  const std::string_view verb = segments[end];
  if (verb == "refs") return ModelRefs(context, name);
  if (verb == "scan") return JsonAnswer(R"({"scansDone":true,"filesWithIssues":[]})");
  if (!IsVerb(verb)) return NoSuchRoute();
  const std::string revision = count > end + 1 ? PercentDecode(segments[end + 1]) : "main";
  const std::string path = Joined(segments, end + 2);
  if (verb == "revision") return ModelInfo(context, name, revision);
  if (verb == "tree") return ModelTree(context, name, revision, path);
  if (verb == "treesize") return ModelTreeSize(context, name, revision, path);
  if (verb == "commits") return ModelCommits(context, name, revision);
  if (context.request.method != "POST") return MethodNotAllowed();
  return ModelPathsInfo(context, name, revision);
}

// /api/resolve-cache/{kind}/{id}/{rev}/{path}. Only a legacy name has its revision, 40 hex digits,
// in the place of the repository's.
Response RouteResolveCache(const RouteContext& context, const Segments& segments) {
  constexpr size_t kBegin = 3;
  constexpr size_t kShaDigits = 40;
  if (segments.size() < kBegin + 3) return NoSuchRoute();
  const bool is_legacy = segments[kBegin + 1].size() == kShaDigits && segments.size() == kBegin + 3;
  const size_t end = is_legacy ? kBegin + 1 : kBegin + 2;
  if (segments.size() < end + 2) return NoSuchRoute();
  return ResolveCache(context, NameOf(segments[2], NameAt(segments, kBegin, end)),
                      PercentDecode(segments[end]), Joined(segments, end + 1));
}

Response RouteApi(const RouteContext& context, const Segments& segments) {
  const std::string_view what = segments.size() > 1 ? segments[1] : "";
  if (IsKind(what)) {
    return segments.size() == 2 ? ListReleases(context, what) : RouteRelease(context, segments);
  }
  if (what == "resolve-cache" && segments.size() > 2 && IsKind(segments[2])) {
    return RouteResolveCache(context, segments);
  }
  if (what == "models-tags-by-type") return TagsByType(context);
  if (what == "quicksearch") return QuickSearch(context);
  if (what == "whoami-v2") return WhoAmI(context);
  return NoSuchRoute();
}

// [/{kind}]/{id}/resolve/{rev}/{path}, .../raw/{rev}/{path}, or a page.
Response RouteWeb(const RouteContext& context, const Segments& segments) {
  const bool has_kind = segments.size() > 1 && segments[0] != "models" && IsKind(segments[0]);
  const size_t begin = has_kind ? 1 : 0;
  const std::string_view kind = has_kind ? segments[0] : "models";
  for (size_t at = begin + 1; at <= begin + 2 && at + 2 < segments.size(); ++at) {
    if (segments[at] != "resolve" && segments[at] != "raw") continue;
    const std::string name = NameOf(kind, NameAt(segments, begin, at));
    const std::string revision = PercentDecode(segments[at + 1]);
    const std::string path = Joined(segments, at + 2);
    return segments[at] == "raw" ? Raw(context, name, revision, path)
                                 : Resolve(context, name, revision, path);
  }
  if (segments.size() > begin + 2) return NoSuchRoute();
  return HtmlPage(context,
                  segments.empty() ? "" : NameOf(kind, NameAt(segments, begin, segments.size())));
}

}  // namespace

Bucket BucketOf(std::string_view path) {
  if (path.find("/resolve/") != std::string_view::npos || StartsWith(path, "/api/resolve-cache/") ||
      path.find("/raw/") != std::string_view::npos) {
    return Bucket::kResolvers;
  }
  return StartsWith(path, "/api/") ? Bucket::kApi : Bucket::kPages;
}

Response Route(const RouteContext& context) {
  const std::string& method = context.request.method;
  if (method != "GET" && method != "HEAD" && method != "POST") return MethodNotAllowed();
  const Segments segments = PathSegments(context.request.path);
  if (!segments.empty() && segments[0] == "api") return RouteApi(context, segments);
  return RouteWeb(context, segments);
}

}  // namespace modelwatch::replay_hub
