/* The exit codes that every program shares: sysexits.h and a few more. */
#ifndef BASE_SYSEXITS_H
#define BASE_SYSEXITS_H

#include <sysexits.h>

#define EXIT_NO		    1	/* the answer is no */
#define EXIT_FINDINGS	    4	/* something is left that is wrong */
#define EX_REFUSED	    EX_CANTCREAT
#define EX_UNKNOWN	    EX_IOERR /* it may or may not have happened */
#define EXIT_TIMED_OUT	    124
#define EXIT_NEVER_RUN	    125
#define EXIT_NOT_EXECUTABLE 126
#define EXIT_NOT_FOUND	    127

#endif
