// PostgreSQL settings that hold for a few statements of the extension's own, as a function's SET
// clause would make them. An error undoes them as well.
#pragma once

#include <initializer_list>

namespace vidyo_cdr {

struct Setting {
  const char *name;
  const char *value;
};

// Makes the settings and returns the level to hand to LeaveLocalSettings().
int EnterLocalSettings(std::initializer_list<Setting> settings);

// Takes back all that was set since that level was entered.
void LeaveLocalSettings(int level);

}  // namespace vidyo_cdr
