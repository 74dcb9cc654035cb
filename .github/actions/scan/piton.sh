# Sourced by the steps: `piton` is the program beside this action, of the same commit. Where nobody built it yet, it is
# built from the lock file that comes with it: nothing is taken from a registry by the name of piton.

piton_root="$GITHUB_ACTION_PATH/../../.."

piton() {
  if [ ! -d "$piton_root/dist" ]; then
    npm ci --prefix "$piton_root" --no-audit --no-fund >&2 || return 2
  fi
  node "$piton_root/bin/run.js" "$@"
}
