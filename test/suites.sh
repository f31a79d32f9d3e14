# What the scripts that run tests share: counting what passed and what failed, over suites of
# pg_regress, ctest and prove, and over other such scripts. To be sourced in the project's folder.

passed=0
failed=0
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

# Counts the tests in a suite's log: the lines that pg_regress, ctest, GoogleTest and prove print for
# each. prove tells in several ways of a file that fails, so those are counted in its summary.
count() {
  grep -cE "$1" "$2" || true
}
passed_line='^(ok [0-9]|\[       OK \] |test .* \.\.\. +ok )|^ *[0-9]+/[0-9]+ Test .* Passed|\.pl \.+ ok$'
failed_line='^(not ok [0-9]|\[  FAILED  \] .*\([0-9]+ ms\)$|test .* \.\.\. +FAILED)|^ *[0-9]+/[0-9]+ Test .*\*\*\*|\.pl +\(Wstat: '

# Waits for a process, and says every 15 seconds how far it has come: PROCESS TITLE LOG. Returns its exit
# code.
wait_for() {
  local seconds=0
  while kill -0 "$1" 2>/dev/null; do
    sleep 0.5
    ((++seconds % 30)) ||
      printf '  %s: %d s, %d passed so far\n' "$2" "$((seconds / 2))" "$(count "$passed_line" "$3")"
  done
  wait "$1"
}

# Prints the end of what each whole-server test that failed has noted: why it died stands only there.
# One that bails out ends prove before its summary.
show_test_logs() {
  local test test_log
  {
    sed -n 's|^\(.*/\)\?\(.*\)\.pl *(Wstat: .*|\2|p' "$1"
    grep -ls '^Bail out!' tmp_check/log/regress_log_* | sed 's|.*/regress_log_||' || true
  } | sort -u | while read -r test; do
    test_log=tmp_check/log/regress_log_$test
    [[ ! $test_log -nt $logs ]] || printf '\nThe end of %s:\n%s\n' "$test_log" "$(tail -n 60 "$test_log")"
  done
}

# Runs one suite: a title, then the command. Its output is shown only when something failed.
suite() {
  local title=$1 log="$logs/$1" begin=$SECONDS suite_passed suite_failed status=0
  shift
  "$@" >"$log" 2>&1 </dev/null &
  wait_for "$!" "$title" "$log" || status=$?
  suite_passed=$(count "$passed_line" "$log")
  suite_failed=$(count "$failed_line" "$log")
  # A suite that fails before its first test, or runs none, has failed as well.
  if ((suite_failed == 0 && (status != 0 || suite_passed == 0))); then
    suite_failed=1
  fi
  printf '%-52s %4d passed, %d failed in %d s\n' \
    "$title" "$suite_passed" "$suite_failed" "$((SECONDS - begin))"
  if ((suite_failed > 0)); then
    tail -n 200 "$log"
    show_test_logs "$log"
    find . -name regression.diffs -newer "$logs" -exec cat {} +
  fi
  passed=$((passed + suite_passed))
  failed=$((failed + suite_failed))
}

# Builds a private PostgreSQL with the extension in it; stops everything when that fails.
build() {
  local title=$1 log="$logs/$1"
  shift
  "$@" >"$log" 2>&1 </dev/null &
  wait_for "$!" "$title" "$log" || {
    echo "$title failed:"
    tail -n 50 "$log"
    exit 1
  }
}

# Prints the path of a root that tools/debian-root makes, in up to three tries: a mirror may change
# while packages are fetched from it.
debian_root() {
  local pause output
  for pause in 30 30 ""; do
    if output=$(tools/debian-root "$@"); then
      echo "${output##*$'\n'}"
      return
    fi
    [[ -z $pause ]] || sleep "$pause"
  done
  return 1
}

# Prints the path of a root with PostgreSQL, of this version, and no compiler, and otherwise with the
# suites that the machine's packages come from, the base first.
machine_root() {
  local suites
  # shellcheck disable=SC2016 # apt expands $(RELEASE)
  suites=$(apt-get indextargets --format '$(RELEASE)' 'Identifier: Packages' 'Origin: Debian' |
    sort -u | paste -sd ,)
  debian_root "package-$1" "$suites" "postgresql-$1"
}

# Runs another script that prints a total, "N passed, N failed", and adds it up. Others may write below
# that, such as tools/sandbox about the files that it hands over.
part() {
  local log="$logs/part" status=0
  "$@" 2>&1 | tee "$log" || status=$?
  if [[ $(grep -E '[0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1) =~ ([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    passed=$((passed + BASH_REMATCH[1]))
    failed=$((failed + BASH_REMATCH[2]))
    ((status == 0 || BASH_REMATCH[2] > 0)) || failed=$((failed + 1))
  else
    failed=$((failed + 1))
  fi
}

# Prints the line at the end, behind a title if there is one; the exit code is whether all passed.
total() {
  printf '%s%d passed, %d failed\n' "${1:+$1: }" "$passed" "$failed"
  ((failed == 0))
}
