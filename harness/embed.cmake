# What the harness has to know about the tree it was built from: the texts of `adapter new`, and the version of the kit.
# Included by the CMakeLists.txt of the project, behind the library vpci_harness.

# Each file of a template below its language, and the headers that a plug-in in C includes.
set(vpci_templates ${PROJECT_SOURCE_DIR}/harness/adapters/templates)
set(vpci_embedded)
foreach(language c python)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${vpci_templates}/${language} ${vpci_templates}/${language}/*)
  list(FILTER files EXCLUDE REGEX "__pycache__")
  foreach(file ${files})
    list(APPEND vpci_embedded "${language}|${file}|${vpci_templates}/${language}/${file}")
  endforeach()
endforeach()
set(vpci_adapter_headers harness/plugin.h models/event.h models/capability.h models/protocol.h)
foreach(header ${vpci_adapter_headers})
  list(APPEND vpci_embedded "c|include/${header}|${PROJECT_SOURCE_DIR}/${header}")
endforeach()

set(arrays "")
set(rows "")
set(index 0)
foreach(entry ${vpci_embedded})
  string(REPLACE "|" ";" parts "${entry}")
  list(GET parts 0 language)
  list(GET parts 1 path)
  list(GET parts 2 source)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
  file(READ ${source} bytes HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  string(APPEND arrays "static const unsigned char file_${index}[] = { ${bytes} };\n")
  string(APPEND rows "    { \"${language}\", \"${path}\", file_${index}, sizeof file_${index} },\n")
  math(EXPR index "${index} + 1")
endforeach()
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/adapter_templates.c CONTENT
"#include \"harness/adapter_new.h\"

@arrays@
const struct vpci_template_file vpci_template_files[] = {
@rows@    { 0, 0, 0, 0 },
};
" @ONLY)

target_sources(vpci_harness PRIVATE ${PROJECT_BINARY_DIR}/generated/adapter_templates.c)
set_source_files_properties(${PROJECT_SOURCE_DIR}/harness/channel_dialog.c PROPERTIES COMPILE_DEFINITIONS
                            "VPCI_VERSION=\"${PROJECT_VERSION}\"")

# Which sources the program was built from.
file(GLOB_RECURSE vpci_digested CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/models/*.[ch] ${PROJECT_SOURCE_DIR}/harness/*.[ch]
     ${PROJECT_SOURCE_DIR}/reports/*.[ch] ${PROJECT_SOURCE_DIR}/reports/page/* ${PROJECT_SOURCE_DIR}/cli/*.[ch])
list(FILTER vpci_digested EXCLUDE REGEX "/harness/adapters/")
add_custom_command(OUTPUT ${PROJECT_BINARY_DIR}/generated/digests.c
  COMMAND ${CMAKE_COMMAND} -DOUTPUT=${PROJECT_BINARY_DIR}/generated/digests.c -DROOT=${PROJECT_SOURCE_DIR}
          -P ${PROJECT_SOURCE_DIR}/harness/digests.cmake
  DEPENDS ${vpci_digested} ${PROJECT_SOURCE_DIR}/harness/digests.cmake VERBATIM)
target_sources(vpci_harness PRIVATE ${PROJECT_BINARY_DIR}/generated/digests.c)
