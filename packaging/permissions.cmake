# Folders of a package are as a package has them, whatever the umask of who makes it. Run by cpack between installing and packing.
execute_process(COMMAND find ${CPACK_TEMPORARY_DIRECTORY} -type d -exec chmod 0755 {} + COMMAND_ERROR_IS_FATAL ANY)
