"""Production runs workflows without the sandbox, so that all of them share the workflow modules."""

import pkgutil
from importlib import import_module

import workflows


def test_the_workflow_modules_keep_no_state_of_their_own() -> None:
    kept = {
        f"{module.name}.{name}"
        for module in pkgutil.walk_packages(workflows.__path__, "workflows.")
        for name, value in vars(import_module(module.name)).items()
        if isinstance(value, (dict, list, set, bytearray)) and not name.startswith("__")
    }
    assert not kept, "a mutable value at module level would be shared by every matter"
