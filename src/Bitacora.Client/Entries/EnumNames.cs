using System.Collections.Concurrent;

namespace Bitacora.Client.Entries;

/// <summary>
/// The names of an enumeration's members, each made once: making it anew costs several times as much. Only the first some hundred are
/// kept: of flags, and of numbers that have no name, there may be any number.
/// </summary>
internal static class EnumNames<T>
{
    private const int Limit = 256;

    private static readonly ConcurrentDictionary<Key, EnumName> Known = new();

    // The dictionary's own count takes all of its locks.
    private static int _count;

    /// <summary>The name; null where no more are kept.</summary>
    public static EnumName? Find(T member)
    {
        if (Known.TryGetValue(new Key(member), out var name))
        {
            return name;
        }

        if (Volatile.Read(ref _count) >= Limit)
        {
            return null;
        }

        var (text, flags) = (member!.ToString() ?? "", ((IFormattable)member).ToString("F", null));
        name = new EnumName(text, flags == text ? null : flags);
        if (Known.TryAdd(new Key(member), name))
        {
            Interlocked.Increment(ref _count);
        }

        return name;
    }

    /// <summary>The dictionary wants a key that is not null, which the compiler cannot know of T.</summary>
    private readonly record struct Key(T Member);
}
