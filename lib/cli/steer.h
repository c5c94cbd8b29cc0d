/* Programs that give an order to tasks: one loop for all of them. */
#ifndef CLI_STEER_H
#define CLI_STEER_H

#include "cli/await.h"
#include "cli/select.h"
#include "spool/steer.h"

struct orders {
	enum steered (*give)(
	    struct spool *s, const char *id, struct steering *how);
	struct steering how;
	bool no_wait, quiet;
	struct await await;
	bool watching;
};

/* For select_each: arg is the struct orders; an exit status. */
int order_task(struct spool *s, const char *id, void *arg);

#endif
