# Everything needed is set up by the targets themselves, inside .venv and the caches.
# A machine needs Python 3.11 or newer; for the first start also the network, or Go; for the tests also Java with Maven, and Node.js with npm.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
TOOLS := $(VENV)/.installed-dev

.DEFAULT_GOAL := help
.PHONY: help run demo test chaos bench lint setup tools browser servers lock topology pictures

help:
	@echo "make run    真实 PostgreSQL、真实 Temporal 与工作进程；演示全部样例，之后保持运行（Ctrl-C 停止）：办案平台、各角色的演示账号、一个县的在办案件"
	@echo "make demo   同上，演示完自行结束；全部样例符合预期时退出码为 0"
	@echo "make test   代码检查、类型检查、导入规则与全部测试"
	@echo "make chaos  较长的故障测试：断电、停机、洪水、磁盘满……；并在关闭流程缓存的情况下重跑集成测试"
	@echo "make lint   只做前三项"
	@echo "make topology 生产拓扑在本机试演：PostgreSQL 上的 Temporal（8 个分片）、两个工作进程，中途杀死一个"
	@echo "make bench  性能测试（真实部件；两核机器约一小时；结果在缓存目录，说明见 docs/performance.md）"
	@echo "make pictures 重拍 docs/temporal.md 与操作手册的插图（须装有中文字体）"
	@echo "make lock   依赖变更后重新生成锁定文件"

run: setup
	$(BIN)/fengqiao demo --stay

demo: setup
	$(BIN)/fengqiao demo

topology: tools
	$(BIN)/python -m scripts.topology

lint: tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

# Two at a time: most of a test's time is the servers' disk. A file's tests stay together.
test: lint browser servers
	$(BIN)/pytest --numprocesses 2 --dist loadfile

servers: tools
	@$(BIN)/python -m tests.support.prepare

chaos: tools
	$(BIN)/pytest -m chaos --timeout=900 tests/chaos tests/integration
	$(BIN)/pytest --cache-off --timeout=900 tests/integration tests/scenario tests/chaos

pictures: browser
	$(BIN)/python -m scripts.temporal_pictures
	$(BIN)/python -m scripts.guide_pictures

# One test looks at Temporal's UI as an administrator does; the pages are tried in two browsers.
browser: tools
	@chromium --version >/dev/null 2>&1 && { firefox-esr --version || firefox --version; } >/dev/null 2>&1 && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "正在安装测试用的浏览器 Chromium 和 Firefox（仅此一次）…"; \
		export DEBIAN_FRONTEND=noninteractive; \
		wanted="chromium firefox-esr"; \
		{ apt-get install -y -qq $$wanted || { apt-get update -qq && apt-get install -y -qq $$wanted; }; } \
			>/dev/null 2>&1 && chromium --version >/dev/null 2>&1 && firefox-esr --version >/dev/null 2>&1 && exit 0; \
	fi; \
	{ firefox-esr --version || firefox --version; } >/dev/null 2>&1 || \
		{ echo "找不到测试用的浏览器 Firefox：请安装 firefox-esr（或 firefox）并放入 PATH"; exit 1; }; \
	chromium --version >/dev/null 2>&1 || $(BIN)/playwright install chromium >/dev/null && exit 0; \
	echo "找不到测试用的浏览器，也下载不到：请安装 chromium 并放入 PATH，或运行 $(BIN)/playwright install --with-deps chromium"; \
	exit 1

bench: tools
	@$(BIN)/python -m scripts.install bench/requirements.lock
	$(BIN)/python -m bench

setup: $(INSTALLED)

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "需要 Python 3.11 或更高版本；可用 make PYTHON=/路径/python3.11 指定"; exit 1; }
	@echo "正在准备运行环境 $(VENV)（仅此一次，约需下载 80 MB）…"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) || \
		{ echo "无法建立虚拟环境；在 Debian 或 Ubuntu 上请先安装 python3-venv"; exit 1; }
	@$(BIN)/python -m scripts.install requirements.lock --project
	@touch $@

tools: $(TOOLS)

$(TOOLS): requirements-dev.lock $(INSTALLED)
	@echo "正在准备检查与测试工具（仅此一次，约需再下载 130 MB）…"
	@$(BIN)/python -m scripts.install requirements-dev.lock
	@touch $@

COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-config

lock: tools
	$(COMPILE) --extra build --output-file requirements.lock
	$(COMPILE) --extra build --extra dev --constraints requirements.lock --output-file requirements-dev.lock
	$(COMPILE) --extra build --extra dev --extra bench --constraints requirements-dev.lock --output-file bench/requirements.lock
