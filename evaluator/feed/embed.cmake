# SPDX-License-Identifier: Apache-2.0
# cmake -DSITE=... -DOUT=... -P embed.cmake: writes the site's files into one .cc file. Bytes as
# numbers, because a raw string literal may not be longer than 64 KiB everywhere.
set(code "// Written by evaluator/feed/embed.cmake.\n#include \"evaluator/feed/assets.h\"\n\n")
string(APPEND code "namespace modelwatch::evaluator {\nnamespace {\n")
foreach(pair kStyleSheet:style.css kIcon:icon.svg)
  string(REPLACE ":" ";" parts ${pair})
  list(GET parts 0 name)
  list(GET parts 1 file)
  file(READ ${SITE}/${file} hex HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  string(APPEND code "const unsigned char ${name}Bytes[] = {${bytes}};\n")
  string(APPEND views "const std::string_view ${name}{reinterpret_cast<const char*>(${name}Bytes), "
         "sizeof(${name}Bytes)};\n")
endforeach()
string(APPEND code "}  // namespace\n${views}}  // namespace modelwatch::evaluator\n")
file(WRITE ${OUT} "${code}")
