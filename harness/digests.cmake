# cmake -DOUTPUT=FILE -DROOT=DIR -P digests.cmake: writes the C file of harness/version.h's digests, each over the names and
# bytes of the sources below its folders, in order. Run by the build whenever one of them has changed.
cmake_minimum_required(VERSION 3.25)

function(digest_of variable)
  set(lines "")
  foreach(folder ${ARGN})
    file(GLOB_RECURSE files RELATIVE ${ROOT} ${ROOT}/${folder}/*.[ch] ${ROOT}/${folder}/*.css ${ROOT}/${folder}/*.js)
    list(FILTER files EXCLUDE REGEX "^harness/adapters/")
    list(SORT files)
    foreach(file ${files})
      file(SHA256 ${ROOT}/${file} digest)
      string(APPEND lines "${digest}  ${file}\n")
    endforeach()
  endforeach()
  string(SHA256 digest "${lines}")
  set(${variable} ${digest} PARENT_SCOPE)
endfunction()

digest_of(model models)
digest_of(runner models harness reports cli)
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT
"#include \"harness/version.h\"

const char vpci_model_sources_digest[] = \"@model@\";
const char vpci_runner_sources_digest[] = \"@runner@\";
" @ONLY)
