// Times in messages, written so that they can be pasted back.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

// The time in ISO form, with all its digits and the offset of the session's zone, whatever
// DateStyle says; infinite times as PostgreSQL reads them. The text is palloc'ed.
char *TimestampText(TimestampTz time);

}  // namespace vidyo_cdr
