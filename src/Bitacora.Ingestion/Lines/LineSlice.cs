namespace Bitacora.Ingestion.Lines;

/// <summary>A line in the buffer, or a piece of one that is too long: its head (cut) and then its rest, which is stepped over.</summary>
/// <param name="Start">Where it lies.</param>
/// <param name="Length">Its bytes without its end; none for a rest.</param>
/// <param name="Consumed">The bytes stepped over, its end included.</param>
/// <param name="IsCut">The line is longer than is allowed; this is its head.</param>
/// <param name="IsRest">What lies behind a head.</param>
/// <param name="IsEnded">The line ends here.</param>
/// <param name="IsHole">
/// NULs at a line's begin, which nobody wrote: a file that was truncated under its writer has a hole there. The line follows.
/// </param>
internal readonly record struct LineSlice(
    int Start, int Length, int Consumed, bool IsCut, bool IsRest, bool IsEnded, bool IsHole = false);
