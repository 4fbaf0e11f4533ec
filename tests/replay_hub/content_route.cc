// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/content_route.h"

#include "absl/strings/str_format.h"
#include "replay_hub/byte_range.h"
#include "replay_hub/json_text.h"

namespace modelwatch::replay_hub {
namespace {

constexpr char kXetFileInfo[] = "application/vnd.xet-fileinfo+json";

// A file that may be read, or the answer to give instead.
struct FileVisit {
  Visit visit;
  const Commit* commit = nullptr;
  const RepoFile* file = nullptr;
  Response refusal;
};

FileVisit VisitFile(const RouteContext& context, const std::string& name, std::string_view revision,
                    std::string_view path) {
  FileVisit found;
  found.visit = VisitRelease(context, name, Wants::kContent, ErrorForm::kText);
  if (!found.visit) {
    found.refusal = found.visit.refusal;
    return found;
  }
  found.commit = FindCommit(*found.visit, revision);
  if (found.commit == nullptr) {
    found.refusal = BadRevision(revision, ErrorForm::kText);
    return found;
  }
  found.file = FindFile(*found.commit, path);
  if (found.file == nullptr) found.refusal = MissingEntry(found.commit->sha);
  return found;
}

std::string EncodePath(std::string_view path) {
  std::string out;
  for (const std::string_view segment : PathSegments(path)) {
    if (!out.empty()) out.push_back('/');
    out += PercentEncode(segment);
  }
  return out;
}

std::string Quoted(std::string_view text) { return absl::StrFormat("\"%s\"", text); }

std::string BaseName(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

void AddFileHeaders(const FileVisit& found, Response& response) {
  response.Set("X-Repo-Commit", found.commit->sha);
  response.Set("Accept-Ranges", "bytes");
  const std::string name = BaseName(found.file->path);
  response.Set(
      "Content-Disposition",
      absl::StrFormat("inline; filename*=UTF-8''%s; filename=\"%s\";", PercentEncode(name), name));
  response.Set("Content-Security-Policy", "default-src 'none'; sandbox");
}

Response RedirectToCache(const FileVisit& found, std::string_view revision) {
  const std::string& name = found.visit->name;
  const std::string path = EncodePath(found.file->path);
  const std::string asked = absl::StrFormat("/%s/resolve/%s/%s", name, revision, found.file->path);
  std::string target = absl::StrFormat("/api/resolve-cache/%s/%s/%s/%s?%s=&etag=%s", KindOf(name),
                                       IdOf(name), found.commit->sha, path, PercentEncode(asked),
                                       PercentEncode(Quoted(found.file->oid)));
  Response response = TextAnswer("Temporary Redirect. Redirecting to " + target, 307);
  response.Set("Location", std::move(target));
  response.Set("X-Linked-Etag", Quoted(found.file->oid));
  response.Set("X-Hub-Cache", "MISS");
  AddFileHeaders(found, response);
  return response;
}

// The same port under the other of the two names of this machine: another origin to a client.
std::string StorageOrigin(const RouteContext& context) {
  std::string origin = context.origin;
  constexpr std::string_view kNames[] = {"127.0.0.1", "localhost"};
  for (size_t i = 0; i < 2; ++i) {
    const size_t at = origin.find(kNames[i]);
    if (at != std::string::npos) {
      return origin.replace(at, kNames[i].size(), std::string(kNames[1 - i]));
    }
  }
  return origin;
}

void AddXetHeaders(const RouteContext& context, const FileVisit& found, Response& response) {
  response.Set("X-Linked-Size", std::to_string(found.file->lfs->size));
  response.Set("X-Linked-Etag", Quoted(found.file->lfs->sha256));
  if (!context.options.offers_xet) return;
  const std::string hash = XetHash(*found.file->lfs);
  response.Set("X-Xet-Hash", hash);
  response.Set("Link",
               absl::StrFormat("<%s/api/models/%s/xet-read-token/%s>; rel=\"xet-auth\", "
                               "<%s/v1/reconstructions/%s>; rel=\"xet-reconstruction-info\"",
                               context.origin, found.visit->name, found.commit->sha,
                               StorageOrigin(context), hash));
}

Response XetFileInfo(const RouteContext& context, const FileVisit& found) {
  const std::string hash = XetHash(*found.file->lfs);
  Response response = JsonAnswer(absl::StrFormat(
      R"({"hash":"%s","refreshUrl":"%s/api/models/%s/xet-read-token/%s",)"
      R"("reconstructionUrl":"%s/v1/reconstructions/%s","etag":"\"%s\"","size":%d})",
      hash, context.origin, found.visit->name, found.commit->sha, StorageOrigin(context), hash,
      found.file->lfs->sha256, found.file->lfs->size));
  response.headers[0].second = kXetFileInfo;
  AddXetHeaders(context, found, response);
  AddFileHeaders(found, response);
  return response;
}

Response RedirectToStorage(const RouteContext& context, const FileVisit& found) {
  const bool wants_info =
      context.request.Get("accept").find(kXetFileInfo) != std::string_view::npos;
  if (wants_info && context.options.offers_xet) return XetFileInfo(context, found);
  std::string target = absl::StrFormat(
      "%s%s%s/%s?X-Xet-Cas-Uid=public&response-content-disposition=inline&Expires=%d&Signature=%s",
      StorageOrigin(context), kStoragePrefix, found.visit->id, found.file->lfs->sha256,
      context.clock.Now() / 1'000'000 + 3600, found.file->oid.substr(0, 16));
  Response response = TextAnswer("Found. Redirecting to " + target, 302);
  response.Set("Location", std::move(target));
  response.Set("Cache-Control", "no-store");
  AddXetHeaders(context, found, response);
  AddFileHeaders(found, response);
  return response;
}

Response ServeBlob(const RouteContext& context, const FileVisit& found) {
  const std::string* const bytes = context.world.Blob(found.file->oid);
  if (bytes == nullptr) return MissingEntry(found.commit->sha);
  Response response = TextAnswer("", 200);
  response.borrowed_body = *bytes;
  response.Set("ETag", Quoted(found.file->oid));
  AddFileHeaders(found, response);
  if (MatchesEtag(context.request.Get("if-none-match"), found.file->oid)) {
    response.status = 304;
    response.borrowed_body.reset();
    return response;
  }
  ApplyRange(context.request.Get("range"), response);
  if (context.request.method == "GET" && (response.status == 200 || response.status == 206)) {
    context.counters.OnBody(found.file->oid);
  }
  return response;
}

}  // namespace

Response Resolve(const RouteContext& context, const std::string& name, std::string_view revision,
                 std::string_view path) {
  const FileVisit found = VisitFile(context, name, revision, path);
  if (found.file == nullptr) return found.refusal;
  if (found.file->lfs) return RedirectToStorage(context, found);
  return RedirectToCache(found, revision);
}

Response ResolveCache(const RouteContext& context, const std::string& name,
                      std::string_view revision, std::string_view path) {
  const FileVisit found = VisitFile(context, name, revision, path);
  if (found.file == nullptr) return found.refusal;
  if (found.file->lfs) return RedirectToStorage(context, found);
  return ServeBlob(context, found);
}

Response Raw(const RouteContext& context, const std::string& name, std::string_view revision,
             std::string_view path) {
  const FileVisit found = VisitFile(context, name, revision, path);
  if (found.file == nullptr) return found.refusal;
  return ServeBlob(context, found);
}

Response Storage(const RouteContext& context) {
  if (!context.request.Get("authorization").empty()) {
    context.counters.OnLeakedCredential();
    return TextAnswer("A credential was sent to another origin.", 400);
  }
  const auto segments = PathSegments(context.request.path);
  const ReleasePtr state = segments.size() == 3 ? context.world.FindById(segments[1]) : nullptr;
  if (state == nullptr) return TextAnswer("AccessDenied", 403);
  for (const Commit& commit : state->release.commits) {
    for (const RepoFile& file : commit.files) {
      if (!file.lfs || file.lfs->sha256 != segments[2]) continue;
      Response response = TextAnswer("", 200);
      response.headers[0].second = "application/octet-stream";
      response.Set("ETag", Quoted(XetHash(*file.lfs)));
      response.Set("Accept-Ranges", "bytes");
      if (const std::string* bytes = context.world.LfsBytes(file.lfs->sha256)) {
        response.borrowed_body = *bytes;
      } else {
        response.pattern_bytes = file.lfs->size;
      }
      if (context.options.serves_ranges) ApplyRange(context.request.Get("range"), response);
      return response;
    }
  }
  return TextAnswer("AccessDenied", 403);
}

}  // namespace modelwatch::replay_hub
