# find_package(vpci-conform): the targets vpci-conform::adapter (headers of a plug-in), vpci-conform::vpci-conform and
# vpci-conform::vpci-serve (the programs), and two functions.
include(${CMAKE_CURRENT_LIST_DIR}/vpci-conform-targets.cmake)

# vpci_add_adapter(NAME SOURCE...) - a plug-in NAME.so, ready for --adapter.
function(vpci_add_adapter name)
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE vpci-conform::adapter)
  set_target_properties(${name} PROPERTIES PREFIX "")
endfunction()

# vpci_add_certification(NAME OPTION...) - the test certify/NAME: the plug-in has to conform. Options go to the program;
# results and reports go to NAME.out in the build folder.
function(vpci_add_certification name)
  add_test(NAME certify/${name}
           COMMAND vpci-conform::vpci-conform certify --adapter $<TARGET_FILE:${name}> --out ${CMAKE_CURRENT_BINARY_DIR}/${name}.out ${ARGN})
endfunction()
