# The front door. Meson and Ninja do the building, tools/install.sh brings what they need.
#   make run        http://127.0.0.1:8080 with the sample data
#   make test       every test; the last line is "N passed, N failed"
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
SHELL := /bin/sh

BUILD ?= build
DATA ?= var/demo
LISTEN ?= 127.0.0.1:8080
SECONDS ?= 20
ONLY ?=
PREFIX ?= /usr
DESTDIR ?=
export EDULAB_BUILD = $(BUILD)

WEB_SOURCES := $(shell find web -path web/dist -prune -o -type f -print 2>/dev/null) $(wildcard package-lock.json)
# Meson looks for tests when it is told to: a change of this makes it look again.
TEST_FILES := $(shell find src tools tests -name '*_test.c' -o -name 'fuzz_*.c' | LC_ALL=C sort | cksum)
MESON_FLAGS_build-asan = -Db_sanitize=address,undefined -Db_lundef=false
MESON_FLAGS_build-tsan = -Db_sanitize=thread -Db_lundef=false

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24

deps: ## install the missing Debian and npm packages (for the tests too)
	@sh tools/install.sh

deps-run:
	@sh tools/install.sh run

build: deps-run $(BUILD)/build.ninja web/dist/.made ## the program: build/edulab
	@[ "$(TEST_FILES)" = "$$(cat $(BUILD)/.test-files 2>/dev/null)" ] || { touch tests/meson.build; echo "$(TEST_FILES)" >$(BUILD)/.test-files; }
	@ASAN_OPTIONS=detect_leaks=0 ninja -C $(BUILD) $(NINJA_FLAGS) $$([ -t 1 ] || echo --quiet)

run: build ## the program with sample data on LISTEN (127.0.0.1:8080)
	@exec $(BUILD)/edulab demo --data $(DATA) --listen $(LISTEN)

test: deps build ## every test (ONLY=word runs the suites with that word)
	@node tests/run.mjs $(ONLY)

test-asan: ## the same with the address and undefined-behaviour sanitizers
	@$(MAKE) --no-print-directory test BUILD=build-asan

test-tsan: ## the same with the thread sanitizer
	@$(MAKE) --no-print-directory test BUILD=build-tsan

fuzz: deps web/dist/.made ## every parser against random input, SECONDS=20 each
	@sh tests/fuzz/run.sh $(SECONDS) $(ONLY)

faults: deps build ## kill -9 under load, full disk, dead PostgreSQL, slow clients
	@node tests/faults/run.mjs $(ONLY)

bench: deps build ## a table of measurements, also in build/bench.md
	@node tests/bench/run.mjs $(ONLY)

po: build ## put new texts of the sources into locale/*.po
	@ninja -C $(BUILD) update-po

format: ## clang-format on our sources
	@git ls-files 'src/*.[ch]' 'tools/*.[ch]' 'tests/*.[ch]' | xargs clang-format -i

lint: deps build ## clang-tidy and cppcheck
	@sh tests/lint.sh $(BUILD)

install: build ## the program, its unit and the nginx example (PREFIX=/usr DESTDIR=)
	install -D -m 755 $(BUILD)/edulab $(DESTDIR)$(PREFIX)/bin/edulab
	install -D -m 644 packaging/edulab.service $(DESTDIR)/lib/systemd/system/edulab.service
	install -D -m 644 packaging/nginx/edulab.conf $(DESTDIR)$(PREFIX)/share/doc/edulab/nginx.conf
	install -D -m 644 packaging/README.md $(DESTDIR)$(PREFIX)/share/doc/edulab/README.md

clean: ## remove everything the build made; var/ stays
	rm -rf build build-asan build-tsan build-fuzz web/dist

# web/dist is embedded in the program, so it is made before Meson looks.
web/dist/.made: $(WEB_SOURCES) | deps-run
	@npm run --silent build
	@touch $@

$(BUILD)/build.ninja: | deps-run web/dist/.made
	@meson setup $(BUILD) $(MESON_FLAGS_$(BUILD)) >/dev/null || { tail -n 20 $(BUILD)/meson-logs/meson-log.txt; exit 1; }

.PHONY: help deps deps-run build run test test-asan test-tsan fuzz faults bench po format lint install clean
