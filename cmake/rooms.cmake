# SPDX-License-Identifier: Apache-2.0
# A room is one folder, one static library, one row of tests/architecture/layers.txt.
#
#   mw_room(indexer_store SRCS a.cc b.cc DEPS mw_proto mw_common PRIVATE RocksDB::rocksdb-shared)
#
# makes the library mw_indexer_store. DEPS are other rooms and libraries whose types stand in our
# headers; PRIVATE are libraries that only our .cc files see. PRECOMPILED names another set of common
# headers than the rooms' (precompiled.cmake).
function(mw_room name)
  cmake_parse_arguments(ROOM "" "PRECOMPILED" "SRCS;DEPS;PRIVATE" ${ARGN})
  if(NOT ROOM_PRECOMPILED)
    set(ROOM_PRECOMPILED room)
  endif()
  add_library(mw_${name} STATIC ${ROOM_SRCS})
  target_include_directories(mw_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(mw_${name} PUBLIC ${ROOM_DEPS} PRIVATE ${ROOM_PRIVATE} mw_warnings)
  mw_precompiled(mw_${name} ${ROOM_PRECOMPILED})
endfunction()

# One test program a room; every TEST in it becomes a ctest entry with the given LABEL
# (unit | replay | integration | e2e | realdata; `replay` are the replay hub's own, kept out of the
# sanitizer builds to save a third of their time). Tests run in parallel, so they share nothing. The target
# <label>_tests builds all of that label.
#
# With CORPUS, ctest first compiles the installed licence texts to ${CMAKE_BINARY_DIR}/corpus.bin.
#
#   mw_test(indexer_store LABEL unit SRCS keys_test.cc store_test.cc DEPS mw_indexer_store)
function(mw_test name)
  if(NOT MODELWATCH_TESTS)
    return()
  endif()
  cmake_parse_arguments(TST "CORPUS" "LABEL;TIMEOUT" "SRCS;DEPS" ${ARGN})
  if(NOT TST_LABEL)
    set(TST_LABEL unit)
  endif()
  if(NOT TST_TIMEOUT)
    set(TST_TIMEOUT 120)
  endif()
  add_executable(${name}_test ${TST_SRCS})
  target_link_libraries(${name}_test PRIVATE ${TST_DEPS} mw_testing GTest::gmock GTest::gtest_main mw_warnings)
  mw_precompiled(${name}_test test)
  target_compile_definitions(${name}_test PRIVATE MODELWATCH_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                             MODELWATCH_BINARY_DIR="${CMAKE_BINARY_DIR}")
  set(fixture)
  if(TST_CORPUS)
    set(fixture FIXTURES_REQUIRED corpus)
  endif()
  gtest_discover_tests(${name}_test TEST_PREFIX "${name}/" DISCOVERY_TIMEOUT 60
                       PROPERTIES LABELS ${TST_LABEL} TIMEOUT ${TST_TIMEOUT} ${fixture})
  add_dependencies(${TST_LABEL}_tests ${name}_test)
endfunction()

# A libFuzzer program, one for each parser of outside bytes; its seeds stand beside it.
#
#   mw_fuzz(hub_page SRCS hub_page_fuzz.cc DEPS mw_crawler_hub)
function(mw_fuzz name)
  if(NOT MODELWATCH_FUZZ)
    return()
  endif()
  cmake_parse_arguments(FUZZ "" "" "SRCS;DEPS" ${ARGN})
  add_executable(${name}_fuzz ${FUZZ_SRCS})
  target_link_libraries(${name}_fuzz PRIVATE ${FUZZ_DEPS} mw_warnings)
  target_link_options(${name}_fuzz PRIVATE -fsanitize=fuzzer)
  set_target_properties(${name}_fuzz PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzzers)
  add_dependencies(fuzzers ${name}_fuzz)
endfunction()
