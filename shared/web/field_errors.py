"""marshmallow's errors in our shape and in both languages.

marshmallow speaks English alone, so ``speak`` puts texts that can be translated into a schema.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, fields

from shared.web.language import Text
from shared.web.language import lazy as _l

TEXTS: Mapping[str, Text] = {
    "Missing data for required field.": _l("Enter an answer."),
    "Field may not be null.": _l("Enter an answer."),
    "Invalid value.": _l("This answer is not valid."),
    "Invalid type.": _l("This answer has the wrong form."),
    "Invalid input type.": _l("This answer has the wrong form."),
    "Unknown field.": _l("This field is not known."),
    "Not a valid list.": _l("This must be a list."),
    "Not a valid tuple.": _l("This must be a list."),
    "Not a valid string.": _l("This must be text."),
    "Not a valid utf-8 string.": _l("This must be text."),
    "Not a valid UUID.": _l("This must be an identifier (UUID)."),
    "Not a valid number.": _l("Enter a number."),
    "Number too large.": _l("This number is too large."),
    "Not a valid integer.": _l("Enter a whole number."),
    "Special numeric values (nan or infinity) are not permitted.": _l("Enter a number."),
    "Not a valid boolean.": _l("Answer yes or no."),
    "Not a valid {obj_type}.": _l("Enter a valid date and time."),
    "Not a valid {awareness} {obj_type}.": _l("Enter a date and time with its time zone."),
    "Not a valid date.": _l("Enter a real date: month, day and four digits for the year."),
    "Not a valid time.": _l("Enter a real time, for example 14:30."),
    "Not a valid period of time.": _l("Enter a period of time."),
    "Not a valid mapping type.": _l("This answer has the wrong form."),
    "Not a valid URL.": _l("Enter a web address, for example https://example.org."),
    "Not a valid email address.": _l("Enter an e-mail address, for example name@example.org."),
    "Must be one of: {choices}.": _l("Choose one of the answers offered."),
    "Must be equal to {other}.": _l("This must be equal to {other}."),
    "Invalid input.": _l("This answer is not allowed."),
    "String does not match expected pattern.": _l("This does not have the form we expect."),
    "One or more of the choices you made was not in: {choices}.": _l(
        "Choose among the answers offered."
    ),
    "One or more of the choices you made was in: {values}.": _l("This answer is not allowed."),
    "Shorter than minimum length {min}.": _l("Enter at least {min} characters."),
    "Longer than maximum length {max}.": _l("Enter at most {max} characters."),
    "Length must be between {min} and {max}.": _l("Enter between {min} and {max} characters."),
    "Length must be {equal}.": _l("Enter exactly {equal} characters."),
    "Must be greater than or equal to {min}.": _l("Enter {min} or more."),
    "Must be greater than {min}.": _l("Enter more than {min}."),
    "Must be less than or equal to {max}.": _l("Enter {max} or less."),
    "Must be less than {max}.": _l("Enter less than {max}."),
    "Must be greater than or equal to {min} and less than or equal to {max}.": _l(
        "Enter a number from {min} to {max}."
    ),
    "Must be greater than or equal to {min} and less than {max}.": _l(
        "Enter a number from {min} to less than {max}."
    ),
    "Must be greater than {min} and less than or equal to {max}.": _l(
        "Enter a number over {min}, up to {max}."
    ),
    "Must be greater than {min} and less than {max}.": _l(
        "Enter a number between {min} and {max}."
    ),
}

VALIDATOR_TEXTS = ("error", "message_min", "message_max", "message_all", "message_equal")


def speak(schema: Schema, within: frozenset[type[Schema]] = frozenset()) -> Schema:
    """Put our texts in the place of marshmallow's own, in ``schema`` and what it nests.

    ``within`` are the schemas around it; one that nests itself is entered once.
    """
    _replace(schema.error_messages)
    for field in schema.fields.values():
        _speak_field(field, within | {type(schema)})
    return schema


def flat(messages: object, path: str = "") -> dict[str, list[str]]:
    """Return marshmallow's nested messages by dotted path of the field."""
    found: dict[str, list[str]] = {}
    for name, text in _walk(messages, path):
        found.setdefault(name or "_schema", []).append(text)
    return found


def _walk(messages: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            own = path if key == "_schema" else f"{path}.{key}".lstrip(".")
            yield from _walk(inner, own)
    elif isinstance(messages, list | tuple):
        for inner in messages:
            yield from _walk(inner, path)
    else:
        yield path, messages if isinstance(messages, str) else str(messages)


def _speak_field(field: fields.Field[Any], within: frozenset[type[Schema]]) -> None:
    _replace(field.error_messages)
    if isinstance(field, fields.Time):
        field.error_messages["invalid"] = TEXTS["Not a valid time."]
    for validator in field.validators:
        _speak_validator(validator)
    if isinstance(field, fields.List):
        _speak_field(field.inner, within)
    elif isinstance(field, fields.Nested) and type(field.schema) not in within:
        speak(field.schema, within)


def _speak_validator(validator: object) -> None:
    for name in VALIDATOR_TEXTS:
        text = getattr(validator, name, None)
        if isinstance(text, str) and text in TEXTS:
            setattr(validator, name, TEXTS[text])


def _replace(messages: Any) -> None:
    for key, text in messages.items():
        if isinstance(text, str) and text in TEXTS:
            messages[key] = TEXTS[text]
