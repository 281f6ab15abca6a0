using System.Collections.Concurrent;

namespace Bitacora.Client.Entries;

/// <summary>
/// The names of an enumeration's members, each made once: making it boxes the member. Combinations of flags beyond the first some hundred
/// are made again each time.
/// </summary>
internal static class EnumNames<T>
{
    private const int Limit = 256;

    private static readonly ConcurrentDictionary<Key, string> Known = new();

    public static string Of(T member)
    {
        if (Known.TryGetValue(new Key(member), out var name))
        {
            return name;
        }

        name = member!.ToString() ?? "";
        if (Known.Count < Limit)
        {
            Known.TryAdd(new Key(member), name);
        }

        return name;
    }

    /// <summary>The dictionary wants a key that is not null, which the compiler cannot know of T.</summary>
    private readonly record struct Key(T Member);
}
