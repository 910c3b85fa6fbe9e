"""What a person reads when something went wrong: a heading, and what to do now."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.web.language import Text
from shared.web.language import lazy as _l


@dataclass(frozen=True, kw_only=True)
class ErrorText:
    """The words for one kind of error."""

    title: Text
    advice: Text


ERROR_TEXTS: Mapping[str, ErrorText] = {
    "error": ErrorText(
        title=_l("Something went wrong on our side"),
        advice=_l("Nothing you did caused this. Please try again in a few minutes."),
    ),
    "unreadable": ErrorText(
        title=_l("We could not read the request"),
        advice=_l("Go back, reload the page and try again."),
    ),
    "forgery": ErrorText(
        title=_l("This page was open for too long"),
        advice=_l("Go back, reload the page and send it again. Nothing was changed."),
    ),
    "not_signed_in": ErrorText(
        title=_l("Please sign in"),
        advice=_l("You need to sign in to see this page."),
    ),
    "session_ended": ErrorText(
        title=_l("Your session has ended"),
        advice=_l("For your safety you were signed out. Please sign in again."),
    ),
    "sign_in_failed": ErrorText(
        title=_l("Sign-in did not work"),
        advice=_l("Make sure that your browser accepts cookies, then try to sign in again."),
    ),
    "sign_in_cancelled": ErrorText(
        title=_l("You did not sign in"),
        advice=_l("You turned back before you had signed in. You can try again at any time."),
    ),
    "forbidden": ErrorText(
        title=_l("You may not open this page"),
        advice=_l("Your account does not have access to it. If it should, ask your supervisor."),
    ),
    "not_found": ErrorText(
        title=_l("Page not found"),
        advice=_l("Check the address, or start again from the first page."),
    ),
    "method_not_allowed": ErrorText(
        title=_l("This page cannot do that"),
        advice=_l("Start again from the first page."),
    ),
    "conflict": ErrorText(
        title=_l("This can no longer be done"),
        advice=_l("Its state has changed meanwhile. Go back, reload the page and look again."),
    ),
    "already_done": ErrorText(
        title=_l("This was done already"),
        advice=_l("You sent it before, and it arrived. There is nothing more to do."),
    ),
    "idempotency_key_reused": ErrorText(
        title=_l("This was sent before with other answers"),
        advice=_l("Go back, reload the page and check your answers."),
    ),
    "stale": ErrorText(
        title=_l("Somebody else changed this meanwhile"),
        advice=_l("Go back, reload the page to see the changes, then try again."),
    ),
    "too_large": ErrorText(
        title=_l("What you sent is too large"),
        advice=_l("Go back and choose a smaller file or write a shorter text."),
    ),
    "wrong_media_type": ErrorText(
        title=_l("We cannot read this kind of file"),
        advice=_l("Go back and send it in one of the forms named on the page."),
    ),
    "invalid_input": ErrorText(
        title=_l("Some answers need your attention"),
        advice=_l("Go back, correct them and send the page again."),
    ),
    "unavailable": ErrorText(
        title=_l("This service is not available at the moment"),
        advice=_l("Nothing was lost. Please try again in a few minutes."),
    ),
}
