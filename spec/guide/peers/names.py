"""Writes the public names of modules, those that are no modules themselves, to stdout."""

import importlib
import inspect
import json
import sys

found = {}
for name in sys.argv[1:]:
    module = importlib.import_module(name)
    names = [each for each in dir(module) if not each.startswith("_")]
    found[name] = [each for each in names if not inspect.ismodule(getattr(module, each))]
json.dump(found, sys.stdout)
