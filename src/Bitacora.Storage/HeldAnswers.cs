namespace Bitacora.Storage;

/// <summary>
/// Bounds what ready answers hold together until they are read. Where one needs room that there is not, those whose readers have taken
/// nothing for the longest time are dropped: a slow reader costs nobody else anything, and loses its answer only to one that is needed.
/// Thread-safe.
/// </summary>
/// <param name="capacity">Bytes of all answers together; one alone may be larger.</param>
public sealed class HeldAnswers(long capacity = HeldAnswers.DefaultCapacity)
{
    /// <summary>256 MiB: two pages of the largest size, whose texts take twice their encoded size in memory.</summary>
    public const long DefaultCapacity = 256L << 20;

    // Guards the order, in which the answer whose reader has waited longest comes first, and the sum of their bytes.
    private readonly Lock _gate = new();
    private readonly LinkedList<HeldAnswer> _answers = [];
    private long _bytes;

    /// <summary>Bytes that are held now.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    /// <summary>Counts an answer until it is disposed or dropped.</summary>
    /// <param name="bytes">What it holds, about.</param>
    /// <param name="drop">Lets go of it: called at most once, from any thread, while others are counted; it must not throw.</param>
    public HeldAnswer Hold(long bytes, Action drop)
    {
        var held = new HeldAnswer(this, bytes, drop);
        lock (_gate)
        {
            _answers.AddLast(held.Node);
            _bytes += bytes;
            while (_bytes > capacity && _answers.First is { } longest && longest.Value != held)
            {
                Remove(longest);
                longest.Value.Drop();
            }
        }

        return held;
    }

    internal void Touch(HeldAnswer held)
    {
        lock (_gate)
        {
            if (held.Node.List is not null)
            {
                _answers.Remove(held.Node);
                _answers.AddLast(held.Node);
            }
        }
    }

    internal void Release(HeldAnswer held)
    {
        lock (_gate)
        {
            if (held.Node.List is not null)
            {
                Remove(held.Node);
            }
        }
    }

    private void Remove(LinkedListNode<HeldAnswer> node)
    {
        _answers.Remove(node);
        _bytes -= node.Value.Bytes;
    }
}
