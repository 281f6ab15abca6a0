using System.Runtime.CompilerServices;

namespace Bitacora.Client.Entries;

/// <summary>
/// The beginnings of entries that come again and again, encoded once for all threads. What is remembered stays, and only texts are in it
/// that <see cref="KnownTexts"/> has found to stay too.
/// </summary>
internal static class KnownOpenings
{
    private const int Slots = 1024;

    /// <summary>Longer ones are rare, and copying them costs about what writing them does.</summary>
    private const int LengthLimit = 1024;

    private static readonly Known?[] All = new Known?[Slots];

    /// <summary>The bytes behind the head; null where they are not known.</summary>
    public static byte[]? Find(in EntryOpening opening) =>
        Volatile.Read(ref SlotOf(opening)) is { } known && known.Opening.IsSame(opening) ? known.Encoded : null;

    /// <summary>What was not found has been written.</summary>
    public static void Learn(in EntryOpening opening, ReadOnlySpan<byte> encoded)
    {
        ref var slot = ref SlotOf(opening);
        if (slot is null && encoded.Length <= LengthLimit)
        {
            Volatile.Write(ref slot, new Known(opening, encoded.ToArray()));
        }
    }

    private static ref Known? SlotOf(in EntryOpening opening) =>
        ref All[(RuntimeHelpers.GetHashCode(opening.Template) + (opening.EventId * 7)) & (Slots - 1)];

    private sealed class Known(EntryOpening opening, byte[] encoded)
    {
        public readonly EntryOpening Opening = opening;
        public readonly byte[] Encoded = encoded;
    }
}
