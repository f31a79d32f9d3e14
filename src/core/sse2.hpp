// Tells whether SSE2 is there, which every x86-64 processor has. A build with VIDYO_CDR_PORTABLE
// goes without, so that the other path is tested too.
#pragma once

#if defined(__SSE2__) && !defined(VIDYO_CDR_PORTABLE)
#define VIDYO_CDR_SSE2 1
#include <emmintrin.h>
#endif
