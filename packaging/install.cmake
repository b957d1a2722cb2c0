# What `cmake --install` and cpack put where, below any prefix. The program finds its parts from where it lies itself
# (harness/adapter.c), so the folders here and the table there are one decision. Included by the CMakeLists.txt of the
# project, behind all its targets. Components: kit, fuzzers (only what was built by fuzzers/flavours.sh), site (not for
# Debian) and debian (for Debian only).
include(CMakePackageConfigHelpers)
set(packaging ${PROJECT_SOURCE_DIR}/packaging)

# A scenario or a liar that this version no longer has must not be taken for one of its own.
install(CODE [[
  foreach(folder share/vpci-conform/corpus lib/vpci-conform/adapters)
    file(REMOVE_RECURSE "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/${folder}")
  endforeach()]] COMPONENT kit)

install(TARGETS vpci-conform vpci-serve EXPORT vpci-conform RUNTIME DESTINATION bin COMPONENT kit)
install(TARGETS golden golden-blocking LIBRARY DESTINATION lib/vpci-conform/adapters COMPONENT kit)
get_property(adapters DIRECTORY harness/adapters PROPERTY BUILDSYSTEM_TARGETS)
foreach(kind variants liars fuzz-liars)
  set(bundled ${adapters})
  list(FILTER bundled INCLUDE REGEX "^${kind}-")
  install(TARGETS ${bundled} LIBRARY DESTINATION lib/vpci-conform/adapters/${kind} COMPONENT kit)
endforeach()
install(DIRECTORY corpus DESTINATION share/vpci-conform COMPONENT kit)
install(FILES harness/adapters/python/adapter.py DESTINATION share/vpci-conform/adapters/python COMPONENT kit)
install(DIRECTORY docs DESTINATION share/doc/vpci-conform COMPONENT kit)
install(FILES README.md DESTINATION share/doc/vpci-conform COMPONENT kit)
install(FILES LICENSE DESTINATION share/doc/vpci-conform COMPONENT site)

# For authors of adapters.
add_library(vpci_adapter_headers INTERFACE)
set_target_properties(vpci_adapter_headers PROPERTIES EXPORT_NAME adapter)
target_include_directories(vpci_adapter_headers INTERFACE $<INSTALL_INTERFACE:include/vpci-conform>)
target_compile_features(vpci_adapter_headers INTERFACE c_std_11)
install(TARGETS vpci_adapter_headers EXPORT vpci-conform COMPONENT kit)
foreach(header ${vpci_adapter_headers})
  get_filename_component(folder ${header} DIRECTORY)
  install(FILES ${header} DESTINATION include/vpci-conform/${folder} COMPONENT kit)
endforeach()
install(EXPORT vpci-conform NAMESPACE vpci-conform:: DESTINATION lib/cmake/vpci-conform FILE vpci-conform-targets.cmake COMPONENT kit)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/packaging/vpci-conform-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${packaging}/vpci-conform-config.cmake ${PROJECT_BINARY_DIR}/packaging/vpci-conform-config-version.cmake
        DESTINATION lib/cmake/vpci-conform COMPONENT kit)
configure_file(${packaging}/vpci-conform.pc.in packaging/vpci-conform.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/packaging/vpci-conform.pc DESTINATION share/pkgconfig COMPONENT kit)

# Manuals and completions. Compressed the same way wherever and whenever it is done.
find_program(VPCI_GZIP gzip REQUIRED)
configure_file(${packaging}/vpci-serve.1.in packaging/vpci-serve.1 @ONLY)
configure_file(${packaging}/debian/changelog.in packaging/changelog @ONLY)
set_property(TARGET vpci-conform APPEND PROPERTY LINK_DEPENDS ${PROJECT_BINARY_DIR}/packaging/vpci-serve.1
             ${PROJECT_BINARY_DIR}/packaging/changelog)
add_custom_command(TARGET vpci-conform POST_BUILD
  COMMAND ${VPCI_GZIP} -9n < ${CMAKE_BINARY_DIR}/vpci-conform.1 > ${PROJECT_BINARY_DIR}/packaging/vpci-conform.1.gz
  COMMAND ${VPCI_GZIP} -9n < ${PROJECT_BINARY_DIR}/packaging/vpci-serve.1 > ${PROJECT_BINARY_DIR}/packaging/vpci-serve.1.gz
  COMMAND ${VPCI_GZIP} -9n < ${PROJECT_BINARY_DIR}/packaging/changelog > ${PROJECT_BINARY_DIR}/packaging/changelog.gz
  VERBATIM)
install(FILES ${PROJECT_BINARY_DIR}/packaging/vpci-conform.1.gz ${PROJECT_BINARY_DIR}/packaging/vpci-serve.1.gz
        DESTINATION share/man/man1 COMPONENT kit)
install(FILES ${CMAKE_BINARY_DIR}/vpci-conform.bash DESTINATION share/bash-completion/completions RENAME vpci-conform COMPONENT kit)
install(FILES ${CMAKE_BINARY_DIR}/vpci-conform.fish DESTINATION share/fish/vendor_completions.d COMPONENT kit)
install(FILES ${CMAKE_BINARY_DIR}/_vpci-conform DESTINATION share/zsh/site-functions COMPONENT site)

# The fuzz targets and what they load, where they were built. Of the libraries beside them none: the kit needs the same.
foreach(flavour libfuzzer afl)
  set(built ${CMAKE_BINARY_DIR}/fuzzers/${flavour})
  set(to lib/vpci-conform/fuzzers/${flavour})
  install(DIRECTORY ${built}/ DESTINATION ${to} COMPONENT fuzzers OPTIONAL USE_SOURCE_PERMISSIONS
          FILES_MATCHING PATTERN "block_*" PATTERN ".work" EXCLUDE PATTERN "adapters" EXCLUDE PATTERN "lib" EXCLUDE
          PATTERN "*.zip" EXCLUDE PATTERN "*.options" EXCLUDE)
  install(DIRECTORY ${built}/ DESTINATION ${to} COMPONENT fuzzers OPTIONAL
          FILES_MATCHING PATTERN "*.so" PATTERN ".work" EXCLUDE PATTERN "lib" EXCLUDE)
endforeach()
install(CODE [[
  if(CMAKE_INSTALL_DO_STRIP)
    file(GLOB_RECURSE files "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/lib/vpci-conform/fuzzers/*")
    foreach(file ${files})
      execute_process(COMMAND strip --strip-unneeded ${file} COMMAND_ERROR_IS_FATAL ANY)
    endforeach()
  endif()]] COMPONENT fuzzers)

install(FILES ${packaging}/debian/copyright DESTINATION share/doc/vpci-conform COMPONENT debian EXCLUDE_FROM_ALL)
install(FILES ${PROJECT_BINARY_DIR}/packaging/changelog.gz DESTINATION share/doc/vpci-conform COMPONENT debian EXCLUDE_FROM_ALL)
install(FILES ${CMAKE_BINARY_DIR}/_vpci-conform DESTINATION share/zsh/vendor-completions COMPONENT debian EXCLUDE_FROM_ALL)
install(FILES ${packaging}/debian/copyright DESTINATION share/doc/vpci-conform-fuzzers COMPONENT debian-fuzzers EXCLUDE_FROM_ALL)
install(FILES ${PROJECT_BINARY_DIR}/packaging/changelog.gz DESTINATION share/doc/vpci-conform-fuzzers COMPONENT debian-fuzzers
        EXCLUDE_FROM_ALL)

# ---- packages: cpack -G DEB, cpack -G TGZ ----
set(CPACK_PACKAGE_NAME vpci-conform)
set(CPACK_PACKAGE_VENDOR "vpci-conform developers")
set(CPACK_PACKAGE_CONTACT "vpci-conform developers <developers@vpci-conform.invalid>")
set(CPACK_STRIP_FILES ON)
set(CPACK_PROJECT_CONFIG_FILE ${packaging}/cpack.cmake)
set(CPACK_PACKAGE_CHECKSUM SHA256)
include(CPack)
cpack_add_component_group(vpci-conform)
cpack_add_component_group(vpci-conform-fuzzers)
cpack_add_component(kit GROUP vpci-conform)
cpack_add_component(site GROUP vpci-conform)
cpack_add_component(debian GROUP vpci-conform)
cpack_add_component(fuzzers GROUP vpci-conform-fuzzers)
cpack_add_component(debian-fuzzers GROUP vpci-conform-fuzzers)
