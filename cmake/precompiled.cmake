# SPDX-License-Identifier: Apache-2.0
# Three sets of headers, each compiled once and read by every file of the rooms and of the tests: most
# of the time of a compiler went into them. Only in builds that say so (CMakePresets.json); the
# shipped program is built without, so a file that forgets an include is found.
#
#   mw_precompiled(mw_indexer_store room)   what all rooms read
#   mw_precompiled(mw_cli cli)              with the command line's own parser and JSON
#   mw_precompiled(indexer_store_test test) with GoogleTest and JSON
option(MODELWATCH_PRECOMPILED "Compile the common headers once" OFF)
if(MODELWATCH_PRECOMPILED)
  add_compile_options(-pthread)  # some libraries ask for it; a set serves only files of the same options
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Read from a set, code of the standard library is no system header any more, and its flow of
    # lengths looks suspicious. The shipped build warns of these.
    # ccache asks for the last: the preprocessor then names the set it read.
    add_compile_options(-Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread -Wno-restrict -fpch-preprocess)
  endif()
endif()

function(mw_precompiled target set)
  if(MODELWATCH_PRECOMPILED)
    target_precompile_headers(${target} REUSE_FROM mw_precompiled_${set})
  endif()
endfunction()

function(mw_precompiled_set name)
  file(WRITE ${CMAKE_BINARY_DIR}/${name}.cc "")
  add_library(${name} STATIC ${CMAKE_BINARY_DIR}/${name}.cc)
  target_precompile_headers(${name} PRIVATE ${ARGN})
  target_link_libraries(${name} PRIVATE mw_messages mw_warnings absl::statusor absl::str_format absl::flat_hash_map)
endfunction()

function(mw_precompiled_sets)
  if(NOT MODELWATCH_PRECOMPILED)
    return()
  endif()
  set(common <algorithm> <functional> <map> <memory> <optional> <set> <span> <string> <string_view> <unordered_map>
      <utility> <vector> <absl/container/flat_hash_map.h> <absl/status/statusor.h> <absl/strings/str_cat.h>
      <absl/strings/str_format.h> <absl/time/time.h> <modelwatch/v1/assessment.pb.h> <modelwatch/v1/alert.pb.h>
      <modelwatch/v1/observation.pb.h>)
  mw_precompiled_set(mw_precompiled_room ${common})
  mw_precompiled_set(mw_precompiled_cli ${common} <CLI/CLI.hpp> <nlohmann/json.hpp>)
  target_link_libraries(mw_precompiled_cli PRIVATE CLI11::CLI11 nlohmann_json::nlohmann_json)
  if(MODELWATCH_TESTS)
    find_package(GTest CONFIG REQUIRED)
    mw_precompiled_set(mw_precompiled_test ${common} <gtest/gtest.h> <gmock/gmock.h> <nlohmann/json.hpp>)
    target_link_libraries(mw_precompiled_test PRIVATE GTest::gmock nlohmann_json::nlohmann_json)
  endif()
endfunction()
