/* Orders to a running attempt, and the attempt's own word on its end. */
#ifndef SPOOL_ORDER_H
#define SPOOL_ORDER_H

#include "spool/slot.h"

#define ORDER_CANCEL "cancel"
#define ORDER_HOLD   "hold"
#define ORDER_FINISH "finish" /* said by the attempt itself */

struct order {
	int64_t at;
	char by[64], host[64], why[160];
	int exit;     /* of a finish; -1: not said */
	char *result; /* of a finish: JSON on one line, or NULL */
};

/* 1 given, 0 one of that kind was there before, -1. */
int order_put(struct spool *s, const char *worker, const char *id, int n,
    const char *kind, struct order *order);

/* 1 there is one, 0 none, -1.  Let go with order_free. */
int order_get(int slot_dir, const char *id, int n, const char *kind,
    struct order *order);
void order_free(struct order *order);

/* Is there one that ends the attempt: a cancel, a hold? */
bool order_to_end(int slot_dir, const char *id, int n);

#endif
