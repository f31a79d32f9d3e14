// Days of the session's time zone, each by its Julian day number.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

// The day of a finite moment.
int DayOf(TimestampTz moment);

// What PostgreSQL reads for a day without a time: midnight. Where the clock skips midnight, it is
// the moment of that change; where midnight comes twice, the second one. -infinity for a day that
// begins before all moments.
TimestampTz BeginningOf(int day);

// The day in ISO form, whatever DateStyle says. The text is palloc'ed.
char *DayText(int day);

}  // namespace vidyo_cdr
