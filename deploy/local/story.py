"""``make story``: the main job through the public doors, with a timeline of measured times.

Exit status 0 only if every step was observed.
"""

import sys

STEPS = (
    "an applicant applies with a vehicle",
    "vetting screens and an officer approves",
    "the interview is booked and recorded",
    "the card is issued and activated",
    "the car drives up; the reader sees the card and the camera the plate; the lane shows clear",
    "the booth officer counts the occupants and admits; the gate opens and closes behind the car",
    "a watchlist update places a temporary hold",
    "the same car is referred; the gate stays shut until the officer sends it to secondary",
    "a vetting officer clears the hold; the car passes again",
)


def main() -> int:
    """Print what is still to come."""
    for number, step in enumerate(STEPS, start=1):
        print(f"{number}. NOT BUILT  {step}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
