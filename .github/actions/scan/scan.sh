#!/usr/bin/env bash
# Scans, and writes what a job shows: log, annotations, summary, outputs. The exit code is an output too: the job fails
# at its end, when everything has been stored. Inputs come in the environment, where no shell reads them as commands.
set -euo pipefail
. "$GITHUB_ACTION_PATH/piton.sh"

fail() {
  echo "::error title=piton::$1"
  exit 2
}

if [ -n "$PITON_ACTION_IMAGE" ] && [ -n "$PITON_ACTION_PATH" ]; then
  fail 'Give either image or path, not both.'
fi
target="${PITON_ACTION_IMAGE:-$PITON_ACTION_PATH}"
if [ -z "$target" ]; then
  fail 'Give an image or a path to scan.'
fi

reports="$(mktemp -d "${RUNNER_TEMP:-/tmp}/piton-XXXXXX")"
flags=(--fail-on "$PITON_ACTION_FAIL_ON")
for name in severity dockerfile config baseline; do
  upper="PITON_ACTION_${name^^}"
  if [ -n "${!upper}" ]; then
    flags+=("--$name" "${!upper}")
  fi
done
while IFS= read -r line; do
  if [ -n "$line" ]; then
    flags+=("$line")
  fi
done <<<"$PITON_ACTION_ARGS"

cd "$PITON_ACTION_FOLDER"
code=0
piton scan "${flags[@]}" \
  -o table \
  -o "sarif=$reports/piton.sarif" \
  -o "json=$reports/piton.json" \
  -o "github=$reports/annotations.txt" \
  -o "markdown=$reports/summary.md" \
  -- "$target" || code=$?

findings=''
if [ -f "$reports/piton.json" ]; then
  cat "$reports/annotations.txt"
  cat "$reports/summary.md" >>"$GITHUB_STEP_SUMMARY"
  findings="$(node -p 'JSON.parse(fs.readFileSync(process.argv[1])).findings.filter(one => one.suppressed === null).length' "$reports/piton.json")"
else
  echo '::error title=piton::The scan failed: its log says why.'
  printf '## piton\n\nThe scan failed: the log of the job says why.\n' >>"$GITHUB_STEP_SUMMARY"
fi

{
  echo "exit-code=$code"
  echo "findings=$findings"
  if [ -f "$reports/piton.sarif" ]; then
    echo "sarif=$reports/piton.sarif"
    echo "json=$reports/piton.json"
    echo "reports=$reports"
  fi
} >>"$GITHUB_OUTPUT"
