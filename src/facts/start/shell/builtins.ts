/** Commands of sh and bash that start no program, and change nothing that decides which program starts. */
export const idleBuiltins: ReadonlySet<string> = new Set(
  (
    ': [ alias bg bind break caller compgen complete continue dirs disown echo enable false fc fg getopts hash help ' +
    'history jobs kill let logout popd printf pushd pwd shopt suspend test times trap true type ulimit umask unalias ' +
    'unset wait'
  ).split(' '),
)

/** `local -a name=value`: their arguments are assignments. */
export const declarations: ReadonlySet<string> = new Set(['declare', 'export', 'local', 'readonly', 'typeset'])
