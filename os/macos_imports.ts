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
  sin cos tan asin acos atan atan2 sinh cosh tanh exp exp2 log log2 log10 pow sqrt cbrt fabs floor ceil round trunc fmod hypot sinf cosf tanf expf logf powf sqrtf fabsf floorf ceilf`;

/** On x86_64 these names alone are functions with 32-bit inode numbers. */
const wideInodes = new Set(["stat", "fstat", "lstat", "fstatat", "opendir", "fdopendir", "readdir", "readdir_r", "scandir", "statfs", "fstatfs"]);
const modern: Readonly<Record<string, string>> = { realpath: "realpath$DARWIN_EXTSN", select: "select$DARWIN_EXTSN", fopen: "fopen$DARWIN_EXTSN" };

let known: Set<string> | undefined;

/** The names that `libSystemSymbol` knows. */
export function libSystemNames(): ReadonlySet<string> {
  return (known ??= new Set(names.split(/\s+/).filter((n) => n !== "")));
}

/** The symbol in libSystem that `name` means, or undefined. The os layer writes `macos_` before its own, so that they are nobody else's. */
export function libSystemSymbol(name: string, architecture: string): string | undefined {
  const plain = name.startsWith("macos_") ? name.slice(6) : name;
  if (!libSystemNames().has(plain)) return undefined;
  if (architecture === "x86_64" && wideInodes.has(plain)) return `_${plain}$INODE64`;
  return `_${modern[plain] ?? plain}`;
}
