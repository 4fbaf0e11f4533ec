// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/beside_world.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "common/status_macros.h"

namespace modelwatch::replay_hub {
namespace {

constexpr int64_t kSecondUs = 1'000'000;
constexpr int64_t kCreatedUs = 1'767'225'600 * kSecondUs;      // 2026-01-01T00:00:00Z
constexpr int64_t kFirstMomentUs = 1'772'409'600 * kSecondUs;  // 2026-03-02T00:00:00Z
constexpr size_t kWeightBytes = 300'000;
constexpr size_t kLicenceBytes = 11'000;
constexpr uint64_t kHugeBytes = 5'000'000;
constexpr uint32_t kStringType = 8;

// A GGUF header, written field by field.
class Header {
 public:
  Header(uint32_t version, bool is_big_endian) : version_(version), is_big_endian_(is_big_endian) {}

  Header& Field(std::string_view key, std::string_view value) {
    Text(key);
    Number(kStringType, 4);
    Text(value);
    ++fields_;
    return *this;
  }
  // A key and a claim of so many bytes.
  Header& Lie(std::string_view key, uint64_t bytes) {
    Text(key);
    Number(kStringType, 4);
    Number(bytes, 8);
    fields_ = UINT64_MAX;
    return *this;
  }

  [[nodiscard]] std::string Bytes() const {
    Header head(version_, is_big_endian_);
    head.Number(version_, 4);
    head.Count(1);
    head.Count(fields_);
    return "GGUF" + head.bytes_ + bytes_;
  }

 private:
  void Number(uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) {
      const int shift = 8 * (is_big_endian_ ? bytes - 1 - i : i);
      bytes_.push_back(static_cast<char>(value >> shift));
    }
  }
  void Count(uint64_t value) { Number(value, version_ == 1 ? 4 : 8); }
  void Text(std::string_view text) {
    Count(text.size());
    bytes_.append(text);
  }

  const uint32_t version_;
  const bool is_big_endian_;
  uint64_t fields_ = 0;
  std::string bytes_;
};

std::string Weights(const Header& header) {
  std::string bytes = header.Bytes();
  while (bytes.size() < kWeightBytes) bytes += "weights ";
  return bytes;
}

Header WithLicence(std::string_view licence, uint32_t version = 3, bool is_big_endian = false) {
  Header header(version, is_big_endian);
  header.Field("general.architecture", "made-up").Field("general.license", licence);
  header.Field("made-up.vocabulary", "none");
  return header;
}

std::string Paragraphs(std::string_view first, size_t bytes) {
  std::string text(first);
  for (int i = 0; text.size() < bytes; ++i) {
    text += absl::StrFormat("%d. This paragraph stands for the length of a licence text.\n", i);
  }
  return text;
}

absl::Status Add(World& world, const std::string& name, const std::string& licence,
                 std::vector<RepoFile> files) {
  Release release;
  release.name = name;
  release.created_at_us = kCreatedUs;
  release.id = DeriveReleaseId(name, kCreatedUs);
  release.metadata.tags = {"license:" + licence, "region:us"};
  release.metadata.card_data_json = absl::StrFormat(R"({"license":"%s"})", licence);
  Commit commit;
  commit.date_us = kCreatedUs + 60 * kSecondUs;
  commit.title = "Release";
  commit.files = std::move(files);
  commit.files.push_back(
      world.AddFile("README.md", absl::StrFormat("---\nlicense: %s\n---\n# %s\n", licence, name)));
  commit.files.push_back(world.AddFile("NOTICE", "The same in every release.\n"));
  release.commits = {std::move(commit)};
  return world.Add(std::move(release)).status();
}

absl::Status AddHeaders(World& world) {
  const std::string first = Weights(WithLicence("cc-by-nc-4.0"));
  const auto gguf = [&world](std::string content) {
    return world.AddLfsContent("model.gguf", std::move(content));
  };
  Header longer(3, false);
  longer.Field("general.description", std::string(200'000, 'd')).Field("general.license", "mit");
  longer.Field("made-up.vocabulary", "none");
  Header lies(3, false);
  lies.Field("general.name", "Example").Lie("general.license", UINT64_MAX);
  Header silent(3, false);
  silent.Field("general.architecture", "made-up").Field("made-up.vocabulary", "none");
  const std::pair<const char*, std::string> contents[] = {
      {"acme/gguf-copy", first},
      {"acme/gguf-silent", Weights(silent)},
      {"acme/gguf-v1", Weights(WithLicence("mit", 1))},
      {"acme/gguf-big", Weights(WithLicence("mit", 3, true))},
      {"acme/gguf-cut", WithLicence("mit").Bytes().substr(0, 60)},
      {"acme/gguf-magic", "GGML" + std::string(kWeightBytes, 'x')},
      {"acme/gguf-lies", Weights(lies)},
      {"acme/gguf-long", Weights(longer)}};
  for (const auto& [name, content] : contents) {
    RETURN_IF_ERROR(Add(world, name, "mit", {gguf(content)}));
  }
  return Add(world, "acme/gguf", "mit",
             {gguf(first), world.AddLfsContent("q8/model.gguf", first + "more")});
}

}  // namespace

std::string MadeUpPdf(std::string_view text) {
  const std::string shown =
      text.empty() ? "0 0 m" : absl::StrFormat("BT /F1 12 Tf 50 700 Td (%s) Tj ET", text);
  const std::string objects[] = {
      "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 3000 792] /Contents 4 0 R "
      "/Resources << /Font << /F1 5 0 R >> >> >>",
      absl::StrFormat("<< /Length %d >>\nstream\n%s\nendstream", shown.size(), shown),
      "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"};
  std::string pdf = "%PDF-1.4\n";
  std::string table = "0000000000 65535 f \n";
  int number = 0;
  for (const std::string& object : objects) {
    table += absl::StrFormat("%010d 00000 n \n", pdf.size());
    pdf += absl::StrFormat("%d 0 obj\n%s\nendobj\n", ++number, object);
  }
  const size_t at = pdf.size();
  return pdf +
         absl::StrFormat("xref\n0 %d\n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n",
                         number + 1, table, number + 1, at) +
         "%%EOF\n";
}

absl::Status LoadBesideWorld(std::string_view /*argument*/, World& world) {
  RETURN_IF_ERROR(AddHeaders(world));
  RETURN_IF_ERROR(
      Add(world, "acme/lfs", "other",
          {world.AddLfsContent("LICENSE", Paragraphs("Outside git.\n", kLicenceBytes))}));
  RETURN_IF_ERROR(
      Add(world, "acme/lfs-huge", "other", {world.AddLfsFile("LICENSE", "", kHugeBytes)}));
  RETURN_IF_ERROR(
      Add(world, "acme/lfs-false", "other", {world.AddLfsFile("LICENSE", "", kLicenceBytes)}));
  RETURN_IF_ERROR(Add(world, "acme/pdf", "other",
                      {world.AddFile("LICENSE.pdf", MadeUpPdf("You may use this for anything."))}));
  RETURN_IF_ERROR(Add(world, "datasets/acme/data", "cc-by-4.0",
                      {world.AddFile("LICENSE", Paragraphs("For data.\n", kLicenceBytes))}));
  RETURN_IF_ERROR(Add(world, "datasets/plain", "odbl",
                      {world.AddFile("LICENSE", Paragraphs("For plain data.\n", kLicenceBytes))}));
  RETURN_IF_ERROR(Add(world, "spaces/acme/demo", "mit", {world.AddFile("app.py", "pass\n")}));
  world.At(kFirstMomentUs,
           Rename{DeriveReleaseId("datasets/acme/data", kCreatedUs), "datasets/acme/renamed"});
  return absl::OkStatus();
}

}  // namespace modelwatch::replay_hub
