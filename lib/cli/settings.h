/* The settings in force, or the fault in them and the end: 78. */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include "spool/settings.h"

const struct settings *cli_settings(struct spool *s);

#endif
