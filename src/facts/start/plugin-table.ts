/**
 * What a program, or a library in its process, brings in besides what the loader does: plugins that it opens, files that
 * it reads as code, programs that it starts. All of it is there to be used; which of it one run uses only that run tells.
 *
 * Patterns are regular expressions on paths without a leading slash. In them `{1}` and `{2}` are what the host's
 * groups matched, `{folder}` the host's folder, and `{prefix}` the folder above that.
 */
export interface Host {
  /** On the file name of a program or library. */
  readonly host: string
  /** ELF libraries that it opens. */
  readonly opens?: string
  /** Files of packages that it reads as code. */
  readonly reads?: string
  /** ELF programs that it starts. */
  readonly starts?: string
}

const so = '[^/]*\\.so(?:\\.[\\d.]+)?$'

export const hosts: readonly Host[] = [
  // Servers.
  {
    host: '^(?:nginx|openresty|angie|freenginx)$',
    opens: `(?:^|/)(?:nginx|angie)/modules/${so}|(?:^|/)openresty/.*\\.so$`,
  },
  {
    host: '^(?:httpd|apache2)$',
    opens: `(?:^|/)(?:apache2|httpd)/(?:.*/)?(?:mod_|lib)${so}|(?:^|/)apache2/modules/${so}`,
  },
  {host: '^lighttpd$', opens: `(?:^|/)lighttpd/${so}`},
  {host: '^uwsgi$', opens: `(?:^|/)uwsgi/${so}|_plugin\\.so$`},
  {host: '^varnishd$', opens: `(?:^|/)varnish/(?:.*/)?${so}`},
  {host: '^(?:postgres|postmaster)$', opens: `(?:^|/)postgresql[\\d.]*/(?:.*/)?${so}`},
  {host: '^(?:mysqld|mariadbd)$', opens: `(?:^|/)(?:mysql|mariadb)/plugin/${so}`},
  {host: '^(?:redis-server|valkey-server)$', opens: `(?:^|/)(?:redis|valkey)/(?:modules/)?${so}`},
  {host: '^named$', opens: `(?:^|/)(?:bind|named)/${so}`},
  {host: '^slapd$', opens: `(?:^|/)openldap/${so}`},
  {host: '^radiusd$', opens: `(?:^|/)freeradius/${so}`},
  {host: '^dovecot$', opens: `(?:^|/)dovecot/(?:.*/)?${so}`, starts: '(?:^|/)libexec/dovecot/[^/]+$'},
  {host: '^(?:master|postfix)$', opens: `(?:^|/)postfix/${so}`, starts: '(?:^|/)libexec/postfix/[^/]+$'},
  {host: '^sshd$', starts: '(?:^|/)(?:sshd-session|sshd-auth|sftp-server)$'},
  {host: '^(?:charon|starter)$', opens: `(?:^|/)ipsec/plugins/${so}`, starts: '(?:^|/)ipsec/(?:charon|stroke)$'},
  {host: '^rsyslogd$', opens: `(?:^|/)rsyslog/${so}`},
  {host: '^syslog-ng$', opens: `(?:^|/)syslog-ng/(?:.*/)?${so}`},
  {host: '^collectd$', opens: `(?:^|/)collectd/${so}`},
  {host: '^asterisk$', opens: `(?:^|/)asterisk/modules/${so}`},
  {host: '^freeswitch$', opens: `(?:^|/)freeswitch/mod/${so}`},
  {host: '^squid$', starts: '(?:^|/)squid/[^/]+$'},
  {host: '^git$', starts: '(?:^|/)libexec/git-core/[^/]+$'},
  {host: '^(?:gcc|g\\+\\+|cc|c\\+\\+)$', starts: '(?:^|/)libexec/gcc/.*/[^/]+$'},
  // Languages.
  {
    host: '^(?:lib)?python([23])\\.(\\d+)',
    opens: '(?:^|/)python{1}\\.{2}/.*\\.so$|\\.cpython-{1}{2}-[^/]*\\.so$|\\.abi3\\.so$',
    reads: '(?:^|/)python{1}\\.{2}/',
  },
  {
    host: '^python3?$',
    opens: '(?:^|/)python[\\d.]+/.*\\.so$|\\.(?:cpython-\\d+[^/]*|abi3)\\.so$',
    reads: '(?:^|/)python[\\d.]+/',
  },
  {host: '^pypy', opens: '(?:^|/)pypy[^/]*/.*\\.so$|\\.pypy[^/]*\\.so$', reads: '(?:^|/)pypy[^/]*/'},
  {host: '^(?:node|nodejs|bun|deno|electron)$|^libnode\\.so', opens: '\\.node$', reads: '(?:^|/)node_modules/'},
  {
    host: '^ruby[\\d.]*$|^libruby',
    opens: '(?:^|/)(?:ruby|gems|bundle|extensions)/.*\\.so$',
    reads: '(?:^|/)(?:ruby|gems)/',
  },
  {host: '^perl[\\d.]*$|^libperl\\.so', opens: '(?:^|/)perl5?/.*\\.so$', reads: '(?:^|/)perl5?/'},
  {
    host: '^(?:lib)?php(?:-fpm|-cgi|-embed)?(\\d+)(?:-fpm)?(?:\\.so)?$|^php-(?:fpm|cgi)(\\d*)$|^mod_php',
    opens: '(?:^|/)php{1}/modules/[^/]+\\.so$',
    reads: '(?:^|/)php{1}/',
  },
  {
    host: '^php(?:-fpm|-cgi)?$|^libphp\\d*\\.so',
    opens: '(?:^|/)php[\\d.]*/(?:modules|extensions/[^/]+)/[^/]+\\.so$',
    reads: '(?:^|/)php[\\d.]*/',
  },
  {host: '^lua(?:jit)?[\\d.-]*$|^liblua', opens: '(?:^|/)lib/lua/.*\\.so$', reads: '(?:^|/)share/lua[^/]*/'},
  {host: '^(?:tclsh|wish|expect)[\\d.]*$|^libtcl', opens: '(?:^|/)tcl[^/]*/.*\\.so$|(?:^|/)expect[^/]*/.*\\.so$'},
  {
    host: '^java$|^libjvm\\.so',
    opens: `^{prefix}/(?:lib|jre/lib)/.*\\.so$|(?:^|/)(?:jvm|jdk|jre|openjdk)[^/]*/.*\\.so$`,
    reads: '\\.jar$',
  },
  {
    host: '^dotnet$',
    opens: '^{folder}/(?:host|shared)/.*\\.so$|(?:^|/)runtimes/[^/]+/native/.*\\.so$',
    reads: '\\.dll$',
  },
  {host: '^R$|^libR\\.so', opens: '(?:^|/)R/.*\\.so$', reads: '(?:^|/)R/'},
  {host: '^erlexec$', starts: '^{folder}/[^/]+$'},
  {host: '^beam(?:\\.smp)?$', opens: '(?:^|/)priv/(?:.*/)?[^/]+\\.so$', reads: '\\.beam$'},
  // A program that brings its own .NET lies beside it.
  {
    host: '^(?!.*\\.so(?:\\.|$))',
    opens:
      '^{folder}/(?:libhostfxr|libhostpolicy|libcoreclr|libclrjit|libSystem\\.[^/]*|libmscordaccore|libclrgc)\\.so$',
  },
  // Libraries.
  {host: '^libcrypto\\.so', opens: `(?:^|/)(?:ossl-modules|engines-[\\d.]+)/${so}`},
  {host: '^libpam\\.so', opens: `(?:^|/)security/pam_${so}`},
  {host: '^libsasl2\\.so', opens: `(?:^|/)sasl2/${so}`},
  {host: '^libkrb5\\.so', opens: `(?:^|/)krb5/plugins/(?:.*/)?${so}`},
  {host: '^libp11-kit\\.so', opens: `(?:^|/)pkcs11/${so}`},
  {host: '^libnss3\\.so', opens: '^{folder}/lib(?:softokn3|freebl3?|freeblpriv3|nssckbi|nssdbm3|nssutil3)\\.so$'},
  {host: '^libgio-2\\.0\\.so', opens: `(?:^|/)gio/modules/${so}`},
  {host: '^libgdk_pixbuf', opens: `(?:^|/)gdk-pixbuf-2\\.0/.*/loaders/${so}`},
  {host: '^libgstreamer-', opens: `(?:^|/)gstreamer-[\\d.]+/${so}`},
  {host: '^libMagickCore', opens: `(?:^|/)ImageMagick-[^/]*/(?:.*/)?${so}`},
  {host: '^libvips\\.so', opens: `(?:^|/)vips-modules-[\\d.]+/${so}`},
  {host: '^libheif\\.so', opens: `(?:^|/)libheif/(?:plugins/)?${so}`},
  {host: '^libQt(\\d)Core', opens: `(?:^|/)qt{1}?/plugins/(?:.*/)?${so}`},
  {host: '^libasound\\.so', opens: `(?:^|/)alsa-lib/${so}`},
  {host: '^lib(?:GL|EGL|GLX|gbm)[\\w.-]*\\.so', opens: `(?:^|/)(?:dri|gbm)/${so}|(?:^|/)libgallium[^/]*\\.so$`},
  {host: '^libhostfxr\\.so', opens: '^{folder}/.*\\.so$'},
]

const interpreters =
  /^(?:python|pypy|node|nodejs|bun|deno|ruby|perl|php|lua|luajit|java|dotnet|Rscript|tclsh|wish|expect|awk|gawk|sed|beam)(?:$|[\d.-])/

/** Does the program run code that it is given as a file? */
export function isInterpreter(name: string): boolean {
  return interpreters.test(name)
}
