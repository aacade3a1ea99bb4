# Heed.  `make` builds build/release/heed, `make check` proves it, `make MODE=asan check` harder.
# The house is in the first thirty lines; everything else follows from them.
FLOORS          := base kern model store hear clarify understand act flow api main
SEES_base       := base
SEES_kern       := kern $(SEES_base)
SEES_model      := model $(SEES_kern)
SEES_store      := store $(SEES_model)
SEES_hear       := hear $(SEES_store)
SEES_clarify    := clarify $(SEES_store)
SEES_understand := understand $(SEES_store)
SEES_act        := act $(SEES_store)
SEES_flow       := flow hear clarify understand act $(SEES_store)
SEES_api        := api $(SEES_flow)
SEES_main       := main $(SEES_api)

# Plugs: one file in the folder is one plug, named as the file.  $(call plug,floor,folder,type,header)
PLUGS  := kern/methods/method/method hear/formats/format/format clarify/steps/step/step understand/readers/reader/reader \
          understand/metrics/metric/metric act/actions/action/action act/ways/way/way api/pages/page/page main/commands/command/command
# Folders of files that go into the binary as they are: floor/folder becomes the table `folder`.
EMBEDS := store/migrations understand/lexicon understand/weights main/phrases api/schemas
LIBS   := -lsqlite3 -lsimdjson -lexpat -lminizip -lz -lzstd -lsodium -lcurl -lmd -lutf8proc -lstdc++ -lm -lpthread

ifneq ($(filter check golden bins tidy,$(MAKECMDGOALS)),)
MODE ?= debug
endif
MODE ?= release
CC   := $(if $(filter default,$(origin CC)),gcc,$(CC))
CXX  := $(if $(findstring clang,$(CC)),clang++,g++)
B    := build/$(MODE)$(if $(findstring clang,$(CC)),-clang)
VERSION := $(shell sed -n 's/^## \[\([0-9.]*\)\].*/\1/p' CHANGELOG.md 2>/dev/null | head -1)

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
        -Wold-style-definition -Wvla -Wformat=2 -Wundef -Wcast-qual -Wwrite-strings -Wpointer-arith \
        -Wswitch-enum -Wimplicit-fallthrough \
        -Wno-string-conversion
ARCH := $(shell uname -m)
HARDEN_x86_64  := -fcf-protection=full
HARDEN_aarch64 := -mbranch-protection=standard
FLAGS_debug   := -Og -g3
FLAGS_asan    := -O1 -g3 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
FLAGS_tsan    := -O1 -g3 -fsanitize=thread
FLAGS_fuzz    := -O1 -g3 -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
FLAGS_release := -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong \
                 -fstack-clash-protection -fPIE $(HARDEN_$(ARCH))
LINK_release  := -pie -Wl,-z,relro,-z,now,-z,noexecstack
ERROR  := $(if $(filter release,$(MODE)),,-Werror)
COMMON := $(FLAGS_$(MODE)) $(ERROR) -D_GNU_SOURCE -DHEED_VERSION='"$(or $(VERSION),0.0.0)"' -MMD -MP
CFLAGS_ALL   := -std=gnu17 $(WARN) $(COMMON) $(CFLAGS)
CXXFLAGS_ALL := -std=c++17 -Wall -Wextra $(COMMON) $(CXXFLAGS) $(if $(findstring undefined,$(FLAGS_$(MODE))),-fno-sanitize=vptr)
LDFLAGS_ALL  := $(FLAGS_$(MODE)) $(LINK_$(MODE)) $(LDFLAGS)
kern_CFLAGS  := -ffp-contract=off $(if $(filter release,$(MODE)),-O3)
store_CFLAGS := $(if $(filter release,$(MODE)),-O3)

all: $(B)/heed
srcs  = $(filter-out %_test.c,$(wildcard src/$1/*.c src/$1/*/*.c))
tests = $(wildcard src/$1/*_test.c src/$1/*/*_test.c)
libs  = $(foreach f,$1,$(B)/lib$f.a)

# Every floor is compiled against a folder of links to what it may see, and nothing else.
build/view/%/ok: Makefile
	@rm -rf $(@D); mkdir -p $(@D); for f in $(SEES_$*); do ln -s $(CURDIR)/src/$$f $(@D)/$$f; done; touch $@

define floor
OBJ_$1 := $(patsubst src/%.c,$(B)/%.o,$(call srcs,$1)) $(patsubst src/%.cc,$(B)/%.o,$(wildcard src/$1/*.cc)) \
          $(patsubst %,$(B)/gen/$1/%.o,$(GEN_$1))
$(B)/lib$1.a: $$(OBJ_$1)
	@rm -f $$@; $(AR) qcs $$@ $$^
$(B)/$1/%.o: src/$1/%.c build/view/$1/ok
	@mkdir -p $$(@D); $(CC) $(CFLAGS_ALL) $($1_CFLAGS) -Ibuild/view/$1 -c $$< -o $$@
$(B)/$1/%.o: src/$1/%.cc build/view/$1/ok
	@mkdir -p $$(@D); $(CXX) $(CXXFLAGS_ALL) -Ibuild/view/$1 -c $$< -o $$@
$(B)/gen/$1/%.o: build/gen/$1/%.c build/view/$1/ok
	@mkdir -p $$(@D); $(CC) $(CFLAGS_ALL) $($1_CFLAGS) -Ibuild/view/$1 -c $$< -o $$@
T_$1 := $(patsubst src/%.c,$(B)/%,$(call tests,$1))
$$(T_$1): $(B)/$1/%_test: $(B)/$1/%_test.o $(call libs,$(SEES_$1))
	@$(CC) $$< -Wl,--start-group $(call libs,$(SEES_$1)) -Wl,--end-group $(LDFLAGS_ALL) -lcmocka $(LIBS) -o $$@
TESTS += $$(T_$1)
$(B)/$1.sealed: $(call libs,$(SEES_$1))
	@$(if $(filter main,$1),,echo 'int main(void){return 0;}' | $(CC) -x c - -x none -Wl,--whole-archive $(B)/lib$1.a \
	  -Wl,--no-whole-archive -Wl,--start-group $(call libs,$(filter-out $1,$(SEES_$1))) -Wl,--end-group \
	  $(LDFLAGS_ALL) $(LIBS) -o $$@.bin && rm $$@.bin &&) touch $$@
SEALS += $(B)/$1.sealed
endef

# hear/formats/csv.c is `format_csv`, and so on: adding or deleting the file is all it takes.
define plug
GEN_$1 += $2
build/gen/$1/$2.c: $(filter-out %_test.c,$(wildcard src/$1/$2/*.c)) FORCE
	@mkdir -p $$(@D); { echo '#include "$1/$4.h"'; \
	for n in $$(sort $$(basename $$(notdir $$(filter %.c,$$^)))); do echo "extern const $3 $3_$$$$n;"; done; \
	echo 'const $3 *const $2[] = {'; \
	for n in $$(sort $$(basename $$(notdir $$(filter %.c,$$^)))); do echo "    &$3_$$$$n,"; done; \
	echo '};'; echo 'const size_t $2_n = COUNT($2);'; } > $$@.new; cmp -s $$@.new $$@ && rm $$@.new || mv $$@.new $$@
endef
$(foreach p,$(PLUGS),$(eval $(call plug,$(word 1,$(subst /, ,$p)),$(word 2,$(subst /, ,$p)),$(word 3,$(subst /, ,$p)),$(word 4,$(subst /, ,$p)))))

# understand/lexicon/x.tsv becomes an entry of `const embedded lexicon[]`.
define embed
GEN_$1 += $2_files
build/gen/$1/$2_files.c: $(sort $(wildcard src/$1/$2/*)) FORCE
	@mkdir -p $$(@D); n=0; { echo '#include "base/embed.h"'; echo 'extern const embedded $2[]; extern const size_t $2_n;'; \
	for f in $$(filter-out FORCE,$$^); do n=$$$$((n+1)); \
	echo "__asm__(\".section .rodata;.global $2_$$$$n;.global $2_$$$${n}_end;$2_$$$$n:;.incbin \\\"$$$$f\\\";$2_$$$${n}_end:;.byte 0;.previous;\");"; \
	echo "extern const char $2_$$$$n[], $2_$$$${n}_end[]; /* $$$$(cksum < $$$$f) */"; done; \
	echo 'const embedded $2[] = {'; n=0; \
	for f in $$(filter-out FORCE,$$^); do n=$$$$((n+1)); echo "    {\"$$$$(basename $$$$f)\", $2_$$$$n, $2_$$$${n}_end},"; done; \
	echo '    {0, 0, 0},'; echo '};'; echo 'const size_t $2_n = COUNT($2) - 1;'; } > $$@.new; cmp -s $$@.new $$@ && rm $$@.new || mv $$@.new $$@
endef
$(foreach p,$(EMBEDS),$(eval $(call embed,$(word 1,$(subst /, ,$p)),$(word 2,$(subst /, ,$p)))))

# The web page: `make ui` builds it into build/ui; from then on it goes into the binary.
UI_SOURCES := $(shell find ui -path ui/node_modules -prune -o -path ui/src/gen -prune -o -type f -print 2>/dev/null)
ui: build/ui/index.html
ui/node_modules/.package-lock.json: ui/package-lock.json
	@cd ui && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && touch node_modules/.package-lock.json
# The types of what the server answers, made from its own description.
build/openapi.json: $(B)/heed
	@$< help --openapi > $@.new; cmp -s $@.new $@ && rm $@.new || mv $@.new $@
ui/src/gen/api.d.ts: build/openapi.json ui/node_modules/.package-lock.json
	@mkdir -p $(@D); cd ui && npx --no-install openapi-typescript ../build/openapi.json --immutable -o src/gen/api.d.ts >/dev/null
build/ui/index.html: $(UI_SOURCES) ui/node_modules/.package-lock.json ui/src/gen/api.d.ts
	@cd ui && npm run build --silent
GEN_api += ui_files
UI_FILES = $(sort $(wildcard build/ui/*.* build/ui/assets/*))
build/gen/api/ui_files.c: FORCE
	@mkdir -p $(@D); n=0; { echo '#include "base/embed.h"'; echo 'extern const embedded ui_files[]; extern const size_t ui_files_n;'; \
	for f in $(UI_FILES); do n=$$((n+1)); \
	echo "__asm__(\".section .rodata;.global ui_$$n;.global ui_$${n}_end;ui_$$n:;.incbin \\\"$$f\\\";ui_$${n}_end:;.byte 0;.previous;\");"; \
	echo "extern const char ui_$$n[], ui_$${n}_end[]; /* $$(cksum < $$f) */"; done; \
	echo 'const embedded ui_files[] = {'; n=0; \
	for f in $(UI_FILES); do n=$$((n+1)); echo "    {\"$${f##*/}\", ui_$$n, ui_$${n}_end},"; done; \
	echo '    {0, 0, 0},'; echo '};'; echo 'const size_t ui_files_n = COUNT(ui_files) - 1;'; } > $@.new; cmp -s $@.new $@ && rm $@.new || mv $@.new $@

# Traditional to simplified, made at build time from OpenCC's dictionaries (Debian libopencc-dev).
GEN_kern += hans
build/gen/tool/hans: tools/hans.c
	@mkdir -p $(@D); gcc -O1 -o $@ $< -lopencc
build/gen/kern/hans.c: build/gen/tool/hans
	@mkdir -p $(@D); $< > $@.new && mv $@.new $@

# Which runs of letters languages are made of, from libexttextcat's profiles (Debian libexttextcat-data).
GEN_kern += lang_runs
PROFILES ?= /usr/share/libexttextcat
build/gen/tool/langs: tools/langs.c
	@mkdir -p $(@D); gcc -O2 -o $@ $< -lm
build/gen/kern/lang_runs.c: build/gen/tool/langs
	@mkdir -p $(@D); $< $(PROFILES) > $@.new && mv $@.new $@

# The dictionary of words, made at build time from jieba's (Debian python3-jieba) as a double array.
GEN_kern += wordcut_file
DICTIONARY ?= /usr/lib/python3/dist-packages/jieba/dict.txt
build/gen/tool/words: tools/words.c src/kern/wordcut_build.c src/kern/wordcut.h build/gen/kern/hans.c | build/view/kern/ok
	@mkdir -p $(@D); gcc -O2 -std=gnu17 -D_GNU_SOURCE -Ibuild/view/kern -o $@ tools/words.c src/kern/wordcut_build.c \
	  build/gen/kern/hans.c $(patsubst %,src/base/%.c,arena buf err job str utf8) -lxxhash -lm
build/gen/kern/wordcut.bin: build/gen/tool/words $(DICTIONARY)
	@$< $(DICTIONARY) > $@.new && mv $@.new $@
$(DICTIONARY):
	@echo "$@ is not there: script/install-deps installs it (python3-jieba), or set DICTIONARY" >&2; exit 1
build/gen/kern/wordcut_file.c: build/gen/kern/wordcut.bin
	@{ echo '#include "base/base.h"'; \
	echo '__asm__(".section .rodata;.balign 64;.global wordcut_file;wordcut_file:;.incbin \"$<\";.previous;");'; \
	echo "extern const u64 wordcut_file[]; /* $$(cksum < $<) */"; } > $@.new && mv $@.new $@

# llhttp: the distribution's library from version 9 on, else the C source that node-llhttp ships (8.1):
# other people's code, without our warnings.
ifneq ($(wildcard /usr/include/llhttp.h),)
LIBS += -lllhttp
else
api_CFLAGS := -isystem /usr/share/include/llhttp
LLHTTP_OBJ := $(patsubst %,$(B)/llhttp/%.o,llhttp api http)
$(B)/llhttp/%.o: /usr/share/llhttp/%.c
	@mkdir -p $(@D); $(CC) -std=gnu17 -w -O2 -g -fPIE $(FLAGS_$(MODE)) -I/usr/share/include/llhttp -c $< -o $@
endif

# The month report in PDF: cairo and pango, where they are; without them the report says so.
ifeq ($(shell pkg-config --exists pangocairo 2>/dev/null && echo yes),yes)
LIBS += $(shell pkg-config --libs pangocairo)
api_CFLAGS += -DHEED_PDF $(patsubst -I%,-isystem %,$(shell pkg-config --cflags-only-I pangocairo))
endif

$(foreach f,$(FLOORS),$(eval $(call floor,$f)))
$(B)/libapi.a: $(LLHTTP_OBJ)

$(B)/heed: $(B)/libmain.a $(call libs,$(SEES_main))
	@$(CC) -Wl,--start-group $^ -Wl,--end-group $(LDFLAGS_ALL) $(LIBS) -o $@

# Programs that use the whole house: stories, fuzz targets, benchmarks, the tidy check.
build/view/t/ok: Makefile
	@rm -rf $(@D); mkdir -p $(@D); for f in $(SEES_main); do ln -s $(CURDIR)/src/$$f $(@D)/$$f; done; touch $@
$(B)/t/%.o: t/%.c build/view/t/ok
	@mkdir -p $(@D); $(CC) $(CFLAGS_ALL) -Ibuild/view/t -c $< -o $@
T_WHOLE := $(patsubst t/%.c,$(B)/t/%,$(wildcard t/*_test.c))
$(T_WHOLE) $(patsubst t/bench/%.c,$(B)/t/bench/%,$(wildcard t/bench/*.c)): $(B)/t/%: $(B)/t/%.o $(call libs,$(SEES_api))
	@$(CC) $< -Wl,--start-group $(call libs,$(SEES_api)) -Wl,--end-group $(LDFLAGS_ALL) -lcmocka $(LIBS) -o $@
FUZZERS := $(patsubst t/fuzz/%.c,$(B)/t/fuzz/%,$(wildcard t/fuzz/*_fuzz.c))
$(FUZZERS): $(B)/t/fuzz/%: $(B)/t/fuzz/%.o $(if $(filter fuzz,$(MODE)),,$(B)/t/fuzz/replay.o) $(call libs,$(SEES_api))
	@$(CC) $(filter %.o,$^) -Wl,--start-group $(call libs,$(SEES_api)) -Wl,--end-group $(LDFLAGS_ALL) \
	  $(if $(filter fuzz,$(MODE)),-fsanitize=fuzzer) $(LIBS) -o $@

TIDY := $(B)/tool/tidy
$(TIDY): tools/tidy.c Makefile
	@mkdir -p $(@D); $(CC) $(filter-out -MMD -MP,$(CFLAGS_ALL)) $< $(LDFLAGS_ALL) -o $@
tidy: $(TIDY)
	@$(TIDY) . $(patsubst %/,%,$(dir $(PLUGS)))

bins: $(B)/heed $(TESTS) $(T_WHOLE) $(FUZZERS) $(TIDY) $(patsubst t/%.c,$(B)/t/%.o,$(wildcard t/bench/*_bench.c))
check: $(SEALS) bins
	@script/run-tests $(B) $(TESTS) $(T_WHOLE) $(FUZZERS) \
	  $(foreach t,cli api demo backup deploy docs journeys,"t/$t.sh $(B)/heed /dev/stdout") "t/words.sh $(B)/heed" \
	  "$(TIDY) . $(patsubst %/,%,$(dir $(PLUGS)))"
# make golden HEED_SHARED=DIR: the methods against published figures (DIR/golden/dev), each case through the binary.
HEED_SHARED ?= ../shared
golden: $(B)/heed
	@if [ -d "$(HEED_SHARED)/golden/dev" ]; then script/golden $(B)/heed $(HEED_SHARED)/golden/dev; \
	  else echo "golden: $(HEED_SHARED)/golden/dev is not there; set HEED_SHARED to the folder that holds golden/dev"; fi
fuzzers: $(FUZZERS)
# make fuzz SECONDS=60: clang's libFuzzer tries every parser, each for so long.
SECONDS ?= 5
fuzz:
	@$(MAKE) --no-print-directory MODE=fuzz CC=clang fuzzers
	@script/run-fuzz build/fuzz-clang $(SECONDS) $(patsubst t/%.c,build/fuzz-clang/t/%,$(wildcard t/fuzz/*_fuzz.c))
# make bench: numbers of the release build in one table, then the tally beside DuckDB on the same rows.
BENCHES := $(patsubst t/%.c,build/release/t/%,$(filter-out t/bench/text_bench.c t/bench/cut_bench.c t/bench/raw_bench.c,$(wildcard t/bench/*_bench.c)))
bench:
	@$(MAKE) --no-print-directory MODE=release $(BENCHES)
	@script/run-bench $(BENCHES)
	@if command -v npm >/dev/null; then (cd t/bench && npm install --silent --no-save --ignore-scripts --no-audit --no-fund) && node t/bench/tally_peers.mjs; \
	  else echo "npm is not installed: DuckDB is left out"; fi
# make bench-ingest EVENTS=200000: importing events beside a bare loop of inserts of the same rows.
EVENTS ?= 200000
bench-ingest:
	@$(MAKE) --no-print-directory MODE=release build/release/t/bench/ingest_bench
	@EVENTS=$(EVENTS) script/run-bench build/release/t/bench/ingest_bench
# make bench-words VOICES=1000000: finding words; making the tally of rows that are in memory.
VOICES ?= 1000000
bench-words:
	@$(MAKE) --no-print-directory MODE=release build/release/t/bench/words_bench
	@VOICES=$(VOICES) script/run-bench build/release/t/bench/words_bench
# make bench-numbers METRIC_ROWS=10000000: a registry of 200 metrics counted in one pass, beside a pass for each.
METRIC_ROWS ?= 10000000
bench-numbers:
	@$(MAKE) --no-print-directory MODE=release build/release/t/bench/numbers_bench
	@METRIC_ROWS=$(METRIC_ROWS) script/run-bench build/release/t/bench/numbers_bench
# make bench-text: how right and fast words are read, beside named peers, on the texts in $HEED_SHARED.
bench-text:
	@$(MAKE) --no-print-directory MODE=release build/release/t/bench/text_bench build/release/t/bench/cut_bench build/release/t/bench/raw_bench build/release/kern/pii_test
	@HEED_SHARED="$(HEED_SHARED)" script/bench-text build/release/t/bench
# make models: the weights that ship (src/understand/weights) and their cards (docs/models.md), made again from the labelled texts in $HEED_SHARED.
$(B)/tool/models: tools/models.c build/view/t/ok $(call libs,$(SEES_api))
	@mkdir -p $(@D); $(CC) $(CFLAGS_ALL) -Ibuild/view/t $< -Wl,--start-group $(call libs,$(SEES_api)) -Wl,--end-group $(LDFLAGS_ALL) $(LIBS) -o $@
models:
	@if [ ! -d "$(HEED_SHARED)/data" ]; then echo "models: $(HEED_SHARED)/data is not there; set HEED_SHARED to the folder that holds data.  What ships stays as it is."; else \
	  $(MAKE) --no-print-directory MODE=release build/release/tool/models && mkdir -p build/models && \
	  build/release/tool/models "$(HEED_SHARED)/data" build/models && script/models-same build/models; fi
# make random-questions N=10000 SEED=1: asked of the tally in five shapes, and of SQLite.
N    ?= 10000
SEED ?= 1
random-questions: $(B)/store/tally_test
	@TALLY_QUESTIONS=$(N) TALLY_SEED=$(SEED) $<
# make sim-warnings WATCH_YEARS=200: simulated years of each kind of watch: false alarms, delays, alerts an incident.
WATCH_YEARS ?= 200
sim-warnings: $(B)/act/watch_sim_test
	@WATCH_YEARS=$(WATCH_YEARS) $<
# make bench-http: what the server costs, beside nginx, and what pages wait for while signals come in.
bench-http:
	@$(MAKE) --no-print-directory MODE=release build/release/heed build/release/t/bench/http_client
	@script/bench-http
# make bench-tally ROWS=50000000 FEW=5000000: the twelve questions of t/bench/tally_questions.h beside DuckDB, and on
# FEW rows beside SQLite and PostgreSQL; equal answers are a condition.
ROWS ?= 10000000
FEW  ?= 1000000
bench-tally:
	@$(MAKE) --no-print-directory MODE=release build/release/t/bench/tally_bench
	@build/release/t/bench/tally_bench $(FEW) $(FEW) | grep sqlite:
	@if command -v npm >/dev/null; then (cd t/bench && npm install --silent --no-save --ignore-scripts --no-audit --no-fund) && node t/bench/tally_peers.mjs $(ROWS) $(FEW); \
	  else echo "npm is not installed: DuckDB and PostgreSQL are left out"; build/release/t/bench/tally_bench $(ROWS) 0; fi
# make bench-live ROWS=10000000: twelve questions while signals come in as fast as they are taken.
bench-live:
	@$(MAKE) --no-print-directory MODE=release build/release/heed build/release/t/bench/http_client
	@ROWS=$(ROWS) script/bench-live
# make bench-tally-sizes ROWS=100000000: the same questions on 1, 3, 10, 30, 100 million rows: the cost of a row stays.
.PHONY: bench-tally-sizes
bench-tally-sizes:
	@$(MAKE) --no-print-directory MODE=release build/release/t/bench/tally_bench
	@d=$$(mktemp -d) && build/release/t/bench/tally_bench $(ROWS) 0 $$d sizes; rm -rf "$$d"
# make bench-walk EVENTS=20000000 CUSTOMERS=1000000: journeys, beside DuckDB on the same events.
EVENTS ?= 2000000
CUSTOMERS ?= 0
bench-walk:
	@$(MAKE) --no-print-directory MODE=release build/release/t/bench/walk_bench
	@cd t/bench && npm install --no-save --silent --ignore-scripts --no-audit --no-fund
	@node t/bench/walk_peers.mjs $(EVENTS) $(CUSTOMERS)
# make bench-rules: decisions of 500 rules on one core beside json-rules-engine and SQL on the same rules and signals.
bench-rules:
	@$(MAKE) --no-print-directory MODE=release build/release/t/bench/rules_bench
	@cd t/bench && npm install --no-save --silent --ignore-scripts --no-audit --no-fund
	@node t/bench/rules_peers.mjs
# make install PREFIX=/usr DESTDIR=/somewhere
install: $(B)/heed
	@script/install $< $(PREFIX)
clean: ; rm -rf build
# make sim-why COMPANIES=100: simulated companies with and without a planted cause: does why find it, and only it?
COMPANIES ?= 100
sim-why:
	@$(MAKE) --no-print-directory MODE=release build/release/t/bench/why_sim
	@build/release/t/bench/why_sim $(COMPANIES)
.PHONY: sim-why all bench bench-http bench-ingest bench-numbers bench-rules bench-live bench-tally bench-text bench-walk bench-words bins check clean install fuzz fuzzers golden models random-questions sim-warnings tidy ui FORCE
.PRECIOUS: build/view/%/ok
-include $(shell find $(B) -name '*.d' 2>/dev/null)
