// SPDX-License-Identifier: Apache-2.0
#include "cli/archive_reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <utility>

#include "absl/strings/str_format.h"
#include "common/log.h"
#include "common/status_macros.h"

namespace modelwatch::cli {
namespace {

using namespace std::string_view_literals;

constexpr size_t kBlockBytes = 64 << 10;
// Names and extended attributes of real archives take some KiB.
constexpr uint64_t kMaxHeaderBytes = 16 << 20;

using ArchiveOwner = std::unique_ptr<archive, int (*)(archive*)>;

struct Magic {
  std::string_view bytes;
  size_t at = 0;
  bool is_direct = false;  // read without the layer that decompresses
};
// Sources: RFC 1952, RFC 8878, the formats of xz, bzip2, lz4, lzip and 7-Zip, PKWARE's APPNOTE,
// POSIX ustar, and cpio(5), ar(5).
constexpr std::array<Magic, 16> kMagics = {{{"\x1F\x8B"sv, 0},
                                            {"\x28\xB5\x2F\xFD"sv, 0},
                                            {"\xFD\x37zXZ\0"sv, 0},
                                            {"BZh"sv, 0},
                                            {"\x04\x22\x4D\x18"sv, 0},
                                            {"LZIP\x01"sv, 0},
                                            {"7z\xBC\xAF\x27\x1C"sv, 0, true},
                                            {"PK\x03\x04"sv, 0, true},
                                            {"PK\x05\x06"sv, 0, true},
                                            {"ustar"sv, 257, true},
                                            {"070701"sv, 0},
                                            {"070702"sv, 0},
                                            {"070707"sv, 0},
                                            {"\xC7\x71"sv, 0},
                                            {"\x71\xC7"sv, 0},
                                            {"!<arch>\n"sv, 0, true}}};

constexpr std::array<std::string_view, 24> kSuffixes = {
    ".tar",  ".tar.gz", ".tgz",   ".tar.zst", ".tzst",   ".tar.xz",  ".txz",     ".tar.bz2",
    ".tbz2", ".tbz",    ".zip",   ".whl",     ".jar",    ".egg",     ".deb",     ".udeb",
    ".cpio", ".7z",     ".crate", ".gem",     ".tar.lz", ".tar.lz4", ".cpio.gz", ".sdist"};

// libarchive reads names in the encoding of the thread's locale, and in the "C" locale it has none
// for names in UTF-8. Only this thread, only while this stands.
class Utf8Locale {
 public:
  Utf8Locale()
      : locale_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)),
        before_(locale_ == nullptr ? nullptr : uselocale(locale_)) {}
  ~Utf8Locale() {
    if (locale_ == nullptr) return;
    uselocale(before_);
    freelocale(locale_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  locale_t locale_;
  locale_t before_;
};

std::string ErrorOf(archive* from) {
  const char* words = archive_error_string(from);
  return words == nullptr ? "damaged" : common::OneLine(words);
}

// Formats that keep no memory for what a header merely claims, or that need to seek.
ArchiveOwner NewDirect() {
  ArchiveOwner made(archive_read_new(), &archive_read_free);
  archive_read_support_format_tar(made.get());
  archive_read_support_format_zip(made.get());
  archive_read_support_format_7zip(made.get());
  archive_read_support_format_ar(made.get());
  return made;
}

// Compressed data as one nameless member.
ArchiveOwner NewDecompressor() {
  ArchiveOwner made(archive_read_new(), &archive_read_free);
  archive_read_support_filter_gzip(made.get());
  archive_read_support_filter_zstd(made.get());
  archive_read_support_filter_xz(made.get());
  archive_read_support_filter_lzma(made.get());
  archive_read_support_filter_bzip2(made.get());
  archive_read_support_filter_lz4(made.get());
  archive_read_support_filter_lzip(made.get());
  archive_read_support_format_raw(made.get());
  archive_read_support_format_empty(made.get());
  return made;
}

// What may be compressed as a whole; a stream that is none of these is one nameless member.
ArchiveOwner NewStream() {
  ArchiveOwner made(archive_read_new(), &archive_read_free);
  archive_read_support_format_tar(made.get());
  archive_read_support_format_cpio(made.get());
  archive_read_support_format_raw(made.get());
  archive_read_support_format_empty(made.get());
  return made;
}

bool IsDirect(std::string_view head) {
  for (const Magic& magic : kMagics) {
    if (magic.is_direct && head.size() > magic.at &&
        head.substr(magic.at, magic.bytes.size()) == magic.bytes) {
      return true;
    }
  }
  return false;
}

std::string NameOf(archive_entry* entry) {
  const char* name = archive_entry_pathname(entry);
  if (name == nullptr) name = archive_entry_pathname_utf8(entry);
  std::string_view plain = name == nullptr ? "(a name that cannot be read)" : name;
  while (plain.substr(0, 2) == "./") plain.remove_prefix(2);
  return std::string(plain);
}

bool IsInHiddenFolder(std::string_view name) {
  for (size_t begin = 0, slash = 0; (slash = name.find('/', begin)) != std::string_view::npos;
       begin = slash + 1) {
    const std::string_view folder = name.substr(begin, slash - begin);
    if (folder.size() > 1 && folder.front() == '.' && folder != "..") return true;
  }
  return false;
}

// data.tar.xz and control.tar.gz of a Debian package.
bool IsTarOfDeb(std::string_view name) {
  return name.substr(0, 9) == "data.tar." || name.substr(0, 12) == "control.tar." ||
         name == "data.tar" || name == "control.tar";
}

bool IsDebName(std::string_view path) {
  return path.size() > 4 &&
         (path.substr(path.size() - 4) == ".deb" || path.substr(path.size() - 5) == ".udeb");
}

}  // namespace

// The readers that stand on each other. Each pulls from the one below:
//
//   zip, 7-Zip, ar, plain tar:   file --> base
//   compressed, and cpio:        file --> base (decompresses) --> inner
//   a .deb:                      file --> base (ar) --> unpacker (decompresses) --> inner
struct ArchiveReader::Layers {
  std::string name;
  ArchiveLimits limits;
  uint64_t file_bytes = 0;
  bool is_deb = false;
  bool has_failed = false;
  uint64_t members = 0;
  uint64_t unpacked = 0;
  ArchiveOwner base{nullptr, &archive_read_free};
  ArchiveOwner unpacker{nullptr, &archive_read_free};
  ArchiveOwner inner{nullptr, &archive_read_free};
  std::string inner_name;  // of the tar inside a .deb
  bool is_in_header = false;
  uint64_t header_bytes = 0;  // pulled by `inner` for the header that it is reading

  [[nodiscard]] archive* top() const { return inner != nullptr ? inner.get() : base.get(); }

  static la_ssize_t PullFromBase(archive*, void* layers, const void** block) {
    return Block(static_cast<Layers*>(layers)->base.get(), block);
  }
  // For `inner`. A header can claim a name of 4 GiB, which libarchive would hold in memory.
  static la_ssize_t PullForInner(archive* self, void* data, const void** block) {
    auto& layers = *static_cast<Layers*>(data);
    archive* const below = layers.unpacker != nullptr ? layers.unpacker.get() : layers.base.get();
    const la_ssize_t size = Block(below, block);
    if (size < 0) archive_set_error(self, EINVAL, "%s", ErrorOf(below).c_str());
    if (size > 0 && layers.is_in_header) layers.header_bytes += static_cast<uint64_t>(size);
    if (layers.header_bytes <= kMaxHeaderBytes) return size;
    archive_set_error(self, EINVAL, "a header of more than 16 MiB");
    return -1;
  }
  static la_ssize_t Block(archive* from, const void** block) {
    size_t size = 0;
    la_int64_t offset = 0;
    const int code = archive_read_data_block(from, block, &size, &offset);
    if (code == ARCHIVE_EOF) return 0;
    return code < ARCHIVE_WARN ? -1 : static_cast<la_ssize_t>(size);
  }

  absl::Status Fail(absl::StatusCode code, std::string_view why) {
    has_failed = true;
    return absl::Status(code, absl::StrFormat("%s: %s; the rest of it is not read", name, why));
  }
  absl::Status Damaged(archive* from) {
    return Fail(absl::StatusCode::kInvalidArgument, ErrorOf(from));
  }

  absl::Status Unpacked(uint64_t bytes) {
    unpacked += bytes;
    if (unpacked <= limits.max_unpacked_bytes) return absl::OkStatus();
    return Fail(absl::StatusCode::kResourceExhausted,
                absl::StrFormat("unpacks to more than %d bytes", limits.max_unpacked_bytes));
  }

  // Opens `inner` on what is below; the bytes of the entry that stands there.
  absl::Status OpenInner() {
    inner = NewStream();
    header_bytes = 0;
    is_in_header = true;
    if (archive_read_open(inner.get(), this, nullptr, &PullForInner, nullptr) != ARCHIVE_OK) {
      return Damaged(inner.get());
    }
    return absl::OkStatus();
  }
  absl::Status OpenTarOfDeb(const std::string& its_name) {
    inner_name = its_name;
    unpacker = NewDecompressor();
    archive_entry* entry = nullptr;
    if (archive_read_open(unpacker.get(), this, nullptr, &PullFromBase, nullptr) != ARCHIVE_OK ||
        archive_read_next_header(unpacker.get(), &entry) < ARCHIVE_WARN) {
      return Damaged(unpacker.get());
    }
    return OpenInner();
  }

  absl::Status OpenBase(std::string_view head);
  absl::StatusOr<archive_entry*> NextEntry();
  absl::Status Read(archive_entry* entry, ArchiveMember& member);
};

// After `base` was opened on the file.
absl::Status ArchiveReader::Layers::OpenBase(std::string_view head) {
  if (IsDirect(head)) return absl::OkStatus();
  archive_entry* entry = nullptr;
  const int code = archive_read_next_header(base.get(), &entry);
  if (code == ARCHIVE_EOF) return absl::OkStatus();
  return code < ARCHIVE_WARN ? Damaged(base.get()) : OpenInner();
}

// The next entry of whatever is on top; null at the end.
absl::StatusOr<archive_entry*> ArchiveReader::Layers::NextEntry() {
  for (;;) {
    archive_entry* entry = nullptr;
    header_bytes = 0;
    is_in_header = true;
    const int code = archive_read_next_header(top(), &entry);
    is_in_header = false;
    if (code == ARCHIVE_EOF && unpacker != nullptr) {
      inner.reset();
      unpacker.reset();
      continue;
    }
    if (code == ARCHIVE_EOF) return static_cast<archive_entry*>(nullptr);
    if (code < ARCHIVE_WARN) return Damaged(top());
    if (++members > limits.max_members) {
      return Fail(absl::StatusCode::kResourceExhausted,
                  absl::StrFormat("has more than %d files", limits.max_members));
    }
    if (is_deb && unpacker == nullptr && IsTarOfDeb(NameOf(entry))) {
      RETURN_IF_ERROR(OpenTarOfDeb(NameOf(entry)));
      continue;
    }
    return entry;
  }
}

// A member that cannot be read is told in `member`; an error is the archive's end.
absl::Status ArchiveReader::Layers::Read(archive_entry* entry, ArchiveMember& member) {
  if (archive_entry_is_encrypted(entry) != 0) {
    member.problem = "it is encrypted";
    return absl::OkStatus();
  }
  // Blocks, not archive_read_data_skip: that would unpack a bomb to its end.
  for (;;) {
    const void* block = nullptr;
    size_t size = 0;
    la_int64_t offset = 0;
    const int code = archive_read_data_block(top(), &block, &size, &offset);
    if (code == ARCHIVE_EOF) return absl::OkStatus();
    if (code == ARCHIVE_FATAL) return Damaged(top());
    if (code < ARCHIVE_WARN) {
      member.problem = ErrorOf(top());
      return absl::OkStatus();
    }
    member.whole_bytes += size;
    const size_t room = limits.max_member_bytes - member.bytes.size();
    if (size > 0) member.bytes.append(static_cast<const char*>(block), std::min(room, size));
    RETURN_IF_ERROR(Unpacked(size));
    if (room <= size && inner == nullptr && archive_entry_size_is_set(entry) != 0) {
      const la_int64_t whole = archive_entry_size(entry);
      member.whole_bytes =
          std::max(member.whole_bytes, static_cast<uint64_t>(std::max<la_int64_t>(0, whole)));
      return absl::OkStatus();  // the next header seeks past the rest
    }
  }
}

bool IsArchiveHead(std::string_view head) {
  return std::any_of(kMagics.begin(), kMagics.end(), [head](const Magic& magic) {
    return head.size() > magic.at && head.substr(magic.at, magic.bytes.size()) == magic.bytes;
  });
}

bool HasArchiveName(std::string_view path) {
  return std::any_of(kSuffixes.begin(), kSuffixes.end(), [path](std::string_view suffix) {
    return path.size() > suffix.size() &&
           std::equal(suffix.rbegin(), suffix.rend(), path.rbegin(),
                      [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); });
  });
}

ArchiveReader::ArchiveReader(std::unique_ptr<Layers> layers) : layers_(std::move(layers)) {}
ArchiveReader::~ArchiveReader() = default;

absl::StatusOr<std::unique_ptr<ArchiveReader>> ArchiveReader::Open(const std::string& path,
                                                                   const ArchiveLimits& limits) {
  auto layers = std::make_unique<Layers>();
  layers->name = path;
  layers->limits = limits;
  layers->is_deb = IsDebName(path);
  char head[512];
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  layers->file_bytes = static_cast<uint64_t>(std::max<std::streamoff>(0, file.tellg()));
  file.seekg(0).read(head, sizeof(head));
  const std::string_view read(head, static_cast<size_t>(file.gcount()));
  layers->base = IsDirect(read) ? NewDirect() : NewDecompressor();
  const Utf8Locale locale;
  if (archive_read_open_filename(layers->base.get(), path.c_str(), kBlockBytes) != ARCHIVE_OK) {
    return layers->Damaged(layers->base.get());
  }
  RETURN_IF_ERROR(layers->OpenBase(read));
  return std::unique_ptr<ArchiveReader>(new ArchiveReader(std::move(layers)));
}

absl::StatusOr<std::unique_ptr<ArchiveReader>> ArchiveReader::OpenBytes(
    std::string_view bytes, const std::string& name, const ArchiveLimits& limits) {
  auto layers = std::make_unique<Layers>();
  layers->name = name;
  layers->limits = limits;
  layers->is_deb = IsDebName(name);
  layers->file_bytes = bytes.size();
  layers->base = IsDirect(bytes.substr(0, 512)) ? NewDirect() : NewDecompressor();
  const Utf8Locale locale;
  if (archive_read_open_memory(layers->base.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) {
    return layers->Damaged(layers->base.get());
  }
  RETURN_IF_ERROR(layers->OpenBase(bytes.substr(0, 512)));
  return std::unique_ptr<ArchiveReader>(new ArchiveReader(std::move(layers)));
}

absl::StatusOr<std::optional<ArchiveMember>> ArchiveReader::Next() {
  Layers& layers = *layers_;
  const Utf8Locale locale;
  while (!layers.has_failed) {
    ASSIGN_OR_RETURN(archive_entry* const entry, layers.NextEntry());
    if (entry == nullptr) return std::nullopt;
    ArchiveMember member;
    member.name = NameOf(entry);
    const bool is_file = archive_entry_filetype(entry) == AE_IFREG &&
                         archive_entry_hardlink(entry) == nullptr &&
                         archive_entry_symlink(entry) == nullptr;
    if (archive_format(layers.top()) == ARCHIVE_FORMAT_RAW) member.name.clear();
    RETURN_IF_ERROR(layers.Read(entry, member));  // what is passed over counts as well
    if (!is_file || IsInHiddenFolder(member.name)) continue;
    member.is_archive = IsArchiveHead(std::string_view(member.bytes).substr(0, 512));
    if (layers.unpacker != nullptr) member.name = layers.inner_name + "/" + member.name;
    return member;
  }
  return std::nullopt;
}

double ArchiveReader::fraction() const {
  if (layers_->file_bytes == 0) return 0;
  const auto read = static_cast<double>(archive_filter_bytes(layers_->base.get(), -1));
  return std::min(1.0, read / static_cast<double>(layers_->file_bytes));
}

}  // namespace modelwatch::cli
