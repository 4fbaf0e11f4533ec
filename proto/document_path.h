// SPDX-License-Identifier: Apache-2.0
// Paths of documents among the files of a release: what was read for it that is no file of the
// repository.
//
//   https:host/path   the words at an address outside
//   gguf:path         what the header of a weights file says, see header_fields.h
//   pdf:path          the words of a file that is a PDF
//
// A hub that allows such a folder inside a repository could show a file as one; what it says counts
// alike.
#pragma once

#include <string>
#include <string_view>

namespace modelwatch::proto {

// Any of the three.
[[nodiscard]] bool IsDocumentPath(std::string_view path);
[[nodiscard]] bool IsAddressPath(std::string_view path);
[[nodiscard]] bool IsHeaderPath(std::string_view path);

[[nodiscard]] std::string HeaderPath(std::string_view weights_file);
[[nodiscard]] std::string PdfTextPath(std::string_view pdf_file);

// "https://host/path", for people to follow; `path` itself when it is no address.
[[nodiscard]] std::string DocumentAddress(std::string_view path);

// The file of the repository that a header or a PDF's words are of; `path` itself for any other.
[[nodiscard]] std::string FileBehind(std::string_view path);

}  // namespace modelwatch::proto
