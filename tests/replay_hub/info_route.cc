// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/info_route.h"

#include "absl/strings/str_format.h"
#include "replay_hub/json_text.h"
#include "replay_hub/projection.h"

namespace modelwatch::replay_hub {
namespace {

std::string SiblingsWithBlobs(const Commit& commit) {
  std::string out = "\"siblings\":[";
  bool first = true;
  for (const RepoFile& file : commit.files) {
    if (!first) out.push_back(',');
    first = false;
    out += absl::StrFormat(R"({"rfilename":%s,"blobId":"%s","size":%d)", JsonString(file.path),
                           file.oid, file.size);
    if (file.lfs) {
      out += absl::StrFormat(R"(,"lfs":{"sha256":"%s","size":%d,"pointerSize":%d})",
                             file.lfs->sha256, file.lfs->size, PointerText(*file.lfs).size());
    }
    out.push_back('}');
  }
  return out + "]";
}

// The release as it stood at one of its commits.
Release AtCommit(const Release& release, const Commit& commit) {
  Release past = release;
  past.commits = {commit};
  past.last_modified_us = commit.date_us;
  return past;
}

void AddMember(std::string_view member, std::string& object) {
  object.pop_back();
  if (object.size() > 1) object.push_back(',');
  object += member;
  object.push_back('}');
}

}  // namespace

Response ModelInfo(const RouteContext& context, const std::string& name,
                   std::string_view revision) {
  const Visit visit = VisitRelease(context, name, Wants::kDetails, ErrorForm::kJson);
  if (!visit) return visit.refusal;
  const std::optional<RowKeys> keys = InfoKeys(context.query, KindOf(name));
  if (!keys) return BadOption(InfoNames(KindOf(name)));
  const Commit* commit = revision.empty() ? &visit->head() : FindCommit(*visit, revision);
  if (commit == nullptr) return BadRevision(revision, ErrorForm::kJson);

  const bool wants_blobs = context.query.IsTrue("blobs") && (*keys & Bit(RowKey::kSiblings)) != 0;
  const RowKeys row_keys = wants_blobs ? *keys & ~Bit(RowKey::kSiblings) : *keys;
  std::string body;
  if (commit == &visit->head()) {
    visit.release->rows.AppendRow(row_keys, body);
  } else {
    Rows(AtCommit(*visit, *commit)).AppendRow(row_keys, body);
  }
  if (wants_blobs) AddMember(SiblingsWithBlobs(*commit), body);
  if (context.query.IsTrue("securityStatus")) {
    AddMember(R"("securityRepoStatus":{"scansDone":true,"filesWithIssues":[]})", body);
  }
  return JsonAnswer(std::move(body));
}

}  // namespace modelwatch::replay_hub
