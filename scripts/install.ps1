# Installs lang on Windows: powershell -ExecutionPolicy Bypass -File install.ps1 [FOLDER]   (default: %LOCALAPPDATA%\Programs\lang)
# Takes the executable from this script's folder, or from LANG_RELEASE_URL if that is set; checks its SHA-256 before it is put in place.
param([string]$Folder = (Join-Path $env:LOCALAPPDATA "Programs\lang"))
$ErrorActionPreference = "Stop"

$architecture = if ($env:PROCESSOR_ARCHITECTURE -eq "ARM64" -or $env:PROCESSOR_ARCHITEW6432 -eq "ARM64") { "arm64" } else { "x64" }
$name = "lang-windows-$architecture.exe"
$work = Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid())
New-Item -ItemType Directory -Path $work | Out-Null
try {
    foreach ($file in $name, "SHA256SUMS") {
        if ($env:LANG_RELEASE_URL) { Invoke-WebRequest -UseBasicParsing "$env:LANG_RELEASE_URL/$file" -OutFile (Join-Path $work $file) }
        else { Copy-Item (Join-Path $PSScriptRoot $file) $work }
    }
    $wanted = Get-Content (Join-Path $work "SHA256SUMS") | Where-Object { $_.EndsWith("  $name") } | ForEach-Object { $_.Split(" ")[0] }
    $found = (Get-FileHash -Algorithm SHA256 (Join-Path $work $name)).Hash.ToLowerInvariant()
    if (-not $wanted -or $wanted -ne $found) { throw "$name is not what SHA256SUMS says; nothing was installed" }
    New-Item -ItemType Directory -Force -Path $Folder | Out-Null
    Move-Item -Force (Join-Path $work $name) (Join-Path $Folder "lang.exe")
    Write-Output "installed $(Join-Path $Folder 'lang.exe')"
    if (-not ($env:PATH.Split(";") -contains $Folder)) { Write-Output "add $Folder to PATH to call it as lang" }
}
finally { Remove-Item -Recurse -Force $work -ErrorAction SilentlyContinue }
