// Settings for a few statements, through PostgreSQL's own nesting of settings.
#include "base/local_settings.hpp"

#include "base/postgres.hpp"

namespace vidyo_cdr {

int EnterLocalSettings(std::initializer_list<Setting> settings) {
  const int level = NewGUCNestLevel();
  for (const Setting &setting : settings) {
    set_config_option(setting.name, setting.value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
                      true, 0, false);
  }
  return level;
}

void LeaveLocalSettings(int level) { AtEOXact_GUC(true, level); }

}  // namespace vidyo_cdr
