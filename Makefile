# taskdir: make deps, make, make check, make demo, make install

VERSION = 1.0
PREFIX = /usr/local
BINDIR = $(PREFIX)/bin
MANDIR = $(PREFIX)/share/man
SYSCONFDIR = $(PREFIX)/etc
SHAREDIR = $(PREFIX)/share/taskdir
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
PKG_CFLAGS = $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
LIBS = $(shell pkg-config --libs $(PKGS) 2>/dev/null) -linotifytools

LIB = $(BUILD)/libtaskdir.a
LIB_SRC = $(sort $(wildcard lib/*/*.c))
LIB_OBJ = $(LIB_SRC:%.c=$(BUILD)/%.o)
PROGS = $(patsubst bin/%.c,$(BUILD)/%,$(sort $(wildcard bin/*.c)))
SCRIPTS = $(patsubst bin/%.sh,$(BUILD)/%,$(sort $(wildcard bin/*.sh)))
UNIT = $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(sort $(wildcard tests/unit/*_test.c)))
HELPERS = $(patsubst tests/tool/%.c,$(BUILD)/tests/%,$(sort $(wildcard tests/tool/*.c)))

all: $(PROGS) $(SCRIPTS)

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(DEFS) $(WARN) $(CFLAGS) $(PKG_CFLAGS) -MMD -MP -c -o $@ $<

$(LIB): $(LIB_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(PROGS): $(BUILD)/%: $(BUILD)/bin/%.o $(LIB)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

$(SCRIPTS): $(BUILD)/%: bin/%.sh
	@mkdir -p $(@D)
	cp $< $@ && chmod 755 $@

$(UNIT): $(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(LIB)
	$(CC) $(LDFLAGS) $(WRAP_$*) -o $@ $^ $(LIBS) -lcmocka

$(HELPERS): $(BUILD)/tests/%: $(BUILD)/tests/tool/%.o $(LIB)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

WRAP_health_test = -Wl,--wrap=fsync,--wrap=posix_fallocate

tests: $(UNIT) $(HELPERS)

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

.PHONY: all tests clean
.SECONDARY:
