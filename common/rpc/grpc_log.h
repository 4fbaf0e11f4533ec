// SPDX-License-Identifier: Apache-2.0
// gRPC writes what fails to standard error by itself, in lines of a kilobyte. We say the same in
// our own status messages, so that a person reads one line.
#pragma once

namespace modelwatch::common {

// Idempotent. Does nothing when $GRPC_VERBOSITY is set: someone is debugging gRPC itself.
void SilenceGrpcLog();

}  // namespace modelwatch::common
