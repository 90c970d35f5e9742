"""Means over the cells of a raster, in which cells without data (NaN) have no weight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from circle15.arrays import Floats


REACH: Final = 4
"""Standard deviations after which the weights of the smoothing end."""

_WHOLE = 0.999  # share of the weight with data below which a cell is next to a hole or the edge
_FIRM = 1e-3  # neighbours on one line, or too few of them, do not define a plane


def block_means(values: Floats, block: int) -> Floats:
    """
    Average blocks of cells; NaN has no weight, and blocks at the edge use the cells they have.

    Examples
    --------
    >>> block_means(np.array([[1.0, 3.0, 5.0], [np.nan, 2.0, 7.0]]), 2).tolist()
    [[2.0, 6.0]]
    """
    if block == 1:
        return values
    rows, columns = (-(-side // block) * block for side in values.shape)
    padded = np.full((rows, columns), np.nan)
    padded[: values.shape[0], : values.shape[1]] = values
    blocks = padded.reshape(rows // block, block, columns // block, block)
    known = np.isfinite(blocks)
    count = known.sum(axis=(1, 3))
    total = np.where(known, blocks, 0.0).sum(axis=(1, 3))
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def smoothed(values: Floats, sigma: tuple[float, float]) -> Floats:
    """
    Smooth with a Gaussian; cells without data (NaN) have no weight and stay NaN.

    Next to a hole or the edge of the raster the neighbours lie on one side, and their mean would
    flatten every slope: there the height is that of the plane fitted to them with the same weights.
    """
    known = np.isfinite(values)
    if not known.any():
        return values

    def blurred(layer: Floats) -> Floats:
        return gaussian(layer, sigma)

    # Sums relative to the median height keep more digits.
    middle = float(np.median(values[known]))
    z, weight = np.where(known, values - middle, 0.0), known.astype(np.float64)
    m, zm = blurred(weight), blurred(z)
    smooth = np.where(known, zm / np.maximum(m, 1e-9), np.nan)
    near = known & (m < _WHOLE)
    if near.any():
        y, x = np.mgrid[0 : len(values), 0 : len(values[0])].astype(np.float64)
        px, py, m, zm = x[near], y[near], m[near], zm[near]
        # Sums of weights and heights, each times distances from the cells next to the edge.
        wx, wy, wxx, wxy, wyy, zx, zy = (
            blurred(layer)[near]
            for layer in (
                *(weight * x, weight * y),
                *(weight * x * x, weight * x * y, weight * y * y),
                *(z * x, z * y),
            )
        )
        mx, my = wx - px * m, wy - py * m
        mxx, myy = wxx - 2 * px * wx + px * px * m, wyy - 2 * py * wy + py * py * m
        mxy = wxy - py * wx - px * wy + px * py * m
        left = np.array([[m, mx, my], [mx, mxx, mxy], [my, mxy, myy]]).transpose(2, 0, 1)
        right = np.column_stack([zm, zx - px * zm, zy - py * zm])
        firm = np.linalg.det(left) > _FIRM * m * (sigma[0] * sigma[1]) ** 2
        plane = smooth[near]
        plane[firm] = np.linalg.solve(left[firm], right[firm, :, None])[:, 0, 0]
        smooth[near] = plane
    return smooth + middle


def gaussian(layer: Floats, sigma: tuple[float, float]) -> Floats:
    """
    Convolve a layer with a Gaussian, with 0 beyond its edge.

    Equal to scipy's filter, whose import takes a fifth of a second.

    Parameters
    ----------
    sigma
        Standard deviations down and across, in cells; the kernel extends over `REACH` of them.
    """
    for axis, width in enumerate(sigma):
        radius = int(REACH * width + 0.5)
        kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / width) ** 2)
        beyond = [(radius, radius) if k == axis else (0, 0) for k in (0, 1)]
        layer = np.apply_along_axis(
            np.convolve, axis, np.pad(layer, beyond), kernel / kernel.sum(), mode="valid"
        )
    return layer


def bilinear(values: Floats, row: Floats, column: Floats) -> Floats:
    """Interpolate between cell centres; cells that are NaN or missing have no weight."""
    down = np.clip(row - 0.5, 0, values.shape[0] - 1)
    across = np.clip(column - 0.5, 0, values.shape[1] - 1)
    i, j = np.floor(down).astype(np.int64), np.floor(across).astype(np.int64)
    total, weight = np.zeros(len(row)), np.zeros(len(row))
    for di, wi in ((0, 1 - (down - i)), (1, down - i)):
        for dj, wj in ((0, 1 - (across - j)), (1, across - j)):
            z = values[np.minimum(i + di, len(values) - 1), np.minimum(j + dj, len(values[0]) - 1)]
            share = np.where(np.isfinite(z), wi * wj, 0.0)
            total += share * np.where(np.isfinite(z), z, 0.0)
            weight += share
    return np.where(weight >= 0.5, total / np.maximum(weight, 0.5), np.nan)
