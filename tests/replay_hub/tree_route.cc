// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/tree_route.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "common/digest.h"
#include "replay_hub/cursor.h"
#include "replay_hub/json_text.h"

namespace modelwatch::replay_hub {
namespace {

constexpr int64_t kTreePage = 1000;
constexpr int64_t kExpandedTreePage = 100;
constexpr size_t kMaxPaths = 2000;

// An id for a directory: stable, and another one when anything below it changes.
std::string DirectoryOid(const Commit& commit, const std::string& directory) {
  std::string facts = "tree " + directory + "\n";
  for (const RepoFile& file : commit.files) {
    if (file.path.compare(0, directory.size() + 1, directory + "/") == 0) {
      facts += file.path + " " + file.oid + "\n";
    }
  }
  return common::GitBlobOid(facts);
}

// The newest commit that changed the file's bytes.
const Commit& LastCommitOf(const Release& release, const RepoFile& file) {
  const Commit* last = &release.head();
  for (auto at = release.commits.rbegin(); at != release.commits.rend(); ++at) {
    const RepoFile* const there = FindFile(*at, file.path);
    if (there == nullptr || there->oid != file.oid) break;
    last = &*at;
  }
  return *last;
}

std::string ExpandedMembers(const Release& release, const RepoFile& file) {
  const Commit& commit = LastCommitOf(release, file);
  return absl::StrFormat(R"(,"lastCommit":{"id":"%s","title":%s,"date":"%s"})", commit.sha,
                         JsonString(commit.title), HubTime(commit.date_us)) +
         R"(,"securityFileStatus":{"status":"safe","jFrogScan":{"status":"safe"},)"
         R"("protectAiScan":{"status":"safe"},"avScan":{"status":"safe"},)"
         R"("pickleImportScan":{"status":"safe"},"virusTotalScan":{"status":"safe"}})";
}

std::string FileEntry(const Release& release, const RepoFile& file, bool expand, bool with_xet) {
  std::string out = absl::StrFormat(R"({"type":"file","oid":"%s","size":%d)", file.oid, file.size);
  if (file.lfs) {
    out += absl::StrFormat(R"(,"lfs":{"oid":"%s","size":%d,"pointerSize":%d})", file.lfs->sha256,
                           file.lfs->size, PointerText(*file.lfs).size());
    if (with_xet) out += absl::StrFormat(R"(,"xetHash":"%s")", XetHash(*file.lfs));
  }
  out += ",\"path\":" + JsonString(file.path);
  if (expand) out += ExpandedMembers(release, file);
  return out + "}";
}

std::string DirectoryEntry(const Commit& commit, const std::string& directory) {
  return absl::StrFormat(R"({"type":"directory","oid":"%s","size":0,"path":%s})",
                         DirectoryOid(commit, directory), JsonString(directory));
}

struct TreeQuery {
  std::string_view path;
  bool recursive = false;
  bool expand = false;
  bool with_xet = true;
};

// path -> entry, in the order of pages.
std::map<std::string, std::string> Entries(const Release& release, const Commit& commit,
                                           const TreeQuery& query) {
  const std::string prefix = query.path.empty() ? "" : std::string(query.path) + "/";
  std::map<std::string, std::string> entries;
  for (const RepoFile& file : commit.files) {
    if (file.path.compare(0, prefix.size(), prefix) != 0) continue;
    size_t slash = file.path.find('/', prefix.size());
    const bool is_direct = slash == std::string::npos;
    for (; slash != std::string::npos; slash = file.path.find('/', slash + 1)) {
      const std::string directory = file.path.substr(0, slash);
      if (entries.count(directory) == 0) {
        entries[directory] = DirectoryEntry(commit, directory);
      }
      if (!query.recursive) break;
    }
    if (is_direct || query.recursive) {
      entries[file.path] = FileEntry(release, file, query.expand, query.with_xet);
    }
  }
  return entries;
}

// b64( b64(json{file_name, tree_oid}) + ":" + limit ), as captured.
std::string TreeCursor(const std::string& last, const std::string& tree_oid, int64_t limit) {
  const std::string inner =
      absl::StrFormat(R"({"file_name":%s,"tree_oid":"%s"})", JsonString(last), tree_oid);
  return Base64(absl::StrFormat("%s:%d", Base64(inner), limit));
}

// The path that the page begins after; "" when there is no cursor or it is not one of ours.
std::string AfterOf(std::string_view cursor) {
  std::string outer;
  if (!absl::Base64Unescape(absl::string_view(cursor.data(), cursor.size()), &outer)) return "";
  std::string inner;
  if (!absl::Base64Unescape(outer.substr(0, outer.rfind(':')), &inner)) return "";
  const auto json = nlohmann::json::parse(inner, nullptr, false);
  if (!json.is_object() || !json.contains("file_name") || !json["file_name"].is_string()) return "";
  return json["file_name"].get<std::string>();
}

Response TreePage(const RouteContext& context, const std::map<std::string, std::string>& entries,
                  const std::string& tree_oid, int64_t limit) {
  std::string body = "[";
  auto at = entries.begin();
  if (const auto cursor = context.query.Get("cursor")) at = entries.upper_bound(AfterOf(*cursor));
  std::string last;
  for (int64_t i = 0; i < limit && at != entries.end(); ++i, ++at) {
    if (i > 0) body.push_back(',');
    body += at->second;
    last = at->first;
  }
  Response response = JsonAnswer(body + "]");
  if (at == entries.end()) return response;
  std::string query;
  for (const auto& [key, value] : context.query.pairs()) {
    if (key != "cursor") query += PercentEncode(key) + "=" + PercentEncode(value) + "&";
  }
  response.Set("Link", absl::StrFormat("<%s%s?%scursor=%s>; rel=\"next\"", context.origin,
                                       context.request.path, query,
                                       PercentEncode(TreeCursor(last, tree_oid, limit))));
  return response;
}

// The paths of a form or JSON body; nullopt when it is neither.
std::optional<std::vector<std::string>> PathsOf(const RouteContext& context, bool& expand) {
  std::vector<std::string> paths;
  const std::string_view type = context.request.Get("content-type");
  if (type.find("json") == std::string_view::npos) {
    const Query form(context.request.body);
    expand = form.IsTrue("expand");
    for (const std::string_view path : form.All("paths")) paths.emplace_back(path);
    return paths;
  }
  const auto json = nlohmann::json::parse(context.request.body, nullptr, false);
  if (!json.is_object() || !json.contains("paths") || !json["paths"].is_array()) {
    return std::nullopt;
  }
  expand = json.contains("expand") && json["expand"].is_boolean() && json["expand"].get<bool>();
  for (const auto& path : json["paths"]) {
    if (!path.is_string()) return std::nullopt;
    paths.push_back(path.get<std::string>());
  }
  return paths;
}

bool IsDirectory(const Commit& commit, const std::string& path) {
  return std::any_of(commit.files.begin(), commit.files.end(), [&](const RepoFile& file) {
    return file.path.compare(0, path.size() + 1, path + "/") == 0;
  });
}

}  // namespace

Response ModelTree(const RouteContext& context, const std::string& name, std::string_view revision,
                   std::string_view path) {
  const Visit visit = VisitRelease(context, name, Wants::kDetails, ErrorForm::kJson);
  if (!visit) return visit.refusal;
  const Commit* const commit = FindCommit(*visit, revision);
  if (commit == nullptr) return BadRevision(revision, ErrorForm::kJson);
  const TreeQuery query{path, context.query.IsTrue("recursive"), context.query.IsTrue("expand"),
                        context.options.offers_xet};
  const auto entries = Entries(*visit, *commit, query);
  if (entries.empty() && !path.empty()) return MissingTreeEntry(path, revision);
  const int64_t most = query.expand ? kExpandedTreePage : kTreePage;
  const int64_t limit = std::clamp<int64_t>(context.query.Number("limit", most), 1, most);
  return TreePage(context, entries, DirectoryOid(*commit, std::string(path)), limit);
}

Response ModelTreeSize(const RouteContext& context, const std::string& name,
                       std::string_view revision, std::string_view path) {
  const Visit visit = VisitRelease(context, name, Wants::kDetails, ErrorForm::kJson);
  if (!visit) return visit.refusal;
  const Commit* const commit = FindCommit(*visit, revision);
  if (commit == nullptr) return BadRevision(revision, ErrorForm::kJson);
  const std::string prefix = path.empty() ? "" : std::string(path) + "/";
  uint64_t bytes = 0;
  for (const RepoFile& file : commit->files) {
    if (file.path.compare(0, prefix.size(), prefix) == 0) bytes += file.size;
  }
  return JsonAnswer(
      absl::StrFormat(R"({"path":%s,"size":%d})", JsonString("/" + std::string(path)), bytes));
}

Response ModelPathsInfo(const RouteContext& context, const std::string& name,
                        std::string_view revision) {
  const Visit visit = VisitRelease(context, name, Wants::kDetails, ErrorForm::kJson);
  if (!visit) return visit.refusal;
  const Commit* const commit = FindCommit(*visit, revision);
  if (commit == nullptr) return BadRevision(revision, ErrorForm::kJson);
  bool expand = false;
  const auto paths = PathsOf(context, expand);
  if (!paths) return BadQuery("Invalid body: expected paths");
  if (paths->size() > kMaxPaths) return BadQuery("Too many paths: at most 2000 are allowed");
  std::string body = "[";
  for (const std::string& path : *paths) {
    const RepoFile* const file = FindFile(*commit, path);
    if (file == nullptr && !IsDirectory(*commit, path)) continue;
    if (body.size() > 1) body.push_back(',');
    body += file != nullptr ? FileEntry(*visit, *file, expand, context.options.offers_xet)
                            : DirectoryEntry(*commit, path);
  }
  return JsonAnswer(body + "]");
}

}  // namespace modelwatch::replay_hub
