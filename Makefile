# taskdir: make, make install; make demo and make check do all they need

VERSION = 1.0
PREFIX = /usr/local
BINDIR = $(PREFIX)/bin
MANDIR = $(PREFIX)/share/man
SYSCONFDIR = $(PREFIX)/etc
SHAREDIR = $(PREFIX)/share/taskdir
BASHDIR = $(PREFIX)/share/bash-completion/completions
ZSHDIR = $(PREFIX)/share/zsh/site-functions
FISHDIR = $(PREFIX)/share/fish/vendor_completions.d
DESTDIR =
BUILD = build
CC = cc

PKGS = libbsd-overlay libcjson inih
CFLAGS = -O2 -g -D_FORTIFY_SOURCE=3 -fstack-protector-strong \
	-fstack-clash-protection -fPIE
LDFLAGS = -pie -Wl,-z,relro,-z,now -Wl,--as-needed
WERROR =
WARN = -Wall -Wextra -Wshadow -Wpointer-arith -Wcast-qual -Wwrite-strings \
	-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
	-Wformat=2 -Wundef -Wvla -Wconversion -Wno-sign-conversion \
	-Wimplicit-fallthrough -Wswitch-enum $(WERROR)
DEFS = -std=c17 -D_GNU_SOURCE -DVERSION='"$(VERSION)"' \
	-DTASKDIR_ETC='"$(SYSCONFDIR)/taskdir"' \
	-DTASKDIR_SHARE='"$(SHAREDIR)"' -Ilib
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
LIBS := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -linotifytools -lm
COMPILE = $(CC) $(DEFS) $(WARN) $(CFLAGS) $(PKG_CFLAGS)

LIB = $(BUILD)/libtaskdir.a
LIB_OBJ = $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard lib/*/*.c)))
PROGS = $(patsubst bin/%.c,$(BUILD)/%,$(sort $(wildcard bin/*.c)))
SCRIPTS = $(patsubst bin/%.sh,$(BUILD)/%,$(sort $(wildcard bin/*.sh)))
UNIT = $(patsubst tests/unit/%.c,$(BUILD)/tests/%,\
	$(sort $(wildcard tests/unit/*_test.c)))
HELPERS = $(patsubst tests/tool/%.c,$(BUILD)/tests/%,\
	$(sort $(wildcard tests/tool/*.c)))
MAN1 = $(sort $(wildcard man/*.1))
MAN5 = $(sort $(wildcard man/*.5))
MAN7 = $(sort $(wildcard man/*.7))
NAMES = $(notdir $(PROGS) $(SCRIPTS))
SKELETON = $(sort $(shell find spool -type f))

all: $(PROGS) $(SCRIPTS)

# What was compiled with other flags is compiled again.
$(BUILD)/flags: force
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(COMPILE))' >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -c -o $@ $<

$(LIB): $(LIB_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(PROGS): $(BUILD)/%: $(BUILD)/bin/%.o $(LIB)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

$(SCRIPTS): $(BUILD)/%: bin/%.sh
	@mkdir -p $(@D)
	cp $< $@ && chmod 755 $@

$(UNIT): $(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) $(WRAP_$*) -o $@ $^ $(LIBS) -lcmocka

$(HELPERS): $(BUILD)/tests/%: $(BUILD)/tests/tool/%.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

WRAP_work_test = -Wl,--wrap=clock_now
WRAP_health_test = -Wl,--wrap=fsync,--wrap=posix_fallocate

tests: all $(UNIT) $(HELPERS)

# What is missing, where there is apt-get; elsewhere its names.
deps:
	@tests/deps.sh all

deps-build:
	@tests/deps.sh build

# Each in a build of its own, so that `make` stays what it was.
check: deps
	@tests/check.sh unit cli clang asan lint

unit cli clang asan lint:
	@tests/check.sh $@

demo: deps-build
	@$(MAKE) -s all
	@BUILD=$(BUILD) contrib/demo.sh

# Later test runs, each a folder with its own run.sh.
EXTRA = $(patsubst tests/%/run.sh,%,$(wildcard tests/*/run.sh))
$(EXTRA): all
	@BUILD=$(BUILD) tests/$@/run.sh

IN = install -m 644
install: all
	@$(MAKE) -s install-files

install-files:
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(SYSCONFDIR)/taskdir
	install $(PROGS) $(SCRIPTS) $(DESTDIR)$(BINDIR)
	for f in $(SKELETON); do $(IN) -D $$f $(DESTDIR)$(SHAREDIR)/$$f; done
	for f in $(MAN1); do $(IN) -D -t $(DESTDIR)$(MANDIR)/man1 $$f; done
	for f in $(MAN5); do $(IN) -D -t $(DESTDIR)$(MANDIR)/man5 $$f; done
	for f in $(MAN7); do $(IN) -D -t $(DESTDIR)$(MANDIR)/man7 $$f; done
	$(IN) -D contrib/completion/td.bash $(DESTDIR)$(BASHDIR)/td
	$(IN) -D contrib/completion/td.zsh $(DESTDIR)$(ZSHDIR)/_td
	$(IN) -D contrib/completion/td.fish $(DESTDIR)$(FISHDIR)/td.fish
	for p in $(filter-out td,$(NAMES)); do \
		ln -sf td $(DESTDIR)$(BASHDIR)/$$p; \
		ln -sf td.fish $(DESTDIR)$(FISHDIR)/$$p.fish; done
	$(IN) -D etc/taskdir.conf $(DESTDIR)$(SHAREDIR)/taskdir.conf
	[ -e $(DESTDIR)$(SYSCONFDIR)/taskdir/taskdir.conf ] || \
		$(IN) etc/taskdir.conf $(DESTDIR)$(SYSCONFDIR)/taskdir

# Settings that were changed stay.
uninstall:
	cd $(DESTDIR)$(BINDIR) && rm -f $(NAMES)
	cd $(DESTDIR)$(BASHDIR) && rm -f $(NAMES)
	cd $(DESTDIR)$(FISHDIR) && rm -f $(NAMES:=.fish)
	rm -f $(DESTDIR)$(ZSHDIR)/_td
	cd $(DESTDIR)$(MANDIR) && rm -f $(MAN1:man/%=man1/%) \
		$(MAN5:man/%=man5/%) $(MAN7:man/%=man7/%)
	cmp -s etc/taskdir.conf $(DESTDIR)$(SYSCONFDIR)/taskdir/taskdir.conf && \
		rm -r $(DESTDIR)$(SYSCONFDIR)/taskdir || true
	rm -rf $(DESTDIR)$(SHAREDIR)

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

.PHONY: all tests deps deps-build check unit cli clang asan lint demo \
	install install-files uninstall clean force $(EXTRA)
.SECONDARY:
