/* Task ids: 16 characters that sort by the place in the queue. */
#ifndef TASK_ID_H
#define TASK_ID_H

#include <stdbool.h>
#include <stdint.h>

#define ID_LEN	   16
#define ID_SIZE	   (ID_LEN + 1)
#define ID_PLACE   11 /* of them say the place, the others are random */
#define ID_BUCKET  7  /* of them name the bucket, about a second */
#define ID_SPACING 1024 /* microseconds between two places of one submitter */

/* at: microseconds since 1970, from 2020 on; dice: any random bits. */
void id_make(int64_t at, uint32_t dice, char id[ID_SIZE]);
bool id_ok(const char *id);

/* The moment that the place stands for. */
int64_t id_time(const char *id);

/* A moment as the 11 characters of a place, which sort by time. */
void id_place(int64_t at, char place[ID_PLACE + 1]);
int64_t id_place_time(const char *place);

void id_bucket(const char *id, char bucket[ID_BUCKET + 1]);

/* Names of queues, labels, workers and projects: [a-z0-9][a-z0-9_-]{0,63}. */
#define NAME_SIZE 65
bool name_ok(const char *name);

#endif
