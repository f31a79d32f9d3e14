# Builds and installs the extension with PostgreSQL's own build system (PGXS) for the server that
# PG_CONFIG describes: make && make install && make installcheck
#
# make demo, test, test-all, page-check, soak, fuzz, bench and deb need no PostgreSQL beforehand: they install
# what they need.

ifneq (,$(filter demo test test-rest test-all test-citus page-check test-versions test-packages soak fuzz bench deb dist,$(MAKECMDGOALS)))

.PHONY: demo test test-rest test-all test-citus page-check test-versions test-packages soak fuzz bench deb dist

# Shows the extension at work on a throw-away server.
demo:
	@tools/install-packages demo
	@tools/sandbox tools/demo

# Builds and tests with the machine's PostgreSQL, in some minutes.
test:
	@tools/install-packages test
	@tools/sandbox test/quick

# The tests that need more packages, more time, or other Debians.
test-rest:
	@tools/install-packages test-all
	@test/all rest

# Every test there is.
test-all:
	@tools/install-packages test-all
	@test/all

# Tests a Citus cluster, with PG_CONFIG=/path/to/pg_config of a PostgreSQL that has Citus; others are skipped.
test-citus:
	@tools/install-packages test
	@tools/sandbox test/citus/run

# Checks the page of usage figures with axe-core and html-validate, which npm fetches.
page-check:
	@tools/install-packages page-check
	@tools/sandbox test/page-check

# Builds and tests with every supported version of PostgreSQL.
test-versions:
	@tools/install-packages versions
	@tools/as-root test/versions/run

# Tests what users install.
test-packages:
	@tools/install-packages packages
	@test/packages/run

# Provokes faults, for an hour; test/soak/run tells how to choose from them and make them shorter.
soak:
	@tools/install-packages soak
	@tools/sandbox test/soak/run

# Looks for inputs that the core gets wrong, for FUZZ_SECONDS (600) with each target.
fuzz:
	@tools/install-packages fuzz
	@tools/sandbox test/fuzz/run

# Measures exports against every other way to the same file, and imports against COPY FROM.
bench:
	@tools/install-packages bench
	@tools/sandbox test/bench/run

# Builds the Debian package for this Debian's PostgreSQL in build/.
deb:
	@tools/install-packages deb
	@tools/sandbox tools/build-deb

# Makes the PGXN archive of the last commit in build/.
dist:
	@tools/make-dist

else

EXTENSION = extension/vidyo_cdr
EXTVERSION = $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" $(EXTENSION).control)
VERSIONED_SCRIPT = extension/vidyo_cdr--$(EXTVERSION).sql
INSTALL_SQL = $(sort $(wildcard extension/install/*.sql))
DATA_built = $(VERSIONED_SCRIPT)
# Earlier versions' scripts, as released, and the ways from one version to the next.
DATA = $(sort $(wildcard extension/released/*.sql extension/updates/*.sql))

MODULE_big = vidyo_cdr
OBJS = $(patsubst %.cpp,%.o,$(filter-out src/client/%,$(sort $(wildcard src/*.cpp src/*/*.cpp src/*/*/*.cpp))))
SHLIB_EXPORTS = exports.txt
EXTRA_CLEAN = $(SHLIB_EXPORTS) $(CLIENT) $(CLIENT_OBJS) $(CLIENT_MAN)
SHLIB_LINK = -lstdc++

REGRESS = $(patsubst sql/%.sql,%,$(sort $(wildcard sql/*.sql)))
REGRESS_OPTS = --encoding=UTF8 --load-extension=vidyo_cdr
ISOLATION = $(patsubst test/isolation/specs/%.spec,%,$(wildcard test/isolation/specs/*.spec))
ISOLATION_OPTS = --inputdir=test/isolation --load-extension=vidyo_cdr
PROVE_TESTS = test/t/*.pl

PG_CONFIG ?= pg_config
PG_MAJOR := $(shell $(PG_CONFIG) --version 2>/dev/null | sed 's/^PostgreSQL \([0-9]*\).*/\1/')
ifeq (,$(PG_MAJOR))
$(error cannot run "$(PG_CONFIG)": install the PostgreSQL server's development package (on Debian postgresql-server-dev-NN), or set PG_CONFIG=/path/to/pg_config)
endif
ifeq (,$(filter 15 16 17 18 19,$(PG_MAJOR)))
$(error vidyo_cdr builds with PostgreSQL 15 to 19, and "$(PG_CONFIG)" belongs to PostgreSQL $(PG_MAJOR): set PG_CONFIG=/path/to/pg_config of one of these)
endif

# -isystem: PostgreSQL's headers are C, and not ours to warn about. CI turns warnings into errors.
PG_CPPFLAGS = -isystem $(shell $(PG_CONFIG) --includedir-server)
PG_CXXFLAGS = -std=c++17 -Isrc -Wall -Wextra -Wshadow -Wconversion $(if $(CI),-Werror)

PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

COMPILE.cxx.bc += $(PG_CXXFLAGS)

# PGXS tracks no headers: when one changes, everything is built again.
$(OBJS) $(OBJS:.o=.bc): $(wildcard src/*/*.hpp src/*/*/*.hpp)

# The module exports its start and the functions that src/module.cpp lists; the rest stays private.
$(SHLIB_EXPORTS): src/module.cpp
	{ printf '%s\n' Pg_magic_func _PG_init && \
	  sed -n 's/^VIDYO_CDR_FUNCTION(\(.*\), .*/\1\npg_finfo_\1/p' $<; } >$@

$(VERSIONED_SCRIPT): $(INSTALL_SQL) $(EXTENSION).control
	cat $(INSTALL_SQL) > $@

# The client, export_cdr. PGXS builds a module or a program, not both, so it has rules of its own. Where
# one of its libraries is missing the module is built alone; with_client=no leaves it out as well.
CLIENT = src/client/export_cdr
CLIENT_OBJS = $(patsubst %.cpp,%.o,$(sort $(wildcard src/client/*.cpp)))
CLIENT_MAN = docs/export_cdr.1
CLIENT_CXXFLAGS = $(CXXFLAGS) $(PG_CXXFLAGS) -DVIDYO_CDR_VERSION='"$(EXTVERSION)"'
CLIENT_CPPFLAGS = -D_GNU_SOURCE -isystem $(shell $(PG_CONFIG) --includedir) -idirafter /usr/include/postgresql

# Prints the headers that the compiler does not find.
define CLIENT_HEADERS
\043if !__has_include(<$(1)>)\n$(1)\n\043endif\n
endef
client_missing := $(shell printf '$(foreach header,libpq-fe.h zlib.h openssl/evp.h nlohmann/json.hpp,$(strip $(call CLIENT_HEADERS,$(header))))' | \
  $(CXX) $(CLIENT_CPPFLAGS) -std=c++17 -E -P -x c++ - 2>/dev/null)

ifneq (,$(filter no,$(with_client))$(client_missing))
all: without-client
without-client:
	@echo "export_cdr, the client, is left out$(if $(client_missing),: the compiler does not find $(client_missing))."
else
all: $(CLIENT) $(CLIENT_MAN)
install: install-client
endif

.PHONY: without-client client install-client
client: $(CLIENT) $(CLIENT_MAN)

install-client: client
	$(MKDIR_P) '$(DESTDIR)$(bindir)' '$(DESTDIR)$(mandir)/man1'
	$(INSTALL_PROGRAM) $(CLIENT) '$(DESTDIR)$(bindir)/export_cdr'
	$(INSTALL_DATA) $(CLIENT_MAN) '$(DESTDIR)$(mandir)/man1/export_cdr.1'

uninstall: uninstall-client
uninstall-client:
	rm -f '$(DESTDIR)$(bindir)/export_cdr' '$(DESTDIR)$(mandir)/man1/export_cdr.1'

$(CLIENT): $(CLIENT_OBJS)
	$(CXX) $(CXXFLAGS) $(LDFLAGS) -o $@ $^ -L$(libdir) -lpq -lz -lcrypto

src/client/%.o: src/client/%.cpp $(wildcard src/client/*.hpp)
	$(CXX) $(CLIENT_CXXFLAGS) $(CLIENT_CPPFLAGS) -c -o $@ $<

# Perl, which PostgreSQL's packages need as well, has what makes a manual page of the document.
$(CLIENT_MAN): docs/export_cdr.pod $(EXTENSION).control
	pod2man --center 'PostgreSQL Client Applications' --release 'vidyo_cdr $(EXTVERSION)' --date '' $< >$@

endif
