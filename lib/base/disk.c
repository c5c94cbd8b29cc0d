#include "base/disk.h"

#include <linux/magic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>

#include "base/auto.h"

static const struct {
	uint32_t magic;
	enum disk kind;
	const char *name;
} table[] = {
	{ EXT4_SUPER_MAGIC, DISK_SOUND, "ext4" },
	{ XFS_SUPER_MAGIC, DISK_SOUND, "xfs" },
	{ BTRFS_SUPER_MAGIC, DISK_SOUND, "btrfs" },
	{ TMPFS_MAGIC, DISK_VOLATILE, "tmpfs" },
	{ RAMFS_MAGIC, DISK_VOLATILE, "ramfs" },
	{ OVERLAYFS_SUPER_MAGIC, DISK_VOLATILE, "overlayfs" },
	{ ECRYPTFS_SUPER_MAGIC, DISK_VOLATILE, "ecryptfs" },
	{ FUSE_SUPER_MAGIC, DISK_NETWORK, "fuse" },
	{ V9FS_MAGIC, DISK_NETWORK, "9p" },
	{ NFS_SUPER_MAGIC, DISK_NETWORK, "nfs" },
	{ SMB_SUPER_MAGIC, DISK_NETWORK, "smb" },
	{ SMB2_SUPER_MAGIC, DISK_NETWORK, "smb2" },
	{ CIFS_SUPER_MAGIC, DISK_NETWORK, "cifs" },
	{ AFS_SUPER_MAGIC, DISK_NETWORK, "afs" },
	{ AFS_FS_MAGIC, DISK_NETWORK, "afs" },
	{ CEPH_SUPER_MAGIC, DISK_NETWORK, "ceph" },
	{ CODA_SUPER_MAGIC, DISK_NETWORK, "coda" },
	{ NCP_SUPER_MAGIC, DISK_NETWORK, "ncp" },
	{ OCFS2_SUPER_MAGIC, DISK_NETWORK, "ocfs2" },
};

/* The kernel's name of the disk that a file lies on: "sda1". */
static int
device_name(dev_t dev, char *name, size_t size)
{
	char path[64], target[512];
	const char *last;
	ssize_t len;

	(void)snprintf(path, sizeof(path), "/sys/dev/block/%u:%u", major(dev),
	    minor(dev));
	if ((len = readlink(path, target, sizeof(target) - 1)) == -1)
		return -1;
	target[len] = '\0';
	last = strrchr(target, '/');
	return strlcpy(name, last == NULL ? target : last + 1, size) < size
		   ? 0
		   : -1;
}

/* jbd2 names a folder after each disk that it keeps a journal for. */
static int
is_journalled(int fd)
{
	AUTO_DIR journals = NULL;
	struct dirent *e;
	struct stat st;
	char name[128];
	size_t len;

	if (fstat(fd, &st) == -1 ||
	    device_name(st.st_dev, name, sizeof(name)) == -1 ||
	    (journals = opendir("/proc/fs/jbd2")) == NULL)
		return -1;
	len = strlen(name);
	while ((e = readdir(journals)) != NULL)
		if (strncmp(e->d_name, name, len) == 0 &&
		    (e->d_name[len] == '-' || e->d_name[len] == '\0'))
			return 1;
	return 0;
}

enum disk
disk_kind(int fd, const char **name)
{
	struct statfs st;
	size_t i;

	*name = "a file system that is not known";
	if (fstatfs(fd, &st) == -1)
		return DISK_UNPROVEN;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].magic != (uint32_t)st.f_type)
			continue;
		*name = table[i].name;
		if (table[i].magic == EXT4_SUPER_MAGIC &&
		    is_journalled(fd) == 0)
			return DISK_UNJOURNALLED;
		return table[i].kind;
	}
	return DISK_UNPROVEN;
}
