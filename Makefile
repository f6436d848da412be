# Dragoman: search for translated official news.
#
#   make run      install what is needed, build, index corpus/, serve on 127.0.0.1:8080
#   make check    install what is needed, build and run every test (T=name: only those that match)
#   make          build the library and both programs into build/
#   make lint     formatting, clang-tidy, cppcheck, shellcheck and the project's own rules
#   make bench    build rate, query times, snippet time, HTTP times, as JSON
#   make tsan     the server and its readers under ThreadSanitizer
#   make fuzz     every fuzz target for TIME=60 seconds each; finds go to tests/fuzz/regression
#   make coverage line coverage of the unit, API, CLI and HTTP tests
#   make install  DESTDIR= PREFIX=/usr/local LIBDIR= MANDIR=
#   make golden   rewrite the golden files from what the programs say now (then read the diff)
#   make docs     rewrite doc/schema.md and the pages that are printed from tables
#   make setup    only install the Debian packages that are missing
#   make clean    remove build/
#
# Settings: B=build folder, DEV=1 (-Werror), SAN=address,undefined or thread, V=1 (show commands),
# WRAP="valgrind -q --error-exitcode=9" (in front of unit tests), PORT=8080 and DATA=dragoman-data (make run).

VERSION := $(shell sed -n 's/^\#define DGM_VERSION "\(.*\)"/\1/p' include/dragoman.h)
SOVERSION := 0
SAN ?=
comma := ,
B ?= build$(if $(SAN),/$(subst $(comma),-,$(SAN)))
PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
MANDIR ?= $(PREFIX)/share/man
PORT ?= 8080
DATA ?= dragoman-data
TIME ?= 60
PYTHON ?= /usr/bin/python3
Q := $(if $(V),,@)

# ---- Packages: the one list that setup, the README and docker/ go by ------------------------
PACKAGES_RUN := libxapian30 libmicrohttpd12 libjansson4 libxml2 libutf8proc2 libuchardet0 \
    libzstd1 zlib1g libarchive13 libgmime-3.0-0 libnettle8 libinih1 libcld2-0 \
    libcurl3-gnutls ca-certificates
PACKAGES_BUILD := gcc g++ make pkg-config libxapian-dev libmicrohttpd-dev libjansson-dev \
    libxml2-dev libutf8proc-dev libuchardet-dev libzstd-dev zlib1g-dev libarchive-dev \
    libgmime-3.0-dev nettle-dev libxxhash-dev libinih-dev libcld2-dev \
    libcurl4-gnutls-dev
PACKAGES_TEST := libcmocka-dev python3 python3-pytest python3-requests python3-selenium chromium \
    chromium-driver zstd xapian-tools man-db openssl
PACKAGES_LINT := clang clang-format clang-tidy cppcheck shellcheck libclang-rt-14-dev mandoc

# ---- Flags ---------------------------------------------------------------------------------
OPT ?= -O2 -g
WARN := -Wall -Wextra -Wshadow -Wvla -Wformat=2 -Wswitch $(if $(DEV),-Werror)
WARN_C := $(WARN) -Wstrict-prototypes -Wmissing-prototypes
SANFLAGS := $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all)
DEPS := xapian-core jansson libxml-2.0 libutf8proc uchardet libzstd zlib libarchive gmime-3.0 nettle
PC = $(shell pkg-config $(1) $(2) 2>/dev/null)
CPPFLAGS += -D_GNU_SOURCE
ALL_C = -std=c11 $(OPT) $(WARN_C) $(SANFLAGS) -fPIC -fvisibility=hidden $(CPPFLAGS) $(CFLAGS)
ALL_CXX = -std=c++17 $(OPT) $(WARN) $(SANFLAGS) -fPIC -fvisibility=hidden $(CPPFLAGS) $(CXXFLAGS)
LIBS := $(call PC,--libs,$(DEPS)) -lcld2 -lpthread
SERVER_LIBS := $(call PC,--libs,libmicrohttpd libcurl inih)
FETCH_LIBS := $(call PC,--libs,libcurl inih nettle)
CMOCKA_LIBS := $(call PC,--libs,cmocka)
READ_I := $(call PC,--cflags,libxml-2.0 gmime-3.0)
XAPIAN_I := $(call PC,--cflags,xapian-core)

# ---- Lists ---------------------------------------------------------------------------------
LIB_DIRS := base xapian text item wire read archive index match search watch
LIB_C := $(foreach d,$(LIB_DIRS),$(wildcard lib/$(d)/*.c))
LIB_CC := $(wildcard lib/xapian/*.cc lib/text/*.cc)
LIB_O := $(LIB_C:%=$(B)/%.o) $(LIB_CC:%=$(B)/%.o) $(B)/lib/item/topics.tsv.c.o $(B)/lib/text/names.tsv.c.o \
    $(B)/lib/search/synonyms.tsv.c.o
FETCH_O := $(patsubst %,$(B)/%.o,$(wildcard lib/fetch/*.c))
INDEXER_O := $(patsubst %,$(B)/%.o,$(wildcard indexer/*.c))
SERVER_O := $(patsubst %,$(B)/%.o,$(wildcard server/*.c)) $(B)/server/web.c.o
WEB := $(wildcard server/web/*)
UNIT := $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(wildcard tests/unit/test_*.c))
FUZZ := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
REPLAY := $(FUZZ:%=$(B)/tests/fuzz/replay_%)
BENCH := $(patsubst tests/bench/%.c,$(B)/tests/bench/%,$(wildcard tests/bench/bench_*.c))
TOOLS := $(patsubst tests/tools/%.c,$(B)/tests/tools/%,$(wildcard tests/tools/*.c))
LIB_A := $(B)/libdragoman.a
FETCH_A := $(B)/fetch.a
SERVER_A := $(B)/server.a
LIB_SO := $(B)/libdragoman.so.$(VERSION)
PROGRAMS := $(B)/dragoman $(B)/dragomand

.PHONY: all run check lint bench tsan fuzz coverage install golden docs setup setup-build setup-run clean help \
    build-tests just-check just-run FORCE
.DELETE_ON_ERROR:
all: $(LIB_A) $(LIB_SO) $(PROGRAMS)

help:
	@sed -n '2,/^$$/s/^# \{0,1\}//p' Makefile

# ---- Setting up: the flags above need the packages, so make calls itself once they are there -
setup:
	@tests/setup $(PACKAGES_BUILD) $(PACKAGES_TEST) $(PACKAGES_LINT)

# What docker/ installs in its build and run stages.
setup-build:
	@tests/setup $(PACKAGES_BUILD)
setup-run:
	@tests/setup $(PACKAGES_RUN)

run:
	@tests/setup $(PACKAGES_BUILD)
	@$(MAKE) --no-print-directory -j$$(nproc) just-run

check: setup
	@$(MAKE) --no-print-directory just-check

just-run: $(PROGRAMS)
	@$(B)/dragoman index --data $(DATA) corpus/milosi corpus/rss corpus/ndjson
	@echo "try: curl '127.0.0.1:$(PORT)/v1/search?q=cyber+security+cooperation&facets=region,year'"
	@exec $(B)/dragomand --data $(DATA) --listen 127.0.0.1:$(PORT)

# ---- Objects: each folder sees only what it may depend on (doc/HACKING.md, "Walls") ----------
$(B)/lib/base/%:    INC := -Iinclude -Ilib/base
$(B)/lib/xapian/%:  INC := -Iinclude -Ilib/base -Ilib/xapian $(XAPIAN_I)
$(B)/lib/text/%:    INC := -Iinclude -Ilib/base -Ilib/xapian -Ilib/text
$(B)/lib/item/%:    INC := -Iinclude -Ilib/base -Ilib/text -Ilib/item
$(B)/lib/wire/%:    INC := -Iinclude -Ilib/base -Ilib/item -Ilib/wire
$(B)/lib/read/%:    INC := -Iinclude -Ilib/base -Ilib/text -Ilib/item -Ilib/wire -Ilib/read $(READ_I)
$(B)/lib/archive/%: INC := -Iinclude -Ilib/base -Ilib/archive
$(B)/lib/index/%:   INC := -Iinclude $(addprefix -Ilib/,base xapian text item wire read archive index)
$(B)/lib/match/%:   INC := -Iinclude $(addprefix -Ilib/,base xapian match)
$(B)/lib/search/%:  INC := -Iinclude $(addprefix -Ilib/,base xapian text item archive index match search)
$(B)/lib/watch/%:   INC := -Iinclude $(addprefix -Ilib/,base xapian text item wire archive index match search watch)
$(B)/lib/fetch/%:   INC := -Iinclude $(addprefix -Ilib/,base item read fetch)
$(B)/indexer/%:     INC := -Iinclude -Ilib/base -Ilib/wire -Ilib/fetch -Iindexer
$(B)/server/%:      INC := -Iinclude -Ilib/base -Ilib/wire -Ilib/fetch -Iserver
# -iquote: <archive.h> is libarchive's, "archive.h" is ours.
$(B)/tests/%:       INC := -Iinclude $(addprefix -iquotelib/,$(LIB_DIRS) fetch) -Itests -Iserver $(READ_I) \
    -DSOURCE_DIR='"$(CURDIR)"'

$(B)/flags: FORCE   # a change of compiler or flags rebuilds everything
	@mkdir -p $(@D); echo '$(CC) $(CXX) $(ALL_C) $(ALL_CXX)' | cmp -s - $@ || \
	    echo '$(CC) $(CXX) $(ALL_C) $(ALL_CXX)' >$@
$(B)/%.c.o: %.c $(B)/flags
	$(Q)mkdir -p $(@D) && $(CC) $(ALL_C) $(INC) -MMD -MP -c $< -o $@
$(B)/%.cc.o: %.cc $(B)/flags
	$(Q)mkdir -p $(@D) && $(CXX) $(ALL_CXX) $(INC) -MMD -MP -c $< -o $@
$(B)/server/web.c: $(WEB) server/web.sh
	$(Q)mkdir -p $(@D) && sh server/web.sh $(WEB) >$@
$(B)/lib/item/topics.tsv.c: lib/item/topics.tsv lib/item/topics.sh
	$(Q)mkdir -p $(@D) && sh lib/item/topics.sh $< >$@
$(B)/lib/text/names.tsv.c: lib/text/names.tsv lib/text/names.sh
	$(Q)mkdir -p $(@D) && sh lib/text/names.sh $< >$@
$(B)/lib/search/synonyms.tsv.c: corpus/synonyms.tsv lib/search/synonyms.sh
	$(Q)mkdir -p $(@D) && sh lib/search/synonyms.sh $< >$@
$(B)/%.tsv.c.o: $(B)/%.tsv.c $(B)/flags
	$(Q)$(CC) $(ALL_C) $(INC) -MMD -MP -c $< -o $@
$(B)/server/web.c.o: $(B)/server/web.c $(B)/flags
	$(Q)$(CC) $(ALL_C) $(INC) -MMD -MP -c $< -o $@

# ---- Library and programs ------------------------------------------------------------------
$(LIB_A): $(LIB_O)
	$(Q)rm -f $@ && $(AR) qcs $@ $^
$(LIB_SO): $(LIB_O) lib/dragoman.map
	$(Q)$(CXX) -shared -Wl,-soname,libdragoman.so.$(SOVERSION) -Wl,--version-script=lib/dragoman.map \
	    $(if $(SAN),,-Wl,-z,defs) $(SANFLAGS) $(LDFLAGS) -o $@ $(LIB_O) $(LIBS)
	$(Q)ln -sf $(@F) $(B)/libdragoman.so.$(SOVERSION) && ln -sf $(@F) $(B)/libdragoman.so
$(FETCH_A): $(FETCH_O)
	$(Q)rm -f $@ && $(AR) rcs $@ $^
$(B)/dragoman: $(INDEXER_O) $(FETCH_A) $(LIB_A)
	$(Q)$(CXX) $(SANFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) $(FETCH_LIBS)
$(SERVER_A): $(filter-out %/main.c.o,$(SERVER_O))
	$(Q)rm -f $@ && $(AR) rcs $@ $^
$(B)/dragomand: $(B)/server/main.c.o $(SERVER_A) $(FETCH_A) $(LIB_A)
	$(Q)$(CXX) $(SANFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) $(SERVER_LIBS)

# ---- Tests ---------------------------------------------------------------------------------
$(UNIT): $(B)/tests/unit/%: $(B)/tests/unit/%.c.o $(SERVER_A) $(FETCH_A) $(LIB_A)
	$(Q)$(CXX) $(SANFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) $(FETCH_LIBS) $(SERVER_LIBS) \
	    $(CMOCKA_LIBS)
# Counts calls: each function named here has its __wrap_ in the test.
$(B)/tests/unit/test_cost: LDFLAGS += $(addprefix -Wl$(comma)--wrap=,dgmx_positions dgmx_enquire_match \
    dgmx_doc_get dgmi_lines_item_at)
$(REPLAY): $(B)/tests/fuzz/replay_%: $(B)/tests/fuzz/%.c.o $(B)/tests/fuzz/replay.c.o $(SERVER_A) $(FETCH_A) $(LIB_A)
	$(Q)$(CXX) $(SANFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
$(BENCH) $(TOOLS): %: %.c.o $(LIB_A)
	$(Q)$(CXX) $(SANFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
build-tests: all $(UNIT) $(REPLAY) $(BENCH) $(TOOLS)

just-check:
	@$(MAKE) --no-print-directory -j$$(nproc) build-tests
	@B=$(B) SAN=$(SAN) WRAP="$(WRAP)" MAKE="$(MAKE)" $(PYTHON) tests/run $(T)

tsan: setup
	@$(MAKE) --no-print-directory SAN=thread just-check T=tsan

fuzz: setup
	@tests/fuzz/run $(TIME) $(FUZZ)

bench: setup
	@$(MAKE) --no-print-directory -j$$(nproc) build-tests
	@B=$(B) $(PYTHON) tests/bench/run

coverage: setup
	@$(MAKE) --no-print-directory B=$(B)/coverage OPT='-O0 -g --coverage' LDFLAGS=--coverage just-check
	@cd $(B)/coverage && gcov -n $$(find lib indexer server -name '*.gcda') 2>/dev/null | tail -n 1

golden: setup
	@$(MAKE) --no-print-directory -j$$(nproc) build-tests
	@GOLDEN=write B=$(B) $(PYTHON) tests/run golden

docs: $(PROGRAMS)
	@$(B)/dragoman schema >doc/schema.md
	@$(B)/dragoman fetch --settings >doc/feeds.md
	@$(B)/dragoman help --man >doc/dragoman.1
	@$(B)/dragomand --man >doc/dragomand.8

lint: setup
	@$(MAKE) --no-print-directory $(B)/server/web.c
	@B=$(B) XAPIAN_I='$(XAPIAN_I)' READ_I='$(READ_I)' tests/lint

# ---- Installing ----------------------------------------------------------------------------
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/include/dragoman $(DESTDIR)$(LIBDIR)/pkgconfig \
	    $(DESTDIR)$(MANDIR)/man1 $(DESTDIR)$(MANDIR)/man7 $(DESTDIR)$(MANDIR)/man8
	install -m 755 $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	install -m 644 include/dragoman.h $(DESTDIR)$(PREFIX)/include
	install -m 644 include/dragoman/*.h $(DESTDIR)$(PREFIX)/include/dragoman
	install -m 644 $(LIB_A) $(DESTDIR)$(LIBDIR)
	install -m 755 $(LIB_SO) $(DESTDIR)$(LIBDIR)
	install -d $(DESTDIR)$(PREFIX)/share/dragoman/topics
	install -m 644 corpus/synonyms.tsv $(DESTDIR)$(PREFIX)/share/dragoman
	install -m 644 corpus/topics/*.topic $(DESTDIR)$(PREFIX)/share/dragoman/topics
	ln -sf $(notdir $(LIB_SO)) $(DESTDIR)$(LIBDIR)/libdragoman.so.$(SOVERSION)
	ln -sf $(notdir $(LIB_SO)) $(DESTDIR)$(LIBDIR)/libdragoman.so
	sed -e 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|; s|@VERSION@|$(VERSION)|; s|@DEPS@|$(DEPS)|' \
	    lib/dragoman.pc.in >$(DESTDIR)$(LIBDIR)/pkgconfig/dragoman.pc
	for s in 1 7 8; do for f in doc/*.$$s; do [ ! -e $$f ] || \
	    install -m 644 $$f $(DESTDIR)$(MANDIR)/man$$s; done; done

clean:
	rm -rf build

-include $(shell find $(B) -name '*.d' 2>/dev/null)
