# The two a newcomer needs: `make run` and `make test`.
PY := .venv/bin/python
RUN_PACKAGES := installers/packages.txt
ALL_PACKAGES := installers/packages.txt installers/packages-test.txt

.PHONY: run setup setup-test check test proof bench bench-sync faults soak pictures glass-pictures lock
.PHONY: setup-package deb deb-twice test-install test-machine

run: setup
	$(PY) -m ui.commands demo

setup:
	@installers/setup.sh $(RUN_PACKAGES)
	@$(PY) -m kiosk.texts

setup-test: setup
	@installers/setup.sh $(ALL_PACKAGES)

check: setup-test
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) -m tests.privacy.advisories

test: setup-test
	QT_QPA_PLATFORM=offscreen $(PY) -m pytest -n 2 -m "not proof" $(ARGS)

proof: setup-test
	QT_QPA_PLATFORM=offscreen $(PY) -m pytest -n 2 --dist worksteal -m proof --timeout 1800 $(ARGS)

bench: setup-test
	QT_QPA_PLATFORM=offscreen $(PY) -m tests.bench $(ARGS)

# Everything that can go wrong between a kiosk and its hub, counted: ARGS="--short --seed 7" for minutes of it.
faults: setup-test
	$(PY) -m tests.faults $(ARGS)

# Simulated people use a kiosk, and memory, handles, files and lateness are watched: ARGS="--hours 2 --seed 7".
soak: setup-test
	$(PY) -m tests.soak $(or $(ARGS),--minutes 10)

# Ours beside Morango and PouchDB over the same lines; fetches those two once into build/bench.
bench-sync: setup-test
	$(PY) -m tests.bench.syncing $(ARGS)

# Paints the README's pictures anew.
pictures: setup
	QT_QPA_PLATFORM=offscreen $(PY) -m tests.e2e.pictures

# Takes the pictures anew that a real window on an X server is compared with; look at them afterwards.
glass-pictures: setup-test
	QT_QPA_PLATFORM=offscreen $(PY) -m tests.e2e.real_glass

# The Debian package, in build/; what that needs besides is installed first.
deb: setup-package
	$(PY) -m installers.deb

# Builds it in two folders and compares the bytes.
deb-twice: setup-package
	$(PY) -m installers.deb --twice

# The package on a fresh Debian, from apt to purge; as root. ARGS="--package FILE" takes one that is built already.
test-install: setup-package
	$(PY) -m installers.fresh_install $(ARGS)

# A whole computer with the package on it: made a kiosk, set up by touch, used, killed, cut off from its power, renewed
# and switched off; as root. ARGS="--package FILE" as above.
test-machine: setup-test setup-package
	@installers/setup.sh installers/packages-machine.txt
	$(PY) -m installers.whole_machine $(ARGS)

setup-package:
	@installers/setup.sh $(RUN_PACKAGES) installers/packages-package.txt

# Resolves pyproject.toml into requirements.lock; needs `uv` on the PATH.
lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	    --no-header --all-extras pyproject.toml -o requirements.lock
	uv pip compile -q --python-platform x86_64-manylinux_2_34 --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-annotate --no-header --extra kiosk --extra hub --extra package \
	    -c requirements.lock pyproject.toml -o installers/payload/requirements.lock
