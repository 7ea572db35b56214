/* Stands for docker.exe in tests/windows/run.sh: notes what it is asked, and answers bytes that a text
   mode would spoil. FAIL makes the call fail whose arguments hold it. */
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int count, char **arguments) {
  char asked[4000] = "";
  for (int i = 1; i < count; i++) strcat(strcat(asked, arguments[i]), i + 1 < count ? " " : "");
  FILE *log = fopen("calls.log", "ab");
  fprintf(log, "%s\n", asked);
  _setmode(_fileno(stdout), _O_BINARY);
  _setmode(_fileno(stdin), _O_BINARY);
  if (strstr(asked, "ambiente")) printf("# com \xc3\xa7\nPANEL_PASSWORD=abc\n");
  if (strstr(asked, "date +")) printf("2026-11-28-100000\n");
  if (strstr(asked, "copia.sh")) fwrite("PG\0\n\r\n\x1a\xff", 1, 8, stdout);
  if (strstr(asked, "restaura.sh"))
    for (int c; (c = getchar()) != EOF;) fprintf(log, "%02x ", c);
  if (strstr(asked, "restaura.sh")) fprintf(log, "\n");
  const char *fail = getenv("FAIL");
  return fail && strstr(asked, fail) ? 3 : 0;
}
