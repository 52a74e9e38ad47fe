# Half of the time of a build goes into reading the same headers again.
function(keystead_precompile target headers)
  if(KEYSTEAD_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:${CMAKE_SOURCE_DIR}/cmake/precompiled/${headers}.hpp>")
    # For ccache, which tells by the contents whether the headers have changed.
    target_compile_options(${target} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
  endif()
endfunction()

# A room is one folder of src/ and one static library. Its DEPS line is the dependency rule: what is not named here cannot
# be linked, and tests/include_rule checks that nothing else is included either.
#
#   keystead_room(authn DEPS http jose store LIBRARIES OpenSSL::Crypto)
#
# Files that end in _test.cpp become the room's test binary, NAME_test, and one CTest test: to start a sanitized process and a
# database server for each of a thousand cases costs more than the cases do. TEST_SHARDS splits a room whose tests take long.
function(keystead_room name)
  cmake_parse_arguments(ROOM "" "TEST_SHARDS" "DEPS;LIBRARIES" ${ARGN})
  file(GLOB_RECURSE all CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  set(tests ${all})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  set(sources ${all})
  list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cpp$")

  set(dep_targets ${ROOM_DEPS})
  list(TRANSFORM dep_targets PREPEND keystead_)
  if(sources)
    add_library(keystead_${name} STATIC ${sources})
    target_link_libraries(keystead_${name} PUBLIC ${dep_targets} ${ROOM_LIBRARIES} keystead_options)
    target_include_directories(keystead_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
    if(name MATCHES "^(base|crypto)$")
      keystead_precompile(keystead_${name} standard)
    else()
      keystead_precompile(keystead_${name} json)
    endif()
  else()
    add_library(keystead_${name} INTERFACE)
    target_link_libraries(keystead_${name} INTERFACE ${dep_targets} ${ROOM_LIBRARIES} keystead_options)
    target_include_directories(keystead_${name} INTERFACE ${CMAKE_SOURCE_DIR}/src)
  endif()

  if(tests AND BUILD_TESTING)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE keystead_${name} GTest::gtest_main GTest::gmock)
    target_compile_definitions(${name}_test PRIVATE KEYSTEAD_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    if(NOT name MATCHES "^(base|crypto)$")
      keystead_precompile(${name}_test test)
    endif()
    keystead_unit_tests(${name} ${ROOM_TEST_SHARDS})
  endif()
endfunction()

# unit.NAME, or unit.NAME.1 and so on, each with every Nth case. GoogleTest ends its output with the names of those that failed.
function(keystead_unit_tests name)
  set(shards 1 ${ARGN})
  list(GET shards -1 shards)
  foreach(shard RANGE 1 ${shards})
    set(test unit.${name})
    if(shards GREATER 1)
      string(APPEND test .${shard})
    endif()
    math(EXPR index "${shard} - 1")
    add_test(NAME ${test} COMMAND ${name}_test)
    # They compute, so as many of them run at once as there are cores; ./test runs twice as many of what waits.
    set_tests_properties(${test} PROPERTIES LABELS unit PROCESSORS 2 TIMEOUT 900
      ENVIRONMENT "GTEST_TOTAL_SHARDS=${shards};GTEST_SHARD_INDEX=${index}")
  endforeach()
endfunction()

# Writes the bytes of FILE into a generated source as `extern std::string_view const SYMBOL` in namespace NAMESPACE.
function(keystead_embed target namespace symbol file)
  set(out ${CMAKE_BINARY_DIR}/generated/${namespace}_${symbol}.cpp)
  file(READ ${file} text)
  file(CONFIGURE OUTPUT ${out} @ONLY CONTENT
"#include <string_view>
namespace keystead::@namespace@ {
extern std::string_view const @symbol@;
std::string_view const @symbol@ = R\"__embed__(@text@)__embed__\";
}  // namespace keystead::@namespace@
")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  target_sources(${target} PRIVATE ${out})
endfunction()

# The same for all files of a pattern, in the order of their names, as
# `extern std::span<std::pair<std::string_view, std::string_view> const> const SYMBOL`: the file's name and its text.
function(keystead_embed_list target namespace symbol pattern)
  set(out ${CMAKE_BINARY_DIR}/generated/${namespace}_${symbol}.cpp)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${pattern})
  list(SORT files)
  set(rows "")
  foreach(file IN LISTS files)
    cmake_path(GET file FILENAME name)
    file(READ ${file} text)
    string(APPEND rows "    {\"${name}\", R\"__embed__(${text})__embed__\"},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${out} @ONLY CONTENT
"#include <span>
#include <string_view>
#include <utility>
namespace keystead::@namespace@ {
using Embedded = std::pair<std::string_view, std::string_view>;
static constexpr Embedded k@symbol@Files[] = {
@rows@};
extern std::span<Embedded const> const @symbol@;
constinit std::span<Embedded const> const @symbol@ = k@symbol@Files;
}  // namespace keystead::@namespace@
")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
  target_sources(${target} PRIVATE ${out})
endfunction()
