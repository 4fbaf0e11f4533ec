// SPDX-License-Identifier: Apache-2.0
// What every page shares: what it may ask, its frame, and how a query is read.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "evaluator/feed/markup.h"
#include "evaluator/feed/words.h"
#include "indexer/client/index.h"
#include "modelwatch/v1/config.pb.h"

namespace modelwatch::evaluator {

// What a page is made from. All borrowed.
struct PageSource {
  indexer::Reader& reader;
  const v1::SiteConfig& config;
  const ScenarioWords& words;
};

using Query = std::map<std::string, std::string>;

// The number named in the query; 0 when it is not there. INVALID_ARGUMENT for anything else.
[[nodiscard]] absl::StatusOr<uint64_t> NumberIn(const Query& query, const std::string& name);
// "critical" and the like; SEVERITY_UNSPECIFIED when not there. INVALID_ARGUMENT otherwise.
[[nodiscard]] absl::StatusOr<v1::Severity> SeverityIn(const Query& query);

// Everything before and after the content: head, navigation, what is watched, the disclaimer.
// `title` is what the browser's tab says before the site's name.
void OpenPage(Markup& page, const PageSource& source, const v1::GetStatusResponse& status,
              std::string_view title);
void ClosePage(Markup& page);

// A page that only says something, for errors; needs no index.
[[nodiscard]] std::string PlainPage(const v1::SiteConfig& config, std::string_view title,
                                    std::string_view words);

// "/releases/huggingface/owner/name?id=KEY": finds the release also after it was renamed.
[[nodiscard]] std::string ReleasePath(const v1::ReleaseKey& key, std::string_view name);
// "?before=7&severity=critical", or "" when both are unset.
[[nodiscard]] std::string PageQuery(uint64_t before, v1::Severity severity);

// <time datetime="...">words</time>; nothing but the words for 0.
void WriteTime(Markup& page, int64_t micros, std::string_view words);
// <div><dt>name</dt><dd>value</dd></div> of a <dl>; nothing when the value is empty.
void WriteFact(Markup& page, std::string_view name, std::string_view value);
// A label that tells the severity in a word and a colour.
void WriteSeverity(Markup& page, v1::Severity severity);
// "Apache-2.0 -> CC-BY-NC-4.0".
void WriteFromTo(Markup& page, const v1::Alert& alert);

}  // namespace modelwatch::evaluator
