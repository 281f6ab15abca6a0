namespace Bitacora.Storage;

/// <summary>An answer that <see cref="HeldAnswers"/> counts; dispose it when it is read. Thread-safe.</summary>
public sealed class HeldAnswer : IDisposable
{
    private readonly HeldAnswers _owner;
    private readonly Action _drop;

    internal HeldAnswer(HeldAnswers owner, long bytes, Action drop)
    {
        (_owner, Bytes, _drop) = (owner, bytes, drop);
        Node = new LinkedListNode<HeldAnswer>(this);
    }

    /// <summary>What it holds, about.</summary>
    public long Bytes { get; }

    internal LinkedListNode<HeldAnswer> Node { get; }

    /// <summary>Says that its reader took something.</summary>
    public void Touch() => _owner.Touch(this);

    /// <inheritdoc/>
    public void Dispose() => _owner.Release(this);

    internal void Drop() => _drop();
}
