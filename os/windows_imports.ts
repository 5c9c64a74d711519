/** Which library of Windows has which function: what `extern func` may name there without saying where it is. */

/** By library, functions that every Windows 10 has. Names are those of the functions, exactly. */
const libraries: Readonly<Record<string, string>> = {
  "kernel32.dll": `
    ExitProcess GetCommandLineW GetStdHandle GetConsoleMode SetConsoleMode WriteConsoleW ReadConsoleW SetConsoleOutputCP SetConsoleCP GetConsoleOutputCP
    CreateFileW ReadFile WriteFile SetFilePointerEx GetFileSizeEx SetEndOfFile FlushFileBuffers CloseHandle GetFileType
    GetFileInformationByHandle GetFileInformationByHandleEx GetFileAttributesW GetFileAttributesExW SetFileAttributesW DeleteFileW MoveFileExW CreateDirectoryW RemoveDirectoryW
    FindFirstFileW FindNextFileW FindClose GetFullPathNameW GetCurrentDirectoryW SetCurrentDirectoryW GetTempPathW GetModuleFileNameW
    GetFinalPathNameByHandleW CopyFileW CreateSymbolicLinkW SetFileInformationByHandle DeviceIoControl
    VirtualAlloc VirtualFree VirtualProtect VirtualQuery FlushInstructionCache GetProcessHeap HeapAlloc HeapFree HeapReAlloc
    GetLastError SetLastError MultiByteToWideChar WideCharToMultiByte
    GetEnvironmentVariableW SetEnvironmentVariableW GetEnvironmentStringsW FreeEnvironmentStringsW
    GetCurrentProcess GetCurrentProcessId GetCurrentThread GetCurrentThreadId CreateProcessW TerminateProcess GetExitCodeProcess OpenProcess
    CreatePipe PeekNamedPipe SetNamedPipeHandleState DuplicateHandle SetHandleInformation SetStdHandle
    CreateThread ExitThread WaitForSingleObject WaitForMultipleObjects Sleep SleepEx SwitchToThread TlsAlloc TlsFree TlsGetValue TlsSetValue
    InitializeSRWLock AcquireSRWLockExclusive ReleaseSRWLockExclusive TryAcquireSRWLockExclusive AcquireSRWLockShared ReleaseSRWLockShared
    InitializeConditionVariable SleepConditionVariableSRW WakeConditionVariable WakeAllConditionVariable
    CreateEventW SetEvent ResetEvent CreateMutexW ReleaseMutex CreateSemaphoreW ReleaseSemaphore
    QueryPerformanceCounter QueryPerformanceFrequency GetSystemTimeAsFileTime GetSystemTimePreciseAsFileTime GetTickCount64 GetSystemInfo
    GetNativeSystemInfo GlobalMemoryStatusEx GetSystemTime GetLocalTime
    AddVectoredExceptionHandler RemoveVectoredExceptionHandler SetUnhandledExceptionFilter SetThreadStackGuarantee RaiseException SetErrorMode
    RtlCaptureContext RtlLookupFunctionEntry RtlVirtualUnwind IsDebuggerPresent OutputDebugStringA OutputDebugStringW
    LoadLibraryA LoadLibraryW FreeLibrary GetProcAddress GetModuleHandleA GetModuleHandleW
    lstrlenA lstrlenW SetConsoleCtrlHandler GetStartupInfoW GetVersion`,
  "ntdll.dll": "RtlGetVersion NtQueryInformationProcess RtlGetCurrentPeb NtClose RtlNtStatusToDosError RtlCaptureStackBackTrace",
  "bcryptprimitives.dll": "ProcessPrng",
  "bcrypt.dll": "BCryptGenRandom",
  "advapi32.dll": "SystemFunction036 RegOpenKeyExW RegQueryValueExW RegCloseKey RegSetValueExW RegCreateKeyExW GetUserNameW OpenProcessToken",
  "user32.dll": `MessageBoxA MessageBoxW RegisterClassExW CreateWindowExW DefWindowProcW DestroyWindow ShowWindow UpdateWindow GetMessageW TranslateMessage
    DispatchMessageW PostQuitMessage PeekMessageW LoadCursorW LoadIconW GetDC ReleaseDC BeginPaint EndPaint InvalidateRect GetClientRect SetWindowTextW`,
  "gdi32.dll": "BitBlt StretchDIBits CreateCompatibleDC DeleteDC SelectObject DeleteObject TextOutW CreateSolidBrush CreateFontW",
  "shell32.dll": "CommandLineToArgvW ShellExecuteW SHGetFolderPathW",
  "ws2_32.dll": `WSAStartup WSACleanup WSAGetLastError socket closesocket connect bind listen accept send recv sendto recvfrom setsockopt getsockopt
    shutdown ioctlsocket WSAPoll getaddrinfo freeaddrinfo getsockname getpeername select htons htonl ntohs ntohl`,
  "msvcrt.dll": `_aligned_malloc _aligned_free _aligned_realloc _errno _snprintf _strdup _stricmp _strnicmp _vsnprintf printf fprintf sprintf puts putchar getchar malloc calloc realloc free memcpy memmove memset memcmp strlen strcmp strncmp strcpy
    strncpy strcat strchr strrchr strstr atoi atof strtol strtod qsort bsearch abs labs rand srand exit abort getenv system time clock
    sin cos tan asin acos atan atan2 exp log log10 pow sqrt fabs floor ceil fmod fopen fclose fread fwrite fgets fputs fflush fseek ftell
    toupper tolower isalpha isdigit isspace isupper islower isalnum
    acosf asctime asinf atan2f atanf atexit atol btowc ceilf clearerr cosf cosh coshf ctime difftime div expf feof ferror fgetc fgetpos fgetwc fgetws floorf fmaf
    fmodf fputc fputwc fputws freopen frexp frexpf fscanf fsetpos fwprintf fwscanf getc getwc getwchar gmtime iscntrl isgraph isprint ispunct iswalnum iswalpha
    iswcntrl iswctype iswdigit iswgraph iswlower iswprint iswpunct iswspace iswupper iswxdigit isxdigit ldexp ldiv localeconv localtime log10f logf mblen mbrlen
    mbrtowc mbsrtowcs mbstowcs mbtowc memchr mktime modf modff perror powf putc putwc putwchar raise remove rename rewind scanf setbuf setlocale setvbuf signal sinf
    sinh sinhf sqrtf sscanf strcoll strcspn strerror strftime strncat strnlen strpbrk strspn strtok strtoul strxfrm swprintf swscanf tanf tanh tanhf tmpfile tmpnam
    towlower towupper ungetc ungetwc vfprintf vfwprintf vprintf vsprintf vswprintf vwprintf wcrtomb wcscat wcschr wcscmp wcscoll wcscpy wcscspn wcsftime wcslen
    wcsncat wcsncmp wcsncpy wcsnlen wcspbrk wcsrchr wcsrtombs wcsspn wcsstr wcstod wcstok wcstol wcstombs wcstoul wcsxfrm wctob wctomb wprintf wscanf`,
};

let byName: Map<string, string> | undefined;

/** The names of all functions, each with its library. */
function table(): Map<string, string> {
  if (byName !== undefined) return byName;
  byName = new Map();
  for (const [library, names] of Object.entries(libraries)) for (const n of names.split(/\s+/)) if (n !== "") byName.set(n, library);
  return byName;
}

/** The library that has function `name`, or undefined. */
export function windowsLibraryOf(name: string): string | undefined {
  return table().get(windowsName(name));
}

/** The name of the library's function that a program calls `symbol`. The allocator and the os layer write `libc_` before C's. */
export function windowsName(symbol: string): string {
  return symbol.startsWith("libc_") ? symbol.slice(5) : symbol;
}

/** The names that `windowsLibraryOf` knows. */
export function windowsNames(): Iterable<string> {
  return table().keys();
}
