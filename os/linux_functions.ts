/** The functions of Linux' C libraries whose names do not begin with `_`: glibc 2.36, musl 1.2.3. Made from their tables of symbols; without those for _FloatN types. */

/** Since 2.17 or earlier, and in musl. */
export const inBoth = `
  a64l abort abs accept accept4 access acct acos acosf acosh acoshf acoshl acosl addmntent adjtime adjtimex aio_cancel aio_cancel64 aio_error aio_error64 aio_fsync
  aio_fsync64 aio_read aio_read64 aio_return aio_return64 aio_suspend aio_suspend64 aio_write aio_write64 alarm aligned_alloc alphasort alphasort64 arch_prctl
  asctime asctime_r asin asinf asinh asinhf asinhl asinl asprintf atan atan2 atan2f atan2l atanf atanh atanhf atanhl atanl atof atoi atol atoll basename bcmp bcopy
  bind bind_textdomain_codeset bindtextdomain brk bsd_signal bsearch btowc bzero c16rtomb c32rtomb cabs cabsf cabsl cacos cacosf cacosh cacoshf cacoshl cacosl calloc
  capget capset carg cargf cargl casin casinf casinh casinhf casinhl casinl catan catanf catanh catanhf catanhl catanl catclose catgets catopen cbrt cbrtf cbrtl ccos
  ccosf ccosh ccoshf ccoshl ccosl ceil ceilf ceill cexp cexpf cexpl cfgetispeed cfgetospeed cfmakeraw cfsetispeed cfsetospeed cfsetspeed chdir chmod chown chroot
  cimag cimagf cimagl clearenv clearerr clearerr_unlocked clock clock_adjtime clock_getcpuclockid clock_getres clock_gettime clock_nanosleep clock_settime clog clogf
  clogl clone close closedir closelog confstr conj conjf conjl connect copysign copysignf copysignl cos cosf cosh coshf coshl cosl cpow cpowf cpowl cproj cprojf
  cprojl creal crealf creall creat creat64 csin csinf csinh csinhf csinhl csinl csqrt csqrtf csqrtl ctan ctanf ctanh ctanhf ctanhl ctanl ctermid ctime ctime_r
  cuserid daemon dcgettext dcngettext delete_module dgettext difftime dirfd dirname div dl_iterate_phdr dladdr dlclose dlerror dlinfo dlopen dlsym dngettext dprintf
  drand48 drem dremf dup dup2 dup3 duplocale eaccess ecvt endgrent endhostent endmntent endnetent endprotoent endpwent endservent endspent endusershell endutent
  endutxent epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_wait erand48 erf erfc erfcf erfcl erff erfl err errx ether_aton ether_aton_r ether_hostton
  ether_line ether_ntoa ether_ntoa_r ether_ntohost euidaccess eventfd eventfd_read eventfd_write execl execle execlp execv execve execvp execvpe exit exp exp10
  exp10f exp10l exp2 exp2f exp2l expf expl expm1 expm1f expm1l fabs fabsf fabsl faccessat fallocate fallocate64 fanotify_init fanotify_mark fchdir fchmod fchmodat
  fchown fchownat fclose fcntl fcvt fdatasync fdim fdimf fdiml fdopen fdopendir feclearexcept fegetenv fegetexceptflag fegetround feholdexcept feof feof_unlocked
  feraiseexcept ferror ferror_unlocked fesetenv fesetexceptflag fesetround fetestexcept feupdateenv fexecve fflush fflush_unlocked ffs ffsl ffsll fgetc
  fgetc_unlocked fgetgrent fgetpos fgetpos64 fgetpwent fgets fgets_unlocked fgetspent fgetwc fgetwc_unlocked fgetws fgetws_unlocked fgetxattr fileno fileno_unlocked
  finite finitef flistxattr flock flockfile floor floorf floorl fma fmaf fmal fmax fmaxf fmaxl fmemopen fmin fminf fminl fmod fmodf fmodl fmtmsg fnmatch fopen
  fopen64 fopencookie fork forkpty fpathconf fprintf fputc fputc_unlocked fputs fputs_unlocked fputwc fputwc_unlocked fputws fputws_unlocked fread fread_unlocked
  free freeaddrinfo freeifaddrs freelocale fremovexattr freopen freopen64 frexp frexpf frexpl fscanf fseek fseeko fseeko64 fsetpos fsetpos64 fsetxattr fstatfs
  fstatfs64 fstatvfs fstatvfs64 fsync ftell ftello ftello64 ftime ftok ftruncate ftruncate64 ftrylockfile fts_children fts_close fts_open fts_read fts_set ftw ftw64
  funlockfile futimens futimes futimesat fwide fwprintf fwrite fwrite_unlocked fwscanf gai_strerror gcvt get_avphys_pages get_current_dir_name get_nprocs
  get_nprocs_conf get_phys_pages getaddrinfo getauxval getc getc_unlocked getchar getchar_unlocked getcwd getdate getdelim getdomainname getdtablesize getegid getenv
  geteuid getgid getgrent getgrgid getgrgid_r getgrnam getgrnam_r getgrouplist getgroups gethostbyaddr gethostbyaddr_r gethostbyname gethostbyname2 gethostbyname2_r
  gethostbyname_r gethostent gethostid gethostname getifaddrs getitimer getline getloadavg getlogin getlogin_r getmntent getmntent_r getnameinfo getnetbyaddr
  getnetbyname getnetent getopt getopt_long getopt_long_only getpagesize getpass getpeername getpgid getpgrp getpid getppid getpriority getprotobyname
  getprotobynumber getprotoent getpwent getpwnam getpwnam_r getpwuid getpwuid_r getresgid getresuid getrlimit getrlimit64 getrusage gets getservbyname
  getservbyname_r getservbyport getservbyport_r getservent getsid getsockname getsockopt getspent getspnam getspnam_r getsubopt gettext gettimeofday getuid
  getusershell getutent getutid getutline getutxent getutxid getutxline getw getwc getwc_unlocked getwchar getwchar_unlocked getxattr glob glob64 globfree globfree64
  gmtime gmtime_r grantpt hasmntopt hcreate hcreate_r hdestroy hdestroy_r herror hsearch hsearch_r hstrerror htonl htons hypot hypotf hypotl iconv iconv_close
  iconv_open if_freenameindex if_indextoname if_nameindex if_nametoindex ilogb ilogbf ilogbl imaxabs imaxdiv index inet_addr inet_aton inet_lnaof inet_makeaddr
  inet_netof inet_network inet_ntoa inet_ntop inet_pton init_module initgroups initstate inotify_add_watch inotify_init inotify_init1 inotify_rm_watch insque ioctl
  ioperm iopl isalnum isalnum_l isalpha isalpha_l isascii isatty isblank isblank_l iscntrl iscntrl_l isdigit isdigit_l isgraph isgraph_l islower islower_l isprint
  isprint_l ispunct ispunct_l isspace isspace_l isupper isupper_l iswalnum iswalnum_l iswalpha iswalpha_l iswblank iswblank_l iswcntrl iswcntrl_l iswctype iswctype_l
  iswdigit iswdigit_l iswgraph iswgraph_l iswlower iswlower_l iswprint iswprint_l iswpunct iswpunct_l iswspace iswspace_l iswupper iswupper_l iswxdigit iswxdigit_l
  isxdigit isxdigit_l j0 j0f j1 j1f jn jnf jrand48 kill killpg klogctl l64a labs lchmod lchown lckpwdf lcong48 ldexp ldexpf ldexpl ldiv lfind lgamma lgamma_r lgammaf
  lgammaf_r lgammal lgammal_r lgetxattr link linkat lio_listio lio_listio64 listen listxattr llabs lldiv llistxattr llrint llrintf llrintl llround llroundf llroundl
  localeconv localtime localtime_r lockf log log10 log10f log10l log1p log1pf log1pl log2 log2f log2l logb logbf logbl logf login_tty logl longjmp lrand48
  lremovexattr lrint lrintf lrintl lround lroundf lroundl lsearch lseek lseek64 lsetxattr lutimes madvise malloc malloc_usable_size mblen mbrlen mbrtoc16 mbrtoc32
  mbrtowc mbsinit mbsnrtowcs mbsrtowcs mbstowcs mbtowc memalign memccpy memchr memcmp memcpy memmem memmove mempcpy memrchr memset mincore mkdir mkdirat mkdtemp
  mkfifo mkfifoat mkostemp mkostemp64 mkostemps mkostemps64 mkstemp mkstemp64 mkstemps mkstemps64 mktemp mktime mlock mlockall mmap mmap64 modf modff modfl mount
  mprotect mq_close mq_getattr mq_notify mq_open mq_receive mq_send mq_setattr mq_timedreceive mq_timedsend mq_unlink mrand48 mremap msgctl msgget msgrcv msgsnd
  msync munlock munlockall munmap name_to_handle_at nan nanf nanl nanosleep nearbyint nearbyintf nearbyintl newlocale nextafter nextafterf nextafterl nexttoward
  nexttowardf nexttowardl nftw nftw64 ngettext nice nl_langinfo nl_langinfo_l nrand48 ns_get16 ns_get32 ns_initparse ns_name_uncompress ns_parserr ns_put16 ns_put32
  ns_skiprr ntohl ntohs open open64 open_by_handle_at open_memstream open_wmemstream openat openat64 opendir openlog openpty pathconf pause pclose perror personality
  pipe pipe2 pivot_root poll popen posix_fadvise posix_fadvise64 posix_fallocate posix_fallocate64 posix_madvise posix_memalign posix_openpt posix_spawn
  posix_spawn_file_actions_addclose posix_spawn_file_actions_adddup2 posix_spawn_file_actions_addopen posix_spawn_file_actions_destroy posix_spawn_file_actions_init
  posix_spawnattr_destroy posix_spawnattr_getflags posix_spawnattr_getpgroup posix_spawnattr_getschedparam posix_spawnattr_getschedpolicy
  posix_spawnattr_getsigdefault posix_spawnattr_getsigmask posix_spawnattr_init posix_spawnattr_setflags posix_spawnattr_setpgroup posix_spawnattr_setschedparam
  posix_spawnattr_setschedpolicy posix_spawnattr_setsigdefault posix_spawnattr_setsigmask posix_spawnp pow powf powl ppoll prctl pread pread64 preadv preadv64 printf
  prlimit prlimit64 process_vm_readv process_vm_writev pselect psiginfo psignal pthread_attr_destroy pthread_attr_getdetachstate pthread_attr_getguardsize
  pthread_attr_getinheritsched pthread_attr_getschedparam pthread_attr_getschedpolicy pthread_attr_getscope pthread_attr_getstack pthread_attr_getstacksize
  pthread_attr_init pthread_attr_setdetachstate pthread_attr_setguardsize pthread_attr_setinheritsched pthread_attr_setschedparam pthread_attr_setschedpolicy
  pthread_attr_setscope pthread_attr_setstack pthread_attr_setstacksize pthread_barrier_destroy pthread_barrier_init pthread_barrier_wait pthread_barrierattr_destroy
  pthread_barrierattr_getpshared pthread_barrierattr_init pthread_barrierattr_setpshared pthread_cancel pthread_cond_broadcast pthread_cond_destroy pthread_cond_init
  pthread_cond_signal pthread_cond_timedwait pthread_cond_wait pthread_condattr_destroy pthread_condattr_getclock pthread_condattr_getpshared pthread_condattr_init
  pthread_condattr_setclock pthread_condattr_setpshared pthread_create pthread_detach pthread_equal pthread_exit pthread_getaffinity_np pthread_getattr_np
  pthread_getconcurrency pthread_getcpuclockid pthread_getname_np pthread_getschedparam pthread_getspecific pthread_join pthread_key_create pthread_key_delete
  pthread_kill pthread_mutex_consistent pthread_mutex_destroy pthread_mutex_getprioceiling pthread_mutex_init pthread_mutex_lock pthread_mutex_setprioceiling
  pthread_mutex_timedlock pthread_mutex_trylock pthread_mutex_unlock pthread_mutexattr_destroy pthread_mutexattr_getprotocol pthread_mutexattr_getpshared
  pthread_mutexattr_getrobust pthread_mutexattr_gettype pthread_mutexattr_init pthread_mutexattr_setprotocol pthread_mutexattr_setpshared pthread_mutexattr_setrobust
  pthread_mutexattr_settype pthread_once pthread_rwlock_destroy pthread_rwlock_init pthread_rwlock_rdlock pthread_rwlock_timedrdlock pthread_rwlock_timedwrlock
  pthread_rwlock_tryrdlock pthread_rwlock_trywrlock pthread_rwlock_unlock pthread_rwlock_wrlock pthread_rwlockattr_destroy pthread_rwlockattr_getpshared
  pthread_rwlockattr_init pthread_rwlockattr_setpshared pthread_self pthread_setaffinity_np pthread_setcancelstate pthread_setcanceltype pthread_setconcurrency
  pthread_setname_np pthread_setschedparam pthread_setschedprio pthread_setspecific pthread_sigmask pthread_spin_destroy pthread_spin_init pthread_spin_lock
  pthread_spin_trylock pthread_spin_unlock pthread_testcancel pthread_timedjoin_np pthread_tryjoin_np ptrace ptsname ptsname_r putc putc_unlocked putchar
  putchar_unlocked putenv putgrent putpwent puts putspent pututline pututxline putw putwc putwc_unlocked putwchar putwchar_unlocked pwrite pwrite64 pwritev pwritev64
  qsort qsort_r quick_exit quotactl raise rand rand_r random read readahead readdir readdir64 readdir64_r readdir_r readlink readlinkat readv realloc realpath reboot
  recv recvfrom recvmmsg recvmsg regcomp regerror regexec regfree remainder remainderf remainderl remap_file_pages remove removexattr remque remquo remquof remquol
  rename renameat rewind rewinddir rindex rint rintf rintl rmdir round roundf roundl sbrk scalb scalbf scalbln scalblnf scalblnl scalbn scalbnf scalbnl scandir
  scandir64 scanf sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getcpu sched_getparam sched_getscheduler sched_rr_get_interval
  sched_setaffinity sched_setparam sched_setscheduler sched_yield secure_getenv seed48 seekdir select sem_close sem_destroy sem_getvalue sem_init sem_open sem_post
  sem_timedwait sem_trywait sem_unlink sem_wait semctl semget semop semtimedop send sendfile sendfile64 sendmmsg sendmsg sendto setbuf setbuffer setdomainname
  setegid setenv seteuid setfsgid setfsuid setgid setgrent setgroups sethostent sethostname setitimer setjmp setlinebuf setlocale setlogmask setmntent setnetent
  setns setpgid setpgrp setpriority setprotoent setpwent setregid setresgid setresuid setreuid setrlimit setrlimit64 setservent setsid setsockopt setspent setstate
  settimeofday setuid setusershell setutent setutxent setvbuf setxattr shm_open shm_unlink shmat shmctl shmdt shmget shutdown sigaction sigaddset sigaltstack
  sigandset sigdelset sigemptyset sigfillset sighold sigignore siginterrupt sigisemptyset sigismember siglongjmp signal signalfd significand significandf sigorset
  sigpause sigpending sigprocmask sigqueue sigrelse sigset sigsuspend sigtimedwait sigwait sigwaitinfo sin sincos sincosf sincosl sinf sinh sinhf sinhl sinl sleep
  snprintf sockatmark socket socketpair splice sprintf sqrt sqrtf sqrtl srand srand48 srandom sscanf statfs statfs64 statvfs statvfs64 stpcpy stpncpy strcasecmp
  strcasecmp_l strcasestr strcat strchr strchrnul strcmp strcoll strcoll_l strcpy strcspn strdup strerror strerror_l strerror_r strfmon strfmon_l strftime strftime_l
  strlen strncasecmp strncasecmp_l strncat strncmp strncpy strndup strnlen strpbrk strptime strrchr strsep strsignal strspn strstr strtod strtod_l strtof strtof_l
  strtoimax strtok strtok_r strtol strtold strtold_l strtoll strtoul strtoull strtoumax strverscmp strxfrm strxfrm_l swab swapoff swapon swprintf swscanf symlink
  symlinkat sync sync_file_range syncfs syscall sysconf sysinfo syslog system tan tanf tanh tanhf tanhl tanl tcdrain tcflow tcflush tcgetattr tcgetpgrp tcgetsid
  tcsendbreak tcsetattr tcsetpgrp tdelete tdestroy tee telldir tempnam textdomain tfind tgamma tgammaf tgammal time timegm timer_create timer_delete timer_getoverrun
  timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime times timespec_get tmpfile tmpfile64 tmpnam toascii tolower tolower_l toupper toupper_l
  towctrans towctrans_l towlower towlower_l towupper towupper_l trunc truncate truncate64 truncf truncl tsearch ttyname ttyname_r twalk tzset ualarm ulckpwdf ulimit
  umask umount umount2 uname ungetc ungetwc unlink unlinkat unlockpt unsetenv unshare updwtmp updwtmpx uselocale usleep utime utimensat utimes utmpname utmpxname
  valloc vasprintf vdprintf verr verrx versionsort versionsort64 vfork vfprintf vfscanf vfwprintf vfwscanf vhangup vmsplice vprintf vscanf vsnprintf vsprintf vsscanf
  vswprintf vswscanf vsyslog vwarn vwarnx vwprintf vwscanf wait wait3 wait4 waitid waitpid warn warnx wcpcpy wcpncpy wcrtomb wcscasecmp wcscasecmp_l wcscat wcschr
  wcscmp wcscoll wcscoll_l wcscpy wcscspn wcsdup wcsftime wcsftime_l wcslen wcsncasecmp wcsncasecmp_l wcsncat wcsncmp wcsncpy wcsnlen wcsnrtombs wcspbrk wcsrchr
  wcsrtombs wcsspn wcsstr wcstod wcstof wcstoimax wcstok wcstol wcstold wcstoll wcstombs wcstoul wcstoull wcstoumax wcswcs wcswidth wcsxfrm wcsxfrm_l wctob wctomb
  wctrans wctrans_l wctype wctype_l wcwidth wmemchr wmemcmp wmemcpy wmemmove wmemset wordexp wordfree wprintf write writev wscanf y0 y0f y1 y1f yn ynf`;

/** Since 2.17 or earlier. */
export const inGlibc = `
  addseverity aio_init argp_error argp_failure argp_help argp_parse argp_state_help argp_usage argz_add argz_add_sep argz_append argz_count argz_create
  argz_create_sep argz_delete argz_extract argz_insert argz_next argz_replace argz_stringify backtrace backtrace_symbols backtrace_symbols_fd bindresvport
  canonicalize_file_name chflags clog10 clog10f clog10l dladdr1 dlmopen dlvsym drand48_r dreml dysize ecvt_r endaliasent endfsent endnetgrent endrpcent endsgent
  endttyent envz_add envz_entry envz_get envz_merge envz_remove envz_strip erand48_r error error_at_line fchflags fcloseall fcvt_r fedisableexcept feenableexcept
  fegetexcept fgetgrent_r fgetpwent_r fgetsgent fgetsgent_r fgetspent_r finitel gai_cancel gai_error gai_suspend gamma gammaf gammal getaddrinfo_a getaliasbyname
  getaliasbyname_r getaliasent getaliasent_r getcontext getdate_r getdirentries getdirentries64 getfsent getfsfile getfsspec getgrent_r gethostent_r
  getipv4sourcefilter getnetbyaddr_r getnetbyname_r getnetent_r getnetgrent getnetgrent_r getprotobyname_r getprotobynumber_r getprotoent_r getpt getpw getpwent_r
  getrpcbyname getrpcbyname_r getrpcbynumber getrpcbynumber_r getrpcent getrpcent_r getservent_r getsgent getsgent_r getsgnam getsgnam_r getsourcefilter getspent_r
  getttyent getttynam getutent_r getutid_r getutline_r getutmp getutmpx getwd glob_pattern_p gnu_dev_major gnu_dev_makedev gnu_dev_minor gnu_get_libc_release
  gnu_get_libc_version group_member gsignal gtty inet6_opt_append inet6_opt_find inet6_opt_finish inet6_opt_get_val inet6_opt_init inet6_opt_next inet6_opt_set_val
  inet6_option_alloc inet6_option_append inet6_option_find inet6_option_init inet6_option_next inet6_option_space inet6_rth_add inet6_rth_getaddr inet6_rth_init
  inet6_rth_reverse inet6_rth_segments inet6_rth_space inet_net_ntop inet_net_pton inet_neta inet_nsap_addr inet_nsap_ntoa initstate_r innetgr iruserok iruserok_af
  isctype isfdtype isinf isinff isinfl isnan isnanf isnanl j0l j1l jnl jrand48_r lcong48_r login logout logwtmp lrand48_r makecontext mallinfo malloc_info
  malloc_stats malloc_trim mallopt mcheck mcheck_check_all mcheck_pedantic mcount memfrob modify_ldt moncontrol monstartup mprobe mrand48_r mtrace muntrace nrand48_r
  ns_datetosecs ns_format_ttl ns_makecanon ns_msg_getflag ns_name_compress ns_name_ntol ns_name_ntop ns_name_pack ns_name_pton ns_name_rollback ns_name_skip
  ns_name_unpack ns_parse_ttl ns_samedomain ns_samename ns_sprintrr ns_sprintrrf ns_subdomain ntp_adjtime ntp_gettime ntp_gettimex obstack_free obstack_printf
  obstack_vprintf on_exit parse_printf_format printf_size printf_size_info profil pthread_attr_getaffinity_np pthread_attr_getstackaddr pthread_attr_setaffinity_np
  pthread_attr_setstackaddr pthread_mutexattr_getprioceiling pthread_mutexattr_setprioceiling pthread_rwlockattr_getkind_np pthread_rwlockattr_setkind_np
  pthread_sigqueue putsgent pvalloc qecvt qecvt_r qfcvt qfcvt_r qgcvt random_r rawmemchr rcmd rcmd_af re_comp re_compile_fastmap re_compile_pattern re_exec re_match
  re_match_2 re_search re_search_2 re_set_registers re_set_syntax register_printf_function register_printf_modifier register_printf_specifier register_printf_type
  revoke rexec rexec_af rpmatch rresvport rresvport_af ruserok ruserok_af ruserpass scalbl scandirat scandirat64 seed48_r setaliasent setcontext setfsent sethostid
  setipv4sourcefilter setlogin setnetgrent setrpcent setsgent setsourcefilter setstate_r setttyent sgetsgent sgetsgent_r sgetspent sgetspent_r sigblock siggetmask
  significandl sigreturn sigsetmask sigstack sprofil srand48_r srandom_r ssignal strfry strptime_l strtol_l strtoll_l strtoq strtoul_l strtoull_l strtouq stty
  swapcontext sysv_signal timelocal tmpnam_r ttyslot vlimit wcschrnul wcstod_l wcstof_l wcstol_l wcstold_l wcstoll_l wcstoq wcstoul_l wcstoull_l wcstouq wmempcpy y0l
  y1l ynl`;

/** Of musl alone, or in musl and a later glibc. */
export const inMusl = `
  at_quick_exit atexit call_once cnd_broadcast cnd_destroy cnd_init cnd_signal cnd_timedwait cnd_wait copy_file_range dn_comp dn_expand dn_skipname explicit_bzero
  fgetln fpurge fstat fstat64 fstatat fstatat64 getdents getdents64 getentropy getrandom gettid isastream issetugid lockf64 lstat lstat64 membarrier memfd_create
  mknod mknodat mlock2 mtx_destroy mtx_init mtx_lock mtx_timedlock mtx_trylock mtx_unlock posix_close posix_spawn_file_actions_addchdir_np
  posix_spawn_file_actions_addfchdir_np pow10 pow10f pow10l pthread_atfork pthread_getattr_default_np pthread_setattr_default_np reallocarray res_init res_mkquery
  res_query res_querydomain res_search res_send sigsetjmp stat stat64 stime strlcat strlcpy tcgetwinsize tcsetwinsize thrd_create thrd_current thrd_detach thrd_equal
  thrd_exit thrd_join thrd_sleep thrd_yield tss_create tss_delete tss_get tss_set`;

/** By the version that brought them. */
export const glibcSince: Readonly<Record<string, string>> = {
  "2.18": `
  pthread_getattr_default_np pthread_setattr_default_np`,
  "2.23": `
  fts64_children fts64_close fts64_open fts64_read fts64_set`,
  "2.24": `
  nextdown nextdownf nextdownl nextup nextupf nextupl`,
  "2.25": `
  canonicalize canonicalizef canonicalizel explicit_bzero fegetmode fesetexcept fesetmode fetestexceptflag fmaxmag fmaxmagf fmaxmagl fminmag fminmagf fminmagl fromfp
  fromfpf fromfpl fromfpx fromfpxf fromfpxl getentropy getpayload getpayloadf getpayloadl getrandom llogb llogbf llogbl roundeven roundevenf roundevenl setpayload
  setpayloadf setpayloadl setpayloadsig setpayloadsigf setpayloadsigl strfromd strfromf strfroml totalorder totalorderf totalorderl totalordermag totalordermagf
  totalordermagl ufromfp ufromfpf ufromfpl ufromfpx ufromfpxf ufromfpxl`,
  "2.26": `
  preadv2 preadv64v2 pwritev2 pwritev64v2 reallocarray`,
  "2.27": `
  copy_file_range memfd_create mlock2 pkey_alloc pkey_free pkey_get pkey_mprotect pkey_set`,
  "2.28": `
  call_once cnd_broadcast cnd_destroy cnd_init cnd_signal cnd_timedwait cnd_wait daddl ddivl dmull dsubl fadd faddl fcntl64 fdiv fdivl fmul fmull fsub fsubl
  mtx_destroy mtx_init mtx_lock mtx_timedlock mtx_trylock mtx_unlock renameat2 statx thrd_create thrd_current thrd_detach thrd_equal thrd_exit thrd_join thrd_sleep
  thrd_yield tss_create tss_delete tss_get tss_set`,
  "2.29": `
  getcpu posix_spawn_file_actions_addchdir_np posix_spawn_file_actions_addfchdir_np`,
  "2.30": `
  getdents64 gettid pthread_cond_clockwait pthread_mutex_clocklock pthread_rwlock_clockrdlock pthread_rwlock_clockwrlock sem_clockwait tgkill twalk_r`,
  "2.31": `
  pthread_clockjoin_np`,
  "2.32": `
  pthread_attr_getsigmask_np pthread_attr_setsigmask_np sigabbrev_np sigdescr_np strerrordesc_np strerrorname_np`,
  "2.33": `
  fstat fstat64 fstatat fstatat64 lstat lstat64 mallinfo2 mknod mknodat stat stat64`,
  "2.34": `
  close_range closefrom dn_comp dn_expand dn_skipname execveat posix_spawn_file_actions_addclosefrom_np res_dnok res_hnok res_mailok res_mkquery res_nmkquery
  res_nquery res_nquerydomain res_nsearch res_nsend res_ownok res_query res_querydomain res_search res_send timespec_getres`,
  "2.35": `
  dfmal dsqrtl epoll_pwait2 ffma ffmal fmaximum fmaximum_mag fmaximum_mag_num fmaximum_mag_numf fmaximum_mag_numl fmaximum_magf fmaximum_magl fmaximum_num
  fmaximum_numf fmaximum_numl fmaximumf fmaximuml fminimum fminimum_mag fminimum_mag_num fminimum_mag_numf fminimum_mag_numl fminimum_magf fminimum_magl fminimum_num
  fminimum_numf fminimum_numl fminimumf fminimuml fsqrt fsqrtl posix_spawn_file_actions_addtcsetpgrp_np`,
  "2.36": `
  arc4random arc4random_buf arc4random_uniform c8rtomb fsconfig fsmount fsopen fspick mbrtoc8 mount_setattr move_mount open_tree pidfd_getfd pidfd_open
  pidfd_send_signal process_madvise process_mrelease`,
};

/** The newest version that this knows. */
export const newestGlibc = "2.36";

/** Of libresolv. */
export const inResolver = "inet_net_ntop inet_net_pton inet_neta ns_datetosecs ns_format_ttl ns_get16 ns_get32 ns_initparse ns_makecanon ns_msg_getflag ns_name_ntol ns_name_rollback ns_parse_ttl ns_parserr ns_put16 ns_put32 ns_samedomain ns_samename ns_skiprr ns_sprintrr ns_sprintrrf ns_subdomain";

/** Variables, of which some are in one of the two only. */
export const libraryVariables = `
  argp_err_exit_status argp_program_bug_address argp_program_version argp_program_version_hook daylight environ error_message_count error_one_per_line
  error_print_progname getdate_err h_errlist h_errno h_nerr in6addr_any in6addr_loopback obstack_alloc_failed_handler obstack_exit_failure optarg opterr optind
  optopt optreset program_invocation_name program_invocation_short_name re_max_failures re_syntax_options rexecoptions signgam stderr stdin stdout timezone tzname`;
