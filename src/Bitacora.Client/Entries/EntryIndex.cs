using System.Buffers.Binary;

namespace Bitacora.Client.Entries;

/// <summary>Where the items of one entry lie. Its lists are kept from entry to entry.</summary>
internal sealed class EntryIndex
{
    /// <summary>The place of something that there is not.</summary>
    public const int None = -1;

    // Where the item of each tag begins, behind the tag, for those that come once.
    private readonly int[] _single = new int[(int)EntryTag.Traceback + 1];
    private readonly List<ValuePlace> _scopes = [];
    private readonly List<int> _scopeStarts = [];

    /// <summary>How many of the first values are the call's own.</summary>
    public int StateCount { get; private set; }

    /// <summary>All values, the call's own first, then what enrichers added, then the scopes', the innermost first.</summary>
    public List<ValuePlace> Values { get; } = [];

    /// <summary>The texts of scopes, outermost first.</summary>
    public List<int> ScopeTexts { get; } = [];

    /// <summary>Whether the entry ends in what is no item.</summary>
    public bool IsTorn { get; private set; }

    /// <summary>Where the item of that tag begins, behind the tag, or <see cref="None"/>.</summary>
    public int this[EntryTag tag] => _single[(int)tag];

    /// <summary>Finds the items behind the head.</summary>
    public void Fill(ReadOnlySpan<byte> entry)
    {
        Array.Fill(_single, None);
        Values.Clear();
        ScopeTexts.Clear();
        _scopes.Clear();
        _scopeStarts.Clear();
        (StateCount, IsTorn) = (None, false);
        for (var at = EntryHead.Size; at < entry.Length;)
        {
            var end = EntryWalk.EndOfItem(entry, at);
            if (end == EntryWalk.Torn)
            {
                IsTorn = true;
                break;
            }

            Place(entry, (EntryTag)entry[at], at + 1);
            at = end;
        }

        EndState();
        AddScopes();
    }

    /// <summary>The name of a value that has its own.</summary>
    public static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> entry, ValuePlace place) => EntryWalk.TextAt(entry, place.NameAt);

    /// <summary>The value.</summary>
    public static EntryValue ValueOf(ReadOnlySpan<byte> entry, ValuePlace place) => new(entry[place.ValueAt..]);

    /// <summary>The text of an item that begins with one; empty where there is none.</summary>
    public ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> entry, EntryTag tag, int offset = 0) =>
        this[tag] == None ? default : EntryWalk.TextAt(entry, this[tag] + offset);

    /// <summary>The text behind the item's first one; empty where there is none.</summary>
    public ReadOnlySpan<byte> SecondTextOf(ReadOnlySpan<byte> entry, EntryTag tag) =>
        this[tag] == None ? default : EntryWalk.TextAt(entry, EntryWalk.EndOfText(entry, this[tag]));

    /// <summary>The number of an item that begins with one.</summary>
    public int NumberOf(ReadOnlySpan<byte> entry, EntryTag tag) => BinaryPrimitives.ReadInt32LittleEndian(entry[this[tag]..]);

    private void Place(ReadOnlySpan<byte> entry, EntryTag tag, int at)
    {
        switch (tag)
        {
            case EntryTag.Value:
                AddValue(new ValuePlace(None, at, StateCount == None ? Values.Count : None, IsScope: false));
                break;
            case EntryTag.NamedValue:
                AddValue(new ValuePlace(at, EntryWalk.EndOfText(entry, at), None, IsScope: _scopeStarts.Count > 0));
                break;
            case EntryTag.Enrichment:
                EndState();
                break;
            case EntryTag.Scope:
                EndState();
                _scopeStarts.Add(_scopes.Count);
                break;
            case EntryTag.ScopeText:
                ScopeTexts.Add(at);
                break;
            default:
                _single[(int)tag] = _single[(int)tag] == None ? at : _single[(int)tag];
                break;
        }
    }

    private void AddValue(ValuePlace place) => (_scopeStarts.Count > 0 ? _scopes : Values).Add(place);

    private void EndState() => StateCount = StateCount == None ? Values.Count : StateCount;

    /// <summary>The innermost scope, which was written last, comes first.</summary>
    private void AddScopes()
    {
        var end = _scopes.Count;
        for (var scope = _scopeStarts.Count - 1; scope >= 0; scope--)
        {
            for (var i = _scopeStarts[scope]; i < end; i++)
            {
                Values.Add(_scopes[i]);
            }

            end = _scopeStarts[scope];
        }
    }
}
