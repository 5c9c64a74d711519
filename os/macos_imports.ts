/** The functions of libSystem that programs for macOS may name, and how they are spelled there. */

/** What C, POSIX and the Mach kernel's wrappers offer; all are in libSystem of macOS 12 and later. */
const names = `
  __error _NSGetExecutablePath _NSGetEnviron _exit
  read write open close lseek ftruncate fsync fstat stat lstat isatty getcwd chdir mkdir rmdir unlink rename readlink symlink chmod fdopendir opendir readdir closedir
  mmap munmap mprotect getpid getppid fork execve waitpid wait4 kill pipe dup dup2 fcntl ioctl clock_gettime nanosleep getentropy arc4random_buf sigaltstack sigaction
  sigprocmask posix_spawn poll select kqueue kevent socket connect bind listen accept send recv sendto recvfrom setsockopt getsockopt shutdown getaddrinfo freeaddrinfo
  getsockname getpeername gettimeofday mach_absolute_time mach_timebase_info sysconf sysctl sysctlbyname getenv setenv unsetenv
  pthread_create pthread_join pthread_detach pthread_self pthread_mutex_init pthread_mutex_lock pthread_mutex_unlock pthread_mutex_trylock pthread_mutex_destroy
  pthread_cond_init pthread_cond_wait pthread_cond_signal pthread_cond_broadcast pthread_cond_destroy pthread_cond_timedwait pthread_key_create pthread_getspecific
  pthread_setspecific pthread_jit_write_protect_np sys_icache_invalidate dlopen dlsym dlclose dlerror
  printf fprintf sprintf snprintf vprintf vfprintf vsnprintf scanf sscanf puts putchar getchar fopen fclose fread fwrite fgets fputs fflush fseek ftell getline perror
  malloc calloc realloc free memcpy memmove memset memcmp memchr strlen strcmp strncmp strcpy strncpy strcat strncat strchr strrchr strstr strdup strtok strerror
  atoi atol atof strtol strtoul strtoll strtoull strtod qsort bsearch abs labs rand srand random srandom exit abort atexit system time clock difftime localtime gmtime mktime strftime
  toupper tolower isalpha isdigit isspace isupper islower isalnum ispunct isprint
  sin cos tan asin acos atan atan2 sinh cosh tanh exp exp2 log log2 log10 pow sqrt cbrt fabs floor ceil round trunc fmod hypot sinf cosf tanf expf logf powf sqrtf fabsf floorf ceilf
  a64l access acct acosf acosh acoshf acoshl acosl adjtime aio_cancel aio_error aio_fsync aio_read aio_return aio_suspend aio_write alarm aligned_alloc alphasort
  arc4random arc4random_uniform asctime asctime_r asinf asinh asinhf asinhl asinl asprintf atan2f atan2l atanf atanh atanhf atanhl atanl atoll backtrace
  backtrace_symbols backtrace_symbols_fd basename bcmp bcopy bindresvport brk bsd_signal btowc bzero cabs cabsf cabsl cacos cacosf cacosh cacoshf cacoshl cacosl carg
  cargf cargl casin casinf casinh casinhf casinhl casinl catan catanf catanh catanhf catanhl catanl catclose catgets catopen cbrtf cbrtl ccos ccosf ccosh ccoshf
  ccoshl ccosl ceill cexp cexpf cexpl cfgetispeed cfgetospeed cfmakeraw cfsetispeed cfsetospeed cfsetspeed chflags chown chroot cimag cimagf cimagl clearerr
  clearerr_unlocked clock_getres clock_gettime_nsec_np clock_settime clog clogf clogl closelog confstr conj conjf conjl copyfile copysign copysignf copysignl coshf
  coshl cosl cpow cpowf cpowl cproj cprojf cprojl creal crealf creall creat csin csinf csinh csinhf csinhl csinl csqrt csqrtf csqrtl ctan ctanf ctanh ctanhf ctanhl
  ctanl ctermid ctime ctime_r daemon dirfd dirname dispatch_async_f dispatch_get_global_queue dispatch_main dispatch_queue_create dispatch_release
  dispatch_semaphore_create dispatch_semaphore_signal dispatch_semaphore_wait dispatch_sync_f dispatch_time div dladdr dprintf drand48 duplocale ecvt
  endfsent endgrent endhostent endnetent endnetgrent endprotoent endpwent endrpcent endservent endttyent endusershell endutxent erand48 erf erfc erfcf erfcl erff
  erfl err errx ether_aton ether_hostton ether_line ether_ntoa ether_ntohost execl execle execlp execv execvp exp2f exp2l expl expm1 expm1f expm1l fabsl faccessat
  fchdir fchflags fchmod fchmodat fchown fchownat fcvt fdatasync fdim fdimf fdiml fdopen feclearexcept fegetenv fegetexceptflag fegetround feholdexcept feof
  feof_unlocked feraiseexcept ferror ferror_unlocked fesetenv fesetexceptflag fesetround fetestexcept feupdateenv ffs ffsl ffsll fgetc fgetln fgetpos fgetwc fgetwln
  fgetws fgetxattr fileno fileno_unlocked flistxattr flock flockfile floorl fma fmaf fmal fmax fmaxf fmaxl fmemopen fmin fminf fminl fmodf fmodl fmtmsg fnmatch
  forkpty fpathconf fpurge fputc fputwc fputws freeifaddrs freelocale fremovexattr freopen frexp frexpf frexpl fscanf fseeko fsetpos fsetxattr fstatat fstatfs
  fstatvfs ftello ftime ftok ftrylockfile fts_children fts_close fts_open fts_read fts_set ftw funlockfile funopen futimens futimes fwide fwprintf fwscanf
  gai_strerror gcvt getbsize getc getc_unlocked getchar_unlocked getdate getdelim getdirentries getdomainname getdtablesize getegid geteuid getfsent getfsfile
  getfsspec getgid getgrent getgrgid getgrgid_r getgrnam getgrnam_r getgrouplist getgroups gethostbyaddr gethostbyname gethostbyname2 gethostent gethostid
  gethostname getifaddrs getiopolicy_np getipv4sourcefilter getitimer getloadavg getlogin getlogin_r getmode getnameinfo getnetbyaddr getnetbyname getnetent
  getnetgrent getopt getopt_long getopt_long_only getpagesize getpass getpgid getpgrp getpriority getprogname getprotobyname getprotobynumber getprotoent getpwent
  getpwnam getpwnam_r getpwuid getpwuid_r getrlimit getrpcbyname getrpcbynumber getrpcent getrusage gets getservbyname getservbyport getservent getsid
  getsourcefilter getsubopt getttyent getttynam getuid getusershell getutxent getutxid getutxline getw getwc getwchar getwd getxattr glob globfree gmtime_r grantpt
  hcreate hdestroy heapsort herror hsearch hstrerror htonl htons hypotf hypotl if_freenameindex if_indextoname if_nameindex if_nametoindex ilogb ilogbf ilogbl
  imaxabs imaxdiv index inet6_opt_append inet6_opt_find inet6_opt_finish inet6_opt_get_val inet6_opt_init inet6_opt_next inet6_opt_set_val inet6_option_alloc
  inet6_option_append inet6_option_find inet6_option_init inet6_option_next inet6_option_space inet6_rth_add inet6_rth_getaddr inet6_rth_init inet6_rth_reverse
  inet6_rth_segments inet6_rth_space inet_addr inet_aton inet_lnaof inet_makeaddr inet_net_ntop inet_net_pton inet_neta inet_netof inet_network inet_nsap_addr
  inet_nsap_ntoa inet_ntoa inet_ntop inet_pton initgroups initstate innetgr insque iruserok isalnum_l isalpha_l isascii isblank isblank_l iscntrl iscntrl_l isdigit_l
  isgraph isgraph_l isinf islower_l isnan isprint_l ispunct_l issetugid isspace_l isupper_l iswalnum iswalnum_l iswalpha iswalpha_l iswblank iswblank_l iswcntrl
  iswcntrl_l iswctype iswctype_l iswdigit iswdigit_l iswgraph iswgraph_l iswlower iswlower_l iswprint iswprint_l iswpunct iswpunct_l iswspace iswspace_l iswupper
  iswupper_l iswxdigit iswxdigit_l isxdigit isxdigit_l j0 j1 jn jrand48 killpg l64a lchmod lchown lcong48 ldexp ldexpf ldexpl ldiv lfind lgamma lgamma_r lgammaf
  lgammaf_r lgammal lgammal_r link linkat lio_listio listxattr llabs lldiv llrint llrintf llrintl llround llroundf llroundl localeconv localtime_r lockf log10f
  log10l log1p log1pf log1pl log2f log2l logb logbf logbl login_tty logl logwtmp lrand48 lrint lrintf lrintl lround lroundf lroundl lsearch lutimes
  mach_continuous_time mach_error_string mach_wait_until madvise malloc_good_size malloc_size mblen mbrlen mbrtowc mbsinit mbsnrtowcs mbsrtowcs mbstowcs mbtowc
  memccpy memmem memset_s mergesort mincore mkdirat mkdtemp mkfifo mknod mkostemp mkostemps mkstemp mkstemps mktemp mlock mlockall modf modff modfl moncontrol
  monstartup mount mrand48 msgctl msgget msgrcv msgsnd msync munlock munlockall nan nanf nanl nearbyint nearbyintf nearbyintl newlocale nextafter nextafterf
  nextafterl nexttoward nexttowardf nexttowardl nftw nice nl_langinfo nl_langinfo_l nrand48 ntohl ntohs ntp_adjtime ntp_gettime open_memstream open_wmemstream openat
  openlog openpty os_unfair_lock_lock os_unfair_lock_trylock os_unfair_lock_unlock pathconf pause pclose popen posix_madvise posix_memalign posix_openpt
  posix_spawn_file_actions_addchdir_np posix_spawn_file_actions_addclose posix_spawn_file_actions_adddup2 posix_spawn_file_actions_addfchdir_np
  posix_spawn_file_actions_addopen posix_spawn_file_actions_destroy posix_spawn_file_actions_init posix_spawnattr_destroy posix_spawnattr_getflags
  posix_spawnattr_getpgroup posix_spawnattr_getsigdefault posix_spawnattr_getsigmask posix_spawnattr_init posix_spawnattr_setflags posix_spawnattr_setpgroup
  posix_spawnattr_setsigdefault posix_spawnattr_setsigmask posix_spawnp powl pread preadv proc_pidpath pselect psignal pthread_atfork pthread_attr_destroy
  pthread_attr_getdetachstate pthread_attr_getguardsize pthread_attr_getinheritsched pthread_attr_getschedparam pthread_attr_getschedpolicy pthread_attr_getscope
  pthread_attr_getstack pthread_attr_getstackaddr pthread_attr_getstacksize pthread_attr_init pthread_attr_setdetachstate pthread_attr_setguardsize
  pthread_attr_setinheritsched pthread_attr_setschedparam pthread_attr_setschedpolicy pthread_attr_setscope pthread_attr_setstack pthread_attr_setstackaddr
  pthread_attr_setstacksize pthread_cancel pthread_condattr_destroy pthread_condattr_getpshared pthread_condattr_init pthread_condattr_setpshared pthread_equal
  pthread_exit pthread_get_stackaddr_np pthread_get_stacksize_np pthread_getconcurrency pthread_getname_np pthread_getschedparam pthread_key_delete pthread_kill
  pthread_main_np pthread_mutex_getprioceiling pthread_mutex_setprioceiling pthread_mutexattr_destroy pthread_mutexattr_getprioceiling pthread_mutexattr_getprotocol
  pthread_mutexattr_getpshared pthread_mutexattr_gettype pthread_mutexattr_init pthread_mutexattr_setprioceiling pthread_mutexattr_setprotocol
  pthread_mutexattr_setpshared pthread_mutexattr_settype pthread_once pthread_rwlock_destroy pthread_rwlock_init pthread_rwlock_rdlock pthread_rwlock_tryrdlock
  pthread_rwlock_trywrlock pthread_rwlock_unlock pthread_rwlock_wrlock pthread_rwlockattr_destroy pthread_rwlockattr_getpshared pthread_rwlockattr_init
  pthread_rwlockattr_setpshared pthread_setcancelstate pthread_setcanceltype pthread_setconcurrency pthread_setname_np pthread_setschedparam pthread_setugid_np
  pthread_sigmask pthread_testcancel pthread_threadid_np ptrace ptsname ptsname_r putc putc_unlocked putchar_unlocked putenv pututxline putw putwc putwchar pwrite
  pwritev qsort_r raise rand_r rcmd rcmd_af readdir_r readlinkat readv reallocf realpath reboot recvmsg regcomp regerror regexec regfree remainder remainderf
  remainderl remove removefile removexattr remque remquo remquof remquol renameat revoke rewind rewinddir rindex rint rintf rintl
  roundf roundl rpmatch rresvport rresvport_af ruserok sbrk scalb scalbln scalblnf scalblnl scalbn scalbnf scalbnl scandir sched_get_priority_max
  sched_get_priority_min sched_yield seed48 seekdir sem_close sem_destroy sem_getvalue sem_init sem_open sem_post sem_trywait sem_unlink sem_wait semctl semget semop
  sendfile sendmsg setbuf setbuffer setdomainname setegid seteuid setfsent setgid setgrent setgroups sethostent sethostname setiopolicy_np setipv4sourcefilter
  setitimer setlinebuf setlocale setlogin setlogmask setmode setnetent setnetgrent setpgid setpgrp setpriority setprogname setprotoent setpwent setregid setreuid
  setrlimit setrpcent setservent setsid setsourcefilter setstate settimeofday setttyent setuid setusershell setutxent setvbuf setxattr shm_open shm_unlink shmat
  shmctl shmdt shmget sigaddset sigblock sigdelset sigemptyset sigfillset sighold sigignore siginterrupt sigismember signal sigpause sigpending sigrelse sigset
  sigsetmask sigsuspend sigwait sinhf sinhl sinl sleep sockatmark socketpair sqrtl srand48 sranddev srandomdev statfs statvfs stpcpy stpncpy strcasecmp strcasecmp_l
  strcasestr strcoll strcoll_l strcspn strerror_r strfmon strfmon_l strftime_l strlcat strlcpy strmode strncasecmp strncasecmp_l strndup strnlen strnstr strpbrk
  strptime strptime_l strsep strsignal strspn strtod_l strtof strtof_l strtoimax strtok_r strtol_l strtold strtold_l strtoll_l strtonum strtoq strtoul_l strtoull_l
  strtoumax strtouq strxfrm strxfrm_l swab swprintf swscanf symlinkat sync syscall sysctlnametomib syslog tanhf tanhl tanl task_info tcdrain tcflow tcflush tcgetattr
  tcgetpgrp tcgetsid tcsendbreak tcsetattr tcsetpgrp tdelete telldir tempnam tfind tgamma tgammaf tgammal timegm timelocal times timespec_get tmpfile tmpnam toascii
  tolower_l toupper_l towctrans towctrans_l towlower towlower_l towupper towupper_l truncate truncf truncl tsearch ttyname ttyname_r ttyslot twalk tzset ualarm
  ulimit umask uname ungetc ungetwc unlinkat unlockpt uselocale usleep utime utimensat utimes utmpxname valloc vasprintf vdprintf verr verrx vfork vfscanf vfwprintf
  vfwscanf vscanf vsprintf vsscanf vswprintf vswscanf vsyslog vwarn vwarnx vwprintf vwscanf wait wait3 waitid warn warnx wcpcpy wcpncpy wcrtomb wcscasecmp
  wcscasecmp_l wcscat wcschr wcscmp wcscoll wcscoll_l wcscpy wcscspn wcsdup wcsftime wcsftime_l wcslen wcsncasecmp wcsncasecmp_l wcsncat wcsncmp wcsncpy wcsnlen
  wcsnrtombs wcspbrk wcsrchr wcsrtombs wcsspn wcsstr wcstod wcstod_l wcstof wcstof_l wcstoimax wcstok wcstol wcstol_l wcstold wcstold_l wcstoll wcstoll_l wcstombs
  wcstoul wcstoul_l wcstoull wcstoull_l wcstoumax wcswidth wcsxfrm wcsxfrm_l wctob wctomb wctrans wctrans_l wctype wctype_l wcwidth wmemchr wmemcmp wmemcpy wmemmove
  wmemset wordexp wordfree wprintf writev wscanf y0 y1 yn`;

/** On x86_64 these names alone are functions with 32-bit inode numbers, or take what such ones give. */
const wideInodes = new Set(["stat", "fstat", "lstat", "fstatat", "opendir", "fdopendir", "readdir", "readdir_r", "scandir", "statfs", "fstatfs",
  "alphasort", "ftw", "fts_children", "fts_close", "fts_open", "fts_read", "fts_set", "glob", "nftw", "rewinddir", "seekdir", "telldir"]);
const modern: Readonly<Record<string, string>> = { realpath: "realpath$DARWIN_EXTSN", select: "select$DARWIN_EXTSN", fopen: "fopen$DARWIN_EXTSN", fdopen: "fdopen$DARWIN_EXTSN", getgroups: "getgroups$DARWIN_EXTSN", popen: "popen$DARWIN_EXTSN",
  pselect: "pselect$DARWIN_EXTSN" };

let known: Set<string> | undefined;

/** The names that `libSystemSymbol` knows. */
export function libSystemNames(): ReadonlySet<string> {
  return (known ??= new Set(names.split(/\s+/).filter((n) => n !== "")));
}

/** The symbol in libSystem that `name` means, or undefined. The os layer writes `macos_` before its own, the allocator `libc_`, so that they are nobody else's. */
export function libSystemSymbol(name: string, architecture: string): string | undefined {
  const plain = /^(macos|libc)_/.test(name) ? name.slice(name.indexOf("_") + 1) : name;
  if (!libSystemNames().has(plain)) return undefined;
  if (architecture === "x86_64" && wideInodes.has(plain)) return `_${plain}$INODE64`;
  return `_${modern[plain] ?? plain}`;
}
