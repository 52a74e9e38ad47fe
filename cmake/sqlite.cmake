# SQLite is compiled in from the amalgamation: Debian 12's 3.40.1 lies in the range whose WAL reset can lose committed
# transactions (3.7.0 to 3.51.2). The npm package better-sqlite3 carries a current amalgamation; it is pinned by version and
# every file by SHA-256, so a changed package fails the configuration instead of reaching the binary.
set(KEYSTEAD_SQLITE_PACKAGE better-sqlite3@12.11.1)
set(KEYSTEAD_SQLITE_VERSION 3.53.2)
set(sqlite_sha256_sqlite3.c 60d2f39a3726cd6b9021da6f4e868608d66fbb6528a9f513dc8ffcc640493422)
set(sqlite_sha256_sqlite3.h 9e69a1353a4288450b0d5239ede11fc7f1f4c8e5eb07491fc8317eacb5b7de7e)

set(sqlite_dir ${CMAKE_SOURCE_DIR}/build/deps/sqlite-${KEYSTEAD_SQLITE_VERSION})
if(NOT EXISTS ${sqlite_dir}/sqlite3.c OR NOT EXISTS ${sqlite_dir}/sqlite3.h)
  message(STATUS "Fetching SQLite ${KEYSTEAD_SQLITE_VERSION} from the npm package ${KEYSTEAD_SQLITE_PACKAGE}")
  set(work ${CMAKE_BINARY_DIR}/sqlite-fetch)
  file(REMOVE_RECURSE ${work})
  file(MAKE_DIRECTORY ${work} ${sqlite_dir})
  execute_process(
    COMMAND npm pack --silent ${KEYSTEAD_SQLITE_PACKAGE}
    WORKING_DIRECTORY ${work} OUTPUT_VARIABLE tarball OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "npm could not download ${KEYSTEAD_SQLITE_PACKAGE}; is npm installed and its registry reachable?")
  endif()
  file(ARCHIVE_EXTRACT INPUT ${work}/${tarball} DESTINATION ${work} PATTERNS package/deps/sqlite3/*)
  file(COPY ${work}/package/deps/sqlite3/sqlite3.c ${work}/package/deps/sqlite3/sqlite3.h DESTINATION ${sqlite_dir})
  file(REMOVE_RECURSE ${work})
endif()
foreach(name sqlite3.c sqlite3.h)
  file(SHA256 ${sqlite_dir}/${name} actual)
  if(NOT actual STREQUAL "${sqlite_sha256_${name}}")
    file(REMOVE_RECURSE ${sqlite_dir})
    message(FATAL_ERROR "SQLite's ${name} has SHA-256 ${actual}, not the pinned ${sqlite_sha256_${name}}; it was removed.")
  endif()
endforeach()

add_library(keystead_sqlite STATIC ${sqlite_dir}/sqlite3.c)
target_include_directories(keystead_sqlite SYSTEM PUBLIC ${sqlite_dir})
target_compile_definitions(keystead_sqlite PRIVATE
  SQLITE_THREADSAFE=2 SQLITE_DQS=0 SQLITE_DEFAULT_FOREIGN_KEYS=1 SQLITE_DEFAULT_SYNCHRONOUS=2
  SQLITE_DEFAULT_WAL_SYNCHRONOUS=2 SQLITE_OMIT_LOAD_EXTENSION SQLITE_OMIT_DEPRECATED SQLITE_OMIT_SHARED_CACHE
  SQLITE_LIKE_DOESNT_MATCH_BLOBS SQLITE_USE_ALLOCA HAVE_FDATASYNC=1 HAVE_USLEEP=1)
target_compile_options(keystead_sqlite PRIVATE -w)
if(KEYSTEAD_SANITIZE MATCHES thread)
  # Readers of the WAL's index race with its writer on purpose and check what they read. Those functions are marked, but without
  # optimisation they call memcpy, which is not.
  target_compile_options(keystead_sqlite PRIVATE -O2)
endif()
target_link_libraries(keystead_sqlite PUBLIC Threads::Threads PRIVATE keystead_sanitize)
