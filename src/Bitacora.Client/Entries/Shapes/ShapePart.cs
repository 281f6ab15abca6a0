namespace Bitacora.Client.Entries.Shapes;

/// <summary>A part of an entry that each entry of a shape has for itself.</summary>
/// <param name="Before">The bytes before it, since the part before, which are the same in all of them.</param>
/// <param name="Type">The value's type, which stands before it; null for a text that is no value, as the message is.</param>
internal readonly record struct ShapePart(int Before, ValueType? Type)
{
    /// <summary>Where the part ends that begins there, behind its type; <see cref="EntryWalk.Torn"/> if not within the entry.</summary>
    public int EndIn(ReadOnlySpan<byte> entry, int at) =>
        Type is null or ValueType.Text ? EntryWalk.EndOfText(entry, at) : EntryWalk.EndOfValue(entry, at - 1);
}
