# make run     set up what is missing and serve the app       (PORT=8501 HOST=127.0.0.1)
# make test    the same, and run every test, in a real browser too      (ARGS="-k map" WORKERS=2)
# make quick   lint, types and the tests nearest to what was changed, in two minutes at most
# make setup   environment in .venv, local scripts, built data, first map; does nothing when all is there
# make lint    ruff and mypy
# make check   catalogue, hashes, invariants
# make bench   measure against peers                    (OUT=build/bench.json ROWS=1000000)
# make fuzz    read damaged files for some minutes            (SECONDS=300)
# make bundle  one archive that installs and runs with the network off   (PLATFORM=win_amd64)
# make bundle-check   make it, unpack it and run it without a network
# make findings   what libraries do where one would guess otherwise, seen again
# make clean   remove all that was made here

PYTHON ?= python3
PORT ?= 8501
HOST ?= 127.0.0.1
OUT ?= build/bench.json
WORKERS ?= auto

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input
NEW_ENOUGH := -c 'import sys; sys.exit(sys.version_info < (3, 11))'

WORKS := $(shell $(PY) $(NEW_ENOUGH) 2>/dev/null && echo yes)

# Text is UTF-8 whatever the locale says.
export PYTHONUTF8 := 1

.PHONY: setup run test quick lint check bench bundle bundle-check findings clean dev browser broken
.DELETE_ON_ERROR:

# Both checks repair what was deleted or damaged since; the server looks itself, before it starts.
setup: $(VENV)/.requirements $(VENV)/.opening
	@$(PY) -m app.setup.assets
	@$(PY) -m geo.build

run: $(VENV)/.requirements $(VENV)/.opening
	@exec $(PY) -m app.server.run --host "$(HOST)" --port "$(PORT)"

# Each worker has a server and a browser of its own: more than four of them need more memory than they save time.
test: setup dev browser lint
	$(PY) -m pytest --numprocesses $(WORKERS) --maxprocesses 4 --dist worksteal $(ARGS)

quick: setup dev
	@$(PY) -m tests.quick

lint: dev
	$(PY) -m ruff check .
	$(PY) -m mypy

check: setup
	$(PY) -m app check

bench: setup dev
	@mkdir -p "$(dir $(OUT))"
	$(PY) -m benchmarks --json "$(OUT)" $(if $(ROWS),--rows $(ROWS))

fuzz: setup dev
	$(PY) -m tests.security.fuzz $(if $(SECONDS),--seconds $(SECONDS))

bundle: setup
	@$(PY) -m app.setup.bundle $(if $(PLATFORM),--platform "$(PLATFORM)")

bundle-check: setup dev
	@$(PY) -m app.setup.bundle
	@$(PY) -m tests.offline

findings:
	@for script in findings/*.sh; do echo "$$script"; sh "$$script" || exit 1; done

clean:
	rm -rf $(VENV) node_modules app/static data/built.json build
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find data -name '*.parquet' -exec rm -f {} +
	find app geo layers reports benchmarks tests -name __pycache__ -exec rm -rf {} +

dev: $(VENV)/.requirements-dev

browser: dev
	@$(PY) -m tests.browser.chromium --install

# The environment: kept while it works, made anew when it is missing, broken, moved or too old.
$(VENV)/.requirements: requirements.txt $(if $(WORKS),,broken)
	@$(PY) $(NEW_ENOUGH) 2>/dev/null || { \
	  found=; \
	  for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
	    $$python $(NEW_ENOUGH) 2>/dev/null && found=$$python && break; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "需要 Python 3.11 或更新的版本（$(PYTHON)：$$($(PYTHON) --version 2>/dev/null || echo 无法运行)），请安装后重试，或用 make PYTHON=路径 指明（Python >= 3.11 is needed）" >&2; \
	    exit 1; \
	  fi; \
	  echo "[1/5] 建立环境 $(VENV)（$$($$found --version)；virtual environment）"; \
	  $$found -m venv --clear $(VENV) >/dev/null || { \
	    echo "无法建立 $(VENV)：请确认此目录可写，且 Python 带有 venv 模块（Debian/Ubuntu：apt-get install python3-venv）" >&2; \
	    exit 1; \
	  }; \
	}
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip >/dev/null
	@echo "[2/5] 安装运行所需的 Python 包：约 1.7 GB，视网速一到十分钟（packages, 1.7 GB, one to ten minutes）"
	@$(PIP) install --quiet -r requirements.txt
	@touch $@

$(VENV)/.requirements-dev: requirements-dev.txt $(VENV)/.requirements
	@echo "安装测试所需的 Python 包：约 0.4 GB（packages for tests）"
	@$(PIP) install --quiet -r requirements-dev.txt
	@touch $@

$(VENV)/.assets: package.json package-lock.json app/setup/assets.py $(VENV)/.requirements
	@echo "[3/5] 取得页面脚本与海域：约 50 MB（scripts and sea polygons）"
	@$(PY) -m app.setup.assets
	@touch $@

# Built data follow from the code in geo/ and from committed tables; a change in either builds them anew.
$(VENV)/.data: $(VENV)/.assets $(wildcard geo/*.py geo/*/*.py data/catalog.json data/shanghai_districts/*.csv data/zones/*.*json)
	@echo "[4/5] 构建区界等数据，编译热点函数：约一分钟（boundaries and kernels, about a minute）"
	@$(PY) -m geo.build $(if $(wildcard $(VENV)/.data),--force)
	@touch $@

# The map that a server sends before it has read the tables; one that finds it out of date makes it itself.
$(VENV)/.opening: $(VENV)/.data $(wildcard app/*.py app/*/*.py layers/*.py layers/static/*)
	@echo "[5/5] 备好第一张地图：约十秒（first map）"
	@$(PY) -m app.server.snapshot
	@touch $@
