// SPDX-License-Identifier: Apache-2.0
#include "cli/config.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "absl/strings/str_format.h"
#include "common/status_macros.h"

namespace modelwatch::cli {
namespace {

constexpr char kHuggingFace[] = "huggingface";
constexpr char kHuggingFaceEndpoint[] = "https://huggingface.co";

// Keeps the first error: later ones are mostly its consequences.
class FirstError final : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, int column, const std::string& message) override {
    if (!text_.empty()) return;
    text_ = absl::StrFormat("line %d, column %d: %s", line + 1, column + 1, message);
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

template <typename Message, typename Value>
void Default(Message* message, Value (Message::*get)() const, void (Message::*set)(Value),
             Value value) {
  if ((message->*get)() == Value{}) (message->*set)(value);
}

void FillHub(v1::HubConfig* hub) {
  if (hub->endpoint().empty()) hub->set_endpoint(kHuggingFaceEndpoint);
  Default<v1::HubConfig, int64_t>(hub, &v1::HubConfig::keep_up_ms, &v1::HubConfig::set_keep_up_ms,
                                  120'000);
  Default<v1::HubConfig, int64_t>(hub, &v1::HubConfig::sweep_ms, &v1::HubConfig::set_sweep_ms,
                                  21'600'000);
  Default<v1::HubConfig, uint32_t>(hub, &v1::HubConfig::page_size, &v1::HubConfig::set_page_size,
                                   1000);
  Default<v1::HubConfig, uint32_t>(hub, &v1::HubConfig::budget_reserve_percent,
                                   &v1::HubConfig::set_budget_reserve_percent, 10);
  Default<v1::HubConfig, int64_t>(hub, &v1::HubConfig::watch_ms, &v1::HubConfig::set_watch_ms,
                                  300'000);
  Default<v1::HubConfig, uint32_t>(hub, &v1::HubConfig::visits_per_day,
                                   &v1::HubConfig::set_visits_per_day, 2000);
  Default<v1::HubConfig, uint32_t>(hub, &v1::HubConfig::histories_per_day,
                                   &v1::HubConfig::set_histories_per_day, 1000);
  Default<v1::HubConfig, uint32_t>(hub, &v1::HubConfig::past_pages, &v1::HubConfig::set_past_pages,
                                   4);
  Default<v1::HubConfig, uint32_t>(hub, &v1::HubConfig::past_versions,
                                   &v1::HubConfig::set_past_versions, 50);
  Default<v1::HubConfig, int64_t>(hub, &v1::HubConfig::canary_ms, &v1::HubConfig::set_canary_ms,
                                  600'000);
}

void FillCrawl(v1::CrawlConfig* crawl) {
  using C = v1::CrawlConfig;
  Default<C, uint32_t>(crawl, &C::max_in_flight, &C::set_max_in_flight, 32);
  Default<C, uint64_t>(crawl, &C::max_body_bytes, &C::set_max_body_bytes, 4ULL << 20);
  Default<C, uint64_t>(crawl, &C::max_page_bytes, &C::set_max_page_bytes, 64ULL << 20);
  Default<C, int64_t>(crawl, &C::transfer_timeout_ms, &C::set_transfer_timeout_ms, 60'000);
  Default<C, uint32_t>(crawl, &C::max_tries, &C::set_max_tries, 5);
  Default<C, int64_t>(crawl, &C::backoff_ms, &C::set_backoff_ms, 1000);
}

void FillRest(v1::Config* config) {
  Default<v1::PolicyConfig, int64_t>(config->mutable_policy(),
                                     &v1::PolicyConfig::access_hold_down_ms,
                                     &v1::PolicyConfig::set_access_hold_down_ms, 43'200'000);
  Default<v1::PolicyConfig, int64_t>(config->mutable_policy(),
                                     &v1::PolicyConfig::flapping_window_ms,
                                     &v1::PolicyConfig::set_flapping_window_ms, 604'800'000);
  Default<v1::PolicyConfig, uint32_t>(config->mutable_policy(), &v1::PolicyConfig::flapping_losses,
                                      &v1::PolicyConfig::set_flapping_losses, 3);
  Default<v1::EvaluateConfig, uint32_t>(config->mutable_evaluate(),
                                        &v1::EvaluateConfig::reassess_percent,
                                        &v1::EvaluateConfig::set_reassess_percent, 25);
  if (config->site().title().empty()) config->mutable_site()->set_title("modelwatch");
  Default<v1::IndexConfig, uint32_t>(config->mutable_index(), &v1::IndexConfig::commit_queue,
                                     &v1::IndexConfig::set_commit_queue, 64);
}

// Applies one --hub to the file's hubs: the named one, made when the file has none of that name.
absl::StatusOr<v1::HubConfig> ChooseHub(const v1::Config& file, std::string_view text) {
  const size_t equals = text.find('=');
  const std::string_view name = text.substr(0, equals);
  v1::HubConfig hub;
  for (const v1::HubConfig& known : file.hubs()) {
    if (known.name() == name) hub = known;
  }
  hub.set_name(std::string(name));
  if (equals != std::string_view::npos) hub.set_endpoint(std::string(text.substr(equals + 1)));
  return hub;
}

absl::Status ApplyHubs(const HubChoice& choice, v1::Config* config) {
  std::vector<std::string> wanted = choice.hubs;
  if (wanted.empty() && config->hubs().empty()) wanted.emplace_back(kHuggingFace);
  if (!wanted.empty()) {
    std::vector<v1::HubConfig> chosen;
    for (const std::string& text : wanted) {
      ASSIGN_OR_RETURN(v1::HubConfig hub, ChooseHub(*config, text));
      const bool says_url = text.find('=') != std::string::npos;
      if (!says_url && !choice.endpoint.empty()) hub.set_endpoint(choice.endpoint);
      chosen.push_back(std::move(hub));
    }
    config->mutable_hubs()->Assign(chosen.begin(), chosen.end());
  } else if (!choice.endpoint.empty()) {
    for (v1::HubConfig& hub : *config->mutable_hubs()) hub.set_endpoint(choice.endpoint);
  }
  return absl::OkStatus();
}

absl::Status Check(const v1::Config& config, std::string_view name) {
  const auto refuse = [&](std::string_view why) {
    return absl::InvalidArgumentError(absl::StrFormat("configuration %s: %s", name, why));
  };
  for (const v1::HubConfig& hub : config.hubs()) {
    if (hub.name() != kHuggingFace) {
      return refuse(absl::StrFormat("hub '%s' is not known (known: huggingface)", hub.name()));
    }
    if (hub.endpoint().rfind("http://", 0) != 0 && hub.endpoint().rfind("https://", 0) != 0) {
      return refuse(absl::StrFormat("endpoint '%s' of hub %s is not an http or https address",
                                    hub.endpoint(), hub.name()));
    }
    for (const std::string& kind : hub.kinds()) {
      if (kind != "models" && kind != "datasets" && kind != "spaces") {
        return refuse(absl::StrFormat("kind '%s' is not known (models, datasets, spaces)", kind));
      }
    }
    if (hub.keep_up_ms() < 0 || hub.sweep_ms() < 0) return refuse("an interval is negative");
    if (hub.canary_ms() < 1000) return refuse("canary_ms is under a second");
    if (hub.watch_ms() < 1000) return refuse("watch_ms is under a second");
    if (hub.page_size() > 1000) return refuse("page_size is over the hub's maximum of 1000");
    if (hub.past_pages() > 1000) return refuse("past_pages is over 1000");
    if (hub.past_versions() > 1000) return refuse("past_versions is over 1000");
    if (hub.budget_reserve_percent() > 90) return refuse("budget_reserve_percent is over 90");
  }
  if (config.crawl().max_in_flight() > 64) return refuse("max_in_flight is over 64");
  if (config.policy().access_hold_down_ms() < 0) return refuse("access_hold_down_ms is negative");
  if (config.policy().flapping_window_ms() < 0) return refuse("flapping_window_ms is negative");
  if (config.evaluate().reassess_percent() > 100) return refuse("reassess_percent is over 100");
  if (config.evaluate().threads() > 16) return refuse("evaluate.threads is over 16");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::Config> ParseConfig(std::string_view text, std::string_view name,
                                       const HubChoice& choice) {
  v1::Config config;
  FirstError error;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&error);
  if (!parser.ParseFromString(std::string(text), &config)) {
    return absl::InvalidArgumentError(absl::StrFormat("configuration %s, %s", name, error.text()));
  }
  RETURN_IF_ERROR(ApplyHubs(choice, &config));
  for (v1::HubConfig& hub : *config.mutable_hubs()) FillHub(&hub);
  FillCrawl(config.mutable_crawl());
  FillRest(&config);
  RETURN_IF_ERROR(Check(config, name));
  return config;
}

absl::StatusOr<v1::Config> LoadConfig(std::string_view path, const HubChoice& choice) {
  if (path.empty()) return ParseConfig("", "(defaults)", choice);
  std::ifstream file{std::string(path)};
  if (!file) {
    return absl::NotFoundError(
        absl::StrFormat("configuration %s cannot be read: %s; give another file with --config",
                        path, std::strerror(errno)));
  }
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad()) {
    return absl::NotFoundError(
        absl::StrFormat("configuration %s cannot be read: %s", path, std::strerror(errno)));
  }
  return ParseConfig(text, path, choice);
}

}  // namespace modelwatch::cli
