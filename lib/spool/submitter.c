/* Who submits: account, host, folder and the variables that a task keeps. */
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "spool/submit.h"

static bool
is_kept(const char *var)
{
	static const char *const names[] = { "PATH=", "LANG=", "LC_", "TZ=" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strncmp(var, names[i], strlen(names[i])) == 0)
			return strchr(var, '=') != NULL;
	return false;
}

static char **
kept_variables(char *const *from)
{
	char *const *var;
	char **kept;
	size_t n = 0;

	for (var = from; *var != NULL; var++)
		n += is_kept(*var);
	if ((kept = calloc(n + 1, sizeof(*kept))) == NULL)
		return NULL;
	for (n = 0, var = from; *var != NULL; var++)
		if (is_kept(*var) && (kept[n++] = strdup(*var)) == NULL)
			return NULL;
	return kept;
}

char *
account_name(uid_t uid)
{
	struct passwd *pw = getpwuid(uid);
	char *name;

	if (pw != NULL)
		return strdup(pw->pw_name);
	if (asprintf(&name, "%u", (unsigned int)uid) == -1)
		return NULL;
	return name;
}

char *
host_name(void)
{
	char name[256] = "";

	(void)gethostname(name, sizeof(name) - 1);
	return strdup(*name == '\0' ? "localhost" : name);
}

static int
complete(struct submitter *who, char *cwd, char *const *env)
{
	who->by = account_name(who->uid);
	who->host = host_name();
	who->cwd = cwd;
	who->env = kept_variables(env);
	if (who->by != NULL && who->host != NULL && who->cwd != NULL &&
	    who->env != NULL)
		return 0;
	submitter_free(who);
	return -1;
}

int
submitter_read(struct submitter *who, int mask)
{
	*who = (struct submitter){ .uid = getuid(), .umask = mask };
	return complete(who, getcwd(NULL, 0), environ);
}

int
submitter_absent(struct submitter *who, uid_t uid)
{
	static char path[] = "PATH=/usr/local/bin:/usr/bin:/bin";
	static char lang[] = "LANG=C.UTF-8";
	char *const env[] = { path, lang, NULL };
	const struct passwd *pw = getpwuid(uid);

	*who = (struct submitter){ .uid = uid, .umask = 077 };
	return complete(who,
	    strdup(pw == NULL || *pw->pw_dir != '/' ? "/" : pw->pw_dir), env);
}

void
submitter_free(struct submitter *who)
{
	char **var;

	for (var = who->env; var != NULL && *var != NULL; var++)
		free(*var);
	free(who->env);
	free(who->by);
	free(who->host);
	free(who->cwd);
	*who = (struct submitter){ 0 };
}
