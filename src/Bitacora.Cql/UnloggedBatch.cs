using System.Buffers.Binary;
using Bitacora.Cql.Values;

namespace Bitacora.Cql;

/// <summary>
/// Rows that are written in one request. If all belong to one partition (and keyspace), the server applies them as one mutation:
/// atomically, and whatever the thresholds for batches say. Rows are encoded as they are added and sent from there, so that every retry
/// sends the same bytes. Reusable: <see cref="Clear"/>. For one thread at a time, and not while it is being executed.
/// </summary>
public sealed class UnloggedBatch : IDisposable
{
    private const byte ByPreparedId = 1;
    private const int DefaultMaxLength = 16 * 1024 * 1024;

    // Whoever makes large batches makes more of them.
    private readonly ValueBuffer _children = new(largestKept: int.MaxValue);
    private readonly List<PreparedStatement> _statements = [];
    private readonly int _maxLength;
    private int _firstValues;
    private int _executing;

    /// <summary>Makes an empty batch.</summary>
    /// <param name="maxLength">The most bytes that it may have; default 16 MiB, which is what servers accept.</param>
    public UnloggedBatch(int maxLength = DefaultMaxLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 1024);
        _maxLength = maxLength;
    }

    /// <summary>How many rows it has; at most 65,535.</summary>
    public int Count { get; private set; }

    /// <summary>How many bytes they take, encoded.</summary>
    public int Length => _children.Length;

    /// <summary>
    /// The write timestamp of all rows in microseconds since 1970. Null (default): the session's clock gives one at the first execution,
    /// and it is kept until <see cref="Clear"/>, so that executing the same batch again changes nothing.
    /// </summary>
    public long? Timestamp { get; set; }

    internal ReadOnlySpan<byte> Children => _children.Written;

    /// <summary>The statements in it, each once.</summary>
    internal IReadOnlyList<PreparedStatement> Statements => _statements;

    /// <summary>The encoded values of the first row: they say where the batch goes.</summary>
    internal ReadOnlySpan<byte> FirstValues => _children.Written[_firstValues..];

    /// <summary>Adds a row. If it cannot be encoded, the batch is as before.</summary>
    /// <param name="statement">A prepared INSERT, UPDATE or DELETE.</param>
    /// <param name="values">The values of its markers.</param>
    /// <exception cref="ArgumentException">The values do not fit the statement, or the batch would become too large.</exception>
    /// <exception cref="InvalidOperationException">The batch is being executed, or has 65,535 rows.</exception>
    public void Add<TValues>(PreparedStatement statement, scoped in TValues values)
        where TValues : ICqlValues, allows ref struct
    {
        ArgumentNullException.ThrowIfNull(statement);
        ThrowIfExecuting();
        if (Count == ushort.MaxValue)
        {
            throw new InvalidOperationException($"A batch has at most {ushort.MaxValue} rows.");
        }

        var before = _children.Length;
        var answer = statement.Answer;
        var prefix = 1 + sizeof(ushort) + answer.Id.Length + sizeof(ushort);
        try
        {
            var bytes = _children.Array.Length - before < prefix ? _children.Grow(before, prefix, _maxLength) : _children.Array;
            WritePrefix(bytes[before..], answer.Id, answer.Markers.Count);
            _children.Length = before + prefix;
            var writer = new ValueWriter(_children, answer.Markers, _maxLength);
            values.WriteTo(ref writer);
            writer.Finish();
        }
        catch
        {
            _children.Length = before;
            throw;
        }

        _firstValues = Count == 0 ? prefix : _firstValues;
        Count++;
        Remember(statement);
    }

    /// <summary>Empties it for the next rows, and forgets its timestamp.</summary>
    public void Clear()
    {
        ThrowIfExecuting();
        _children.Reset();
        _statements.Clear();
        Count = 0;
        Timestamp = null;
    }

    /// <summary>Gives its memory back.</summary>
    public void Dispose()
    {
        Clear();
        _children.Release();
    }

    internal void BeginExecution()
    {
        if (Interlocked.Exchange(ref _executing, 1) != 0)
        {
            throw new InvalidOperationException("The batch is being executed already.");
        }
    }

    internal void EndExecution() => Volatile.Write(ref _executing, 0);

    /// <summary>
    /// A server calls a statement otherwise now: its rows call it so too. Ids of another length cannot be put in their place.
    /// </summary>
    internal bool TryReplaceId(ReadOnlySpan<byte> oldId, ReadOnlySpan<byte> newId)
    {
        if (oldId.Length != newId.Length)
        {
            return false;
        }

        var reader = new WireReader(_children.Written);
        for (var left = Count; left > 0; left--)
        {
            reader.ReadByte();
            var id = reader.ReadShortBytes();
            if (id.SequenceEqual(oldId))
            {
                newId.CopyTo(_children.Array[(reader.Position - id.Length)..]);
            }

            for (var values = reader.ReadUInt16(); values > 0; values--)
            {
                reader.ReadBytes(out _);
            }
        }

        return true;
    }

    private static void WritePrefix(Span<byte> bytes, ReadOnlySpan<byte> id, int count)
    {
        bytes[0] = ByPreparedId;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[1..], (ushort)id.Length);
        id.CopyTo(bytes[3..]);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[(3 + id.Length)..], (ushort)count);
    }

    private void Remember(PreparedStatement statement)
    {
        // Rows of one statement follow each other; a batch has one or two of them.
        if (_statements.Count == 0 || (!ReferenceEquals(_statements[^1], statement) && !_statements.Contains(statement)))
        {
            _statements.Add(statement);
        }
    }

    private void ThrowIfExecuting()
    {
        if (Volatile.Read(ref _executing) != 0)
        {
            throw new InvalidOperationException("The batch is being executed; wait for that before changing it.");
        }
    }
}
