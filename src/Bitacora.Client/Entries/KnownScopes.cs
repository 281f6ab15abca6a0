using System.Runtime.CompilerServices;

namespace Bitacora.Client.Entries;

/// <summary>
/// The scopes that were written last on a thread, encoded, by the object that they are: a scope lasts for many calls. Remembered when it
/// comes a second time; its buffer then serves the next one of its place.
/// </summary>
internal sealed class KnownScopes
{
    private const int Slots = 8;
    private const int LengthLimit = 512;

    private readonly Slot[] _slots = new Slot[Slots];

    /// <summary>As it stands in the entry; empty where it is not known.</summary>
    public ReadOnlySpan<byte> Find(object scope)
    {
        ref var slot = ref SlotOf(scope);
        return ReferenceEquals(slot.Scope, scope) ? slot.Encoded.AsSpan(0, slot.Length) : default;
    }

    /// <summary>What was not found has been written.</summary>
    public void Learn(object scope, ReadOnlySpan<byte> encoded)
    {
        ref var slot = ref SlotOf(scope);
        if (!ReferenceEquals(slot.Scope, scope))
        {
            (slot.Scope, slot.Length) = (scope, 0);
        }
        else if (encoded.Length <= LengthLimit)
        {
            slot.Encoded ??= new byte[LengthLimit];
            encoded.CopyTo(slot.Encoded);
            slot.Length = encoded.Length;
        }
    }

    private ref Slot SlotOf(object scope) => ref _slots[RuntimeHelpers.GetHashCode(scope) & (Slots - 1)];

    private struct Slot
    {
        public object? Scope;
        public byte[]? Encoded;
        public int Length;
    }
}
