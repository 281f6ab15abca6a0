namespace Bitacora.Client.Entries.Shapes;

/// <summary>
/// What entries of one place in a program have in common: all of their bytes but time, level and the values themselves. Names and types of
/// values are part of it, so whoever has the same shape is decoded in the same way. Immutable.
/// </summary>
internal sealed class EntryShape(byte[] constants, ShapePart[] parts)
{
    /// <summary>The parts in the order in which an entry has them.</summary>
    public IReadOnlyList<ShapePart> Parts => parts;

    /// <summary>Whether an entry has this shape; then where its parts begin.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="places">Room for as many as there are parts.</param>
    public bool TryMatch(ReadOnlySpan<byte> entry, Span<int> places)
    {
        if (entry.Length < EntryHead.Size)
        {
            return false;
        }

        ReadOnlySpan<byte> expected = constants;
        var at = EntryHead.Size;
        for (var i = 0; i < parts.Length; i++)
        {
            ref readonly var part = ref parts[i];
            if (!entry[at..].StartsWith(expected[..part.Before]))
            {
                return false;
            }

            expected = expected[part.Before..];
            at += part.Before;
            places[i] = at;
            at = part.EndIn(entry, at);
            if (at == EntryWalk.Torn)
            {
                return false;
            }
        }

        return entry[at..].SequenceEqual(expected);
    }
}
