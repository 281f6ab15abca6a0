using System.Buffers.Binary;

namespace Bitacora.Client.Entries;

/// <summary>
/// Finds where the parts of an entry end. An entry may be anything: every length is checked, and what cannot be is <see cref="Torn"/>.
/// </summary>
internal static class EntryWalk
{
    /// <summary>The part does not end within the entry, or is of no known kind.</summary>
    public const int Torn = -1;

    /// <summary>The bytes of a value behind its type, by type; those of other types are found in other ways.</summary>
    private static ReadOnlySpan<sbyte> Sizes =>
    [
        0, Text, 0, 0, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8, 16, 9, 10, 8, 16, 2, Enum, 4, 8, Text, 0, Texts,
        EnumTexts,
    ];

    private const sbyte Text = -1;
    private const sbyte Enum = -2;
    private const sbyte Texts = -3;
    private const sbyte EnumTexts = -4;
    private const int EnumHead = 1 + sizeof(long);

    /// <summary>Where an item ends that begins there, with its tag.</summary>
    public static int EndOfItem(ReadOnlySpan<byte> entry, int at) => (EntryTag)entry[at] switch
    {
        EntryTag.Category or EntryTag.Message or EntryTag.ScopeText or EntryTag.Fault or EntryTag.Traceback => EndOfText(entry, at + 1),
        EntryTag.Event => EndOfText(entry, at + 1 + sizeof(int)),
        EntryTag.Template => EndOfText(entry, at + 2),
        EntryTag.Value => EndOfValue(entry, at + 1),
        EntryTag.NamedValue => EndOfValue(entry, EndOfText(entry, at + 1)),
        EntryTag.Enrichment or EntryTag.Scope or EntryTag.Truncated => at + 1,
        EntryTag.Trace => EndOfText(entry, EndOfText(entry, at + 1)),
        EntryTag.Exception => Within(entry, EndOfText(entry, EndOfText(entry, at + 1)), sizeof(int)),
        _ => Torn,
    };

    /// <summary>Where a value ends that begins there, with its type.</summary>
    public static int EndOfValue(ReadOnlySpan<byte> entry, int at)
    {
        if ((uint)at >= (uint)entry.Length || entry[at] >= Sizes.Length)
        {
            return Torn;
        }

        return Sizes[entry[at]] switch
        {
            Text => EndOfText(entry, at + 1),
            Enum => EndOfText(entry, at + 1 + EnumHead),
            Texts => EndOfText(entry, EndOfText(entry, at + 1)),
            EnumTexts => EndOfText(entry, EndOfText(entry, at + 1 + EnumHead)),
            var size => Within(entry, at + 1, size),
        };
    }

    /// <summary>Where a text ends that begins there, with its length.</summary>
    public static int EndOfText(ReadOnlySpan<byte> entry, int at)
    {
        if (at < 0 || entry.Length - at < sizeof(int))
        {
            return Torn;
        }

        return Within(entry, at + sizeof(int), BinaryPrimitives.ReadInt32LittleEndian(entry[at..]));
    }

    /// <summary>The text that begins there, which was found whole before.</summary>
    public static ReadOnlySpan<byte> TextAt(ReadOnlySpan<byte> entry, int at) =>
        entry.Slice(at + sizeof(int), BinaryPrimitives.ReadInt32LittleEndian(entry[at..]));

    private static int Within(ReadOnlySpan<byte> entry, int at, int count) =>
        at >= 0 && (uint)count <= (uint)(entry.Length - at) ? at + count : Torn;
}
