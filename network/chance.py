"""What chance alone would do: intervals of shares, and p values corrected for their number."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from network.flow import Weights

CONFIDENCE = 0.95


def corrected(p_values: npt.ArrayLike, *, tests: int | None = None) -> Weights:
    r"""Correct p values for the number of tests: of those below 5 %, at most 5 % are chance.

    ``tests`` is how many tests were made, where only the smallest p values are given: those left
    out must be larger than the ones given, and a corrected value is then exact up to the smallest
    of those left out. It is the number of ``p_values`` where silent.

    .. math:: q_{(k)} = \min_{j \ge k} \min(1, p_{(j)} \, m / j)

    Source: Y. Benjamini, Y. Hochberg, "Controlling the false discovery rate", Journal of the Royal
    Statistical Society B 57 (1995).

    Raises:
        ValueError: A p value outside 0 to 1, or fewer tests than p values.

    >>> corrected([0.01, 0.04, 0.03, 0.5]).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    p = np.asarray(p_values, np.float64)
    number = p.size if tests is None else tests
    if number < p.size:
        raise ValueError("no fewer tests were made than have a p value")
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("a p value is between 0 and 1")
    order = np.argsort(p)
    scaled = p[order] * number / np.arange(1, p.size + 1)
    least = np.minimum.accumulate(scaled[::-1])[::-1]
    found = np.empty_like(p)
    found[order] = np.minimum(least, 1.0)
    return found


def wilson(
    successes: npt.ArrayLike, trials: npt.ArrayLike, *, confidence: float = CONFIDENCE
) -> tuple[Weights, Weights]:
    r"""The lower and upper bound of a share; both are no number where nothing was tried.

    .. math:: \frac{\hat p + z^2/2n \pm z \sqrt{\hat p (1 - \hat p) / n + z^2 / 4n^2}}{1 + z^2/n}

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927).

    Raises:
        ValueError: A confidence outside 0 to 1, or more successes than trials.

    >>> low, high = wilson([5], [10])
    >>> round(float(low[0]), 4), round(float(high[0]), 4)
    (0.2366, 0.7634)
    """
    won, tried = np.asarray(successes, np.float64), np.asarray(trials, np.float64)
    if not 0 < confidence < 1:
        raise ValueError("a confidence is between 0 and 1")
    if not ((won >= 0) & (won <= tried)).all():
        raise ValueError("there are never more successes than trials")
    z = float(ndtri((1 + confidence) / 2))
    n = np.where(tried > 0, tried, math.nan)
    share = won / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    # A share of nought or of all is a bound itself, which rounding would miss by a hair.
    low, high = np.minimum(middle - half, share), np.maximum(middle + half, share)
    return np.maximum(low, 0), np.minimum(high, 1)
