#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/disk.h"
#include "base/file.h"
#include "base/sysexits.h"
#include "cli/args.h"

#define SOUND "a journalled ext4, xfs or btrfs"

static const char *folder_of(const struct args *args, int argc, char **argv);
static enum disk look_at_disk(const char *path, bool is_volatile);
static void tell_risk(const char *path, enum disk disk);
static int open_nearest(const char *path);
static gid_t group_of(const struct args *args, const char *name);
static noreturn void refuse(const char *path);
static void tell_path(const char *path, char end);

int
main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "shared", required_argument, NULL, 's' },
		{ "volatile", no_argument, NULL, 'w' },
		{ 0 },
	};
	struct args args = { .usage = "td-init [-0q] [-s GROUP] [-w] [DIR]",
		.letters = "s:w",
		.longs = longs };
	const char *path, *shared = NULL;
	bool is_volatile = false;
	enum disk disk;
	gid_t group = 0;
	int c;

	(void)cli_start();
	while ((c = args_next(&args, argc, argv)) != -1) {
		if (c == 's')
			shared = optarg;
		else
			is_volatile = true;
	}
	path = folder_of(&args, argc - optind, argv + optind);
	if (shared != NULL)
		group = group_of(&args, shared);
	disk = look_at_disk(path, is_volatile);
	if (spool_make(path) == -1)
		refuse(path);
	if (shared != NULL && spool_share(path, group) == -1)
		err(EX_NOPERM, "%s: made, but not shared with %s", path,
		    shared);
	if (!args.quiet && !is_volatile)
		tell_risk(path, disk);
	if (!args.quiet)
		tell_path(path, args.null ? '\0' : '\n');
	return EXIT_SUCCESS;
}

static const char *
folder_of(const struct args *args, int argc, char **argv)
{
	const char *path = argc > 0 ? argv[0] : ".taskdir";

	if (argc > 1 || (argc > 0 && args->directory != NULL))
		args_wrong(args, "one folder is enough");
	if (args->directory != NULL)
		path = args->directory;
	if (*path == '\0')
		args_wrong(args, "the folder's name is empty");
	return path;
}

static gid_t
group_of(const struct args *args, const char *name)
{
	const struct group *group = getgrnam(name);

	if (group == NULL)
		args_wrong(args, "%s: there is no such group", name);
	return group->gr_gid;
}

static enum disk
look_at_disk(const char *path, bool is_volatile)
{
	AUTO_FD fd = open_nearest(path);
	const char *name;
	enum disk disk;

	if (fd == -1)
		err(EX_UNAVAILABLE, "%s", path);
	disk = disk_kind(fd, &name);
	if (disk == DISK_NETWORK)
		errx(EX_UNAVAILABLE,
		    "%s: %s is no place for a spool: its locks and renames "
		    "are not this machine's alone; take " SOUND,
		    path, name);
	if (disk == DISK_VOLATILE && !is_volatile)
		errx(EX_UNAVAILABLE,
		    "%s: on %s a power cut may take back what was answered; "
		    "take " SOUND ", or say --volatile",
		    path, name);
	return disk;
}

static void
tell_risk(const char *path, enum disk disk)
{
	if (disk == DISK_UNJOURNALLED)
		warnx("%s: this ext4 has no journal: a power cut may take "
		      "back what was answered; " SOUND " keeps it",
		    path);
	if (disk == DISK_UNPROVEN)
		warnx("%s: what a power cut takes back on this file system "
		      "is not known; " SOUND " keeps what was answered",
		    path);
}

/* The folder itself, or the nearest above it that is there. */
static int
open_nearest(const char *path)
{
	AUTO_STR part = NULL;
	char *slash;
	int fd;

	if (asprintf(&part, "%s%s", *path == '/' ? "" : "./", path) == -1)
		err(EX_OSERR, NULL);
	while ((fd = file_dir(AT_FDCWD, part)) == -1 && errno == ENOENT &&
	       (slash = strrchr(part, '/')) != NULL)
		slash[slash == part] = '\0';
	return fd;
}

static noreturn void
refuse(const char *path)
{
	switch (errno) {
	case EEXIST:
		errx(EX_REFUSED, "%s: it is a spool already", path);
	case ENOTEMPTY:
		errx(EX_REFUSED, "%s: it holds something else", path);
	case EACCES:
	case EPERM:
		err(EX_NOPERM, "%s", path);
	case EIO:
	case EINVAL:
		err(EX_UNAVAILABLE, "%s: the disk failed the probe", path);
	default:
		err(EX_REFUSED, "%s", path);
	}
}

static void
tell_path(const char *path, char end)
{
	AUTO_STR whole = realpath(path, NULL);

	if (whole == NULL)
		err(EX_OSERR, "%s", path);
	(void)printf("%s%c", whole, end);
	if (fflush(stdout) == EOF)
		err(EX_IOERR, "standard output");
}
