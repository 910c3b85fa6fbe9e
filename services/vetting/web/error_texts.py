"""What a person reads when an error of vetting's own came up."""

from collections.abc import Mapping

from services.vetting.domain.case_rules import NotHolder
from shared.errors import InvalidInput
from shared.web.forms import Form
from shared.web.language import Text
from shared.web.language import lazy as _l

HEADINGS: Mapping[str, Text] = {
    "claimed_by_other": _l("Another officer has this case"),
    "not_holder": _l("The case is not with you; claim it to go on"),
    "own_file": _l("Officers do not work on their own file or a relative's"),
    "same_officer": _l("You proposed this; another officer has to approve it"),
    "supervisor_needed": _l("Only a supervisor may do this"),
    "hits_open": _l("Some hits are not judged yet"),
    "illegal_transition": _l("This can no longer be done"),
    "erased": _l("This file was erased"),
}
FIELD_TEXTS: Mapping[str, Text] = {
    "required": _l("Enter an answer."),
    "not_for_outcome": _l("Choose reasons that fit the outcome."),
    "not_for_kind": _l("Choose an outcome that fits the case."),
    "out_of_range": _l("Choose a time after the present end, within 14 days."),
    "not_askable": _l("Choose among the parts of the form."),
    "too_short": _l("Enter at least two parts of the name."),
    "not_a_cursor": _l("Start again from the first page."),
}
LIST_FAULTS: Mapping[str, Text] = {
    "file_is_empty": _l("The file is empty."),
    "file_is_missing": _l("A file is missing."),
    "one_file_expected": _l("Choose exactly one file."),
    "not_utf_8": _l("The file is not UTF-8 text."),
    "holds_null_characters": _l("The file holds characters that no list has."),
    "wrong_number_of_columns": _l("A row has the wrong number of columns."),
    "quotation_is_broken": _l("A quotation is broken."),
    "end_is_missing": _l("The end of the file is missing; it was cut on its way."),
    "text_after_the_end": _l("There is text after the end mark."),
    "entry_without_number_or_name": _l("An entry has no number or no name."),
    "unknown_type_of_entry": _l("An entry is of an unknown type."),
    "number_used_twice": _l("A number is used twice."),
    "refers_to_no_entry": _l("A row refers to an entry that is not there."),
    "rest_of_remarks_is_missing": _l("The rest of cut remarks is missing."),
    "header_is_wrong": _l("The first line is not the header of this format."),
    "birth_date_is_wrong": _l("A birth date cannot be read."),
    "country_is_unknown": _l("A country is not known."),
}


def reject(form: Form, error: InvalidInput | NotHolder) -> None:
    """Show what a use case found wrong, in words; what was typed stays."""
    if isinstance(error, NotHolder):
        return form.reject_field("", str(HEADINGS[error.code]))
    for name, codes in error.fields.items():
        for code in codes:
            form.reject_field(name, str(FIELD_TEXTS.get(code, code)))
    return None
