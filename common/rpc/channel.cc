// SPDX-License-Identifier: Apache-2.0
#include "common/rpc/channel.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <chrono>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/rpc/grpc_log.h"
#include "common/rpc/pem.h"
#include "common/rpc/status_grpc.h"
#include "common/status_macros.h"

namespace modelwatch::common {
namespace {

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> Credentials(const ClientTls& tls) {
  if (!tls.enabled()) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions options;
  ASSIGN_OR_RETURN(options.pem_root_certs, ReadPem(tls.server_ca));
  ASSIGN_OR_RETURN(options.pem_cert_chain, ReadPem(tls.certificate));
  ASSIGN_OR_RETURN(options.pem_private_key, ReadPem(tls.key));
  return grpc::SslCredentials(options);
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::Channel>> OpenChannel(const std::string& target,
                                                           const ChannelOptions& options) {
  if (target.empty()) return absl::InvalidArgumentError("the address of the server is empty");
  SilenceGrpcLog();
  ASSIGN_OR_RETURN(const auto credentials, Credentials(options.tls));
  grpc::ChannelArguments arguments;
  const int max_bytes = static_cast<int>(options.max_message_bytes);
  arguments.SetMaxReceiveMessageSize(max_bytes);
  arguments.SetMaxSendMessageSize(max_bytes);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS,
                   static_cast<int>(absl::ToInt64Milliseconds(options.keepalive)));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  // A daemon that comes back is found again within 2 s, not after gRPC's default of up to 2
  // minutes.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2'000);
  // Own connections a channel: a shared one would also share its backoff with strangers.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(target, credentials, arguments);
}

void PrepareCall(grpc::ClientContext& context, absl::Duration deadline, const std::string& token,
                 bool wait_for_ready) {
  if (deadline != absl::InfiniteDuration()) {
    context.set_deadline(std::chrono::system_clock::now() + absl::ToChronoMicroseconds(deadline));
  }
  context.set_wait_for_ready(wait_for_ready);
  if (!token.empty()) context.AddMetadata("authorization", absl::StrCat("Bearer ", token));
}

absl::Status CheckHealth(const std::shared_ptr<grpc::Channel>& channel, absl::Duration deadline) {
  // The request {service: ""} is empty on the wire and SERVING is field 1 = 1: two bytes are not
  // worth generated code. Source: grpc/health/v1/health.proto (package grpc-proto, read 2026-11).
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  PrepareCall(context, deadline, "");
  grpc::CompletionQueue queue;
  const grpc::ByteBuffer request(nullptr, 0);
  auto call = stub.PrepareUnaryCall(&context, "/grpc.health.v1.Health/Check", request, &queue);
  call->StartCall();
  grpc::ByteBuffer response;
  grpc::Status status;
  call->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  if (!status.ok()) return FromGrpc(status);
  grpc::Slice slice;
  if (!response.DumpToSingleSlice(&slice).ok() || slice.size() != 2 || slice.begin()[0] != 0x08 ||
      slice.begin()[1] != 0x01) {
    return absl::UnavailableError("the server says that it is not serving");
  }
  return absl::OkStatus();
}

void DisableMutexDeadlockDetection() {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
}

}  // namespace modelwatch::common
