#!/bin/sh
# The order of the layers: lib/base < lib/task < lib/spool < lib/work, lib/cli
# < bin; and who may use which library.
. "${0%/*}/../lib.sh"
cd "$root" || exit 1

# none NAME PATTERN FILE...: no line of them matches.
none() {
	name=$1 pattern=$2
	shift 2
	is "$name" "$(grep -nE "$pattern" "$@" /dev/null)" ''
}

above='^[[:space:]]*#[[:space:]]*include[[:space:]]*["<]'
none 'lib/base includes nothing above it' "$above(task|spool|work|cli)/" lib/base/*.[ch]
none 'nor does lib/task' "$above(spool|work|cli)/" lib/task/*.[ch]
none 'nor does lib/spool' "$above(work|cli)/" lib/spool/*.[ch]
set -- lib/work/*.[ch]
[ ! -e "$1" ] || none 'nor does lib/work' "${above}cli/" "$@"
none 'a program includes no other program' "$above(\\.\\.|bin)/|\\.c[\">]" bin/*.c
is 'cJSON is only in lib/task' \
	"$(grep -lE "${above}(cjson/)?cJSON" lib/*/*.[ch] bin/*.c | grep -v '^lib/task/')" ''
is 'inotifytools only in lib/base/watch.c' \
	"$(grep -lE "${above}inotifytools" lib/*/*.[ch] bin/*.c | grep -v '^lib/base/watch\.c')" ''
is 'inih only in lib/base/conf.c' \
	"$(grep -lE "${above}ini\\.h" lib/*/*.[ch] bin/*.c | grep -v '^lib/base/conf\.c')" ''
none 'the library never prints and never exits' \
	'(^|[^a-z_])(v?(err|warn)x?|printf|puts|perror|exit)\(' \
	lib/base/*.c lib/task/*.c lib/spool/*.c

# What lib/task takes from outside, by the symbols of its objects.
system='open|openat|read|write|pread|pwrite|close|stat|fstat|lstat|fstatat|rename|renameat|renameat2|unlink|unlinkat|mkdir|mkdirat|link|linkat|opendir|readdir|fopen|fopen64|open64|openat64|fork|vfork|clone|execv|execve|execvp|kill|wait|waitpid|time|clock_gettime|gettimeofday|getpid|getuid|getenv|getcwd|flock|fcntl|fsync|poll|select|socket|ioctl|sleep|nanosleep|arc4random|getrandom|syscall'
is 'lib/task has no system call and asks no clock' \
	"$(nm -u "$BUILD"/lib/task/*.o 2>/dev/null | grep -E "^ *U ($system)(@.*)?$")" ''
is 'its objects were there to be looked at' \
	"$(for file in lib/task/*.c; do [ -e "$BUILD/${file%.c}.o" ] || echo "$file"; done)" ''

finish
