namespace Bitacora.Client.Entries.Shapes;

/// <summary>A piece of the messages of a shape: a text, and a value behind it.</summary>
/// <param name="Text">The text.</param>
/// <param name="Part">Which part of the entry is the value; <see cref="EntryIndex.None"/>: none follows.</param>
/// <param name="Format">How the value is rendered.</param>
/// <param name="Width">How wide.</param>
internal readonly record struct MessagePart(byte[] Text, int Part, string? Format, int Width);
