# How everything is compiled: language, warnings, hardening, sanitizers, ccache, precompiled headers.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
include(CheckPIESupported)
check_pie_supported()
# Every library is static: one flag for all, so that programs can take the precompiled headers too.
set(CMAKE_CXX_COMPILE_OPTIONS_PIC -fPIE)

option(BEREDD_HARDEN "Hardening flags of a release" OFF)
option(BEREDD_FUZZ "Build the fuzzers (clang)" OFF)
set(BEREDD_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")

add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor
                    -Woverloaded-virtual -Wcast-align -Wformat=2 -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # g++ 12 warns about code inside its own headers once they are inlined.
  add_compile_options(-Wno-error=maybe-uninitialized -Wno-error=restrict -Wno-restrict -Wno-maybe-uninitialized
                      -Wno-error=stringop-overflow -Wno-error=array-bounds -Wno-error=dangling-pointer)
endif()

if(BEREDD_HARDEN)
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong
                      -fstack-clash-protection -D_GLIBCXX_ASSERTIONS)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64|i.86")
    add_compile_options(-fcf-protection)
  endif()
  add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack,--as-needed)
endif()
if(BEREDD_SANITIZE)
  add_compile_options(-fsanitize=${BEREDD_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${BEREDD_SANITIZE})
  if(BEREDD_SANITIZE MATCHES thread)
    # g++ says so for every std::atomic_thread_fence in Asio; TSan does not model fences.
    add_compile_options(-Wno-tsan)
  endif()
endif()
if(BEREDD_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} ${CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    add_compile_options(-fpch-preprocess)
  endif()
endif()

set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

# Third parties, by the short names of the module list.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(OpenSSL REQUIRED)
function(beredd_library NAME)
  add_library(third_${NAME} INTERFACE)
  target_link_libraries(third_${NAME} INTERFACE ${ARGN})
endfunction()
pkg_check_modules(SYSTEMD REQUIRED IMPORTED_TARGET libsystemd)
pkg_check_modules(LMDB REQUIRED IMPORTED_TARGET lmdb)
pkg_check_modules(ICU REQUIRED IMPORTED_TARGET icu-uc icu-i18n)
pkg_check_modules(XML REQUIRED IMPORTED_TARGET libxml-2.0)
pkg_check_modules(XAPIAN REQUIRED IMPORTED_TARGET xapian-core)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)
beredd_library(fmt fmt::fmt)
beredd_library(expected)
beredd_library(spdlog spdlog)
target_compile_definitions(third_spdlog INTERFACE SPDLOG_COMPILED_LIB SPDLOG_FMT_EXTERNAL)
beredd_library(crypto OpenSSL::Crypto)
beredd_library(ssl OpenSSL::SSL)
beredd_library(systemd PkgConfig::SYSTEMD)
beredd_library(mimetic mimetic)
# libetpan's pkg-config file asks for a non-PIE executable: link it directly.
beredd_library(etpan etpan)
pkg_check_modules(GSASL REQUIRED IMPORTED_TARGET libgsasl)
beredd_library(sasl PkgConfig::GSASL)
beredd_library(cld2 cld2)
# USE_OS_TZDB, which its CMake file sets: the zones come from the system's tzdata.
find_package(date REQUIRED)
beredd_library(tz date::date-tz)
beredd_library(icu PkgConfig::ICU)
beredd_library(xml PkgConfig::XML)
beredd_library(json)
# Its pkg-config file defines feature macros that the precompiled headers were made without.
beredd_library(curses ncursesw tinfo)
beredd_library(toml)
beredd_library(lmdb PkgConfig::LMDB)
beredd_library(flatbuffers flatbuffers)
beredd_library(curl PkgConfig::CURL)
# Its pkg-config file requires libevent, which only the event interface needs: link it directly.
beredd_library(unbound unbound)
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)
beredd_library(seccomp PkgConfig::SECCOMP)
beredd_library(asio Threads::Threads OpenSSL::SSL)
# Aligned allocation passes glibc's thread cache by; operator new aligns as much as Asio's blocks need.
target_compile_definitions(third_asio INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION
                           BOOST_ASIO_DISABLE_STD_ALIGNED_ALLOC BOOST_ASIO_DISABLE_BOOST_ALIGN
                           # How many blocks a thread keeps for the next coroutine; with two, calls of calls miss.
                           BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE=8)
beredd_library(beast)
beredd_library(xapian PkgConfig::XAPIAN)
# Its pkg-config file asks for -pthread, which the precompiled headers are not made with: link it directly.
beredd_library(re2 re2)

# Two precompiled headers, compiled once each: the standard library, and Asio on top of it.
add_library(pch_plain STATIC scripts/cmake/pch.cc)
target_link_libraries(pch_plain PUBLIC third_fmt third_expected)
target_precompile_headers(pch_plain PRIVATE scripts/cmake/pch_plain.h)
if(NOT BEREDD_FUZZ)
  add_library(pch_asio STATIC scripts/cmake/asio.cc)
  target_link_libraries(pch_asio PUBLIC third_fmt third_expected third_asio)
  target_precompile_headers(pch_asio PRIVATE scripts/cmake/pch_asio.h)
endif()
