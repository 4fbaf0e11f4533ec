// SPDX-License-Identifier: Apache-2.0
// The hub's error answers, exactly as it words them: clients map codes and messages to classes.
//
// Source: live captures 2026-04 to 2026-10 and huggingface_hub utils/_http.py, read 2026-08-20.
#pragma once

#include <string_view>
#include <vector>

#include "replay_hub/http_message.h"
#include "replay_hub/quota_windows.h"

namespace modelwatch::replay_hub {

// The API answers errors in JSON, file addresses in plain text.
enum class ErrorForm { kJson, kText };

// Missing, removed or private. Anonymous: 401 without an X-Error-Code; with a token: 404.
[[nodiscard]] Response MissingRepo(bool has_token, ErrorForm form);
// 401: the token is not one of ours.
[[nodiscard]] Response BadToken(ErrorForm form);
[[nodiscard]] Response BadRevision(std::string_view revision, ErrorForm form);
// 404 with X-Repo-Commit; the text is 15 bytes.
[[nodiscard]] Response MissingEntry(std::string_view commit_sha);
[[nodiscard]] Response MissingTreeEntry(std::string_view path, std::string_view commit_sha);
// 401 for anonymous, 403 for a token without access.
[[nodiscard]] Response GatedRepo(std::string_view name, bool has_token, ErrorForm form);
// 403, told by its message alone.
[[nodiscard]] Response DisabledRepo(ErrorForm form);
// 400 {"error":"✖ Invalid option: expected one of \"a\"|\"b\""}.
[[nodiscard]] Response BadOption(const std::vector<std::string_view>& allowed);
[[nodiscard]] Response BadQuery(std::string_view message);
// 429 in the words for an address (anonymous) or for a user.
[[nodiscard]] Response RateLimited(bool has_token, std::string_view peer, Bucket bucket,
                                   const QuotaWindows::Grant& grant);
[[nodiscard]] std::string RateLimitedText(bool has_token, std::string_view peer, Bucket bucket,
                                          int64_t quota, int64_t window_seconds);
[[nodiscard]] Response NoSuchRoute();
[[nodiscard]] Response MethodNotAllowed();

// 200 application/json.
[[nodiscard]] Response JsonAnswer(std::string body, int status = 200);
[[nodiscard]] Response TextAnswer(std::string body, int status);

}  // namespace modelwatch::replay_hub
