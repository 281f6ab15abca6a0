using System.Buffers;
using Bitacora.Query.Parsing;
using Bitacora.Records;

namespace Bitacora.Query;

/// <summary>A text compared regardless of case, in which <c>*</c> may stand for any run of characters, line ends too.</summary>
/// <remarks>Immutable, safe to use from several threads, allocates nothing when it matches.</remarks>
public sealed class TextPattern
{
    private const int StackBytes = 512;

    private readonly FoldedNeedle[] _needles;
    private readonly string[] _segments;
    private readonly string _written;

    private TextPattern(string[] literals, bool isAnchored, string written)
    {
        IsAnchored = isAnchored;
        _needles = [.. literals.Select(l => new FoldedNeedle(l))];
        _segments = [.. _needles.Select(n => n.Text)];
        _written = written;
    }

    /// <summary>Whether the whole value must match; else the pattern may begin and end anywhere in it.</summary>
    public bool IsAnchored { get; }

    /// <summary>The folded texts between the stars, in their order; more than one, or empty ones at the ends, if there are stars.</summary>
    /// <remarks>With <see cref="IsAnchored"/> the value begins with the first and ends with the last.</remarks>
    public IReadOnlyList<string> Segments => _segments;

    /// <summary>Whether there is no star: the folded value equals, or holds, the only segment.</summary>
    public bool IsPlain => _segments.Length == 1;

    /// <summary>Whether the value matches.</summary>
    /// <param name="text">The value in UTF-8, not folded.</param>
    /// <returns>Whether it matches.</returns>
    public bool Matches(ReadOnlySpan<byte> text)
    {
        if (IsPlain)
        {
            return IsAnchored ? CaseFold.Equals(text, _needles[0].Utf8.Span) : _needles[0].IsIn(text);
        }

        // Most values fail here, before anything is folded.
        foreach (FoldedNeedle needle in _needles)
        {
            if (!needle.IsIn(text))
            {
                return false;
            }
        }

        return MatchesFolded(text);
    }

    /// <summary>The pattern as the query writes it.</summary>
    /// <returns>The text, in quotes where it needs them.</returns>
    public override string ToString() => _written;

    /// <summary>A pattern of literal texts with a star between each two.</summary>
    internal static TextPattern Create(string[] literals, bool isAnchored) =>
        new(literals, isAnchored, literals.Length == 1 ? Quoting.Quote(literals[0]) : string.Join('*', literals));

    private bool MatchesFolded(ReadOnlySpan<byte> text)
    {
        int capacity = CaseFold.MaxFoldedLength(text.Length);
        byte[]? rented = null;
        Span<byte> folded = capacity <= StackBytes ? stackalloc byte[StackBytes] : (rented = ArrayPool<byte>.Shared.Rent(capacity));
        try
        {
            return MatchesSegments(folded[..CaseFold.Fold(text, folded)]);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private bool MatchesSegments(ReadOnlySpan<byte> rest)
    {
        int last = _needles.Length - 1;
        for (int i = 0; i <= last; i++)
        {
            ReadOnlySpan<byte> segment = _needles[i].Utf8.Span;
            bool atStart = IsAnchored && i == 0;
            bool atEnd = IsAnchored && i == last;
            int found = atEnd ? (rest.EndsWith(segment) ? rest.Length - segment.Length : -1)
                : atStart ? (rest.StartsWith(segment) ? 0 : -1)
                : rest.IndexOf(segment);
            if (found < 0)
            {
                return false;
            }

            // Leftmost is enough: what a later match allows, an earlier one allows too.
            rest = rest[(found + segment.Length)..];
        }

        return true;
    }
}
