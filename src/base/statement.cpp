// SPI with less ceremony.
#include "base/statement.hpp"

#include "base/memory.hpp"

namespace vidyo_cdr {

uint64_t RunStatement(const char *statement, int expected,
                      std::initializer_list<Parameter> parameters) {
  return RunStatement(statement, expected, parameters.begin(), static_cast<int>(parameters.size()));
}

uint64_t RunStatement(const char *statement, int expected, const Parameter *parameters, int count) {
  auto *types = AllocateArray<Oid>(count);
  auto *values = AllocateArray<Datum>(count);
  auto *nulls = AllocateArray<char>(count);
  for (int i = 0; i < count; i++) {
    types[i] = parameters[i].type;
    values[i] = parameters[i].value;
    nulls[i] = parameters[i].is_null ? 'n' : ' ';
  }
  const MemoryContext caller_context = CurrentMemoryContext;
  const int result = SPI_execute_with_args(statement, count, types, values, nulls, false, 0);
  // SPI leaves its own behind, which would keep what the caller allocates until SPI_finish().
  MemoryContextSwitchTo(caller_context);
  if (result == SPI_OK_REWRITTEN) {
    ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                    errmsg("a rule replaces a statement of extension vidyo_cdr"),
                    errdetail("The statement is: %s", statement),
                    errhint("Drop the rule; use a trigger instead.")));
  }
  if (result != expected) {
    elog(ERROR, "could not run \"%s\": %s", statement, SPI_result_code_string(result));
  }
  return SPI_processed;
}

Datum ResultValue(int row, int column) {
  bool is_null;
  return SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, &is_null);
}

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
