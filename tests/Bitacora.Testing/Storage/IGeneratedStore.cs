using Bitacora.Records;
using Bitacora.Storage;

namespace Bitacora.Testing.Storage;

/// <summary>A store in one of the states that <see cref="GeneratedAnswers"/> compares.</summary>
public interface IGeneratedStore : IAsyncDisposable
{
    /// <summary>The store.</summary>
    ILogStore Store { get; }

    /// <summary>Appends a batch, and brings the store into its state.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="sequence">Its number.</param>
    /// <param name="isMiddle">Whether it is the middle one: where a state between two changes.</param>
    Task AppendAsync(RecordBatch batch, ulong sequence, bool isMiddle);
}
