// SPDX-License-Identifier: Apache-2.0
#include "common/rpc/server.h"

#include <grpcpp/channel.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/support/channel_arguments.h>
#include <openssl/crypto.h>

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/digest.h"
#include "common/rpc/grpc_log.h"
#include "common/rpc/pem.h"
#include "common/status_macros.h"

namespace modelwatch::common {
namespace {

// Calls that send no data may be pinged this often by clients; more is a misbehaving client.
constexpr int kMinPingMs = 10'000;

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> Credentials(const ServerTls& tls) {
  if (!tls.enabled()) return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions options(
      tls.client_ca.empty() ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
                            : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  grpc::SslServerCredentialsOptions::PemKeyCertPair pair;
  ASSIGN_OR_RETURN(pair.cert_chain, ReadPem(tls.certificate));
  ASSIGN_OR_RETURN(pair.private_key, ReadPem(tls.key));
  options.pem_key_cert_pairs.push_back(std::move(pair));
  ASSIGN_OR_RETURN(options.pem_root_certs, ReadPem(tls.client_ca));
  return grpc::SslServerCredentials(options);
}

void SetArguments(const RpcServerOptions& options, grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(static_cast<int>(options.max_message_bytes));
  builder.SetMaxSendMessageSize(static_cast<int>(options.max_message_bytes));
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kMinPingMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  grpc::ResourceQuota quota("modelwatch");
  quota.SetMaxThreads(options.max_threads);
  builder.SetResourceQuota(quota);
}

// Both are process-wide switches that gRPC reads when a server is built.
void EnablePlugins() {
  static const bool once = [] {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    return true;
  }();
  static_cast<void>(once);
}

}  // namespace

struct RpcServer::State {
  std::unique_ptr<grpc::Server> server;
  int port = 0;
  int max_message_bytes = 0;
};

RpcServer::RpcServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

RpcServer::~RpcServer() { Stop(absl::Seconds(5)); }

absl::StatusOr<std::unique_ptr<RpcServer>> RpcServer::Start(
    const RpcServerOptions& options, const std::vector<grpc::Service*>& services) {
  SilenceGrpcLog();
  EnablePlugins();
  ASSIGN_OR_RETURN(const auto credentials, Credentials(options.tls));
  auto state = std::make_unique<State>();
  state->max_message_bytes = static_cast<int>(options.max_message_bytes);
  grpc::ServerBuilder builder;
  SetArguments(options, builder);
  if (!options.address.empty()) {
    builder.AddListeningPort(options.address, credentials, &state->port);
  }
  for (grpc::Service* service : services) builder.RegisterService(service);
  state->server = builder.BuildAndStart();
  const bool bound = options.address.empty() || state->port != 0;
  if (state->server == nullptr || !bound) {
    return absl::UnavailableError(absl::StrCat(
        "cannot listen on ", options.address,
        ": the address is in use or not ours; stop the other server or choose another"));
  }
  if (options.address.rfind("unix:", 0) == 0) state->port = 0;
  return std::unique_ptr<RpcServer>(new RpcServer(std::move(state)));
}

int RpcServer::port() const { return state_->port; }

std::shared_ptr<grpc::Channel> RpcServer::InProcessChannel() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(state_->max_message_bytes);
  arguments.SetMaxSendMessageSize(state_->max_message_bytes);
  return state_->server->InProcessChannel(arguments);
}

void RpcServer::Stop(absl::Duration grace) {
  if (auto* health = state_->server->GetHealthCheckService()) health->Shutdown();
  state_->server->Shutdown(std::chrono::system_clock::now() + absl::ToChronoMicroseconds(grace));
  state_->server->Wait();
}

bool BearerTokenMatches(const std::string& header, const std::string& token) {
  // Digests have one length, so the comparison tells nothing about the token's.
  const std::string given = Sha256(header);
  const std::string wanted = Sha256(absl::StrCat("Bearer ", token));
  return CRYPTO_memcmp(given.data(), wanted.data(), wanted.size()) == 0;
}

}  // namespace modelwatch::common
