namespace Bitacora.Client.Entries;

/// <summary>One item of an entry; which of its parts there are, its tag says.</summary>
internal readonly ref struct EntryItem(
    EntryTag tag, ReadOnlySpan<byte> name, ReadOnlySpan<byte> text, int number, EntryValue value)
{
    public EntryTag Tag { get; } = tag;

    /// <summary>A value's name, the trace's id, the exception's type.</summary>
    public ReadOnlySpan<byte> Name { get; } = name;

    public ReadOnlySpan<byte> Text { get; } = text;

    /// <summary>The event's id, the template's style, the exception's number.</summary>
    public int Number { get; } = number;

    public EntryValue Value { get; } = value;
}
