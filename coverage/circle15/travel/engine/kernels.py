"""
Compiled searches with bucket queues over integer milliseconds.

A bucket holds the nodes whose time falls into the same 4.096 s; buckets are emptied in ascending
order, and a node whose time improves within its bucket is scanned again (label-correcting), so the
result is exact for any bucket width. Buckets are linked lists in one pool of entries. The pool is
fixed during a search: when it is full, the search returns `FULL` and the caller repeats it with a
larger one.
"""

# mypy: disable-error-code="no-untyped-def, assignment"
# ruff: noqa: PLR0917 - compiled functions take arrays by place
# numba infers the types; the docstrings give shapes and units.

from __future__ import annotations

from typing import Final

import numpy as np

from circle15.network.compiled import compiled

SHIFT: Final = 12  # a bucket is 2¹² ms wide
FULL: Final = -1
FAR: Final = 1 << 40
"""Time of a direction that may not be walked, milliseconds (`graph.CLOSED`)."""
NONE: Final = np.iinfo(np.int32).max
"""Time of a junction that is not reached."""


@compiled
def nearest_keys(pointer, head, ms, seeds, seed_keys, bits, horizon_ms, keys, bucket, link, entry):
    """
    Compute the smallest key `milliseconds · 2ᵇⁱᵗˢ + rank` of every junction, in place in `keys`.

    Parameters
    ----------
    pointer, head, ms
        Arcs of each junction against the walking direction.
    seeds, seed_keys
        Junctions where the search starts, with their keys.
    keys : int64, shape (junctions,)
        Filled with a number above every key; receives the result.
    bucket : int32, shape (buckets,), filled with -1
        First pool entry of each bucket.
    link, entry : int32, shape (capacity,)
        The pool: next entry of the same bucket, and its junction.

    Returns
    -------
    Number of entries used, or `FULL`.
    """
    capacity = len(link)
    limit = ((horizon_ms + 1) << bits) - 1
    used = 0
    for i in range(len(seeds)):
        node, key = seeds[i], seed_keys[i]
        if key <= limit and key < keys[node]:
            keys[node] = key
            if used == capacity:
                return FULL
            b = key >> (bits + SHIFT)
            entry[used] = node
            link[used] = bucket[b]
            bucket[b] = used
            used += 1
    for b in range(len(bucket)):
        while bucket[b] >= 0:
            place = bucket[b]
            bucket[b] = link[place]
            node = entry[place]
            key = keys[node]
            if key >> (bits + SHIFT) != b:
                continue  # its time has improved and it was scanned from an earlier bucket
            for arc in range(pointer[node], pointer[node + 1]):
                other = head[arc]
                longer = key + (np.int64(ms[arc]) << bits)
                if longer < keys[other] and longer <= limit:
                    keys[other] = longer
                    if used == capacity:
                        return FULL
                    c = longer >> (bits + SHIFT)
                    entry[used] = other
                    link[used] = bucket[c]
                    bucket[c] = used
                    used += 1
    return used


@compiled
def best_keys(chain, to_first, to_last, first, last, keys, bits, best):
    """Compute the best key of each point via the ends of its chain, without its access leg."""
    for i in range(len(chain)):
        c = chain[i]
        one = (to_first[i] << bits) + keys[first[c]]
        other = (to_last[i] << bits) + keys[last[c]]
        best[i] = min(one, other)


@compiled
def take_labels(best, access, row, goal_row, bits, horizon_ms, time, label):
    """Split keys into times (with access legs) and rows of destinations, up to the horizon."""
    mask = (np.int64(1) << bits) - 1
    for i in range(len(best)):
        ms = (best[i] >> bits) + access[i]
        if ms <= horizon_ms:
            time[row[i]] = ms
            label[row[i]] = goal_row[best[i] & mask]


@compiled
def reach_of(
    pointer, head, ms, seed_a, ms_a, seed_b, ms_b, cutoff_ms, time, touched, bucket, link, entry
):
    """
    Compute the times from every junction to one destination, up to a cutoff.

    Parameters
    ----------
    seed_a, ms_a, seed_b, ms_b
        The two junctions next to the destination and the times from them to it.
    time : int32, shape (junctions,)
        Filled with `NONE`; receives the times. The caller resets the junctions in `touched`.
    touched : int32, shape (junctions,)
        Receives the junctions that were reached.

    Returns
    -------
    Number of junctions reached (in `touched`), or `FULL` minus the number reached so far.
    """
    capacity = len(link)
    used = 0
    count = 0
    for seed, start in ((seed_a, ms_a), (seed_b, ms_b)):
        if start <= cutoff_ms and start < time[seed]:
            if time[seed] == NONE:
                touched[count] = seed
                count += 1
            time[seed] = start
            b = start >> SHIFT
            entry[used] = seed
            link[used] = bucket[b]
            bucket[b] = used
            used += 1
    for b in range((cutoff_ms >> SHIFT) + 1):
        while bucket[b] >= 0:
            place = bucket[b]
            bucket[b] = link[place]
            node = entry[place]
            now = time[node]
            if now >> SHIFT != b:
                continue
            for arc in range(pointer[node], pointer[node + 1]):
                longer = now + ms[arc]
                if longer > cutoff_ms:
                    continue
                other = head[arc]
                if longer < time[other]:
                    if time[other] == NONE:
                        touched[count] = other
                        count += 1
                    time[other] = longer
                    if used == capacity:
                        for later in range(b, len(bucket)):
                            bucket[later] = -1
                        return FULL - count
                    c = longer >> SHIFT
                    entry[used] = other
                    link[used] = bucket[c]
                    bucket[c] = used
                    used += 1
    return count


@compiled
def look_at_points(
    destination,
    own_chain,
    count,
    touched,
    time,
    chains,
    points,
    own,
    goals,
    cutoff_ms,
    found,
    out_point,
    out_ms,
):
    """
    Append the points within the cutoff of a destination whose junction times are known.

    A chain is scanned from its first junction, or from its last if only that is reached; the
    destination's own chain is always scanned.

    Parameters
    ----------
    destination, own_chain
        Number of the destination and the chain it lies on.
    count, touched, time
        Result of `reach_of`.
    chains
        First and last junction of each chain; on_before, back_before, on_ms, back_ms.
    points
        Start of the points of each chain; per point in the order of the chains: its row, to_first,
        to_last, access; start of the sides of each junction, a side being one end of a chain with
        points; per side: its first point, the one after its last, the junction at its other end,
        and whether the chain begins here. Values read together are in one row (int32).
    own
        Per point, for the destination's chain: order, along, on_in, on_out, back_in, back_out.
    goals
        Per destination: order, along, on_in, on_out, back_in, back_out, access.
    found
        Number of entries already in `out_point` and `out_ms`.

    Returns
    -------
    Number of entries, or `FULL` if the output is too short.
    """
    first, last = chains[:2]
    pointer, point, side_start, sides = points
    from_first, from_last = np.int64(time[first[own_chain]]), np.int64(time[last[own_chain]])
    own_begin, own_end = pointer[own_chain], pointer[own_chain + 1]
    found = look_at_own_chain(
        own_begin,
        own_end,
        destination,
        from_first,
        from_last,
        chains,
        point,
        own,
        goals,
        cutoff_ms,
        found,
        out_point,
        out_ms,
    )
    if found == FULL:
        return FULL
    for k in range(count):
        here = touched[k]
        now = np.int64(time[here])
        for side in range(side_start[here], side_start[here + 1]):
            begin, end = sides[side, 0], sides[side, 1]
            if begin == own_begin and end == own_end:
                continue
            other = np.int64(time[sides[side, 2]])
            if sides[side, 3]:
                from_first, from_last = now, other
            elif other == NONE:
                from_first, from_last = other, now
            else:
                continue
            for p in range(begin, end):
                ms = min(point[p, 1] + from_first, point[p, 2] + from_last) + point[p, 3]
                if ms <= cutoff_ms:
                    if found == len(out_point):
                        return FULL
                    out_point[found] = point[p, 0]
                    out_ms[found] = ms
                    found += 1
    return found


@compiled
def look_at_own_chain(
    begin,
    end,
    d,
    from_first,
    from_last,
    chains,
    point,
    own,
    goals,
    cutoff_ms,
    found,
    out_point,
    out_ms,
):
    """
    List the points of a destination's own chain in reach, along it or round by its junctions.

    Parameters
    ----------
    begin, end
        The points of that chain.
    d
        Number of the destination.
    from_first, from_last
        Times of the junctions of the chain, of `reach_of`.
    chains, point, own, goals, found
        As `look_at_points`.

    Returns
    -------
    As `look_at_points`.
    """
    on_before, back_before, on_ms, back_ms = chains[2:]
    order, along, on_in, on_out, back_in, back_out = own
    d_order, d_along, d_on_in, _, d_back_in, _, d_access = goals
    b = d_order[d]
    for p in range(begin, end):
        a = order[p]
        if a < b:
            ms = on_out[p] + on_before[b] - on_before[a + 1] + d_on_in[d]
        elif a > b:
            ms = back_out[p] + back_before[a] - back_before[b + 1] + d_back_in[d]
        elif along[p] == d_along[d]:
            ms = np.int64(0)
        elif along[p] < d_along[d]:
            ms = d_on_in[d] - on_in[p] if on_ms[a] < FAR else FAR
        else:
            ms = d_back_in[d] - back_in[p] if back_ms[a] < FAR else FAR
        round_ms = min(point[p, 1] + from_first, point[p, 2] + from_last)
        ms = min(round_ms, ms + d_access[d]) + point[p, 3]
        if ms <= cutoff_ms:
            if found == len(out_point):
                return FULL
            out_point[found] = point[p, 0]
            out_ms[found] = ms
            found += 1
    return found


@compiled
def catchments_of(
    begin, end, order, seeds, arcs, chains, points, own, goals, cutoff_ms, work, out, offsets
):
    """
    Compute the catchments of the destinations `order[begin:end]`, concatenated.

    Parameters
    ----------
    seeds
        Per destination: chain, first junction, time from it, last junction, time from it.
    arcs
        pointer, head, ms.
    work
        time, touched, bucket, link, entry: the arrays of one thread.
    out
        point, ms.
    offsets : int64, shape (end - begin + 1,)
        Receives the start of each catchment in `out`.

    Returns
    -------
    Number of destinations done, and the array that was too short (0 none, 1 pool, 2 output).
    """
    pointer, head, arc_ms = arcs
    time, touched, bucket, link, entry = work
    out_point, out_ms = out
    d_chain, d_first, d_from_first, d_last, d_from_last = seeds
    found = np.int64(0)
    for k in range(begin, end):
        d = order[k]
        offsets[k - begin] = found
        count = reach_of(
            pointer,
            head,
            arc_ms,
            d_first[d],
            d_from_first[d],
            d_last[d],
            d_from_last[d],
            cutoff_ms,
            time,
            touched,
            bucket,
            link,
            entry,
        )
        reached = count if count >= 0 else FULL - count
        after = FULL
        if count >= 0:
            after = look_at_points(
                d,
                d_chain[d],
                count,
                touched,
                time,
                chains,
                points,
                own,
                goals,
                cutoff_ms,
                found,
                out_point,
                out_ms,
            )
        for t in range(reached):
            time[touched[t]] = NONE
        if count < 0:
            return k - begin, 1
        if after == FULL:
            return k - begin, 2
        found = after
    offsets[end - begin] = found
    return end - begin, 0
