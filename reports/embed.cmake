# Makes the style and the script of the pages part of the program, as reports/html_assets.h names them.
# Included by the CMakeLists.txt of the project, behind the library vpci_reports.
set(arrays "")
foreach(asset style|page.css script|page.js)
  string(REPLACE "|" ";" parts ${asset})
  list(GET parts 0 name)
  list(GET parts 1 file)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/reports/page/${file})
  file(READ ${PROJECT_SOURCE_DIR}/reports/page/${file} bytes HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  string(APPEND arrays "static const unsigned char ${name}_bytes[] = { ${bytes} };\n"
                       "const struct vpci_html_asset vpci_html_${name} = { ${name}_bytes, sizeof ${name}_bytes };\n")
endforeach()
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/html_assets.c CONTENT
"#include \"reports/html_assets.h\"

@arrays@" @ONLY)
target_sources(vpci_reports PRIVATE ${PROJECT_BINARY_DIR}/generated/html_assets.c)
