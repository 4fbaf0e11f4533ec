// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/list_route.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "replay_hub/cursor.h"
#include "replay_hub/projection.h"

namespace modelwatch::replay_hub {
namespace {

constexpr int64_t kMaxPage = 1000;
constexpr size_t kRowGuessBytes = 1200;
constexpr SortField kSorts[] = {SortField::kTrendingScore, SortField::kCreatedAt,
                                SortField::kLastModified, SortField::kDownloads, SortField::kLikes};

// The query's filters, lower-cased where the hub ignores case.
struct Filters {
  std::string_view kind;
  std::string search;
  std::string author;
  std::string pipeline_tag;
  std::optional<bool> is_gated;
  std::vector<std::string> tags;
  bool hides_disabled = false;

  [[nodiscard]] bool Accepts(const Release& release) const;
};

bool Filters::Accepts(const Release& release) const {
  if (KindOf(release.name) != kind) return false;
  if (hides_disabled && release.disabled) return false;
  if (!author.empty() && absl::AsciiStrToLower(std::string(OwnerOf(release.name))) != author) {
    return false;
  }
  if (!search.empty() && absl::AsciiStrToLower(release.name).find(search) == std::string::npos) {
    return false;
  }
  if (!pipeline_tag.empty() && release.metadata.pipeline_tag != pipeline_tag) return false;
  if (is_gated && *is_gated != (release.gate != Gate::kOpen)) return false;
  const std::vector<std::string>& has = release.metadata.tags;
  return std::all_of(tags.begin(), tags.end(), [&](const std::string& tag) {
    return std::find(has.begin(), has.end(), tag) != has.end() ||
           release.metadata.library_name == tag || release.metadata.pipeline_tag == tag;
  });
}

Filters FiltersOf(const RouteContext& context, std::string_view kind) {
  const Query& query = context.query;
  Filters filters;
  filters.kind = kind;
  filters.search = absl::AsciiStrToLower(std::string(query.Get("search").value_or("")));
  filters.author = absl::AsciiStrToLower(std::string(query.Get("author").value_or("")));
  filters.pipeline_tag = std::string(query.Get("pipeline_tag").value_or(""));
  if (query.Get("gated")) filters.is_gated = query.IsTrue("gated");
  for (const std::string_view tag : query.All("filter")) filters.tags.emplace_back(tag);
  filters.hides_disabled = context.options.disabled_mode == DisabledMode::kForbidden;
  return filters;
}

// Echoes the query without its cursor, adds the effective sort and the new cursor.
std::string NextLink(const RouteContext& context, std::string_view kind, const Cursor& cursor) {
  std::string query;
  std::string_view rest = context.request.query;
  while (!rest.empty()) {
    const size_t end = rest.find('&');
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (part.empty() || part.substr(0, 7) == "cursor=") continue;
    query += absl::StrFormat("%s&", part);
  }
  if (!context.query.Get("sort")) query += absl::StrFormat("sort=%s&", SortWord(cursor.sort));
  return absl::StrFormat("<%s/api/%s?%scursor=%s>; rel=\"next\"", context.origin, kind, query,
                         PercentEncode(EncodeCursor(cursor)));
}

absl::StatusOr<World::Listing> OrderOf(const Query& query) {
  World::Listing listing;
  if (const auto word = query.Get("sort")) {
    const auto* found = std::find_if(std::begin(kSorts), std::end(kSorts),
                                     [&](SortField field) { return SortWord(field) == *word; });
    if (found == std::end(kSorts)) return absl::InvalidArgumentError("Invalid sort parameter");
    listing.sort = *found;
  }
  listing.ascending = query.Get("direction") == "1";
  if (const auto text = query.Get("cursor")) {
    ASSIGN_OR_RETURN(const Cursor cursor, DecodeCursor(*text, listing.sort, listing.ascending));
    listing.after = cursor.position;
  }
  return listing;
}

std::string PageJson(const std::vector<ReleasePtr>& page, RowKeys keys) {
  std::string body = "[";
  body.reserve(page.size() * kRowGuessBytes);
  for (const ReleasePtr& state : page) {
    if (body.size() > 1) body.push_back(',');
    state->rows.AppendRow(keys, body);
  }
  body.push_back(']');
  return body;
}

}  // namespace

Response ListReleases(const RouteContext& context, std::string_view kind) {
  if (context.credential.kind == Credential::Kind::kBad) return BadToken(ErrorForm::kJson);
  absl::StatusOr<World::Listing> listing = OrderOf(context.query);
  if (!listing.ok()) return BadQuery(std::string(listing.status().message()));
  const std::optional<RowKeys> keys = ListKeys(context.query, listing->sort, kind);
  if (!keys) return BadOption(ListNames(kind));

  // A pass of the clock is a sweep of the models.
  const bool is_sweep = kind == "models" && listing->sort == SortField::kCreatedAt &&
                        listing->ascending && context.request.method == "GET";
  if (is_sweep && !listing->after) {
    context.counters.OnSweepStarted();
    context.clock.OnSweepStart();
  }
  const Filters filters = FiltersOf(context, kind);
  const auto limit = static_cast<size_t>(
      std::clamp<int64_t>(context.query.Number("limit", kMaxPage), 1, kMaxPage));
  listing->limit = limit + 1;  // one more tells whether there is a next page
  listing->wanted = [&filters](const Release& release) { return filters.Accepts(release); };
  std::vector<ReleasePtr> page = context.world.List(*listing);
  const bool has_next = page.size() > limit;
  if (has_next) page.pop_back();

  Response response = JsonAnswer(PageJson(page, *keys));
  if (has_next) {
    const Cursor cursor{listing->sort, listing->ascending,
                        PositionOf(page.back()->release, listing->sort)};
    response.Set("Link", NextLink(context, kind, cursor));
  } else if (is_sweep) {
    context.counters.OnSweepFinished();
  }
  return response;
}

}  // namespace modelwatch::replay_hub
