; The installer for Windows 10 and 11, 64 bits.
;
;     makensis -DVERSION=0.2.0 -DPAYLOAD=…\build\payload\opora -DICON=…\build\payload\opora.ico
;              -DOUT=…\build\opora-setup.exe installers\windows\opora.nsi
;
; PAYLOAD is the one-folder program that `python -m installers.payload.build` leaves. What people have entered is never
; touched: it lies in the user's own profile and stays when the program goes.

Unicode true
ManifestDPIAware true
SetCompressor /SOLID lzma
RequestExecutionLevel admin

!include MUI2.nsh
!include x64.nsh
!include LogicLib.nsh
!include WinVer.nsh
!include FileFunc.nsh

!ifndef VERSION | PAYLOAD | ICON | OUT
    !error "VERSION, PAYLOAD, ICON and OUT have to be given (-D)"
!endif

!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Opora"

Name "Opora ${VERSION}"
OutFile "${OUT}"
InstallDir "$PROGRAMFILES64\Opora"
BrandingText " "
VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "Opora"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "Installs Opora, a kiosk for social-support centres"
VIAddVersionKey LegalCopyright "GPL-3.0-or-later"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE English
!insertmacro MUI_LANGUAGE Russian
!insertmacro MUI_LANGUAGE Korean

LangString NEEDS_X64 ${LANG_ENGLISH} "Opora needs Windows 10 or 11 with 64 bits."
LangString NEEDS_X64 ${LANG_RUSSIAN} "Для Opora нужна 64-разрядная Windows 10 или 11."
LangString NEEDS_X64 ${LANG_KOREAN} "Opora에는 64비트 Windows 10 또는 11이 필요합니다."
LangString IS_OPEN ${LANG_ENGLISH} "Opora is open. Please close it on the coordinator's page, then press Retry."
LangString IS_OPEN ${LANG_RUSSIAN} "Opora открыта. Закройте её на странице координатора и нажмите «Повтор»."
LangString IS_OPEN ${LANG_KOREAN} "Opora가 열려 있습니다. 담당자 화면에서 닫은 뒤 다시 시도를 누르세요."
LangString DATA_STAYS ${LANG_ENGLISH} "The program is gone. What was entered is still kept, locked, in the folder .local\share\opora of each user. To erase it, use “opora vault wipe” before."
LangString DATA_STAYS ${LANG_RUSSIAN} "Программа удалена. Введённые данные остались под замком в папке .local\share\opora каждого пользователя. Чтобы стереть и их, заранее выполните «opora vault wipe»."
LangString DATA_STAYS ${LANG_KOREAN} "프로그램을 지웠습니다. 입력한 내용은 각 사용자의 .local\share\opora 폴더에 잠긴 채 남아 있습니다. 함께 지우려면 먼저 “opora vault wipe”를 실행하세요."

; A running program's files cannot be replaced: asked for until it is closed.
!macro WAIT_UNTIL_CLOSED
    again:
    IfFileExists "$INSTDIR\opora.exe" 0 closed
    ClearErrors
    FileOpen $0 "$INSTDIR\opora.exe" a
    IfErrors 0 free
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(IS_OPEN)" /SD IDCANCEL IDRETRY again
    Abort
    free:
    FileClose $0
    closed:
!macroend

Function .onInit
    ${IfNot} ${RunningX64}
    ${OrIfNot} ${AtLeastWin10}
        MessageBox MB_OK|MB_ICONSTOP "$(NEEDS_X64)" /SD IDOK
        Abort
    ${EndIf}
    SetRegView 64
    SetShellVarContext all
FunctionEnd

Function un.onInit
    SetRegView 64
    SetShellVarContext all
FunctionEnd

Section
    !insertmacro WAIT_UNTIL_CLOSED
    ; The libraries of an older version must not lie beside those of this one.
    RMDir /r "$INSTDIR\_internal"
    SetOutPath "$INSTDIR"
    File /r "${PAYLOAD}/*"
    File /oname=opora.ico "${ICON}"
    File "shell-launcher.ps1"
    CreateShortcut "$SMPROGRAMS\Opora.lnk" "$INSTDIR\opora.exe" "kiosk" "$INSTDIR\opora.ico"
    WriteUninstaller "$INSTDIR\uninstall.exe"
    WriteRegStr HKLM "${KEY}" DisplayName "Opora"
    WriteRegStr HKLM "${KEY}" DisplayVersion "${VERSION}"
    WriteRegStr HKLM "${KEY}" DisplayIcon "$INSTDIR\opora.ico"
    WriteRegStr HKLM "${KEY}" UninstallString '"$INSTDIR\uninstall.exe"'
    WriteRegStr HKLM "${KEY}" QuietUninstallString '"$INSTDIR\uninstall.exe" /S'
    WriteRegDWORD HKLM "${KEY}" NoModify 1
    WriteRegDWORD HKLM "${KEY}" NoRepair 1
    ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
    WriteRegDWORD HKLM "${KEY}" EstimatedSize $0
SectionEnd

Section Uninstall
    !insertmacro WAIT_UNTIL_CLOSED
    ; By name, so that a folder that was chosen badly loses nothing of anybody else's.
    RMDir /r "$INSTDIR\_internal"
    Delete "$INSTDIR\opora.exe"
    Delete "$INSTDIR\opora.ico"
    Delete "$INSTDIR\shell-launcher.ps1"
    Delete "$INSTDIR\uninstall.exe"
    RMDir "$INSTDIR"
    Delete "$SMPROGRAMS\Opora.lnk"
    DeleteRegKey HKLM "${KEY}"
    MessageBox MB_OK|MB_ICONINFORMATION "$(DATA_STAYS)" /SD IDOK
SectionEnd
