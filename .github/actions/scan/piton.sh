# Sourced by the steps: `piton` is the program that was built beside this action, else the published package.

piton_program="$GITHUB_ACTION_PATH/../../../bin/run.js"

piton() {
  if [ -f "$piton_program" ] && [ -d "$GITHUB_ACTION_PATH/../../../dist" ]; then
    node "$piton_program" "$@"
  else
    npx --yes "piton@${PITON_ACTION_VERSION:-latest}" "$@"
  fi
}
