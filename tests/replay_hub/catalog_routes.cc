// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/catalog_routes.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "replay_hub/json_text.h"

namespace modelwatch::replay_hub {
namespace {

// The hub's licence ids. Source: huggingface/hub-docs docs/hub/repositories-licenses.md,
// 2026-08-22.
constexpr std::string_view kLicenceIds[] = {"apache-2.0",
                                            "mit",
                                            "openrail",
                                            "bigscience-openrail-m",
                                            "creativeml-openrail-m",
                                            "bigscience-bloom-rail-1.0",
                                            "bigcode-openrail-m",
                                            "afl-3.0",
                                            "artistic-2.0",
                                            "bsl-1.0",
                                            "bsd",
                                            "bsd-2-clause",
                                            "bsd-3-clause",
                                            "bsd-3-clause-clear",
                                            "c-uda",
                                            "cc",
                                            "cc0-1.0",
                                            "cc-by-2.0",
                                            "cc-by-2.5",
                                            "cc-by-3.0",
                                            "cc-by-4.0",
                                            "cc-by-sa-3.0",
                                            "cc-by-sa-4.0",
                                            "cc-by-nc-2.0",
                                            "cc-by-nc-3.0",
                                            "cc-by-nc-4.0",
                                            "cc-by-nd-4.0",
                                            "cc-by-nc-nd-3.0",
                                            "cc-by-nc-nd-4.0",
                                            "cc-by-nc-sa-2.0",
                                            "cc-by-nc-sa-3.0",
                                            "cc-by-nc-sa-4.0",
                                            "cdla-sharing-1.0",
                                            "cdla-permissive-1.0",
                                            "cdla-permissive-2.0",
                                            "wtfpl",
                                            "ecl-2.0",
                                            "epl-1.0",
                                            "epl-2.0",
                                            "etalab-2.0",
                                            "eupl-1.1",
                                            "eupl-1.2",
                                            "agpl-3.0",
                                            "gfdl",
                                            "gpl",
                                            "gpl-2.0",
                                            "gpl-3.0",
                                            "lgpl",
                                            "lgpl-2.1",
                                            "lgpl-3.0",
                                            "isc",
                                            "h-research",
                                            "intel-research",
                                            "lppl-1.3c",
                                            "ms-pl",
                                            "apple-ascl",
                                            "apple-amlr",
                                            "mpl-2.0",
                                            "odc-by",
                                            "odbl",
                                            "openmdw-1.0",
                                            "openmdw-1.1",
                                            "openrail++",
                                            "osl-3.0",
                                            "postgresql",
                                            "ofl-1.1",
                                            "ncsa",
                                            "unlicense",
                                            "zlib",
                                            "pddl",
                                            "lgpl-lr",
                                            "deepfloyd-if-license",
                                            "fair-noncommercial-research-license",
                                            "llama2",
                                            "llama3",
                                            "llama3.1",
                                            "llama3.2",
                                            "llama3.3",
                                            "llama4",
                                            "grok2-community",
                                            "gemma",
                                            "unknown",
                                            "other"};
constexpr int64_t kQuickSearchMost = 20;

}  // namespace

Response TagsByType(const RouteContext& context) {
  if (context.query.Get("type").value_or("license") != "license") return JsonAnswer("{}");
  std::string body = "{\"license\":[";
  for (const std::string_view id : kLicenceIds) {
    if (body.back() == '}') body.push_back(',');
    body += absl::StrFormat(R"({"id":"license:%s","label":"%s","type":"license"})", id, id);
  }
  return JsonAnswer(body + "]}");
}

Response QuickSearch(const RouteContext& context) {
  const std::string wanted =
      absl::AsciiStrToLower(std::string(context.query.Get("q").value_or("")));
  World::Listing listing;
  listing.sort = SortField::kDownloads;
  listing.limit = static_cast<size_t>(
      std::clamp<int64_t>(context.query.Number("limit", kQuickSearchMost), 1, kQuickSearchMost));
  listing.wanted = [&wanted](const Release& release) {
    return absl::AsciiStrToLower(release.name).find(wanted) != std::string::npos;
  };
  const std::vector<ReleasePtr> found = context.world.List(listing);
  std::string body = "{\"models\":[";
  for (const ReleasePtr& state : found) {
    if (body.back() == '}') body.push_back(',');
    body += absl::StrFormat(R"({"_id":"%s","id":%s})", state->release.id,
                            JsonString(state->release.name));
  }
  return JsonAnswer(absl::StrFormat("%s],\"modelsCount\":%d}", body, found.size()));
}

Response WhoAmI(const RouteContext& context) {
  if (context.credential.kind == Credential::Kind::kBad) return BadToken(ErrorForm::kJson);
  if (!context.credential.has_token()) return MissingRepo(false, ErrorForm::kJson);
  return JsonAnswer(
      R"({"type":"user","id":"000000000000000000000001","name":"replay-user",)"
      R"("fullname":"Replay User","isPro":false,"orgs":[],"auth":{"type":"access_token",)"
      R"("accessToken":{"displayName":"replay","role":"read",)"
      R"("createdAt":"2026-01-01T00:00:00.000Z"}}})");
}

Response HtmlPage(const RouteContext& context, const std::string& name) {
  Response page = TextAnswer("", 200);
  if (!name.empty()) {
    const Visit visit = VisitRelease(context, name, Wants::kDetails, ErrorForm::kText);
    if (!visit) return visit.refusal;
  }
  page.headers[0].second = "text/html; charset=utf-8";
  page.Set("Link", "</.well-known/api-catalog>; rel=\"api-catalog\"");
  page.body =
      "<!doctype html><html><head><title>Replay hub</title></head><body>"
      "<p>This is a replay hub: it serves recorded or made-up releases.</p></body></html>";
  return page;
}

}  // namespace modelwatch::replay_hub
