# SPDX-License-Identifier: Apache-2.0
# Generated code lands in ${CMAKE_BINARY_DIR}/gen and is included as "modelwatch/v1/x.pb.h".
# mw_protos(target MESSAGES a.proto ...): message code only.
# mw_services(target PROTOS b.proto ... DEPS ...): message and gRPC code.
set(MW_GEN ${CMAKE_BINARY_DIR}/gen)
file(MAKE_DIRECTORY ${MW_GEN})

# A third of the sanitizer builds' time went into checks of code that protoc writes and others test.
# Not so for ThreadSanitizer, which must see every access.
function(mw_generated target)
  target_include_directories(${target} SYSTEM PUBLIC ${MW_GEN})
  if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=address")
    target_compile_options(${target} PRIVATE -fno-sanitize=all)
  endif()
endfunction()

function(mw_protoc out_var with_grpc)
  set(sources)
  foreach(proto ${ARGN})
    string(REGEX REPLACE "\\.proto$" "" stem modelwatch/v1/${proto})
    set(outputs ${MW_GEN}/${stem}.pb.cc ${MW_GEN}/${stem}.pb.h)
    set(args --cpp_out=${MW_GEN})
    if(with_grpc)
      list(APPEND outputs ${MW_GEN}/${stem}.grpc.pb.cc ${MW_GEN}/${stem}.grpc.pb.h)
      list(APPEND args --grpc_out=${MW_GEN}
           --plugin=protoc-gen-grpc=$<TARGET_FILE:gRPC::grpc_cpp_plugin>)
    endif()
    add_custom_command(OUTPUT ${outputs}
      COMMAND $<TARGET_FILE:protobuf::protoc> -I ${CMAKE_SOURCE_DIR}/proto ${args}
              ${CMAKE_SOURCE_DIR}/proto/${stem}.proto
      DEPENDS ${CMAKE_SOURCE_DIR}/proto/${stem}.proto VERBATIM)
    foreach(output ${outputs})
      if(output MATCHES "\\.cc$")
        list(APPEND sources ${output})
      endif()
    endforeach()
  endforeach()
  set(${out_var} ${sources} PARENT_SCOPE)
endfunction()

function(mw_protos target)
  mw_protoc(sources FALSE ${ARGN})
  add_library(${target} STATIC ${sources})
  mw_generated(${target})
  target_link_libraries(${target} PUBLIC protobuf::libprotobuf)
endfunction()

function(mw_services target)
  cmake_parse_arguments(SVC "" "" "PROTOS;DEPS" ${ARGN})
  mw_protoc(sources TRUE ${SVC_PROTOS})
  add_library(${target} STATIC ${sources})
  mw_generated(${target})
  target_link_libraries(${target} PUBLIC ${SVC_DEPS} gRPC::grpc++ protobuf::libprotobuf)
endfunction()
