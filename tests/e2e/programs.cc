// SPDX-License-Identifier: Apache-2.0
#include "e2e/programs.h"

#include <arpa/inet.h>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>

#include "absl/strings/str_format.h"
#include "common/status_macros.h"

namespace modelwatch::e2e {
namespace {

struct Url {
  std::string origin;
  std::string path;
};

Url Split(const std::string& url) {
  const size_t slash = url.find('/', url.find("://") + 3);
  if (slash == std::string::npos) return {url, "/"};
  return {url.substr(0, slash), url.substr(slash)};
}

absl::StatusOr<std::string> BodyOf(const httplib::Result& result, const std::string& url) {
  if (!result) {
    return absl::UnavailableError(
        absl::StrFormat("%s: %s", url, httplib::to_string(result.error())));
  }
  if (result->status != 200) {
    return absl::UnavailableError(absl::StrFormat("%s: status %d", url, result->status));
  }
  return result->body;
}

}  // namespace

std::string Modelwatch() { return MODELWATCH_BINARY_DIR "/modelwatch"; }
std::string ReplayHub() { return MODELWATCH_BINARY_DIR "/tests/replay_hub/modelwatch-replay-hub"; }
std::string Corpus() { return MODELWATCH_BINARY_DIR "/corpus.bin"; }

std::string LicenceTexts() {
  const char* deps = std::getenv("MODELWATCH_DEPS");
  return std::string(deps != nullptr ? deps : MODELWATCH_SOURCE_DIR "/.deps") +
         "/licences/scancode/licenses";
}

std::string LastWord(const std::string& line) { return line.substr(line.rfind(' ') + 1); }

int FreePort() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  bind(listener, reinterpret_cast<sockaddr*>(&address), length);
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length);
  close(listener);
  return ntohs(address.sin_port);
}

absl::StatusOr<std::string> Get(const std::string& url) {
  const Url parts = Split(url);
  httplib::Client client(parts.origin);
  return BodyOf(client.Get(parts.path.c_str()), url);
}

absl::StatusOr<std::string> Post(const std::string& url) {
  const Url parts = Split(url);
  httplib::Client client(parts.origin);
  return BodyOf(client.Post(parts.path.c_str()), url);
}

absl::StatusOr<std::vector<nlohmann::json>> JsonLines(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), Modelwatch());
  ASSIGN_OR_RETURN(const testing::Ended ended, testing::RunProcess(arguments));
  if (ended.exit_code != 0) {
    return absl::InternalError(absl::StrFormat("%s %s exited with %d: %s", arguments[0],
                                               arguments[1], ended.exit_code, ended.err));
  }
  std::vector<nlohmann::json> lines;
  std::istringstream text(ended.out);
  for (std::string line; std::getline(text, line);) {
    lines.push_back(nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false));
    if (lines.back().is_discarded()) {
      return absl::InternalError(
          absl::StrFormat("%s printed what is not JSON: %s", arguments[1], line));
    }
  }
  return lines;
}

}  // namespace modelwatch::e2e
