@echo off
rem Installs without a network and starts: start.bat [--port 8501] [--host 127.0.0.1]
rem Plain ASCII, so that every code page reads it; what it has to say in Chinese stands in START.txt.
setlocal
cd /d "%~dp0"
set PYTHONUTF8=1
set PIP_NO_INDEX=1
set PIP_DISABLE_PIP_VERSION_CHECK=1
if not "@PLATFORM@"=="win_amd64" (
  echo This bundle is for Linux: run  sh start.sh  there.
  exit /b 1
)
if exist .venv\ready goto run
if not defined PYTHON set PYTHON=py -@PYTHON@
%PYTHON% -c "import sys; sys.exit('%%d.%%d' %% sys.version_info[:2] != '@PYTHON@')" 2>nul
if errorlevel 1 set PYTHON=python
%PYTHON% -c "import sys; sys.exit('%%d.%%d' %% sys.version_info[:2] != '@PYTHON@')" 2>nul
if errorlevel 1 (
  chcp 65001 >nul
  type START.txt
  echo Python @PYTHON@, 64 bit, was not found.
  pause
  exit /b 1
)
echo First start: installing, one or two minutes ...
%PYTHON% -m venv --clear --without-pip .venv || exit /b 1
for %%w in (wheels\pip-*.whl) do .venv\Scripts\python %%w\pip install --quiet --no-cache-dir --find-links wheels --require-hashes -r wheels\requirements.txt || exit /b 1
echo ready>.venv\ready
:run
.venv\Scripts\python -m geo.build || exit /b 1
.venv\Scripts\python -m app serve %*
