namespace Bitacora.Client.Entries;

/// <summary>The value that gives a field, by its number, and how strong its name is.</summary>
internal readonly record struct FieldChoice(int Value, int Rank)
{
    public static FieldChoice None { get; } = new(EntryIndex.None, int.MaxValue);
}
