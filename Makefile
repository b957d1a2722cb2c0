# The front door. Two commands are all a newcomer needs on a fresh Debian 12:
#   make certify    set up, build, certify the bundled implementation (ADAPTER=... for another), reports in out/
#   make test       set up, build, run every test of the kit itself
# Beside them: make fuzzers (the fuzz targets, into build/fuzzers/), make prove (every liar is caught, no correct one is
# accused; out/proof/), make mutate (mistakes made in the model on purpose are noticed; an hour or
# two), make bench (figures, never a test), make check (formatting and house rules),
# make install (PREFIX=...), make package (Debian packages, into build/packages/), make clean.
ADAPTER ?= golden
OUT     ?= out
PREFIX  ?= /usr/local
JOBS    ?= $(shell nproc 2>/dev/null || echo 2)

QUIETLY = >$(1)/build.log 2>&1 || { cat $(1)/build.log; echo "the build failed"; exit 3; }

.PHONY: certify build fuzzers test prove mutate bench check install package clean
certify: build
	@build/vpci-conform certify --adapter '$(ADAPTER)' --out '$(OUT)' $(ARGS)

build:
	@tools/setup.sh
	@mkdir -p build
	@[ -x build/vpci-conform ] || echo "building, log in build/build.log"
	@{ cmake --preset release && cmake --build build -j $(JOBS); } $(call QUIETLY,build)

fuzzers: build
	@tools/setup.sh fuzz
	@JOBS=$(JOBS) fuzzers/flavours.sh

test:
	@tools/setup.sh test
	@tests/run.sh $(JOBS)

prove: build
	@tools/setup.sh test
	@/usr/bin/python3 -B tools/prove/prove.py --jobs $(JOBS) --out '$(OUT)/proof' $(ARGS)

mutate: build
	@tools/setup.sh test
	@/usr/bin/python3 -B tools/mutate/mutate.py --jobs $(JOBS) --out '$(OUT)/mutation' $(ARGS)

bench: build
	@tools/setup.sh test
	@cmake --preset bench >/dev/null && cmake --build build-bench -j $(JOBS) >/dev/null
	@tests/bench/run.sh build-bench

check:
	@tools/setup.sh test
	@tools/check.sh

install: build
	@cmake --install build --prefix '$(PREFIX)' >/dev/null

package: build
	@tools/setup.sh package
	@cd build && cpack -G DEB -B packages

clean:
	rm -rf build build-sanitize build-bench out
