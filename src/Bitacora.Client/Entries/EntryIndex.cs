namespace Bitacora.Client.Entries;

/// <summary>Where the items of one entry lie. Its lists are kept from entry to entry.</summary>
internal sealed class EntryIndex
{
    /// <summary>The place of an item that there is not.</summary>
    public const int None = -1;

    // Where each tag's item lies, for those that come once.
    private readonly int[] _single = new int[(int)EntryTag.Traceback + 1];
    private readonly List<int> _state = [];
    private readonly List<int> _enrichment = [];
    private readonly List<int> _scopes = [];
    private readonly List<int> _scopeStarts = [];
    private readonly List<int> _scopeTexts = [];

    /// <summary>The call's own values, in order.</summary>
    public IReadOnlyList<int> State => _state;

    /// <summary>The texts of scopes, outermost first.</summary>
    public IReadOnlyList<int> ScopeTexts => _scopeTexts;

    /// <summary>All values, the call's own first, then what enrichers added, then the scopes', the innermost first.</summary>
    public List<ValuePlace> Values { get; } = [];

    /// <summary>Whether the entry ends in what is no item.</summary>
    public bool IsTorn { get; private set; }

    /// <summary>Where the item of that tag lies, or <see cref="None"/>.</summary>
    public int this[EntryTag tag] => _single[(int)tag];

    /// <summary>Finds the items behind the head.</summary>
    public void Fill(ReadOnlySpan<byte> entry)
    {
        Array.Fill(_single, None);
        foreach (var list in (ReadOnlySpan<List<int>>)[_state, _enrichment, _scopes, _scopeStarts, _scopeTexts])
        {
            list.Clear();
        }

        var values = _state;
        var reader = new EntryReader(entry, EntryHead.Size);
        IsTorn = false;
        while (!reader.IsAtEnd)
        {
            var at = reader.At;
            if (!reader.TryRead(out var item))
            {
                IsTorn = true;
                break;
            }

            values = Place(item.Tag, at, values);
        }

        OrderValues();
    }

    /// <summary>The item at a place that <see cref="Fill"/> found.</summary>
    public static EntryItem Read(ReadOnlySpan<byte> entry, int at)
    {
        new EntryReader(entry, at).TryRead(out var item);
        return item;
    }

    private List<int> Place(EntryTag tag, int at, List<int> values)
    {
        switch (tag)
        {
            case EntryTag.Value or EntryTag.NamedValue:
                values.Add(at);
                return values;
            case EntryTag.Enrichment:
                return _enrichment;
            case EntryTag.Scope:
                _scopeStarts.Add(_scopes.Count);
                return _scopes;
            case EntryTag.ScopeText:
                _scopeTexts.Add(at);
                return values;
            default:
                _single[(int)tag] = _single[(int)tag] == None ? at : _single[(int)tag];
                return values;
        }
    }

    private void OrderValues()
    {
        Values.Clear();
        for (var i = 0; i < _state.Count; i++)
        {
            Values.Add(new ValuePlace(_state[i], i, IsScope: false));
        }

        foreach (var at in _enrichment)
        {
            Values.Add(new ValuePlace(at, None, IsScope: false));
        }

        var end = _scopes.Count;
        for (var scope = _scopeStarts.Count - 1; scope >= 0; scope--)
        {
            for (var i = _scopeStarts[scope]; i < end; i++)
            {
                Values.Add(new ValuePlace(_scopes[i], None, IsScope: true));
            }

            end = _scopeStarts[scope];
        }
    }
}
