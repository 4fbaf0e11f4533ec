// SPDX-License-Identifier: Apache-2.0
#include "evaluator/policy/hub_notices.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "common/clock.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kNamedReasons = 4;

std::string At(int64_t micros) {
  return absl::FormatTime("%Y-%m-%d %H:%M UTC", common::FromMicros(micros), absl::UTCTimeZone());
}

// "2 min", "3 h 20 min": people do not read seconds of an hour.
std::string Long(int64_t micros) {
  const int64_t minutes = std::max<int64_t>(micros, 0) / 60'000'000;
  if (minutes < 60) return absl::StrFormat("%d min", minutes);
  return minutes % 60 == 0 ? absl::StrFormat("%d h", minutes / 60)
                           : absl::StrFormat("%d h %d min", minutes / 60, minutes % 60);
}

std::string Trouble(const v1::HubStatus& hub) {
  std::vector<v1::TroubleStatus> recent;
  std::copy_if(hub.trouble().begin(), hub.trouble().end(), std::back_inserter(recent),
               [](const v1::TroubleStatus& each) { return each.last_hour() > 0; });
  if (recent.empty()) return "";
  std::stable_sort(recent.begin(), recent.end(),
                   [](const auto& a, const auto& b) { return a.last_hour() > b.last_hour(); });
  std::string text = " Answers that could not be used in the last hour:";
  for (size_t i = 0; i < std::min(recent.size(), kNamedReasons); ++i) {
    text +=
        absl::StrFormat("%s %s %d", i == 0 ? "" : ",", recent[i].reason(), recent[i].last_hour());
  }
  return text + ".";
}

std::string Blocked(const v1::HubStatus& hub) {
  std::string text;
  for (const v1::BudgetStatus& budget : hub.budgets()) {
    if (budget.blocked_until_us() == 0) continue;
    text += absl::StrFormat(" The hub refuses requests of class %s until %s.", budget.quota_class(),
                            At(budget.blocked_until_us()));
  }
  return text;
}

v1::HubNotice Notice(const v1::HubStatus& hub, v1::HubNews news, int64_t now_us) {
  v1::HubNotice notice;
  notice.set_news(news);
  v1::Alert& alert = *notice.mutable_alert();
  alert.set_is_about_hub(true);
  alert.mutable_key()->set_hub(hub.hub());
  alert.set_name(hub.hub());
  alert.set_observed_at_us(now_us);
  return notice;
}

void Say(v1::HubNotice& notice, v1::Severity severity, const char* rule, std::string title,
         std::string text) {
  v1::Alert& alert = *notice.mutable_alert();
  alert.set_severity(severity);
  alert.set_rule(rule);
  alert.set_title(std::move(title));
  alert.mutable_cause()->set_id(rule);
  alert.mutable_cause()->set_text(std::move(text));
}

v1::HubNotice Silent(const v1::HubStatus& hub, int64_t now_us) {
  v1::HubNotice notice = Notice(hub, v1::HUB_SILENT, now_us);
  const int64_t heard_us = std::max(hub.last_listing_us(), hub.last_page_us());
  const std::string since =
      heard_us == 0 ? "since it was declared" : absl::StrFormat("since %s", At(heard_us));
  Say(notice, v1::WARNING, "hub-silent",
      absl::StrFormat("%s: no listing succeeded %s", hub.hub(), since),
      absl::StrFormat("Nothing was heard of the hub %s, three intervals of %s and more. Changes of "
                      "terms since then are not known, so no other alert can tell of them. The "
                      "crawler goes on trying.%s%s",
                      since, Long(hub.keep_up_ms() * 1000), Blocked(hub), Trouble(hub)));
  return notice;
}

v1::HubNotice Heard(const v1::HubStatus& hub, int64_t now_us) {
  v1::HubNotice notice = Notice(hub, v1::HUB_HEARD, now_us);
  Say(notice, v1::INFO, "hub-heard",
      absl::StrFormat("%s: heard again at %s", hub.hub(), At(hub.last_page_us())),
      absl::StrFormat(
          "The silence that was told at %s is over. The first listing goes back to where "
          "the last one ended, so what changed meanwhile is told from now on.",
          At(hub.silence_told_us())));
  return notice;
}

v1::HubNotice CanarySilent(const v1::HubStatus& hub, int64_t now_us) {
  v1::HubNotice notice = Notice(hub, v1::CANARY_SILENT, now_us);
  const std::string since =
      hub.canary_ok_us() == 0
          ? "has not come through yet"
          : absl::StrFormat("did not come through since %s", At(hub.canary_ok_us()));
  Say(notice, v1::WARNING, "canary-silent",
      absl::StrFormat("%s: the canary %s %s", hub.hub(), hub.canary(), since),
      absl::StrFormat("The release that is visited every %s to prove the path from the hub to the "
                      "index %s: it is gone or renamed, or visits do not work. Other releases may "
                      "be unseen as well.%s%s",
                      Long(hub.canary_ms() * 1000), since, Blocked(hub), Trouble(hub)));
  return notice;
}

v1::HubNotice CanaryHeard(const v1::HubStatus& hub, int64_t now_us) {
  v1::HubNotice notice = Notice(hub, v1::CANARY_HEARD, now_us);
  Say(notice, v1::INFO, "canary-heard",
      absl::StrFormat("%s: the canary %s comes through again", hub.hub(), hub.canary()),
      absl::StrFormat("What was told at %s is over.", At(hub.canary_told_us())));
  return notice;
}

bool HasSilenceNews(const v1::HubStatus& hub) {
  return hub.is_silent() == (hub.silence_told_us() == 0);
}

// Another canary that takes over does not end the silence; its coming through does.
bool HasCanaryNews(const v1::HubStatus& hub) {
  if (hub.canary_told_us() == 0) return hub.is_canary_silent();
  return !hub.is_canary_silent() && hub.canary_ok_us() > hub.canary_told_us();
}

}  // namespace

bool HasHubNews(const v1::GetStatusResponse& status) {
  return std::any_of(status.hubs().begin(), status.hubs().end(), [](const v1::HubStatus& hub) {
    return HasSilenceNews(hub) || HasCanaryNews(hub);
  });
}

std::vector<v1::HubNotice> HubNotices(const v1::GetStatusResponse& status) {
  std::vector<v1::HubNotice> notices;
  const int64_t now_us = status.now_us();
  for (const v1::HubStatus& hub : status.hubs()) {
    if (HasSilenceNews(hub)) {
      notices.push_back(hub.is_silent() ? Silent(hub, now_us) : Heard(hub, now_us));
    }
    if (HasCanaryNews(hub)) {
      notices.push_back(hub.is_canary_silent() ? CanarySilent(hub, now_us)
                                               : CanaryHeard(hub, now_us));
    }
  }
  return notices;
}

}  // namespace modelwatch::evaluator
