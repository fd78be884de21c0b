# weft_precompile(<name>): what nearly every file includes, and only headers that are not ours, is parsed once, for weft_base,
# and shared by all libraries: a second less for each of some five hundred files.
function(weft_precompile name)
  if(name STREQUAL weft_base)
    target_precompile_headers(weft_base PRIVATE <algorithm> <functional> <map> <memory> <span> <string> <string_view> <vector>
                                                <fmt/core.h> <absl/status/statusor.h>)
  else()
    target_precompile_headers(${name} REUSE_FROM weft_base)
  endif()
endfunction()

# weft_library(<name> [DIRS dir...] [DEPS target...]): a static library of all .cc files of the
# folders given (default: this one). Files are globbed, so a new file needs no list.
function(weft_library name)
  cmake_parse_arguments(arg "" "" "DIRS;DEPS" ${ARGN})
  if(NOT arg_DIRS)
    set(arg_DIRS .)
  endif()
  set(sources "")
  foreach(dir ${arg_DIRS})
    file(GLOB found CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${dir}/*.cc)
    list(APPEND sources ${found})
  endforeach()
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)
  target_link_libraries(${name} PUBLIC ${arg_DEPS})
  weft_precompile(${name})
endfunction()

# weft_test(<name> DEPS target... [LABELS label...] [SHARDS n]): the .cc files of this folder as one GoogleTest program and
# one ctest entry, or n entries that share its tests (thousands of entries would start as many processes). Their main is
# tests/main.
function(weft_test name)
  cmake_parse_arguments(arg "" "SHARDS" "DEPS;LABELS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  add_executable(${name} ${sources})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${arg_DEPS} weft_test_main)
  target_compile_definitions(${name} PRIVATE WEFT_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                                             WEFT_BINARY_DIR="${CMAKE_BINARY_DIR}")
  if(NOT arg_SHARDS)
    set(arg_SHARDS 1)
  endif()
  math(EXPR last "${arg_SHARDS} - 1")
  foreach(shard RANGE ${last})
    set(test ${name})
    if(arg_SHARDS GREATER 1)
      set(test ${name}_${shard})
    endif()
    add_test(NAME ${test} COMMAND ${name})
    set_tests_properties(${test} PROPERTIES LABELS "${name};${arg_LABELS}" TIMEOUT 1200
      ENVIRONMENT "OMP_WAIT_POLICY=passive;GTEST_TOTAL_SHARDS=${arg_SHARDS};GTEST_SHARD_INDEX=${shard}")
  endforeach()
endfunction()
