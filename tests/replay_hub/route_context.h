// SPDX-License-Identifier: Apache-2.0
// What every route of the hub is given, and the questions all of them ask.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "replay_hub/counters.h"
#include "replay_hub/http_message.h"
#include "replay_hub/hub_clock.h"
#include "replay_hub/hub_errors.h"
#include "replay_hub/url_text.h"
#include "replay_hub/world.h"

namespace modelwatch::replay_hub {

// How a disabled release shows. Both were seen in the wild; which holds when is not established.
enum class DisabledMode {
  kMetadata,   // listed and described with disabled:true, contents 403 (captured 2026-10-02)
  kForbidden,  // not listed, every answer 403
};

// What does not change while the hub runs.
struct HubOptions {
  std::vector<std::string> tokens;          // accepted, without access to gated releases
  std::vector<std::string> granted_tokens;  // accepted, with access to gated releases
  DisabledMode disabled_mode = DisabledMode::kMetadata;
  bool serves_ranges = true;  // by the storage host
  bool offers_xet = true;     // X-Xet-Hash and the xet-fileinfo answer for LFS files
};

// Who asks.
struct Credential {
  enum class Kind { kAnonymous, kUser, kBad };
  Kind kind = Kind::kAnonymous;
  bool may_read_gated = false;
  std::string identity;  // what quotas are counted by: the token, or the address

  [[nodiscard]] bool has_token() const { return kind == Kind::kUser; }
};

[[nodiscard]] Credential CredentialOf(const Request& request, const HubOptions& options);

// One request on its way through the routes. Borrows everything; lives as long as the request.
struct RouteContext {
  const Request& request;
  const Query query;
  const Credential credential;
  const HubOptions& options;
  World& world;
  HubClock& clock;
  Counters& counters;
  const std::string origin;  // "http://127.0.0.1:8080", as the client named us
};

// "http://host:port" from Host and X-Forwarded-Proto (which the TLS front sets).
[[nodiscard]] std::string OriginOf(const Request& request);

// A release that may be shown, or the answer to give instead: missing, bad token, moved (307 with a
// relative Location, path and query kept), disabled.
struct Visit {
  ReleasePtr release;
  Response refusal;  // when `release` is null

  [[nodiscard]] const Release& operator*() const { return release->release; }
  [[nodiscard]] const Release* operator->() const { return &release->release; }
  [[nodiscard]] explicit operator bool() const { return release != nullptr; }
};
enum class Wants { kDetails, kContent };  // contents are closed by a gate, details are not
[[nodiscard]] Visit VisitRelease(const RouteContext& context, const std::string& name, Wants wants,
                                 ErrorForm form);

// The commit that a revision means: main, HEAD, refs/heads/main, a tag, a full sha, or a short one
// of at least 7 digits. Null when there is none.
[[nodiscard]] const Commit* FindCommit(const Release& release, std::string_view revision);

// The file, or null. Commit.files is sorted by path.
[[nodiscard]] const RepoFile* FindFile(const Commit& commit, std::string_view path);

}  // namespace modelwatch::replay_hub
