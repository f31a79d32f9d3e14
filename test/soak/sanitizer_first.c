/* Lets AddressSanitizer begin before any other library does. Otherwise it begins at the first malloc,
 * which p11-kit's constructor does inside newlocale; there the C library holds a lock that the
 * sanitizer's beginning needs, too, and the program waits for ever. To be linked with -z initfirst. */
#include <stdlib.h>

__attribute__((constructor)) static void begin(void) {
  void *volatile memory = malloc(1);
  free(memory);
}
