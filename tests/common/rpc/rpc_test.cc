// SPDX-License-Identifier: Apache-2.0
// Servers and channels against each other: health, TLS, limits of what is accepted.
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/atomic_file.h"
#include "common/rpc/channel.h"
#include "common/rpc/pem.h"
#include "common/rpc/server.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::common {
namespace {

using absl::StatusCode;
using testing::StatusIs;

constexpr absl::Duration kPatience = absl::Seconds(10);

std::unique_ptr<RpcServer> StartOrDie(const RpcServerOptions& options) {
  auto server = RpcServer::Start(options, {});
  EXPECT_OK(server);
  return server.ok() ? *std::move(server) : nullptr;
}

absl::Status HealthOf(const std::string& target, const ChannelOptions& options = {}) {
  const auto channel = OpenChannel(target, options);
  if (!channel.ok()) return channel.status();
  return CheckHealth(*channel, kPatience);
}

TEST(RpcServerTest, IsHealthyUntilItStops) {
  const testing::TempDir dir;
  RpcServerOptions options;
  options.address = "unix:" + dir.Sub("socket");
  const auto server = StartOrDie(options);
  EXPECT_OK(HealthOf(options.address));
  EXPECT_EQ(server->port(), 0);
  server->Stop(absl::ZeroDuration());
  EXPECT_THAT(HealthOf(options.address), StatusIs(StatusCode::kUnavailable));
  server->Stop(absl::ZeroDuration());
}

TEST(RpcServerTest, AnswersInItsOwnProcessWithoutAnAddress) {
  const auto server = StartOrDie({});
  EXPECT_OK(CheckHealth(server->InProcessChannel(), kPatience));
}

TEST(RpcServerTest, RefusesAPortThatIsTaken) {
  RpcServerOptions options;
  options.address = "127.0.0.1:0";
  const auto first = StartOrDie(options);
  options.address = absl::StrCat("127.0.0.1:", first->port());
  EXPECT_THAT(RpcServer::Start(options, {}), StatusIs(StatusCode::kUnavailable, options.address));
}

TEST(ChannelTest, SaysAtOnceWhenNobodyListens) {
  const absl::Time start = absl::Now();
  EXPECT_THAT(HealthOf("unix:/nobody/is/here"), StatusIs(StatusCode::kUnavailable));
  EXPECT_LT(absl::Now() - start, kPatience / 2);
}

TEST(BearerTokenTest, MatchesOnlyTheWholeToken) {
  EXPECT_TRUE(BearerTokenMatches("Bearer secret", "secret"));
  EXPECT_FALSE(BearerTokenMatches("Bearer secre", "secret"));
  EXPECT_FALSE(BearerTokenMatches("Bearer secrets", "secret"));
  EXPECT_FALSE(BearerTokenMatches("secret", "secret"));
  EXPECT_FALSE(BearerTokenMatches("", "secret"));
}

TEST(PemTest, RefusesWhatIsNoPemFile) {
  const testing::TempDir dir;
  ASSERT_OK(WriteFileAtomically(dir.Sub("text"), "not a certificate"));
  EXPECT_THAT(ReadPem(dir.Sub("text")), StatusIs(StatusCode::kInvalidArgument, "PEM"));
  EXPECT_THAT(ReadPem(dir.Sub("none")), StatusIs(StatusCode::kNotFound, "none"));
  EXPECT_EQ(*ReadPem(""), "");
}

// A certificate that signs itself, for localhost, good for a day.
void WriteCertificate(const std::string& certificate_path, const std::string& key_path) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 86'400);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_EXTENSION* names =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost");
  X509_add_ext(certificate, names, -1);
  X509_sign(certificate, key, EVP_sha256());
  const auto write = [](const std::string& path, const auto& print) {
    BIO* out = BIO_new_file(path.c_str(), "w");
    print(out);
    BIO_free(out);
  };
  write(certificate_path, [&](BIO* out) { PEM_write_bio_X509(out, certificate); });
  write(key_path, [&](BIO* out) {
    PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
  X509_EXTENSION_free(names);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

class TlsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    WriteCertificate(dir_.Sub("server.pem"), dir_.Sub("server.key"));
    WriteCertificate(dir_.Sub("client.pem"), dir_.Sub("client.key"));
    options_.address = "localhost:0";
    options_.tls.certificate = dir_.Sub("server.pem");
    options_.tls.key = dir_.Sub("server.key");
    trusting_.tls.server_ca = dir_.Sub("server.pem");
  }
  static std::string Target(const RpcServer& server) {
    return absl::StrCat("localhost:", server.port());
  }

  const testing::TempDir dir_;
  RpcServerOptions options_;
  ChannelOptions trusting_;
};

TEST_F(TlsTest, AdmitsAClientThatTrustsTheServer) {
  const auto server = StartOrDie(options_);
  EXPECT_OK(HealthOf(Target(*server), trusting_));
}

TEST_F(TlsTest, FailsForAClientThatDoesNot) {
  const auto server = StartOrDie(options_);
  ChannelOptions strange;
  strange.tls.server_ca = dir_.Sub("client.pem");
  EXPECT_THAT(HealthOf(Target(*server), strange), StatusIs(StatusCode::kUnavailable));
  EXPECT_THAT(HealthOf(Target(*server)), StatusIs(StatusCode::kUnavailable));
}

TEST_F(TlsTest, AsksForTheClientsCertificateWhenTold) {
  options_.tls.client_ca = dir_.Sub("client.pem");
  const auto server = StartOrDie(options_);
  EXPECT_THAT(HealthOf(Target(*server), trusting_), StatusIs(StatusCode::kUnavailable));
  trusting_.tls.certificate = dir_.Sub("client.pem");
  trusting_.tls.key = dir_.Sub("client.key");
  EXPECT_OK(HealthOf(Target(*server), trusting_));
}

TEST_F(TlsTest, SaysWhichFileCannotBeRead) {
  options_.tls.key = dir_.Sub("none");
  EXPECT_THAT(RpcServer::Start(options_, {}), StatusIs(StatusCode::kNotFound, "none"));
}

}  // namespace
}  // namespace modelwatch::common
