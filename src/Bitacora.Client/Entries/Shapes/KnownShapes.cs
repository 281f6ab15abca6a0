namespace Bitacora.Client.Entries.Shapes;

/// <summary>
/// The shapes of entries that came more than once, of one writer. Programs that build their templates have any number of openings
/// (category, event, template) that come once only, and those are not kept.
/// </summary>
internal sealed class KnownShapes(LogWriterIdentity writer)
{
    private const int Buckets = 1024;
    private const int Limit = 1024;

    /// <summary>Neither equal hashes nor one place with ever other values may make looking up slow.</summary>
    private const int BucketLimit = 8;

    private readonly KnownShape[]?[] _buckets = new KnownShape[Buckets][];
    private readonly uint[] _seen = new uint[Buckets];
    private readonly int[] _places = new int[EntryCut.MaxParts];
    private KnownShape? _previous;
    private int _count;

    /// <summary>Whose entries they are: its name is a constant of their records.</summary>
    public LogWriterIdentity Writer => writer;

    /// <summary>Whether no more are kept.</summary>
    public bool IsFull => _count == Limit;

    /// <summary>Finds an entry's shape. Null where it is not known.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="opening">Where it is not known: the hash of how it begins, for <see cref="IsWanted"/> and <see cref="Add"/>.</param>
    /// <param name="places">Where its parts begin. Valid until the next call.</param>
    public KnownShape? Find(ReadOnlySpan<byte> entry, out uint opening, out ReadOnlySpan<int> places)
    {
        places = _places;
        opening = 0;

        // Mostly it is what came last time after the one before: then nothing need be hashed.
        if (_previous?.Next is { } guess && guess.TryMatch(entry, _places))
        {
            return _previous = guess;
        }

        opening = HashOf(entry);
        foreach (var shape in _buckets[opening % Buckets] ?? [])
        {
            if (shape.TryMatch(entry, _places))
            {
                _previous?.Next = shape;
                return _previous = shape;
            }
        }

        return null;
    }

    /// <summary>Whether an entry that begins so should be learned: its like came before.</summary>
    public bool IsWanted(uint opening)
    {
        ref var seen = ref _seen[opening % Buckets];
        var isWanted = seen == opening && _buckets[opening % Buckets] is not { Length: >= BucketLimit };
        seen = opening;
        return isWanted;
    }

    public void Add(uint opening, KnownShape shape)
    {
        ref var bucket = ref _buckets[opening % Buckets];
        bucket = [.. bucket ?? [], shape];
        _count++;
    }

    private static uint HashOf(ReadOnlySpan<byte> entry)
    {
        var end = EntryHead.Size;
        while (end < entry.Length && (EntryTag)entry[end] is EntryTag.Category or EntryTag.Event or EntryTag.Template)
        {
            var next = EntryWalk.EndOfItem(entry, end);
            if (next == EntryWalk.Torn)
            {
                break;
            }

            end = next;
        }

        return end <= EntryHead.Size ? 0 : EntryVocabulary.HashOf(entry[EntryHead.Size..end]);
    }
}
