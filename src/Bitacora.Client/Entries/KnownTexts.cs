using System.Runtime.CompilerServices;

namespace Bitacora.Client.Entries;

/// <summary>
/// Texts that come again and again as the same object (templates, categories, names), encoded once. One for each thread. A text is
/// remembered when it is old and comes a second time: one that is built for a call, or for a request, never is. What is remembered
/// stays: two texts that took turns in one place would be encoded anew, and make garbage, each time.
/// </summary>
internal sealed class KnownTexts
{
    private const int Slots = 256;

    /// <summary>Longer ones are rare, and copying them costs about what encoding them does.</summary>
    private const int LengthLimit = 512;

    /// <summary>Literals are of it, or lie beyond all generations.</summary>
    private const int OldGeneration = 2;

    private readonly Slot[] _slots = new Slot[Slots];

    /// <summary>The text with its length before it, as entries have it; null where it is not known.</summary>
    public byte[]? Find(string text)
    {
        ref var slot = ref SlotOf(text);
        return ReferenceEquals(slot.Text, text) ? slot.Encoded : null;
    }

    /// <summary>What was not found has been written.</summary>
    /// <param name="text">The text.</param>
    /// <param name="encoded">As it stands in the entry now.</param>
    public void Learn(string text, ReadOnlySpan<byte> encoded)
    {
        ref var slot = ref SlotOf(text);
        if (slot.Text is not null || encoded.Length > LengthLimit)
        {
            return;
        }

        var hash = RuntimeHelpers.GetHashCode(text);
        if (slot.Seen != hash)
        {
            slot.Seen = hash;
        }
        else if (GC.GetGeneration(text) >= OldGeneration)
        {
            (slot.Text, slot.Encoded) = (text, encoded.ToArray());
        }
    }

    private ref Slot SlotOf(string text) => ref _slots[RuntimeHelpers.GetHashCode(text) & (Slots - 1)];

    private struct Slot
    {
        public string? Text;
        public byte[]? Encoded;

        /// <summary>
        /// The hash code of the text that came last: the text itself would be held, though it was built for one call. That two have the
        /// same is rare and does no harm.
        /// </summary>
        public int Seen;
    }
}
