# As much of JSON Schema 2020-12 as bridge/api/openapi.json uses; an unknown word is an error, so that none is skipped.
import re

KNOWN = {"$ref", "type", "enum", "const", "oneOf", "required", "properties", "additionalProperties", "items", "prefixItems",
         "minItems", "maxItems", "minimum", "maximum", "minLength", "maxLength", "pattern", "format", "description", "default"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def is_type(value, name):
    if name in ("number", "integer"):
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        return not isinstance(value, bool) and (whole if name == "integer" else isinstance(value, (int, float)))
    return isinstance(value, TYPES[name]) and not (name != "boolean" and isinstance(value, bool))


def problems(schema, value, document, at=""):
    """What is wrong with `value`, each with its place."""
    if unknown := set(schema) - KNOWN:
        return [f"{at}: the schema says {unknown}, which is not understood here"]
    if "$ref" in schema:
        target = document
        for part in schema["$ref"].lstrip("#/").split("/"):
            target = target[part]
        return problems(target, value, document, at)
    found = []
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(is_type(value, t) for t in types):
        return [f"{at}: {value!r:.80} is no {' or '.join(types)}"]
    if "const" in schema and value != schema["const"]:
        found.append(f"{at}: {value!r:.80} is not {schema['const']!r}")
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{at}: {value!r:.80} is not one of {schema['enum']}")
    if "oneOf" in schema:
        fitting = [s for s in schema["oneOf"] if not problems(s, value, document, at)]
        if len(fitting) != 1:
            found.append(f"{at}: {value!r:.80} fits {len(fitting)} of {len(schema['oneOf'])}")
    if isinstance(value, str):
        if "pattern" in schema and not re.search(schema["pattern"], value):
            found.append(f"{at}: {value!r} is not like {schema['pattern']}")
        if schema.get("format") == "date-time" and not re.fullmatch(
                r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", value):
            found.append(f"{at}: {value!r} is no date-time")
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 10**9):
            found.append(f"{at}: {value!r:.80} has {len(value)} letters")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
            found.append(f"{at}: {value} is out of range")
    if isinstance(value, dict):
        found += [f"{at}: {key} is missing" for key in schema.get("required", []) if key not in value]
        for key, one in value.items():
            inner = schema.get("properties", {}).get(key, schema.get("additionalProperties", {}))
            if inner is False:
                found.append(f"{at}: {key} is not in the schema")
            elif inner is not True:
                found += problems(inner, one, document, f"{at}/{key}")
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 10**9):
            found.append(f"{at}: {len(value)} items")
        first = schema.get("prefixItems", [])
        for i, one in enumerate(value):
            found += problems(first[i] if i < len(first) else schema.get("items", {}), one, document, f"{at}/{i}")
    return found
