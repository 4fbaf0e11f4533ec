# SPDX-License-Identifier: Apache-2.0
# Warnings are private to our targets: generated and third-party headers come in as SYSTEM.
add_library(mw_warnings INTERFACE)
target_compile_options(mw_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  target_compile_options(mw_warnings INTERFACE -Wthread-safety)
endif()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
