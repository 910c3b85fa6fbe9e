"""Letters of other alphabets, and what they become in plain Latin ones."""
# ruff: noqa: RUF001 - the letters of other alphabets are the point here

_LATIN = "ß:ss æ:ae œ:oe ø:o ł:l đ:d ð:d þ:th \u0131:i ə:a ŋ:ng ħ:h"
_CYRILLIC = (
    "а:a б:b в:v г:g д:d е:e з:z и:i й:y к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f х:kh ц:ts "
    "ч:ch ш:sh щ:shch ы:y э:e ю:yu я:ya ё:yo ж:zh ь: ъ: і:i ї:yi є:ye ґ:g ў:u ђ:dj ј:j љ:lj њ:nj "
    "ћ:c џ:dz"
)
_GREEK = (
    "α:a β:v γ:g δ:d ε:e ζ:z η:i θ:th ι:i κ:k λ:l μ:m ν:n ξ:x ο:o π:p ρ:r σ:s ς:s τ:t υ:y φ:f "
    "χ:ch ψ:ps ω:o"
)
TABLE = str.maketrans(
    {pair[0]: pair[2:] for table in (_LATIN, _CYRILLIC, _GREEK) for pair in table.split(" ")}
)
"""For ``str.translate``, after case has been folded."""
