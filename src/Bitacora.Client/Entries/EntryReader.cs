using System.Buffers.Binary;

namespace Bitacora.Client.Entries;

/// <summary>
/// Walks the items of an entry, which may be anything: every length is checked, and what cannot be read ends the walk.
/// </summary>
internal ref struct EntryReader(ReadOnlySpan<byte> entry, int at)
{
    private readonly ReadOnlySpan<byte> _entry = entry;

    /// <summary>Where the next item begins.</summary>
    public int At { get; private set; } = at;

    public readonly bool IsAtEnd => At >= _entry.Length;

    public bool TryRead(out EntryItem item)
    {
        item = default;
        if (!TryByte(out var tag))
        {
            return false;
        }

        ReadOnlySpan<byte> name = default;
        ReadOnlySpan<byte> text = default;
        EntryValue value = default;
        var number = 0;
        var isRead = (EntryTag)tag switch
        {
            EntryTag.Category or EntryTag.Message or EntryTag.ScopeText or EntryTag.Fault or EntryTag.Traceback => TryText(out text),
            EntryTag.Event => TryInt32(out number) && TryText(out text),
            EntryTag.Template => TryByte(out number) && TryText(out text),
            EntryTag.Value => TryValue(out value),
            EntryTag.NamedValue => TryText(out name) && TryValue(out value),
            EntryTag.Enrichment or EntryTag.Scope or EntryTag.Truncated => true,
            EntryTag.Trace => TryText(out name) && TryText(out text),
            EntryTag.Exception => TryText(out name) && TryText(out text) && TryInt32(out number),
            _ => false,
        };
        item = new EntryItem((EntryTag)tag, name, text, number, value);
        return isRead;
    }

    /// <summary>The next value, of an item or of a collection.</summary>
    public bool TryValue(out EntryValue value)
    {
        value = default;
        if (!TryByte(out var type))
        {
            return false;
        }

        ReadOnlySpan<byte> text = default;
        ReadOnlySpan<byte> formatted = default;
        ReadOnlySpan<byte> bits = default;
        var isRead = (ValueType)type switch
        {
            ValueType.Null or ValueType.False or ValueType.True or ValueType.NullSequence => true,
            ValueType.Text or ValueType.Sequence => TryText(out text),
            ValueType.SByte or ValueType.Byte => TryTake(1, out bits),
            ValueType.Int16 or ValueType.UInt16 or ValueType.Char => TryTake(2, out bits),
            ValueType.Int32 or ValueType.UInt32 or ValueType.Single or ValueType.DateOnly => TryTake(4, out bits),
            ValueType.Int64 or ValueType.UInt64 or ValueType.Double or ValueType.TimeSpan or ValueType.TimeOnly => TryTake(8, out bits),
            ValueType.Decimal or ValueType.Guid => TryTake(16, out bits),
            ValueType.DateTime => TryTake(9, out bits),
            ValueType.DateTimeOffset => TryTake(10, out bits),
            ValueType.Enum => TryTake(9, out bits) && TryText(out text),
            ValueType.Formatted => TryText(out text) && TryText(out formatted),
            _ => false,
        };
        value = new EntryValue((ValueType)type, bits, text, formatted);
        return isRead;
    }

    private bool TryText(out ReadOnlySpan<byte> text)
    {
        text = default;
        return TryInt32(out var length) && TryTake(length, out text);
    }

    private bool TryByte(out int value)
    {
        var isRead = TryTake(1, out var bytes);
        value = isRead ? bytes[0] : 0;
        return isRead;
    }

    private bool TryInt32(out int value)
    {
        var isRead = TryTake(sizeof(int), out var bytes);
        value = isRead ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : 0;
        return isRead;
    }

    private bool TryTake(int count, out ReadOnlySpan<byte> bytes)
    {
        if ((uint)count > (uint)(_entry.Length - At))
        {
            bytes = default;
            return false;
        }

        bytes = _entry.Slice(At, count);
        At += count;
        return true;
    }
}
