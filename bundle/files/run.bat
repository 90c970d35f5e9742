@echo off
rem Starts circle15 without a network: run.bat demo
rem "run.bat doctor" says what is missing. CIRCLE15_PYTHON names a Python to use.
rem This file is ASCII; what it says in Chinese is in app\*.txt, shown as UTF-8.
setlocal
set "here=%~dp0"
set "versions=@VERSIONS@"

if /i "%PROCESSOR_ARCHITECTURE%"=="AMD64" goto machine_ok
if /i "%PROCESSOR_ARCHITEW6432%"=="AMD64" goto machine_ok
call :say wrong-machine.txt
exit /b 3

:machine_ok
set "python=%here%python\python.exe"
if exist "%python%" goto start
set "python="
if defined CIRCLE15_PYTHON (
  call :try "%CIRCLE15_PYTHON%"
  goto decided
)
for %%v in (%versions%) do call :ask_launcher %%v
call :try python.exe
call :try python3.exe

:decided
if defined python goto start
call :say no-python.txt
exit /b 3

:start
"%python%" -I -S -X utf8 "%here%app\launch.py" %*
set "code=%errorlevel%"
rem Without arguments it was probably opened with the mouse: keep the window open.
if "%~1"=="" pause
exit /b %code%

rem Set python to the Python of a version that the launcher py knows.
:ask_launcher
if defined python exit /b 0
for /f "usebackq delims=" %%p in (`py -%1 -c "import sys; print(sys.executable)" 2^>nul`) do set "python=%%p"
exit /b 0

rem Set python to a program if it is a Python of one of the versions.
:try
if defined python exit /b 0
"%~1" -c "import sys; sys.exit(str(sys.version_info[0]) + '.' + str(sys.version_info[1]) not in '%versions%'.split())" >nul 2>nul
if not errorlevel 1 set "python=%~1"
exit /b 0

rem Show a text of app\ in UTF-8, then set the code page of the console back.
:say
for /f "tokens=2 delims=:." %%c in ('chcp') do set "page=%%c"
chcp 65001 >nul
type "%here%app\%1" 1>&2
chcp %page% >nul
exit /b 0
