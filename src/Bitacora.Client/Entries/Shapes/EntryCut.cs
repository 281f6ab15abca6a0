namespace Bitacora.Client.Entries.Shapes;

/// <summary>Cuts an entry into its constants and its parts.</summary>
internal sealed class EntryCut
{
    /// <summary>The most parts of a shape.</summary>
    public const int MaxParts = 64;

    /// <summary>The most bytes that the entries of a shape share: more are not kept.</summary>
    public const int MaxConstants = 4 << 10;

    private readonly List<byte> _constants = [];
    private readonly List<ShapePart> _parts = [];
    private readonly List<int> _places = [];

    /// <summary>The shape that was cut out last.</summary>
    public EntryShape Shape => new([.. _constants], [.. _parts]);

    /// <summary>
    /// False where the entry has what is not the same for each of its kind (an exception, marks of what is wrong) or too much.
    /// </summary>
    public bool TryCut(ReadOnlySpan<byte> entry)
    {
        _constants.Clear();
        _parts.Clear();
        _places.Clear();
        var kept = EntryHead.Size;
        for (int at = kept, end; at < entry.Length; at = end)
        {
            end = EntryWalk.EndOfItem(entry, at);
            var isTaken = end != EntryWalk.Torn && (EntryTag)entry[at] switch
            {
                EntryTag.Value => TryTakeValue(entry, at + 1, ref kept),
                EntryTag.NamedValue => TryTakeValue(entry, EntryWalk.EndOfText(entry, at + 1), ref kept),
                EntryTag.Message or EntryTag.ScopeText => TryTake(entry, at + 1, null, ref kept),
                EntryTag.Trace => TryTake(entry, at + 1, null, ref kept)
                    && TryTake(entry, EntryWalk.EndOfText(entry, at + 1), null, ref kept),
                EntryTag.Category or EntryTag.Event or EntryTag.Template or EntryTag.Enrichment or EntryTag.Scope => true,
                _ => false,
            };
            if (!isTaken)
            {
                return false;
            }
        }

        _constants.AddRange(entry[kept..]);
        return _constants.Count <= MaxConstants;
    }

    /// <summary>The number of the part that begins there, or <see cref="EntryIndex.None"/> for what is the same in each entry.</summary>
    public int PartAt(int place) => _places.IndexOf(place);

    /// <summary>A part's type; null for a text that is no value.</summary>
    public ValueType? TypeOf(int part) => _parts[part].Type;

    private bool TryTakeValue(ReadOnlySpan<byte> entry, int typeAt, ref int kept) => (ValueType)entry[typeAt] switch
    {
        ValueType.Null or ValueType.NullSequence or ValueType.False or ValueType.True => true,
        var type => TryTake(entry, typeAt + 1, type, ref kept),
    };

    private bool TryTake(ReadOnlySpan<byte> entry, int at, ValueType? type, ref int kept)
    {
        if (_parts.Count == MaxParts || _constants.Count + at - kept > MaxConstants)
        {
            return false;
        }

        var part = new ShapePart(at - kept, type);
        _constants.AddRange(entry[kept..at]);
        _parts.Add(part);
        _places.Add(at);
        kept = part.EndIn(entry, at);
        return true;
    }
}
