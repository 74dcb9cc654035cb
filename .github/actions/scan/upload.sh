#!/usr/bin/env bash
# Sends the SARIF to code scanning. A pull request from a fork has a token that may only read: there is nothing to send
# with, and the branch will be scanned when it is merged.
set -euo pipefail
. "$GITHUB_ACTION_PATH/piton.sh"

from_fork="$(node -p '
  const event = process.env.GITHUB_EVENT_PATH ? JSON.parse(fs.readFileSync(process.env.GITHUB_EVENT_PATH)) : {}
  const head = event.pull_request?.head?.repo?.full_name
  head !== undefined && head !== process.env.GITHUB_REPOSITORY
')"
if [ "$from_fork" = true ]; then
  echo '::notice title=piton::A pull request from a fork may not write to code scanning: nothing was sent. The result is in the summary and the artifact.'
  exit 0
fi

piton upload "$PITON_ACTION_SARIF"
