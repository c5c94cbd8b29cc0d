/* File systems: on which of them what was flushed outlasts a power cut. */
#ifndef BASE_DISK_H
#define BASE_DISK_H

enum disk {
	DISK_SOUND,	   /* a journalled ext4, xfs, btrfs */
	DISK_UNJOURNALLED, /* ext2 to 4 without a journal */
	DISK_UNPROVEN,	   /* no word on it either way */
	DISK_VOLATILE,	   /* kept in memory, or another one's upper layer */
	DISK_NETWORK,	   /* locks and renames are not this kernel's alone */
};

/* What an open file lies on, and its name for people. */
enum disk disk_kind(int fd, const char **name);

#endif
