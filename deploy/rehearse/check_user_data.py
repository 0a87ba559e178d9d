"""check_user_data.py SCHEMA FILE: says which keys of a cloud-config cloud-init does not know; it would pass over them silently."""

import json
import sys

import yaml

schema = json.load(open(sys.argv[1], encoding="utf8"))
given = yaml.safe_load(open(sys.argv[2], encoding="utf8"))

known = {}
for module in schema["$defs"].values():
    known.update(module.get("properties", {}))
wrong = [key for key in given if key not in known]

allowed = known["write_files"]["items"]["properties"]
wrong += [f"write_files: {key}" for file in given["write_files"] for key in file if key not in allowed]

if wrong:
    sys.exit(f"{sys.argv[2]}: cloud-init does not know {', '.join(wrong)}")
