"""The exact bounds of a binomial distribution: how many selected vehicles a rate explains."""

from math import exp, lgamma, log, log1p

MILLION = 1_000_000
TAIL = 0.005
"""On each side: outside both bounds lies at most one honest period in a hundred."""


def bounds(draws: int, ppm: int) -> tuple[int, int]:
    """Return the lowest and highest number of ``draws`` that a rate of ``ppm`` explains.

    Two-sided at 99 %: a smaller, or a larger, number than these has a chance of at most 0.5 % each.
    """
    if draws == 0 or ppm <= 0:
        return 0, 0
    if ppm >= MILLION:
        return draws, draws
    return _lowest(draws, ppm), draws - _lowest(draws, MILLION - ppm)


def _lowest(draws: int, ppm: int) -> int:
    """Return the first number that is reached from below with a chance above ``TAIL``."""
    rate = ppm / MILLION
    below = 0.0
    for number in range(draws + 1):
        below += _chance(draws, number, rate)
        if below > TAIL:
            return number
    return draws


def _chance(draws: int, number: int, rate: float) -> float:
    ways = lgamma(draws + 1) - lgamma(number + 1) - lgamma(draws - number + 1)
    return exp(ways + number * log(rate) + (draws - number) * log1p(-rate))
