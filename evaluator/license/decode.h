// SPDX-License-Identifier: Apache-2.0
// The bytes of a file as a text that can be judged, or the reason why they are none.
//
//   const Decoded decoded = Decode(bytes);
//   if (decoded.kind != ContentKind::kText) return NoLicence(decoded.reason);
//   Judge(decoded.text());
//
// Pure: no I/O, no state, any number of threads. Linear in the first kMaxDecodedBytes of the text;
// what is behind them is never touched.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace modelwatch::evaluator {

// A text is cut behind this many bytes of UTF-8: no licence is longer (the longest of ScanCode is
// under 400 KiB), and the work on hostile input stays bounded.
inline constexpr size_t kMaxDecodedBytes = 1 << 20;

enum class ContentKind {
  kText,
  kEmpty,        // nothing, or white space alone
  kBinary,       // program, picture, weights, archive, random bytes
  kPdf,          // a PDF document: it may hold a licence, but its text is not read
  kErrorPage,    // what a web server said instead of the file: 404, 403, log in first
  kFilePointer,  // a Git LFS pointer, which stands for a file that was not fetched
};

// What Decode found. Movable: `borrowed` points into the bytes given to Decode, which must outlive
// this; `storage` is used only when the bytes had to be converted.
struct Decoded {
  ContentKind kind = ContentKind::kText;
  std::string_view borrowed;
  std::string storage;
  // Of the bytes: "UTF-8", "UTF-16LE", "GB18030", "WINDOWS-1252"...; empty unless kText.
  std::string_view encoding;
  // One sentence, no full stop; empty for kText.
  std::string reason;
  // One sentence on what a reader of the text should know ("only the first 1 MiB of 50.0 MB was
  // read"); mostly empty.
  std::string note;

  bool is_cut = false;  // `text` is not all of it

  // The text in UTF-8 without a byte order mark, at most kMaxDecodedBytes. Empty unless kText.
  [[nodiscard]] std::string_view text() const {
    return storage.empty() ? borrowed : std::string_view(storage);
  }
};

// Any bytes. UTF-8 is passed on without a copy. UTF-16 and UTF-32 are known by their byte order
// mark or by where their zero bytes stand; GB18030 (GBK), Big5, Shift-JIS, EUC-JP, EUC-KR and the
// code pages of other alphabets by how often their characters occur (uchardet); what remains is
// read as Windows-1252, which never fails. Single bytes that are no UTF-8 in a text that else is
// are read as Windows-1252 as well: old tools left "(c)" signs in that code page.
//
// `whole_bytes` is the size of the file when `bytes` is only its beginning; 0: `bytes` is all.
// A text that was decoded decodes to itself.
[[nodiscard]] Decoded Decode(std::string_view bytes, size_t whole_bytes = 0);

}  // namespace modelwatch::evaluator
