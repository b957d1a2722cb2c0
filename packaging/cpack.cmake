# What cpack decides when it runs: which components there are, and the Debian packages. Read by cpack before each generator.
set(built ${CPACK_INSTALL_CMAKE_PROJECTS})
list(GET built 0 built)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/permissions.cmake)
set(has_fuzzers OFF)
if(EXISTS ${built}/fuzzers/libfuzzer/block_protocol AND NOT VPCI_PACKAGE_WITHOUT_FUZZERS)
  set(has_fuzzers ON)
endif()

if(NOT CPACK_GENERATOR STREQUAL "DEB")
  set(CPACK_COMPONENTS_ALL kit site)
  if(has_fuzzers)
    list(APPEND CPACK_COMPONENTS_ALL fuzzers)
  endif()
  return()
endif()

set(CPACK_COMPONENTS_ALL kit debian)
if(has_fuzzers)
  list(APPEND CPACK_COMPONENTS_ALL fuzzers debian-fuzzers)
endif()
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_VPCI-CONFORM_PACKAGE_NAME vpci-conform)
set(CPACK_DEBIAN_VPCI-CONFORM_PACKAGE_RECOMMENDS vpci-conform-fuzzers)
set(CPACK_DEBIAN_VPCI-CONFORM_PACKAGE_SUGGESTS "gcc | clang, pkg-config, cmake")
set(CPACK_DEBIAN_VPCI-CONFORM_DESCRIPTION
"conformance kit for the block protocol of Hyper-V's virtual PCI bus
Certifies an implementation of the protocol by which the driver of a virtual
function and the driver of its physical function exchange blocks: as a
shared object in process, or as a process or a socket in any language. Gives
a verdict for each requirement, with the evidence and the command that
repeats it.

Also here: headers, CMake package and pkg-config file for authors of
adapters, implementations that are correct and others with one fault each.")

set(CPACK_DEBIAN_VPCI-CONFORM-FUZZERS_PACKAGE_NAME vpci-conform-fuzzers)
set(CPACK_DEBIAN_VPCI-CONFORM-FUZZERS_PACKAGE_DEPENDS "vpci-conform (= ${CPACK_PACKAGE_VERSION})")
set(CPACK_DEBIAN_VPCI-CONFORM-FUZZERS_PACKAGE_RECOMMENDS "afl++, llvm")
set(CPACK_DEBIAN_VPCI-CONFORM-FUZZERS_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${built}/fuzzers/afl/adapters)
set(CPACK_DEBIAN_VPCI-CONFORM-FUZZERS_DESCRIPTION
"fuzz targets of vpci-conform, for libFuzzer and AFL++
What the verbs fuzz and nightly of vpci-conform hunt with: targets that are
built for libFuzzer and for AFL++, the mutator for afl-fuzz, and correct
implementations with the instrumentation of each engine.")

# The bytes of a package follow from what is in it; nothing in it is younger than the last entry of the changelog.
if(NOT DEFINED ENV{SOURCE_DATE_EPOCH})
  file(STRINGS ${built}/packaging/changelog signed REGEX "^ -- ")
  list(GET signed 0 signed)
  string(REGEX REPLACE "^ -- [^>]*>  " "" date "${signed}")
  execute_process(COMMAND date --utc --date=${date} +%s OUTPUT_VARIABLE epoch OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  set(ENV{SOURCE_DATE_EPOCH} ${epoch})
endif()
