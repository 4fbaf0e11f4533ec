// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/route_context.h"

#include <algorithm>

#include "absl/strings/str_format.h"

namespace modelwatch::replay_hub {
namespace {

constexpr size_t kShaDigits = 40;
constexpr size_t kShortShaDigits = 7;

bool Contains(const std::vector<std::string>& list, std::string_view wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

// The target with the old name replaced. The rest stays as the client encoded it; a name that it
// encoded itself ("acme%2Fold") is found in the decoded path.
std::string MovedTarget(const Request& request, const std::string& from, const std::string& to) {
  std::string path = request.path;
  size_t at = path.find("/" + from);
  if (at == std::string::npos) {
    path = PercentDecode(path);
    at = path.find("/" + from);
  }
  if (at != std::string::npos) path.replace(at + 1, from.size(), to);
  return request.query.empty() ? path : path + "?" + request.query;
}

}  // namespace

Credential CredentialOf(const Request& request, const HubOptions& options) {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string_view header = request.Get("authorization");
  Credential credential;
  credential.identity = request.peer;
  if (header.empty()) return credential;
  const std::string_view token =
      header.substr(0, kBearer.size()) == kBearer ? header.substr(kBearer.size()) : "";
  credential.may_read_gated = Contains(options.granted_tokens, token);
  if (credential.may_read_gated || Contains(options.tokens, token)) {
    credential.kind = Credential::Kind::kUser;
    credential.identity = "token " + std::string(token);
  } else {
    credential.kind = Credential::Kind::kBad;
  }
  return credential;
}

std::string OriginOf(const Request& request) {
  const std::string_view forwarded = request.Get("x-forwarded-proto");
  return absl::StrFormat("%s://%s", forwarded == "https" ? "https" : "http", request.Get("host"));
}

Visit VisitRelease(const RouteContext& context, const std::string& name, Wants wants,
                   ErrorForm form) {
  const Credential& credential = context.credential;
  if (credential.kind == Credential::Kind::kBad) return {nullptr, BadToken(form)};
  NameLookup found = context.world.Find(name);
  if (found.release == nullptr) return {nullptr, MissingRepo(credential.has_token(), form)};
  if (!found.moved_to.empty()) {
    Response moved = TextAnswer("Temporary Redirect. Redirecting to " + found.moved_to, 307);
    moved.Set("Location", MovedTarget(context.request, name, found.moved_to));
    return {nullptr, std::move(moved)};
  }
  const Release& release = found.release->release;
  const bool is_closed =
      wants == Wants::kContent || context.options.disabled_mode == DisabledMode::kForbidden;
  if (release.disabled && is_closed) return {nullptr, DisabledRepo(form)};
  if (wants == Wants::kContent && release.gate != Gate::kOpen && !credential.may_read_gated) {
    return {nullptr, GatedRepo(release.name, credential.has_token(), form)};
  }
  return {std::move(found.release), {}};
}

const Commit* FindCommit(const Release& release, std::string_view revision) {
  if (revision == "main" || revision == "HEAD" || revision == "refs/heads/main") {
    return &release.head();
  }
  constexpr std::string_view kTags = "refs/tags/";
  const std::string_view tag =
      revision.substr(0, kTags.size()) == kTags ? revision.substr(kTags.size()) : revision;
  for (const NamedRef& ref : release.tags) {
    if (ref.name == tag) revision = ref.sha;
  }
  if (revision.size() < kShortShaDigits || revision.size() > kShaDigits) return nullptr;
  for (const Commit& commit : release.commits) {
    if (std::string_view(commit.sha).substr(0, revision.size()) == revision) return &commit;
  }
  return nullptr;
}

const RepoFile* FindFile(const Commit& commit, std::string_view path) {
  const auto at = std::lower_bound(
      commit.files.begin(), commit.files.end(), path,
      [](const RepoFile& file, std::string_view wanted) { return file.path < wanted; });
  return at != commit.files.end() && at->path == path ? &*at : nullptr;
}

}  // namespace modelwatch::replay_hub
