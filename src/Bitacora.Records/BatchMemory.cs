namespace Bitacora.Records;

/// <summary>
/// Memory of batches that nobody reads any more, for batches to come: whoever freezes hundreds in a second then leaves hardly any garbage,
/// and writes where the processor's caches know the way. Holds at most a mebibyte. One thread at a time.
/// </summary>
public sealed class BatchMemory
{
    /// <summary>The most bytes that are kept.</summary>
    private const int Limit = 1 << 20;

    /// <summary>Batches of one program differ by some bytes, and should find room in each other's memory.</summary>
    private const int Step = 512;

    private readonly Stack<byte[]> _free = [];
    private int _kept;

    /// <summary>
    /// Takes back the memory that a batch was frozen into; does nothing with other batches. It is for the caller to know that nobody reads
    /// the batch any more, on no thread: who comes through <see cref="RecordBatch"/> now finds it empty, or fails, but who holds its bytes
    /// or a record of it would read those of the next one.
    /// </summary>
    public void GiveBack(RecordBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.TakeMemory() is { } memory && _kept + memory.Length <= Limit)
        {
            _kept += memory.Length;
            _free.Push(memory);
        }
    }

    /// <summary>So much memory, or up to four times as much. What is in it is anybody's.</summary>
    internal byte[] Take(int length)
    {
        if (_free.TryPop(out var memory))
        {
            _kept -= memory.Length;
            if (memory.Length >= length && memory.Length <= Math.Max(Step, 4L * length))
            {
                return memory;
            }
        }

        // What did not fit is let go: the next ones are of today's size.
        return GC.AllocateUninitializedArray<byte>((int)(((long)length + Step - 1) / Step * Step));
    }
}
