"""How a simulated reader answers each request of LLRP 1.0.1 and the version requests of 1.1."""

from collections.abc import Callable, Sequence

from services.lane_gateway.devices.llrp.codec import DecodeError, decode
from services.lane_gateway.devices.llrp.messages import HEADER, MAX_VERSION
from services.lane_gateway.devices.llrp.tables import MESSAGES
from services.lane_gateway.devices.llrp.values import Fields, Message, Parameter
from services.lane_gateway.simulator.reader_access import ACTIVE, DISABLED
from services.lane_gateway.simulator.reader_config import capabilities
from services.lane_gateway.simulator.reader_machine import ReaderMachine
from services.lane_gateway.simulator.reader_profile import IMPINJ, VERSION_1_0_1, VERSION_1_1
from services.lane_gateway.simulator.reader_refusal import SpecRefused, status

Answer = tuple[Fields, Sequence[Parameter]]
Handler = Callable[[ReaderMachine, Message, float], Answer]
NOTHING_MORE: Answer = ({}, ())
NEGOTIATION = {"GET_SUPPORTED_VERSION", "SET_PROTOCOL_VERSION"}
UNANSWERED = {"KEEPALIVE_ACK", "ENABLE_EVENTS_AND_REPORTS", "GET_REPORT"}
ENABLE_EXTENSIONS, EXTENSIONS_ENABLED = 21, 22
_VERSION_SHIFT = 10
CHALLENGE = "C1G2Authenticate"


def answer(machine: ReaderMachine, frame: bytes, now: float) -> None:
    """Handle one frame; the answer goes to the machine's outbox."""
    first, _, message_id = HEADER.unpack_from(frame)
    try:
        request = decode(frame)
    except DecodeError as error:
        _complain(machine, message_id, "M_ParameterError", str(error))
        return
    if request.name in UNANSWERED:
        _listen(machine, request)
        return
    version = first >> _VERSION_SHIFT & MAX_VERSION
    if _is_foreign(machine, request.name, version):
        _complain(machine, message_id, "M_UnsupportedVersion", f"version {version}")
    elif request.name == "CUSTOM_MESSAGE":
        _answer_vendor(machine, request)
    else:
        _answer_request(machine, request, now)


def _listen(machine: ReaderMachine, message: Message) -> None:
    match message.name:
        case "KEEPALIVE_ACK":
            machine.acknowledged += 1
        case "ENABLE_EVENTS_AND_REPORTS":
            machine.release()
        case _:
            machine.flush()


def _is_foreign(machine: ReaderMachine, name: str, version: int) -> bool:
    if name in NEGOTIATION and machine.profile.max_version >= VERSION_1_1:
        return version not in {VERSION_1_0_1, VERSION_1_1}
    return version != machine.version


def _answer_request(machine: ReaderMachine, request: Message, now: float) -> None:
    handler = HANDLERS.get(request.name)
    unknown = request.name in NEGOTIATION and machine.profile.max_version < VERSION_1_1
    response = MESSAGES[request.name].response if request.name in MESSAGES else None
    if handler is None or unknown or response is None:
        _complain(machine, request.id, "M_UnsupportedMessage", request.name)
        return
    try:
        machine.check_refusal(request.name)
        fields, parameters = handler(machine, request, now)
        said = status()
    except SpecRefused as no:
        fields, parameters, said = {}, (), status(no.status, no.text)
    # Neither side changes its version before the answer to the change is out.
    version = request.version if request.name in NEGOTIATION else machine.version
    made = Message(response, fields, (said, *parameters), id=request.id, version=version)
    machine.outbox.append(made)


def _complain(machine: ReaderMachine, message_id: int, code: str, text: str) -> None:
    error = Message("ERROR_MESSAGE", {}, [status(code, text)], id=message_id)
    error.version = machine.version
    machine.outbox.append(error)


def _answer_vendor(machine: ReaderMachine, request: Message) -> None:
    ours = request.number("VendorIdentifier") == IMPINJ and machine.profile.has_extensions
    if not ours or request.number("MessageSubtype") != ENABLE_EXTENSIONS:
        _complain(machine, request.id, "M_UnsupportedMessage", "custom message")
        return
    fields: Fields = {
        "VendorIdentifier": IMPINJ,
        "MessageSubtype": EXTENSIONS_ENABLED,
        "Data": bytes.fromhex("011f000800000000"),  # an LLRPStatus of success
    }
    machine.outbox.append(Message("CUSTOM_MESSAGE", fields, id=request.id))


def _supported_version(machine: ReaderMachine, _request: Message, _now: float) -> Answer:
    return {
        "CurrentVersion": machine.version,
        "SupportedVersion": machine.profile.max_version,
    }, ()


def _protocol_version(machine: ReaderMachine, request: Message, _now: float) -> Answer:
    wanted = request.number("ProtocolVersion")
    if not VERSION_1_0_1 <= wanted <= machine.profile.max_version:
        raise SpecRefused("M_UnsupportedVersion", f"version {wanted}")
    machine.version = wanted
    return NOTHING_MORE


def _capabilities(machine: ReaderMachine, request: Message, _now: float) -> Answer:
    return {}, capabilities(machine.profile, request.number("RequestedData"))


def _get_config(machine: ReaderMachine, request: Message, _now: float) -> Answer:
    return {}, machine.config.described(request)


def _set_config(machine: ReaderMachine, request: Message, now: float) -> Answer:
    machine.config.change(request)
    machine.keepalives_changed(now)
    return NOTHING_MORE


def _close(machine: ReaderMachine, _request: Message, _now: float) -> Answer:
    machine.closing = True
    return NOTHING_MORE


def _get_rospecs(machine: ReaderMachine, _request: Message, _now: float) -> Answer:
    return {}, machine.rospecs.described()


def _get_access_specs(machine: ReaderMachine, _request: Message, _now: float) -> Answer:
    return {}, machine.access.described()


def _add_rospec(machine: ReaderMachine, request: Message, _now: float) -> Answer:
    machine.rospecs.add(request.get("ROSpec"))
    return NOTHING_MORE


def _add_access_spec(machine: ReaderMachine, request: Message, _now: float) -> Answer:
    spec = request.get("AccessSpec")
    if not machine.profile.challenges and spec.get("AccessCommand").find(CHALLENGE):
        raise SpecRefused("M_UnsupportedParameter", CHALLENGE)
    machine.access.add(spec)
    return NOTHING_MORE


def _rospec_verb(verb: str) -> Handler:
    def handle(machine: ReaderMachine, request: Message, now: float) -> Answer:
        getattr(machine.rospecs, verb)(request.number("ROSpecID"), now)
        return NOTHING_MORE

    return handle


def _delete_access(machine: ReaderMachine, request: Message, _now: float) -> Answer:
    machine.access.delete(request.number("AccessSpecID"))
    return NOTHING_MORE


def _access_state(state: int) -> Handler:
    def handle(machine: ReaderMachine, request: Message, _now: float) -> Answer:
        machine.access.set_state(request.number("AccessSpecID"), state)
        return NOTHING_MORE

    return handle


HANDLERS: dict[str, Handler] = {
    "GET_SUPPORTED_VERSION": _supported_version,
    "SET_PROTOCOL_VERSION": _protocol_version,
    "GET_READER_CAPABILITIES": _capabilities,
    "GET_READER_CONFIG": _get_config,
    "SET_READER_CONFIG": _set_config,
    "CLOSE_CONNECTION": _close,
    "ADD_ROSPEC": _add_rospec,
    "GET_ROSPECS": _get_rospecs,
    **{
        f"{verb.upper()}_ROSPEC": _rospec_verb(verb)
        for verb in ("delete", "start", "stop", "enable", "disable")
    },
    "ADD_ACCESSSPEC": _add_access_spec,
    "GET_ACCESSSPECS": _get_access_specs,
    "DELETE_ACCESSSPEC": _delete_access,
    "ENABLE_ACCESSSPEC": _access_state(ACTIVE),
    "DISABLE_ACCESSSPEC": _access_state(DISABLED),
}
