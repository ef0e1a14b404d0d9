# Makes one account of this computer a kiosk that shows Opora and nothing else, or gives its desktop back.
#
#     .\shell-launcher.ps1 -User opora-kiosk          # as administrator; Windows Enterprise, Education or IoT
#     .\shell-launcher.ps1 -User opora-kiosk -Off
#
# Shell Launcher (WESL_UserSetting) starts the program in place of Explorer and starts it again however it ends.
param(
    [Parameter(Mandatory = $true)][string]$User,
    [string]$Program = "$env:ProgramFiles\Opora\opora.exe",
    [switch]$Off
)
$ErrorActionPreference = "Stop"

$sid = (New-Object System.Security.Principal.NTAccount($User)).Translate([System.Security.Principal.SecurityIdentifier]).Value
$administrators = "S-1-5-32-544"
$space = @{ Namespace = "root\standardcimv2\embedded"; ClassName = "WESL_UserSetting" }
$restartShell = 0
$doNothing = 3

if ((Get-WindowsOptionalFeature -Online -FeatureName Client-EmbeddedShellLauncher).State -ne "Enabled") {
    Enable-WindowsOptionalFeature -Online -FeatureName Client-EmbeddedShellLauncher -All -NoRestart | Out-Null
    Write-Output "Shell Launcher was switched on. Please start the computer anew and run this once more."
    exit 0
}

function Invoke-Setting([string]$Method, [hashtable]$Arguments) {
    Invoke-CimMethod @space -MethodName $Method -Arguments $Arguments | Out-Null
}

# Removed first in any case, so that running this twice is the same as once.
if (Get-CimInstance @space -Filter "Sid='$sid'" -ErrorAction SilentlyContinue) {
    Invoke-Setting "RemoveCustomShell" @{ Sid = $sid }
}
if ($Off) {
    Write-Output "$User has the desktop back from the next sign-in."
    exit 0
}
if (-not (Test-Path $Program)) { throw "There is no $Program" }

# Whoever is not named here, administrators before all, keeps Explorer.
Invoke-Setting "SetDefaultShell" @{ Shell = "explorer.exe"; DefaultAction = $doNothing }
if (-not (Get-CimInstance @space -Filter "Sid='$administrators'" -ErrorAction SilentlyContinue)) {
    Invoke-Setting "SetCustomShell" @{ Sid = $administrators; Shell = "explorer.exe"; DefaultAction = $doNothing }
}
# --alone: the session shows nothing else, so that leaving it means switching the computer off.
Invoke-Setting "SetCustomShell" @{ Sid = $sid; Shell = "`"$Program`" kiosk --alone"; DefaultAction = $restartShell }
Invoke-CimMethod @space -MethodName "SetEnabled" -Arguments @{ Enabled = $true } | Out-Null
Write-Output "$User sees Opora alone from the next sign-in."
