// SPDX-License-Identifier: Apache-2.0
// modelwatch-replay-hub: composes a world, a clock and a server. README.md says what it is for.
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "common/clock.h"
#include "common/status_macros.h"
#include "replay_hub/replay_server.h"
#include "replay_hub/world_kinds.h"

namespace modelwatch::replay_hub {
namespace {

struct Flags {
  std::string bind = "127.0.0.1";
  int port = 0;
  std::string port_file;
  std::vector<std::string> worlds;
  std::string clock = "manual";
  std::string start;
  double pass_min_gap_seconds = 0;
  double pass_idle_step_seconds = 86'400;
  std::string quota = "500,3000,100";
  std::string token_quota = "1000,5000,200";
  int64_t window_seconds = 300;
  bool no_limits = false;
  bool hides_disabled = false;
  bool no_ranges = false;
  bool no_xet = false;
  std::vector<std::string> faults;
  std::string webhook;
  std::string webhook_secret;
  HubOptions hub;
};

std::string WorldHelp() {
  std::string help = "a world to serve, KIND:ARGUMENT; may be given again. Kinds:";
  for (const WorldKind& kind : WorldKinds()) {
    help += "\n  " + std::string(kind.name) + ":" + std::string(kind.argument) + "  " +
            std::string(kind.help);
  }
  return help;
}

void Declare(CLI::App& app, Flags& flags) {
  app.footer("Example: modelwatch-replay-hub --world synthetic:1000 --clock pass --no-limits");
  app.add_option("--bind", flags.bind, "IPv4 address to listen on")->capture_default_str();
  app.add_option("--port", flags.port, "0 takes a free one")->capture_default_str();
  app.add_option("--port-file", flags.port_file, "write the port here once it serves");
  app.add_option("--world", flags.worlds, WorldHelp())->required();
  app.add_option("--clock", flags.clock, "manual | pass | real | scaled:FACTOR")
      ->capture_default_str();
  app.add_option("--start", flags.start, "hub time at the start, RFC 3339 (default: the world's)");
  app.add_option("--pass-min-gap", flags.pass_min_gap_seconds,
                 "clock pass: hub seconds that each pass moves at least")
      ->capture_default_str();
  app.add_option("--pass-idle-step", flags.pass_idle_step_seconds,
                 "clock pass: hub seconds that a pass moves when nothing is left to happen")
      ->capture_default_str();
  app.add_option("--quota", flags.quota, "API,RESOLVERS,PAGES a window for an address")
      ->capture_default_str();
  app.add_option("--token-quota", flags.token_quota, "the same for a token")->capture_default_str();
  app.add_option("--window", flags.window_seconds, "seconds of a window")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
  app.add_flag("--no-limits", flags.no_limits, "quotas that nobody reaches");
  app.add_option("--token", flags.hub.tokens, "a token to accept; may be given again");
  app.add_option("--granted-token", flags.hub.granted_tokens,
                 "a token that may read gated releases too");
  app.add_flag("--hide-disabled", flags.hides_disabled,
               "disabled releases are not listed and answer 403 everywhere");
  app.add_flag("--no-ranges", flags.no_ranges,
               "the storage answers a range with the whole content");
  app.add_flag("--no-xet", flags.no_xet, "LFS files do not offer Xet");
  app.add_option("--fault", flags.faults, "kind=...&... (tests/replay_hub/faults.h)");
  app.add_option("--webhook", flags.webhook, "http://127.0.0.1:PORT/PATH to tell of changes");
  app.add_option("--webhook-secret", flags.webhook_secret, "sent as X-Webhook-Secret");
}

absl::StatusOr<ReplayHubOptions> OptionsOf(const Flags& flags) {
  ReplayHubOptions options;
  options.hub = flags.hub;
  options.hub.offers_xet = !flags.no_xet;
  options.hub.serves_ranges = !flags.no_ranges;
  if (flags.hides_disabled) options.hub.disabled_mode = DisabledMode::kForbidden;
  ASSIGN_OR_RETURN(options.clock, ParseClockMode(flags.clock));
  options.clock.min_gap = absl::Seconds(flags.pass_min_gap_seconds);
  options.clock.idle_step = absl::Seconds(flags.pass_idle_step_seconds);
  ASSIGN_OR_RETURN(options.quotas.anonymous, ParseQuotas(flags.quota));
  ASSIGN_OR_RETURN(options.quotas.token, ParseQuotas(flags.token_quota));
  if (flags.no_limits) options.quotas = UnlimitedPlan();
  options.quotas.window = absl::Seconds(flags.window_seconds);
  for (const std::string& text : flags.faults) {
    ASSIGN_OR_RETURN(Fault fault, ParseFault(text));
    options.faults.push_back(std::move(fault));
  }
  return options;
}

absl::Status LoadWorlds(const Flags& flags, World& world) {
  for (const std::string& text : flags.worlds) RETURN_IF_ERROR(LoadWorldFrom(text, world));
  if (flags.start.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const int64_t start, common::ParseMicros(flags.start));
  world.SetStart(start);
  return absl::OkStatus();
}

absl::Status Announce(const Flags& flags, int port, const std::string& url) {
  if (!flags.port_file.empty()) {
    const std::string part = flags.port_file + ".part";
    std::ofstream(part) << port << "\n";
    if (std::rename(part.c_str(), flags.port_file.c_str()) != 0) {
      return absl::UnavailableError("replay hub: cannot write " + flags.port_file);
    }
  }
  std::cout << "listening on " << url << std::endl;
  return absl::OkStatus();
}

absl::Status Run(const Flags& flags, const sigset_t& stop_signals) {
  ASSIGN_OR_RETURN(ReplayHubOptions options, OptionsOf(flags));
  World world;
  RETURN_IF_ERROR(LoadWorlds(flags, world));
  std::unique_ptr<WebhookEmitter> emitter;
  ReplayServer server(world, common::SystemClock(), std::move(options));
  if (!flags.webhook.empty()) {
    ASSIGN_OR_RETURN(WebhookTarget target, ParseWebhookUrl(flags.webhook));
    target.secret = flags.webhook_secret;
    emitter = std::make_unique<WebhookEmitter>(std::move(target));
    server.hub().SendWebhooksTo(*emitter, "http://" + flags.bind);
  }
  RETURN_IF_ERROR(server.Start(flags.bind, flags.port));
  RETURN_IF_ERROR(Announce(flags, server.port(), server.url()));
  int caught = 0;
  sigwait(&stop_signals, &caught);
  server.Stop();
  return absl::OkStatus();
}

}  // namespace
}  // namespace modelwatch::replay_hub

int main(int argc, char** argv) {
  using modelwatch::replay_hub::Flags;
  Flags flags;
  CLI::App app("Serves a recorded or made-up world of releases through the hub's wire protocol.");
  modelwatch::replay_hub::Declare(app, flags);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : 64;
  }
  // Blocked before any thread is born, so that sigwait alone sees them.
  sigset_t stop_signals;
  sigemptyset(&stop_signals);
  sigaddset(&stop_signals, SIGTERM);
  sigaddset(&stop_signals, SIGINT);
  sigprocmask(SIG_BLOCK, &stop_signals, nullptr);
  const absl::Status status = modelwatch::replay_hub::Run(flags, stop_signals);
  if (status.ok()) return 0;
  std::cerr << "modelwatch-replay-hub: " << std::string(status.message()) << "\n";
  return 1;
}
