# SPDX-License-Identifier: Apache-2.0
# mw_embed(out_var kName file): makes a .cc that defines `extern const char kName[]` in
# modelwatch::evaluator with the bytes of the file, so that judging data needs no path at run time.
function(mw_embed out_var name file)
  set(source ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${name}.cc)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DSOURCE=${source} -DOUTPUT=${output} -DNAME=${name}
            -P ${CMAKE_SOURCE_DIR}/cmake/embed_file.cmake
    DEPENDS ${source} ${CMAKE_SOURCE_DIR}/cmake/embed_file.cmake VERBATIM)
  set(${out_var} ${${out_var}} ${output} PARENT_SCOPE)
endfunction()
